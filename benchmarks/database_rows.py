"""A made-up event database of any size, written straight into the tables: as skewed as news is, the same for the same size.

Here: rows and how they get in (executemany on SQLite, COPY on Postgres, secondary indexes made afterwards). Ids are hashes, as real ones are, so that
no index is kept warm by order. Not here: what is asked (benchmarks/database_scale.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Engine, Table, func, select, text

from models import tables
from models.columns import metadata

FIRST_DAY, DAYS = date(2004, 1, 1), 365 * 21
ACTORS, PLACES, SOURCES = 20_000, 1_500, 200
COUNTRIES = tuple(a + b for a in "ABCDEFGHIJKLM" for b in "FGHIJKLMNOPQRST")
TYPES = ("statement", "meeting", "agreement", "summit")
_SHARES = (0.62, 0.25, 0.10, 0.03)
_STATUSES, _STATUS_SHARES = ("occurred", "planned", "ongoing", "possible", "denied", "cancelled"), (0.74, 0.14, 0.05, 0.04, 0.02, 0.01)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_ARTICLES_PER_EVENT = 0.4
_BATCH = 50_000
_SENTENCE = "The minister said on Monday that talks about the northern port would go on in spite of the late objections of its neighbours."
_WORDS = tuple(_SENTENCE.split())


def event_id(number: int) -> str:
    """Return the id of an event."""
    return _hash("e", number)


def actor_name(number: int) -> str:
    """Return the name of an actor; the smaller the number, the more often it is in the news."""
    return f"Actor {number:05d} {_WORDS[number % len(_WORDS)].title()}"


def fill(engine: Engine, events: int) -> bool:
    """Fill an empty database; False where the events are there already."""
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(tables.event)) == events:
            return False
    writer = _write_sqlite if engine.dialect.name == "sqlite" else _write_postgres
    indexes = [index for table in metadata.sorted_tables for index in table.indexes if not index.unique]
    for index in indexes:
        index.drop(engine, checkfirst=True)
    for table, rows in _base_rows(events):
        writer(engine, table, rows)
    for batch in range(0, events, _BATCH):
        for table, rows in _event_rows(batch, min(events, batch + _BATCH), events):
            writer(engine, table, rows)
    for index in indexes:
        index.create(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return True


def _base_rows(events: int) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    yield tables.event_type, [{"name": name} for name in TYPES]
    yield tables.source, [{"name": f"Source {n}", "first_seen": _NOW} for n in range(SOURCES)]
    kinds = ("person", "person", "state", "organisation")
    actors = [
        {
            "actor_id": _hash("a", n),
            "name": actor_name(n),
            "folded": f" {actor_name(n).lower()} ",
            "kind": kinds[n % 4],
            "country": COUNTRIES[n % len(COUNTRIES)],
        }
        for n in range(ACTORS)
    ]
    yield tables.actor, actors
    places = [
        {
            "place_id": _hash("p", n),
            "name": f"Town {n}",
            "country_code": COUNTRIES[n % len(COUNTRIES)],
            "latitude": n % 140 - 70.0,
            "longitude": n % 360 - 180.0,
        }
        for n in range(PLACES)
    ]
    yield tables.place, places
    for low in range(0, _articles(events), _BATCH):
        yield tables.article, [_article(n, events) for n in range(low, min(_articles(events), low + _BATCH))]


def _article(n: int, events: int) -> dict[str, Any]:
    day = FIRST_DAY + timedelta(days=n * DAYS // _articles(events))
    common = {"language": "en", "published_basis": "metadata", "digest": _hash("d", n), "first_seen": _NOW, "changed_at": _NOW, "byline": None}
    named = {"article_id": _hash("t", n), "article_key": f"k{n}", "doc_id": f"d{n}", "source": f"Source {n % SOURCES}", "url": f"https://example.org/{n}"}
    return {**named, **common, "title": f"Title {n} about {_WORDS[n % 7]}", "published_on": day, "text": _SENTENCE * 8}


def _event_rows(low: int, high: int, events: int) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    draw = np.random.default_rng(low)
    size = high - low
    kinds, statuses = draw.choice(len(TYPES), size, p=_SHARES), draw.choice(len(_STATUSES), size, p=_STATUS_SHARES)
    days, placed = draw.integers(0, DAYS, size), draw.integers(0, PLACES * 2, size)
    undated, long = draw.random(size) < 0.12, draw.random(size) < 0.06
    found: dict[str, list[dict[str, Any]]] = {"event": [], "event_participation": [], "event_day": [], "report": [], "evidence": [], "participation": []}
    for i in range(size):
        first = None if undated[i] else FIRST_DAY + timedelta(days=int(days[i]))
        last = first + timedelta(days=int(days[i]) % 40) if first and long[i] else first
        kind = TYPES[kinds[i]]
        people = sorted({min(ACTORS - 1, int(n) - 1) for n in draw.zipf(1.35, 1 if kind == "statement" else 2 + int(draw.integers(3))) if n > 0})
        account = _account(kind, first, last, _STATUSES[statuses[i]], int(placed[i]))
        copies = 1 + int(draw.random() < 0.25) + 2 * int(draw.random() < 0.08)
        _add_event(found, low + i, account, people, copies)
        for copy in range(copies):
            _add_report(found, (low + i) * 4 + copy, event_id(low + i), account, people, int(draw.integers(_articles(events))))
    for name, rows in found.items():
        yield metadata.tables[name], rows


def _account(kind: str, first: date | None, last: date | None, status: str, place: int) -> dict[str, Any]:
    precision = "none" if first is None else "day" if first == last else "range"
    where = _hash("p", place) if place < PLACES else None
    said = {"title": f"A {kind}", "content": "that talks would go on", "content_start": 0, "content_end": 22, "plover": "CONSULT", "cameo": "04"}
    when = {"start_date": first, "end_date": last, "date_precision": precision, "date_basis": "relative" if first else "none", "date_text": "on Monday"}
    return {"event_type": kind, **said, **when, "status": status, "place_id": where, "place_venue": None, "confidence": 0.8, "rules": "trigger.meet"}


def _add_event(found: dict[str, list[dict[str, Any]]], number: int, account: dict[str, Any], people: list[int], copies: int) -> None:
    own, first, last = event_id(number), account["start_date"], account["end_date"]
    parts = {"start_year": first and first.year, "start_quarter": first and (first.month + 2) // 3, "start_month": first and first.month}
    place = COUNTRIES[number % len(COUNTRIES)] if account["place_id"] else None
    names = "; ".join(actor_name(n) for n in people)
    counts = {"article_count": copies, "report_count": copies, "first_reported": first, "last_reported": last, "history": [], "changed_at": _NOW}
    found["event"].append({"event_id": own, **account, **parts, "country_code": place, "participants": names, **counts})
    role = "speaker" if account["event_type"] == "statement" else "party"
    found["event_participation"] += [{"event_id": own, "actor_id": _hash("a", n), "role": role} for n in people]
    if first is not None:
        found["event_day"] += [{"day": first + timedelta(days=n), "event_id": own} for n in range(min(31, (last - first).days + 1))]


def _add_report(found: dict[str, list[dict[str, Any]]], number: int, own: str, account: dict[str, Any], people: list[int], told_by: int) -> None:
    report = _hash("r", number)
    first, last = account["start_date"], account["end_date"]
    if number % 40 == 1 and first is not None:  # a second source that is a day off
        first, last = first - timedelta(days=1), last - timedelta(days=1)
    shared = {name: value for name, value in account.items() if name not in ("start_date", "end_date")}
    found["report"].append(
        {"report_id": report, "article_id": _hash("t", told_by), "position": number, "event_id": own, "start_date": first, "end_date": last, **shared}
    )
    quote = _SENTENCE
    found["evidence"].append(
        {
            "report_id": report,
            "position": 0,
            "trigger": "said",
            "trigger_start": 13,
            "trigger_end": 17,
            "quote": quote,
            "sentence_start": 0,
            "sentence_end": 130,
        }
    )
    role = "speaker" if account["event_type"] == "statement" else "party"
    for position, n in enumerate(people):
        person = {"report_id": report, "position": position, "actor_id": _hash("a", n), "name": actor_name(n), "role": role, "mentions": []}
        found["participation"].append(person)


def _write_sqlite(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    holders = ", ".join("?" * len(rows[0]))
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA synchronous = OFF")
        driver.execute("PRAGMA cache_size = -2000000")  # ids are hashes: without the whole index in memory every row would be a seek
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({holders})', (tuple(map(_plain, row.values())) for row in rows))
        driver.execute("COMMIT")


def _write_postgres(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    with engine.begin() as connection, connection.connection.driver_connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys are checked: the rows are ours
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([_plain(value) for value in row.values()])


def _plain(value: Any) -> Any:
    """Return a value as both drivers take it: days and moments as ISO text, the empty JSON list as text."""
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return "[]" if isinstance(value, list) else value


def _articles(events: int) -> int:
    return max(1, int(events * _ARTICLES_PER_EVENT))


@lru_cache(maxsize=50_000)
def _hash(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind}{number}".encode()).hexdigest()[:20]
