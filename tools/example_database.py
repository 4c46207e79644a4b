"""Make the small example database of docs/queries.md: invented news of 2024, with what a reader finds in it written beside it.

    python tools/example_database.py sqlite:///example.db

Here: docs/example/news.jsonl (articles as sentences, events by hand) turned into the records that extraction gives, resolved and loaded as a run
does it. The people are invented. Not here: extraction, so that the answers in the documentation do not change with its rules.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dateline import identity
from dateline.records import Article, Content, Event, Evidence, Extraction, Participant, Place, Versions
from dateline.resolve import blocking_keys, neighbourhood, resolve
from models.engine import open_engine
from models.inputs import EventType, Extracted, Incoming, Resolving
from models.load import open_load
from models.migrate import upgrade

NEWS = Path(__file__).resolve().parents[1] / "docs" / "example" / "news.jsonl"
VERSIONS = Versions("0.1.0", "by hand", "by hand")
TYPES = tuple(EventType(name) for name in ("summit", "meeting", "agreement", "statement"))


def main(url: str) -> None:
    """Make the tables and load the example."""
    upgrade(url)
    load_example(url)
    sys.stderr.write(f"Loaded {NEWS.name} into {url}.\n")


def load_example(url: str) -> None:
    """Load the example into a database that has the tables."""
    pairs = [article_and_extraction(json.loads(line)) for line in NEWS.read_text(encoding="utf-8").splitlines()]
    with open_load(open_engine(url), versions=VERSIONS, resolving=Resolving(blocking_keys, neighbourhood, resolve), event_types=TYPES) as load:
        load.add(*zip(*(stored(article, extraction) for article, extraction in pairs), strict=True))


def article_and_extraction(line: dict[str, Any]) -> tuple[Article, Extraction]:
    """Return one line's article and what is found in it."""
    text = " ".join(line["sentences"])
    named = {name: line[name] for name in ("doc_id", "source", "url", "published", "title", "byline", "licence")}
    events = tuple(_events(line))
    extraction = Extraction(1, line["doc_id"], date.fromisoformat(line["published"]), "metadata", "en", events, title=line["title"], source=line["source"])
    return Article(text=text, language="en", **named), extraction


def _events(line: dict[str, Any]) -> Iterator[Event]:
    text, starts, at = " ".join(line["sentences"]), [], 0
    for sentence in line["sentences"]:
        starts.append(at)
        at += len(sentence) + 1
    for entry in line["events"]:
        sentence = line["sentences"][entry["sentence"]]
        first = starts[entry["sentence"]]
        trigger = first + sentence.index(entry["trigger"])
        said = entry["content"]
        place = Place(**entry["place"]) if entry["place"] else None
        yield Event(
            type=entry["type"],
            start=_day(entry["start"]),
            end=_day(entry["end"]),
            precision=entry["precision"],
            basis=entry["basis"],
            status=entry["status"],
            participants=tuple(_participant(text, person) for person in entry["participants"]),
            evidence=(Evidence(trigger, trigger + len(entry["trigger"]), entry["trigger"], (first, first + len(sentence)), sentence),),
            place=place,
            content=Content(first + sentence.index(said), first + sentence.index(said) + len(said), said) if said else None,
            title=entry["title"],
            plover=entry["plover"],
            cameo=entry["cameo"],
            confidence=entry["confidence"],
            rules=("by-hand",),
            date_text=entry["date_text"],
        )


def _participant(text: str, entry: dict[str, Any]) -> Participant:
    at = text.find(entry["name"])
    return Participant(entry["name"], entry["role"], entry["kind"], entry["country"], ((at, at + len(entry["name"])),) if at >= 0 else ())


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def stored(article: Article, extraction: Extraction) -> tuple[Incoming, Extracted]:
    """Return the records that a load takes."""
    key = identity.article_key(article)
    own = identity.article_id(article)
    ids = tuple(identity.report_id(key, event.type, event.evidence[0].start, event.evidence[0].end) for event in extraction.events)
    return Incoming(own, key, identity.text_digest(article.text), article), Extracted(own, extraction, ids)


if __name__ == "__main__":
    main(*sys.argv[1:])
