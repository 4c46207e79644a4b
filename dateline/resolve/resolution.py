"""Reports in, canonical events out.

Here: `resolve`, `Resolution`, and the pairs that a merge or split by hand stands for. Not here: finding the reports that a change can reach
(links.neighbourhood), the command line's form (api.py).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from dateline.records import CanonicalEvent, Report
from dateline.resolve.canonical import canonical_event
from dateline.resolve.clusters import partition
from dateline.resolve.comparer import comparer_for
from dateline.resolve.identities import assign_ids
from dateline.resolve.text import lexicon
from dateline.resources import Resources


@dataclass(frozen=True, slots=True)
class Resolution:
    """The events of a set of reports, in the order of their ids; `redirects` lead from absorbed event ids to those that absorbed them."""

    events: tuple[CanonicalEvent, ...]
    redirects: tuple[tuple[str, str], ...] = ()


def resolve(
    reports: Sequence[Report],
    *,
    known: Mapping[str, str] | None = None,
    joined: Collection[tuple[str, str]] = (),
    parted: Collection[tuple[str, str]] = (),
    taken: Container[str] = (),
    resources: Resources | None = None,
) -> Resolution:
    """Part reports into canonical events. Pure; which reports form an event depends on the set of reports alone.

    Args:
        reports: whole neighbourhoods (see `neighbourhood`), or everything.
        known: the event id that each report bore so far.
        joined: pairs of report ids joined by hand: their events are one, whatever speaks against it.
        parted: pairs of report ids parted by hand: never in one event, not even by a join.
        taken: event ids in use outside these reports.
        resources: the language's words and names; the shipped ones by default.
    """
    comparer = comparer_for(lexicon(resources), len(reports))
    by_id = {r.report_id: r for r in reports}
    groups = partition([comparer.profile(by_id[name]) for name in sorted(by_id)], comparer, joined=joined, parted=parted)
    names = [tuple(p.id for p in group) for group in groups]
    ids, redirects = assign_ids(names, known or {}, taken=taken)
    events = [comparer.canonical(ids[name], group, canonical_event) for name, group in zip(names, groups, strict=True)]
    return Resolution(tuple(sorted(events, key=lambda e: e.event_id)), redirects)


def merge_pairs(one: CanonicalEvent, other: CanonicalEvent) -> list[tuple[str, str]]:
    """Return the pairs to keep as `joined` when two events are merged by hand: it takes one, between the smallest report of each."""
    a, b = sorted((one.reports[0].report_id, other.reports[0].report_id))
    return [(a, b)]


def split_pairs(event: CanonicalEvent, report_ids: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs to keep as `parted` when these reports are split off by hand: each of them against each that stays."""
    leaving = set(report_ids)
    gone = sorted(r.report_id for r in event.reports if r.report_id in leaving)
    stay = sorted(r.report_id for r in event.reports if r.report_id not in leaving)
    return sorted((min(a, b), max(a, b)) for a in gone for b in stay)
