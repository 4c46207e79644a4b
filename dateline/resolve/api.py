"""Resolving without a database: extractions in, canonical events and their JSON out (`dateline resolve`).

Here: `resolve_extractions`, `reports_of`, `canonical_to_json`. Near-duplicate articles are found by the sentences that their events quote, the
only text that extraction output holds. Not here: the partition (clusters.py), the database's way in (models.load).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from dateline.identity import article_key, report_id
from dateline.jsonl import event_to_json
from dateline.records import Article, CanonicalEvent, Extraction, Report, ReportKey
from dateline.resolve.resolution import Resolution, resolve
from dateline.resources import Resources

_NEAR = 0.8  # share of quoted sentences that two near-duplicates have in common
_LEAST_SENTENCES = 2


def resolve_extractions(extractions: Iterable[Extraction], *, resources: Resources | None = None) -> Resolution:
    """Return the canonical events of everything extracted, in the order of their ids. Lines with an error or skipped have no events."""
    return resolve(reports_of(extractions), resources=resources)


def reports_of(extractions: Iterable[Extraction]) -> list[Report]:
    """Make a report of each event, with the near-duplicate group of its article. Lines that share a doc_id and source are one article."""
    kept = [x for x in extractions if x.doc_id is not None]
    groups = _duplicate_groups(kept)
    reports: dict[str, Report] = {}
    for position, extraction in enumerate(kept):
        key = article_key(Article(doc_id=extraction.doc_id or "", text="", source=extraction.source))
        for index, event in enumerate(extraction.events):
            start, end = (event.evidence[0].start, event.evidence[0].end) if event.evidence else (-1 - index, -1 - index)
            name = report_id(key, event.type, start, end)
            while name in reports and reports[name].key.index != index:
                name = report_id(f"{key}#{index}", event.type, start, end)
                if name in reports:
                    break
            reports[name] = Report(
                name, ReportKey(extraction.doc_id or "", index), event, extraction.source, extraction.published, extraction.title, groups.get(position)
            )
    return list(reports.values())


def canonical_to_json(event: CanonicalEvent) -> dict[str, Any]:
    """Return the contract's line of `dateline resolve`: the EVENT fields plus event_id, reports and article_count."""
    return {
        "event_id": event.event_id,
        **event_to_json(event.event),
        "reports": [{"doc_id": r.key.doc_id, "index": r.key.index} for r in sorted(event.reports, key=lambda r: (r.key.doc_id, r.key.index))],
        "article_count": event.article_count,
    }


def _duplicate_groups(extractions: Sequence[Extraction]) -> dict[int, str]:
    """Group articles most of whose quoted sentences are the same; each group is named by its smallest doc_id."""
    sentences = [frozenset(" ".join(v.quote.split()) for e in x.events for v in e.evidence) for x in extractions]
    holders: dict[str, list[int]] = defaultdict(list)
    for position, quotes in enumerate(sentences):
        for quote in quotes:
            holders[quote].append(position)
    home = list(range(len(extractions)))
    for quote in sorted(holders):
        for a, b in zip(holders[quote], holders[quote][1:], strict=False):
            if _near(sentences[a], sentences[b]):
                _unite(home, a, b)
    members: dict[int, list[int]] = defaultdict(list)
    for position in range(len(home)):
        members[_root(home, position)].append(position)
    return {p: min(extractions[m].doc_id or "" for m in group) for group in members.values() if len(group) > 1 for p in group}


def _near(one: frozenset[str], other: frozenset[str]) -> bool:
    return min(len(one), len(other)) >= _LEAST_SENTENCES and len(one & other) >= _NEAR * max(len(one), len(other))


def _root(home: list[int], position: int) -> int:
    while home[position] != position:
        position = home[position]
    return position


def _unite(home: list[int], a: int, b: int) -> None:
    one, other = sorted((_root(home, a), _root(home, b)))
    home[other] = one
