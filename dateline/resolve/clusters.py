"""From links to events: a deterministic partition of each connected component.

Here: `partition`. The strongest links join first; two groups become one only where no pair across them is vetoed and two fifths of
the pairs across are linked; reports without a firm date join last, and only where exactly one event fits. Hand-made joins come after
everything, hand-made partings before. Not here: the links (links.py), event ids (identities.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dateline.resolve.comparer import Comparer, Judgement
from dateline.resolve.links import draw_links
from dateline.resolve.profile import Profile
from dateline.resolve.verdicts import NEAR_SHARE

LEAST_SHARE = 0.4  # of the pairs across two groups that must be linked
MOST_VETOED = 0.1  # of the pairs across two groups: one wrong date among forty reports must not part an event
Pair = tuple[str, str]


def partition(profiles: Sequence[Profile], comparer: Comparer, *, joined: Collection[Pair] = (), parted: Collection[Pair] = ()) -> list[tuple[Profile, ...]]:
    """Part reports into events. The result depends on the set of reports (and the pairs made by hand) alone, never on their order."""
    ordered = sorted(profiles, key=lambda p: p.id)
    apart = {_pair(a, b) for a, b in parted}
    drawn = list(draw_links(ordered, comparer))
    links = [(a, b) for a, b in drawn if (a.id, b.id) not in apart]
    groups = _Groups(ordered, comparer, apart)
    groups.join_firm([(a, b) for a, b in links if a.firm and b.firm])
    groups.join_firm([(a, b) for a, b in links if not a.firm and not b.firm])
    groups.attach_loose([(a, b) for a, b in drawn if a.firm != b.firm])
    groups.join_by_hand(sorted({_pair(a, b) for a, b in joined} - apart))
    return groups.result()


class _Groups:
    """Groups of reports under construction, each named by its smallest report id."""

    def __init__(self, ordered: Sequence[Profile], comparer: Comparer, apart: set[Pair]) -> None:
        self._comparer = comparer
        self._apart = apart
        self._members: dict[str, list[Profile]] = {p.id: [p] for p in ordered}
        self._home: dict[str, str] = {p.id: p.id for p in ordered}
        self._tallies: dict[str, dict[str, _Tally]] = defaultdict(dict)

    def join_firm(self, links: Iterable[tuple[Profile, Profile]]) -> None:
        """Join along links, the strongest first; ties go by id."""
        for a, b in self._strongest_first(links):
            one, other = self._home[a.id], self._home[b.id]
            if one != other and self._fit(one, other):
                self._merge(one, other)

    def attach_loose(self, links: Iterable[tuple[Profile, Profile]]) -> None:
        """Join each group without a firm date to the one dated event that it fits; where another fits, or comes near the best, it stands alone.

        An event that it was parted from by hand stays a rival: parting two must not join one of them to a third.
        """
        candidates: dict[str, dict[str, Judgement]] = defaultdict(dict)
        for a, b in self._strongest_first(links):
            loose, firm = (b, a) if a.firm else (a, b)
            candidates[self._home[loose.id]].setdefault(self._home[firm.id], self._comparer.judgement(a, b))
        fitting = {group: self._fitting(group, events) for group, events in candidates.items()}
        for group, events in fitting.items():
            if len(events) == 1 and self._fit(group, self._home[events[0]]):
                self._merge(group, self._home[events[0]])

    def _fitting(self, group: str, events: dict[str, Judgement]) -> list[str]:
        """Return the events that a group fits, and those that come near the best of them; `events` maps each to its best verdict, the best first."""
        possible = {event: verdict for event, verdict in events.items() if self._possible(group, event)}
        best = max((v.points for v in possible.values()), default=0.0)
        return [event for event, verdict in possible.items() if verdict.linked or verdict.points >= NEAR_SHARE * best]

    def join_by_hand(self, pairs: Iterable[Pair]) -> None:
        """Join the events of each pair, whatever speaks against it, unless a pair parted by hand would come together."""
        for a, b in pairs:
            if a not in self._home or b not in self._home:
                continue
            one, other = self._home[a], self._home[b]
            if one != other and not any(_pair(p.id, q.id) in self._apart for p in self._members[one] for q in self._members[other]):
                self._merge(one, other)

    def result(self) -> list[tuple[Profile, ...]]:
        """Return the groups, members and groups in the order of ids."""
        return [tuple(sorted(self._members[name], key=lambda p: p.id)) for name in sorted(self._members)]

    def _strongest_first(self, links: Iterable[tuple[Profile, Profile]]) -> list[tuple[Profile, Profile]]:
        return sorted(links, key=lambda ab: (-self._comparer.judgement(*ab).points, ab[0].id, ab[1].id))

    def _possible(self, one: str, other: str) -> bool:
        tally = self._tally(one, other)
        return not tally.forbidden and tally.vetoed <= MOST_VETOED * tally.pairs

    def _fit(self, one: str, other: str) -> bool:
        tally = self._tally(one, other)
        return not tally.parted and self._possible(one, other) and tally.linked >= LEAST_SHARE * tally.pairs

    def _tally(self, one: str, other: str) -> _Tally:
        """Return what speaks for and against joining two groups; kept, and added up as they grow."""
        known = self._tallies[one].get(other)
        if known is None:
            known = _Tally.of(self._members[one], self._members[other], self._comparer, self._apart)
            self._tallies[one][other] = self._tallies[other][one] = known
        return known

    def _merge(self, one: str, other: str) -> None:
        keep, lose = sorted((one, other))
        moved = self._members.pop(lose)
        self._members[keep].extend(moved)
        for p in moved:
            self._home[p.id] = keep
        kept, lost = self._tallies.pop(keep, {}), self._tallies.pop(lose, {})
        for third in kept.keys() | lost.keys():
            self._tallies[third].pop(keep, None)
            self._tallies[third].pop(lose, None)
            if third in kept and third in lost:
                self._tallies[keep][third] = self._tallies[third][keep] = kept[third].plus(lost[third])
        self._tallies[keep].pop(lose, None)


@dataclass(frozen=True, slots=True)
class _Tally:
    """The pairs across two groups: how many, how many linked, how many vetoed; `forbidden` where one of them can never be; `parted` by hand."""

    pairs: int
    linked: int
    vetoed: int
    forbidden: bool
    parted: bool

    @classmethod
    def of(cls, here: Sequence[Profile], there: Sequence[Profile], comparer: Comparer, apart: set[Pair]) -> _Tally:
        """Compare every pair across the two."""
        verdicts = [comparer.judgement(a, b) for a in here for b in there]
        parted = bool(apart) and any(_pair(a.id, b.id) in apart for a in here for b in there)
        linked, vetoed = sum(v.linked for v in verdicts), sum(v.vetoed for v in verdicts)
        return cls(len(verdicts), linked, vetoed, any(v.final for v in verdicts), parted)

    def plus(self, other: _Tally) -> _Tally:
        """Return the tally of a group that two have become."""
        sums = (self.pairs + other.pairs, self.linked + other.linked, self.vetoed + other.vetoed)
        return _Tally(*sums, self.forbidden or other.forbidden, self.parted or other.parted)


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)
