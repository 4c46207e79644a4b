"""Which reports are linked, and everything that a change can reach.

Here: `draw_links` (over a set of reports), `neighbourhood` (through a look-up into the store).
Links depend on the two reports alone; what can change when a report comes or goes is therefore its connected component. Not here:
judgements (comparer.py), how a
component is parted into events (clusters.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from dateline.records import Report
from dateline.resolve.comparer import Comparer, comparer_for
from dateline.resolve.days import may_meet, span_of
from dateline.resolve.profile import Profile
from dateline.resolve.text import lexicon
from dateline.resources import Resources

Fetch = Callable[[frozenset[str]], Sequence[Report]]


def draw_links(profiles: Sequence[Profile], comparer: Comparer) -> Iterator[tuple[Profile, Profile]]:
    """Yield every linked pair once, the smaller id first."""
    index: dict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(profiles):
        for key in comparer.keys(one)[0]:
            index[key].append(i)
    for i, one in enumerate(profiles):
        candidates = {j for key in comparer.keys(one)[1] for j in index.get(key, ()) if j > i}
        for j in sorted(candidates):
            other = profiles[j]
            if comparer.linked(one, other):
                yield (one, other) if one.id <= other.id else (other, one)


def neighbourhood(seeds: Sequence[Report], fetch: Fetch, *, joined: Collection[tuple[str, str]] = (), resources: Resources | None = None) -> list[Report]:
    """Return every report whose event may change when the seeds were added, changed or removed, in the order of their ids.

    Args:
        seeds: the reports that came, as they are now, or went, as they were. They are part of the answer: a caller that removed some leaves
            those out before resolving.
        fetch: returns the stored reports that have one of the keys (`blocking_keys` of each, stored beside it).
        joined: pairs of report ids joined by hand; both sides of a pair are one neighbourhood.
        resources: what was read with; the shipped ones by default.
    """
    comparer = comparer_for(lexicon(resources), len(seeds))
    partners = _partners(joined)
    found = {seed.report_id: comparer.profile(seed) for seed in seeds}
    frontier = list(found.values())
    while frontier:
        wanted = frozenset(key for one in frontier for key in comparer.keys(one)[1])
        by_hand = frozenset(f"id:{other}" for one in frontier for other in partners.get(one.id, ()) if other not in found)
        spans = [one.span for one in frontier]
        fetched = [
            comparer.profile(r)
            for r in fetch(wanted | by_hand)
            if r.report_id not in found and (f"id:{r.report_id}" in by_hand or any(may_meet(span_of(r.event), s) for s in spans))
        ]
        reached = {p.id: p for p in _reached(frontier, fetched, comparer)}
        reached.update({p.id: p for p in fetched if f"id:{p.id}" in by_hand})
        found.update(reached)
        frontier = [reached[name] for name in sorted(reached)]
    return [found[name].report for name in sorted(found)]


def _reached(frontier: Iterable[Profile], fetched: Sequence[Profile], comparer: Comparer) -> Iterator[Profile]:
    index: dict[str, list[Profile]] = defaultdict(list)
    for one in fetched:
        for key in comparer.keys(one)[0]:
            index[key].append(one)
    for one in frontier:
        candidates = {p.id: p for key in comparer.keys(one)[1] for p in index.get(key, ())}
        yield from (p for p in candidates.values() if comparer.linked(one, p))


def _partners(joined: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    partners: dict[str, list[str]] = defaultdict(list)
    for a, b in joined:
        partners[a].append(b)
        partners[b].append(a)
    return partners
