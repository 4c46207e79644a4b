"""What resolving works out once: profiles, keys, judgements on pairs, canonical events; within a call, and from one load to the next.

Here: `Comparer`; `comparer_for`, the one that a thread keeps between calls; `blocking_keys`, stored beside a report.
Everything kept is a pure function of reports that are compared
with those given, so that keeping it changes no answer; a report that changed is read anew, and what hung on it is dropped. Not here: the
comparison itself (pairs.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dateline.records import CanonicalEvent, Report
from dateline.resolve.keys import keys_of, keys_version
from dateline.resolve.pairs import comparable, compare
from dateline.resolve.profile import Profile, profile
from dateline.resolve.text import Lexicon, lexicon
from dateline.resources import Resources

MOST_KEPT = 6_000  # profiles kept between calls, about 10 kB each with their judgements
Keys = tuple[frozenset[str], frozenset[str]]


class Judgement(NamedTuple):
    """What grouping needs of a verdict."""

    linked: bool
    joins: bool  # a link: each would find the other by its keys, and they are linked, or one without a firm date comes near
    vetoed: bool
    final: bool
    points: float


class Comparer:
    """Profiles, keys and judgements, each worked out once for a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._profiles: dict[str, Profile] = {}
        self._keys: dict[str, Keys] = {}
        self._judged: dict[str, dict[str, Judgement]] = {}
        self._canonical: dict[str, tuple[tuple[Profile, ...], CanonicalEvent]] = {}

    def profile(self, report: Report) -> Profile:
        """Return the report's profile; a report that is not as it was is read anew."""
        found = self._profiles.get(report.report_id)
        if found is not None and (found.report is report or found.report == report):
            return found
        if found is not None:
            self._drop(report.report_id)
        return self._profiles.setdefault(report.report_id, profile(report, self.lexicon))

    def keys(self, one: Profile) -> Keys:
        """Return the keys under which a report is stored, and those it looks up."""
        found = self._keys.get(one.id)
        if found is None:
            found = self._keys[one.id] = keys_of(one)
        return found

    def judgement(self, a: Profile, b: Profile) -> Judgement:
        """Return the judgement on two reports, in either order."""
        here = self._judged.setdefault(a.id, {})
        found = here.get(b.id)
        if found is None:
            verdict = compare(a, b)
            joins = (verdict.linked or (a.firm != b.firm and verdict.near)) and self._keys_meet(a, b)
            found = Judgement(verdict.linked, joins, verdict.veto is not None, verdict.final, verdict.points)
            here[b.id] = self._judged.setdefault(b.id, {})[a.id] = found
        return found

    def linked(self, a: Profile, b: Profile) -> bool:
        """Say whether the two are linked: each would find the other by its keys, and the verdict is for one event.

        A report without a firm date is linked to dated ones that it is merely near to, so that rivals to the one it fits are in its component.
        """
        return _can_link(a, b) and self.judgement(a, b).joins

    def canonical(self, event_id: str, group: tuple[Profile, ...], make: Callable[[str, Sequence[Report], Lexicon], CanonicalEvent]) -> CanonicalEvent:
        """Return the event of a group, made by `make` unless the very same reports made it before."""
        known = self._canonical.get(event_id)
        if known is not None and len(known[0]) == len(group) and all(p is q for p, q in zip(known[0], group, strict=True)):
            return known[1]
        made = make(event_id, [p.report for p in group], self.lexicon)
        self._canonical[event_id] = (group, made)
        return made

    def trim(self) -> None:
        """Drop what was read first, where more is kept than is worth its memory."""
        if len(self._profiles) > MOST_KEPT:
            for name in list(self._profiles)[: len(self._profiles) - MOST_KEPT // 2]:
                self._drop(name)
            self._canonical.clear()

    def _drop(self, name: str) -> None:
        self._profiles.pop(name, None)
        self._keys.pop(name, None)
        for other in self._judged.pop(name, {}):
            self._judged.get(other, {}).pop(name, None)

    def _keys_meet(self, a: Profile, b: Profile) -> bool:
        stored, asked = self.keys(a)
        stored_there, asked_there = self.keys(b)
        return not asked.isdisjoint(stored_there) and not asked_there.isdisjoint(stored)


_KEPT = threading.local()


def comparer_for(lexicon: Lexicon, reports: int) -> Comparer:
    """Return this thread's comparer for a lexicon; for more reports than it would keep, one that ends with the call."""
    kept: Comparer | None = getattr(_KEPT, "comparer", None)
    if kept is None or kept.lexicon is not lexicon:
        kept = _KEPT.comparer = Comparer(lexicon)
    kept.trim()
    return kept if reports <= MOST_KEPT // 2 else Comparer(lexicon)


def blocking_keys(report: Report, *, resources: Resources | None = None) -> frozenset[str]:
    """Return the keys under which a report is stored, to be found by others, and the version of the rules that made them."""
    comparer = comparer_for(lexicon(resources), 1)
    return comparer.keys(comparer.profile(report))[0] | {keys_version(resources)}


def _can_link(a: Profile, b: Profile) -> bool:
    """Cheap test before the verdict: sayings that share no telling word and no quoted one cannot be one."""
    if not comparable(a.type, b.type) or a.article == b.article:
        return False
    return a.type != "statement" or not a.concepts.isdisjoint(b.concepts)
