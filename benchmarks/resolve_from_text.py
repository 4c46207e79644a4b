"""What extraction costs resolving: the same articles from gold reports and from text, scored against gold clusters.

    python benchmarks/resolve_from_text.py ARTICLES.jsonl CLUSTERS.json

ARTICLES are gold articles (text, and events with evidence); CLUSTERS names their events that are one ("DOC#INDEX"). Each extracted event stands for
the gold event of its type that shares most of its evidence; extracted events without one, and gold events not found, are counted and stand alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from dateline import Extractor
from dateline.jsonl import article_from_record
from dateline.records import Event, Extraction
from dateline.resolve import resolve_extractions

Key = tuple[str, int]


def gold_of(event: Event, gold: list[dict[str, Any]]) -> int | None:
    """Return the index of the gold event of this type whose evidence overlaps most of the extracted event's."""
    best: tuple[int, int] | None = None
    for index, one in enumerate(gold):
        if one["type"] != event.type:
            continue
        shared = sum(any(e.start < s["end"] and s["start"] < e.end for s in one["evidence"]) for e in event.evidence)
        if shared and (best is None or shared > best[0]):
            best = (shared, index)
    return best[1] if best else None


def pair_scores(found: dict[Key, int], truth: dict[Key, int], free: set[frozenset[Key]]) -> str:
    """Return pairwise precision and recall over the gold events; those not found stand alone."""
    keys = sorted(truth)
    pairs = [(a, b) for i, a in enumerate(keys) for b in keys[i + 1 :] if frozenset((a, b)) not in free]
    linked = {p for p in pairs if truth[p[0]] == truth[p[1]]}
    joined = {(a, b) for a, b in pairs if a in found and b in found and found[a] == found[b]}
    hit = len(linked & joined)
    return f"pairs P {hit / max(1, len(joined)):.3f} R {hit / max(1, len(linked)):.3f} ({len(linked)} linked, {len(joined)} joined)"


def main() -> None:
    """Extract, resolve, map to gold events and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("clusters", type=Path)
    options = parser.parse_args()
    records = [json.loads(line) for line in options.articles.read_text(encoding="utf-8").splitlines()]
    clusters = json.loads(options.clusters.read_text(encoding="utf-8"))
    gold = {r["doc_id"]: r["events"] for r in records}
    extractions: list[Extraction] = list(Extractor().extract([article_from_record(r, r["doc_id"]) for r in records]))
    found: dict[Key, int] = {}
    strange = 0
    for number, event in enumerate(resolve_extractions(extractions).events):
        for report in event.reports:
            index = gold_of(report.event, gold[report.key.doc_id])
            strange += index is None
            if index is not None:
                found.setdefault((report.key.doc_id, index), number)
    truth = {_key(name): i for i, group in enumerate(clusters["clusters"]) for name in group}
    free = {frozenset(map(_key, pair[:2])) for pair in clusters.get("uncertain", [])}
    print(f"{len(truth)} gold events, {len(truth.keys() & found.keys())} found, {strange} extracted events that are none of them")
    print(pair_scores(found, truth, free))


def _key(name: str) -> Key:
    document, _, index = name.rpartition("#")
    return document, int(index)


if __name__ == "__main__":
    main()
