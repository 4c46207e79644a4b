"""What is kept beside events and reports because views ask for it over everything.

An actor's name and an event's day on each participation, pairs of names, an article's source and day on each of its reports.

It repeats what `event`, `actor`, `place` and `article` say, and is written in the same transaction as they are (events.py, reports.py: reports of an article
whose day changes are written anew), so it cannot be stale; a test holds that
`derive`, which works all of it out again in SQL, changes nothing. Measured on SQLite: grouping a million events by joins took four times as
long as by these columns, because SQLite drops no join from an aggregate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, text

DERIVE = (
    "UPDATE event SET place_name = (SELECT p.name FROM place p WHERE p.place_id = event.place_id),"
    " latitude = (SELECT p.latitude FROM place p WHERE p.place_id = event.place_id),"
    " longitude = (SELECT p.longitude FROM place p WHERE p.place_id = event.place_id)",
    "UPDATE event_participation SET actor_name = (SELECT a.name FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " actor_kind = (SELECT a.kind FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " actor_country = (SELECT a.country FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " event_type = (SELECT e.event_type FROM event e WHERE e.event_id = event_participation.event_id),"
    " start_date = (SELECT e.start_date FROM event e WHERE e.event_id = event_participation.event_id)",
    "UPDATE report SET source = (SELECT t.source FROM article t WHERE t.article_id = report.article_id),"
    " published_on = (SELECT t.published_on FROM article t WHERE t.article_id = report.article_id)",
    "DELETE FROM event_dyad",
    "INSERT INTO event_dyad (event_id, actor_a, actor_b, event_type, start_year, start_quarter)"
    " SELECT DISTINCT x.event_id, x.actor_name, y.actor_name, e.event_type, e.start_year, e.start_quarter"
    " FROM event_participation x JOIN event_participation y ON y.event_id = x.event_id AND x.actor_name < y.actor_name"
    " JOIN event e ON e.event_id = x.event_id",
)


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What a participation repeats of its actor."""

    name: str
    kind: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a report repeats of its article."""

    source: str | None
    published_on: date | None


def derive(connection: Connection) -> None:
    """Work out everything that is kept beside events again, from what it repeats."""
    for statement in DERIVE:
        connection.execute(text(statement))


def participation_row(event_row: Mapping[str, Any], actor_id: str, role: str, found: ActorFacts) -> dict[str, Any]:
    """Return the row of `event_participation`."""
    repeated = {"actor_name": found.name, "actor_kind": found.kind, "actor_country": found.country}
    return {
        "event_id": event_row["event_id"],
        "actor_id": actor_id,
        "role": role,
        **repeated,
        "event_type": event_row["event_type"],
        "start_date": event_row["start_date"],
    }


def dyad_rows(event_row: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of `event_dyad`: every two different names, the smaller by code point first."""
    repeated = {name: event_row[name] for name in ("event_id", "event_type", "start_year", "start_quarter")}
    return [{**repeated, "actor_a": a, "actor_b": b} for a, b in combinations(sorted(set(names)), 2)]
