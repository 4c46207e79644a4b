"""How often actors and places of gold articles come out with the right kind and country.

    python benchmarks/resolve_names.py ARTICLES.jsonl [ARTICLES.jsonl ...] [--errors 20]

ARTICLES are gold articles (text, and events with evidence, participants, places). Each extracted event stands for the gold event whose evidence
it shares; of the two, participants whose names are one name, and places, are compared. What was not found counts nowhere: this is about naming.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from resolve_from_text import gold_of

from dateline import Extractor
from dateline.jsonl import article_from_record
from dateline.records import Event, Participant
from dateline.resolve.actors import name_tokens, same_person
from dateline.resolve.text import lexicon


def same_name(found: Participant, gold: dict[str, Any]) -> bool:
    """Say whether two names can be one actor's by their words alone."""
    known = lexicon().plain
    one, other = (name_tokens(n, known["title-before-name"]) for n in (found.name, gold["name"]))
    return one == other or bool(set(one) <= set(other) or set(other) <= set(one)) or same_person(one, other, known["name-particle"])


def compare(found: Event, gold: dict[str, Any], tally: Counter[str], wrong: Counter[str]) -> None:
    """Count what of an event's names is right."""
    place = gold.get("place")
    if place and place["country"] and found.place:
        tally["places"] += 1
        tally["country of place"] += found.place.country == place["country"]
        if found.place.country != place["country"]:
            wrong[f"place {place['name']}: {place['country']}, found {found.place.name}, {found.place.country}"] += 1
    for one in gold["participants"]:
        match = next((p for p in found.participants if same_name(p, one)), None)
        if match is None or "kind" not in one:
            continue
        tally["actors"] += 1
        tally["kind of actor"] += match.kind == one["kind"]
        tally["country of actor"] += match.country == one["country"]
        if (match.kind, match.country) != (one["kind"], one["country"]):
            wrong[f"actor {one['name']}: {one['kind']} {one['country']}, found {match.kind} {match.country}"] += 1


def main() -> None:
    """Print the shares, then the most frequent errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    records = [json.loads(line) for path in options.articles for line in path.read_text(encoding="utf-8").splitlines()]
    tally: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for record, extraction in zip(records, Extractor().extract([article_from_record(r, r["doc_id"]) for r in records]), strict=True):
        for event in extraction.events:
            index = gold_of(event, record["events"])
            if index is not None:
                compare(event, record["events"][index], tally, wrong)
    print(f"country of place {tally['country of place'] / max(1, tally['places']):.3f} of {tally['places']}")
    for name in ("kind of actor", "country of actor"):
        print(f"{name} {tally[name] / max(1, tally['actors']):.3f} of {tally['actors']}")
    for line, count in wrong.most_common(options.errors):
        print(f"{count} {line}")


if __name__ == "__main__":
    main()
