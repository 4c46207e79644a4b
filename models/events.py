"""Writing what resolving said: event rows by difference, who took part, days, titles to search, redirects.

A row that is as it was is not written, so a load that changes nothing writes nothing. Not here: how reports are resolved (resolution.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from dateline.records import CanonicalEvent
from models.bulk import delete_where, insert_new, insert_rows, rows_where, update_rows, values_of
from models.changes import Changes, drop_tokens, write_tokens
from models.columns import storable
from models.facts import ActorFacts, dyad_rows, participation_row
from models.registry import ActorRegistry
from models.resolution import Outcome
from models.rows import SEPARATOR, account_row, place_row
from models.tables import actor, event, event_day, event_dyad, event_participation, event_redirect, place, report

MOST_DAYS = 31
Took = frozenset[tuple[str, str]]  # (actor_id, role) of everybody in an event


class EventWriter:
    """Writes the events of one load's neighbourhood."""

    def __init__(self, changes: Changes, actors: ActorRegistry) -> None:
        self._changes = changes
        self._connection = changes.connection
        self._actors = actors
        self._facts: dict[str, ActorFacts] = {}

    def write(self, outcome: Outcome) -> tuple[list[str], list[str], list[str]]:
        """Bring the rows to what resolving said; return the ids of new, changed and removed events, sorted."""
        former = {one for one in outcome.before.values() if one is not None} | self._changes.touched_events
        events = self._named(outcome.resolved.events, former)
        homes = {one.report_id: event_id for event_id, found in events.items() for one in found.reports}
        stored = {row.event_id: row._mapping for row in rows_where(self._connection, select(event), event.c.event_id, events.keys())}
        rows, took = self._rows(events)
        changed = self._changed(rows, took, stored)
        moved = [{"report_id": one, "event_id": home} for one, home in homes.items() if outcome.before.get(one) != home]
        self._write_rows(rows, changed, stored)
        self._write_companions({one: took[one] for one in changed}, rows, stored)
        update_rows(self._connection, report, "report_id", moved)
        gone = sorted(former - events.keys())
        self._remove(gone, dict(outcome.resolved.redirects), events)
        return self._tally(homes, moved, outcome, changed, stored, gone)

    def _tally(
        self, homes: Mapping[str, str], moved: list[dict[str, str]], outcome: Outcome, changed: Collection[str], stored: Collection[str], gone: list[str]
    ) -> tuple[list[str], list[str], list[str]]:
        new = sorted(set(homes.values()) - set(stored))
        shuffled = {row["event_id"] for row in moved} | {one for row in moved if (one := outcome.before.get(row["report_id"])) is not None}
        altered = sorted(((set(changed) | shuffled) & set(homes.values())) - set(new))
        self._changes.counts.update(events_new=len(new), events_changed=len(altered), events_removed=len(gone))
        return new, altered, gone

    def _named(self, events: Collection[CanonicalEvent], former: set[str]) -> dict[str, CanonicalEvent]:
        """Return the events by id. An id that an event outside the neighbourhood bears, born of a report that came back, is numbered."""
        ids = {one.event_id for one in events}
        foreign = values_of(self._connection, event.c.event_id, event.c.event_id, ids - former)
        named: dict[str, CanonicalEvent] = {}
        for one in events:
            number, event_id = 2, one.event_id
            while event_id in foreign or event_id in named:
                event_id, number = f"{one.event_id}-{number}", number + 1
                if self._connection.scalar(select(event.c.event_id).where(event.c.event_id == event_id)) is not None and event_id not in former:
                    foreign.add(event_id)
            named[event_id] = one
        return named

    def _rows(self, events: Mapping[str, CanonicalEvent]) -> tuple[dict[str, dict[str, Any]], dict[str, Took]]:
        ids = self._actors.identify(person for found in events.values() for person in found.event.participants)
        self._actors.flush()
        self._facts |= actor_facts(self._connection, set(ids.values()))
        insert_new(self._connection, place, [place_row(found.event.place) for found in events.values() if found.event.place is not None])
        took = {event_id: frozenset((ids[person], person.role) for person in found.event.participants) for event_id, found in events.items()}
        return {event_id: _event_row(event_id, found, took[event_id], self._facts) for event_id, found in events.items()}, took

    def _changed(self, rows: Mapping[str, dict[str, Any]], took: Mapping[str, Took], stored: Mapping[str, Mapping[Any, Any]]) -> list[str]:
        parts: dict[str, set[tuple[str, str]]] = {one: set() for one in stored}
        for row in rows_where(self._connection, select(event_participation), event_participation.c.event_id, stored.keys()):
            parts[row.event_id].add((row.actor_id, row.role))
        self._note_left(rows, took, stored, parts)
        return [
            event_id
            for event_id, row in rows.items()
            if event_id not in stored or parts[event_id] != took[event_id] or any(stored[event_id][name] != value for name, value in row.items())
        ]

    def _note_left(
        self, rows: Mapping[str, dict[str, Any]], took: Mapping[str, Took], stored: Mapping[str, Mapping[Any, Any]], parts: Mapping[str, set[tuple[str, str]]]
    ) -> None:
        """Note the actors and places that events no longer name."""
        for event_id, row in stored.items():
            self._changes.left_actors |= {actor_id for actor_id, _role in parts[event_id] - took[event_id]}
            if row["place_id"] is not None and row["place_id"] != rows[event_id]["place_id"]:
                self._changes.left_places.add(row["place_id"])

    def _write_rows(self, rows: Mapping[str, dict[str, Any]], changed: Collection[str], stored: Collection[str]) -> None:
        now = {"changed_at": self._changes.now}
        insert_rows(self._connection, event, [{**rows[one], **now} for one in changed if one not in stored])
        update_rows(self._connection, event, "event_id", [{**rows[one], **now} for one in changed if one in stored])
        delete_where(self._connection, event_redirect.c.old_id, {one for one in changed if one not in stored})

    def _write_companions(self, took: Mapping[str, Took], rows: Mapping[str, dict[str, Any]], stored: Mapping[str, Mapping[Any, Any]]) -> None:
        known = took.keys() & stored.keys()
        write_facts(self._connection, {one: rows[one] for one in took}, took, self._facts, replaced=known)
        redated = {one for one in took if one not in stored or any(stored[one][name] != rows[one][name] for name in ("start_date", "end_date"))}
        delete_where(self._connection, event_day.c.event_id, redated & known)
        insert_rows(self._connection, event_day, [{"event_id": one, "day": day} for one in sorted(redated) for day in days_of(rows[one])])
        retitled = {one for one in took if one in redated or stored[one]["title"] != rows[one]["title"]}
        drop_tokens(self._connection, "title", retitled & known)
        titles = {one: (rows[one]["start_date"], str(rows[one]["title"])) for one in retitled if rows[one]["title"]}
        write_tokens(self._connection, "title", titles)

    def _remove(self, gone: Collection[str], redirects: Mapping[str, str], events: Collection[str]) -> None:
        """Delete events without reports. The id of an absorbed one leads on, and so do ids that led to it."""
        for old in gone:
            target = _final(old, redirects)
            if target in events:
                self._connection.execute(update(event_redirect).where(event_redirect.c.event_id == old).values(event_id=target))
                delete_where(self._connection, event_redirect.c.old_id, {old})
                insert_rows(self._connection, event_redirect, [{"old_id": old, "event_id": target}])
        self._changes.left_actors |= values_of(self._connection, event_participation.c.actor_id, event_participation.c.event_id, gone)
        self._changes.left_places |= values_of(self._connection, event.c.place_id, event.c.event_id, gone) - {None}
        drop_tokens(self._connection, "title", gone)
        for column in (event_participation.c.event_id, event_dyad.c.event_id, event_day.c.event_id, event_redirect.c.event_id, event.c.event_id):
            delete_where(self._connection, column, gone)


def _final(old: str, redirects: Mapping[str, str]) -> str | None:
    target = redirects.get(old)
    seen = {old}
    while target is not None and target in redirects and target not in seen:
        seen.add(target)
        target = redirects[target]
    return target


def _event_row(event_id: str, found: CanonicalEvent, took: Took, facts: Mapping[str, ActorFacts]) -> dict[str, Any]:
    about = found.event
    where = place_row(about.place) if about.place is not None else None
    published = [one.published for one in found.reports if one.published is not None]
    return {
        "event_id": event_id,
        **account_row(about),
        **period_of(about.start),
        "country_code": where["country_code"] if where else None,
        "place_name": where["name"] if where else None,
        "latitude": where["latitude"] if where else None,
        "longitude": where["longitude"] if where else None,
        "participants": join_names((role, facts[actor_id].name) for actor_id, role in took),
        "article_count": found.article_count,
        "report_count": len(found.reports),
        "first_reported": min(published, default=None),
        "last_reported": max(published, default=None),
        "history": [[day, status] for day, status in found.history],
    }


def period_of(start: date | None) -> dict[str, int | None]:
    """Return the year, quarter and month that an event starts in."""
    if start is None:
        return {"start_year": None, "start_quarter": None, "start_month": None}
    return {"start_year": start.year, "start_quarter": (start.month + 2) // 3, "start_month": start.month}


def join_names(pairs: Any) -> str:
    """Return the names joined with "; ", by role then name, each name once."""
    return SEPARATOR.join(dict.fromkeys(storable(name) for _role, name in sorted(pairs)))


def days_of(row: Mapping[str, Any]) -> list[date]:
    """Return the days of an event, at most 31; of one that is open on a side only the day known, of an undated one none."""
    first, last = row["start_date"] or row["end_date"], row["end_date"] or row["start_date"]
    if first is None or last is None:
        return []
    return [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DAYS))]


def actor_facts(connection: Connection, actor_ids: Collection[str]) -> dict[str, ActorFacts]:
    """Return what participations repeat of these actors."""
    columns = (actor.c.actor_id, actor.c.name, actor.c.kind, actor.c.country)
    rows = rows_where(connection, select(*columns), actor.c.actor_id, actor_ids)
    return {row.actor_id: ActorFacts(row.name, row.kind, row.country) for row in rows}


def write_facts(
    connection: Connection, rows: Mapping[str, Mapping[Any, Any]], took: Mapping[str, Took], facts: Mapping[str, ActorFacts], *, replaced: Collection[str]
) -> None:
    """Write who takes part in events, and every two of them; `replaced` are those of the events that have such rows."""
    delete_where(connection, event_participation.c.event_id, replaced)
    delete_where(connection, event_dyad.c.event_id, replaced)
    parts = [participation_row(rows[one], actor_id, role, facts[actor_id]) for one, pairs in took.items() for actor_id, role in sorted(pairs)]
    insert_rows(connection, event_participation, parts)
    pairs = [row for one, people in took.items() for row in dyad_rows(rows[one], (facts[actor_id].name for actor_id, _role in people))]
    insert_rows(connection, event_dyad, pairs)


def rejoin_participants(connection: Connection, event_ids: Collection[str]) -> None:
    """Work out what events keep of their actors, after actors were merged."""
    took: dict[str, set[tuple[str, str]]] = {one: set() for one in event_ids}
    for row in rows_where(connection, select(event_participation), event_participation.c.event_id, event_ids):
        took[row.event_id].add((row.actor_id, row.role))
    facts = actor_facts(connection, {actor_id for people in took.values() for actor_id, _role in people})
    rows = {row.event_id: row._mapping for row in rows_where(connection, select(event), event.c.event_id, event_ids)}
    write_facts(connection, rows, {one: frozenset(people) for one, people in took.items()}, facts, replaced=event_ids)
    joined = {one: join_names((role, facts[actor_id].name) for actor_id, role in people) for one, people in took.items()}
    update_rows(connection, event, "event_id", [{"event_id": one, "participants": names} for one, names in joined.items()])
