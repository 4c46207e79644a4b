"""Comparing two reports, whatever their type: the vetoes that hold for all, then the type's own judge.

Here: `compare`, symmetrical in its arguments. Not here: which pairs are compared (keys.py), what follows from it (clusters.py).
"""

from __future__ import annotations

from collections.abc import Callable

from dateline.resolve.gatherings import judge_agreements, judge_meetings, judge_occasions, judge_summits
from dateline.resolve.profile import Profile
from dateline.resolve.statements import judge_statements
from dateline.resolve.text import Lexicon
from dateline.resolve.verdicts import Verdict, refused

_JUDGES: dict[str, Callable[[Profile, Profile, Lexicon], Verdict]] = {
    "statement": judge_statements,
    "meeting": judge_meetings,
    "summit": judge_summits,
    "agreement": judge_agreements,
}


def comparable(one: str, other: str) -> bool:
    """Say whether reports of these types can be one event: of one type, or a summit that another article calls a meeting."""
    return one == other or {one, other} == {"summit", "meeting"}


def compare(a: Profile, b: Profile) -> Verdict:
    """Return the verdict on two reports; a deployment's own event types are judged as meetings are."""
    one, other = (a, b) if a.id <= b.id else (b, a)
    if not comparable(one.type, other.type):
        return refused(f"a {one.type} and a {other.type}", final=True)
    if one.article == other.article:
        return refused("one article tells each event once", final=True)
    if one.type != other.type:
        return judge_occasions(one, other, one.lexicon)
    return _JUDGES.get(one.type, judge_meetings)(one, other, one.lexicon)
