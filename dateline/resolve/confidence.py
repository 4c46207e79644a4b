"""How sure an event is: more independent sources, a better dated report, a more precise rule can only raise it.

    quality of a report  q = confidence of its extraction * weight of its date's basis
    event                1 - product over independent sources of (1 - q * SHARE)

An independent source is a publisher; near-duplicate articles are one source whoever publishes them. Each counts with its best report.
Here: `event_confidence`, `independent_sources`. Not here: a report's own confidence (dateline.events).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dateline.records import Event, Report

SHARE = 0.85  # what one perfect source is worth: nothing is certain by one article
BASIS_WEIGHT = {"explicit": 1.0, "relative": 0.95, "event": 0.9, "published": 0.8, "none": 0.7}


def report_quality(event: Event) -> float:
    """Return the weight of one report, 0 to 1."""
    return max(0.0, min(1.0, event.confidence)) * BASIS_WEIGHT.get(event.basis, 0.7)


def event_confidence(reports: Sequence[Report]) -> float:
    """Return the confidence of the event that these reports tell, 0 to 1, rounded to four places."""
    doubt = 1.0
    for group in independent_sources(reports):
        doubt *= 1.0 - SHARE * max(report_quality(r.event) for r in group)
    return round(1.0 - doubt, 4)


def independent_sources(reports: Sequence[Report]) -> list[list[Report]]:
    """Part reports into independent sources: linked by publisher or by near-duplicate group, in the order of their smallest report."""
    groups: list[tuple[set[str], list[Report]]] = []
    for report in sorted(reports, key=lambda r: r.report_id):
        marks = set(_marks(report))
        touching = [g for g in groups if g[0] & marks]
        merged = (marks.union(*(g[0] for g in touching)), [r for g in touching for r in g[1]] + [report])
        groups = [g for g in groups if not g[0] & marks] + [merged]
    return sorted((sorted(g[1], key=lambda r: r.report_id) for g in groups), key=lambda g: g[0].report_id)


def article_count(reports: Iterable[Report]) -> int:
    """Return the number of articles, a near-duplicate group counting once."""
    return len({("group", r.duplicate_group) if r.duplicate_group else (r.source or "", r.key.doc_id) for r in reports})


def _marks(report: Report) -> list[str]:
    marks = [f"group:{report.duplicate_group}"] if report.duplicate_group else []
    return [*marks, f"source:{report.source}" if report.source else f"article:{report.key.doc_id}"]
