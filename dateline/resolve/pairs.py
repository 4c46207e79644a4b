"""Comparing two reports, whatever their type: the vetoes that hold for all, then the type's own judge.

Here: `compare`, symmetrical in its arguments. Not here: which pairs are compared (keys.py), what follows from it (clusters.py).
"""

from __future__ import annotations

from collections.abc import Callable

from dateline.resolve.gatherings import judge_agreements, judge_meetings, judge_summits
from dateline.resolve.profile import Profile
from dateline.resolve.statements import judge_statements
from dateline.resolve.text import Lexicon, lexicon
from dateline.resolve.verdicts import Verdict, refused

_JUDGES: dict[str, Callable[[Profile, Profile, Lexicon], Verdict]] = {
    "statement": judge_statements,
    "meeting": judge_meetings,
    "summit": judge_summits,
    "agreement": judge_agreements,
}


def compare(a: Profile, b: Profile, words_known: Lexicon | None = None) -> Verdict:
    """Return the verdict on two reports; a deployment's own event types are judged as meetings are."""
    one, other = (a, b) if a.id <= b.id else (b, a)
    if one.type != other.type:
        return refused(f"a {one.type} and a {other.type}", final=True)
    if one.article == other.article:
        return refused("one article tells each event once", final=True)
    return _JUDGES.get(one.type, judge_meetings)(one, other, words_known or lexicon())
