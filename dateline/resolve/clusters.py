"""From links to events: a deterministic partition of each connected component.

Here: `partition`. The strongest links join first; two groups become one only where no pair across them is vetoed and two fifths of
the pairs across are linked; reports without a firm date join last, and only where exactly one event fits. Hand-made joins come after
everything, hand-made partings before. Not here: the links (links.py), event ids (identities.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from dateline.resolve.links import Comparer, draw_links
from dateline.resolve.profile import Profile

LEAST_SHARE = 0.4  # of the pairs across two groups that must be linked
Pair = tuple[str, str]


def partition(
    profiles: Sequence[Profile], *, joined: Collection[Pair] = (), parted: Collection[Pair] = (), comparer: Comparer | None = None
) -> list[tuple[Profile, ...]]:
    """Part reports into events. The result depends on the set of reports (and the pairs made by hand) alone, never on their order."""
    ordered = sorted(profiles, key=lambda p: p.id)
    comparer = comparer or Comparer()
    apart = {_pair(a, b) for a, b in parted}
    links = [(a, b) for a, b in draw_links(ordered, comparer) if (a.id, b.id) not in apart]
    groups = _Groups(ordered, comparer, apart)
    groups.join_firm([(a, b) for a, b in links if a.firm and b.firm])
    groups.join_firm([(a, b) for a, b in links if not a.firm and not b.firm])
    groups.attach_loose([(a, b) for a, b in links if a.firm != b.firm])
    groups.join_by_hand(sorted({_pair(a, b) for a, b in joined} - apart))
    return groups.result()


class _Groups:
    """Groups of reports under construction, each named by its smallest report id."""

    def __init__(self, ordered: Sequence[Profile], comparer: Comparer, apart: set[Pair]) -> None:
        self._comparer = comparer
        self._apart = apart
        self._members: dict[str, list[Profile]] = {p.id: [p] for p in ordered}
        self._home: dict[str, str] = {p.id: p.id for p in ordered}
        self._foes: dict[str, set[str]] = defaultdict(set)

    def join_firm(self, links: Iterable[tuple[Profile, Profile]]) -> None:
        """Join along links, the strongest first; ties go by id."""
        for a, b in self._strongest_first(links):
            one, other = self._home[a.id], self._home[b.id]
            if one != other and self._fit(one, other):
                self._merge(one, other)

    def attach_loose(self, links: Iterable[tuple[Profile, Profile]]) -> None:
        """Join each group without a firm date to the one dated event that it fits; where another one comes near it stands alone."""
        candidates: dict[str, dict[str, None]] = defaultdict(dict)
        for a, b in self._strongest_first(links):
            loose, firm = (b, a) if a.firm else (a, b)
            candidates[self._home[loose.id]][self._home[firm.id]] = None
        rivals = {group: [event for event in events if not self._foes_of(group, event)] for group, events in candidates.items()}
        for group, events in rivals.items():
            if len(events) == 1 and self._fit(group, self._home[events[0]]):
                self._merge(group, self._home[events[0]])

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
        return sorted(links, key=lambda ab: (-self._comparer.verdict(*ab).points, ab[0].id, ab[1].id))

    def _fit(self, one: str, other: str) -> bool:
        if self._foes_of(one, other):
            return False
        here, there = self._members[one], self._members[other]
        linked = sum(self._comparer.verdict(a, b).linked for a in here for b in there)
        return linked >= LEAST_SHARE * len(here) * len(there)

    def _foes_of(self, one: str, other: str) -> bool:
        """Say whether some pair across the two groups is vetoed, or parted by hand; once so, it stays so as they grow."""
        if other in self._foes[one]:
            return True
        for a in self._members[one]:
            for b in self._members[other]:
                if self._comparer.verdict(a, b).veto is not None or _pair(a.id, b.id) in self._apart:
                    self._foes[one].add(other)
                    self._foes[other].add(one)
                    return True
        return False

    def _merge(self, one: str, other: str) -> None:
        keep, lose = sorted((one, other))
        moved = self._members.pop(lose)
        self._members[keep].extend(moved)
        for p in moved:
            self._home[p.id] = keep
        for foe in self._foes.pop(lose, set()):
            self._foes[foe].discard(lose)
            self._foes[foe].add(keep)
            self._foes[keep].add(foe)


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)
