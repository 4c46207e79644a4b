"""What an export holds: the events of a selection with who took part and who reported them, read in batches.

Here: `exported_events`, which streams `v_events` with its children from `v_participants` and `v_reports`, so that memory does not grow with the
database. Only the views are read. Not here: how they are written (flows.export_formats, flows.export_calendar) and where to (flows.export).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Engine, Float, Integer, Select, Text, column, func, or_, select, table
from sqlalchemy.sql.expression import TableClause

from flows.selection import Selection
from models.reading import EventFilter, selected_ids

BATCH = 500
# fmt: off
_KINDS = {
    "start_date": Date, "end_date": Date, "first_reported": Date, "last_reported": Date, "published_on": Date, "start_year": Integer,
    "start_quarter": Integer, "start_month": Integer, "article_count": Integer, "report_count": Integer, "latitude": Float, "longitude": Float,
    "confidence": Float, "day": Date,
}
EVENT_COLUMNS = (
    "event_id", "event_type", "title", "start_date", "end_date", "date_precision", "date_basis", "start_year", "start_quarter", "start_month",
    "status", "place_name", "place_venue", "country_code", "latitude", "longitude", "participants", "article_count", "report_count", "confidence",
    "plover", "cameo", "first_reported", "last_reported",
)
REPORT_COLUMNS = (
    "event_id", "report_id", "source", "url", "article_title", "published_on", "quote", "content", "date_text", "start_date", "end_date", "status",
)
# fmt: on
# Beside the columns of v_events: who says so, where to read it, and the sentence of the earliest report.
SOURCE_COLUMNS = ("sources", "urls", "quote")
EXPORT_COLUMNS = (*EVENT_COLUMNS, *SOURCE_COLUMNS)


def view(name: str, columns: Sequence[str]) -> TableClause:
    """Return a view as something to select from, its days typed so that both databases give dates."""
    return table(name, *[column(each, _KINDS.get(each, Text)) for each in columns])


V_EVENTS = view("v_events", EVENT_COLUMNS)
V_PARTICIPANTS = view("v_participants", ("event_id", "actor_name", "actor_kind", "actor_country", "role"))
V_REPORTS = view("v_reports", REPORT_COLUMNS)


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    """One event: its row of v_events and its participants and reports (earliest first)."""

    row: dict[str, Any]
    participants: tuple[dict[str, Any], ...] = ()
    reports: tuple[dict[str, Any], ...] = field(default=())

    def flat(self) -> dict[str, Any]:
        """Return one flat row with the EXPORT_COLUMNS."""
        names = {
            "sources": _joined(report["source"] for report in self.reports),
            "urls": _joined(report["url"] for report in self.reports),
            "quote": self.reports[0]["quote"] if self.reports else None,
        }
        return {**self.row, **names}


def exported_events(engine: Engine, selection: Selection) -> Iterator[ExportedEvent]:
    """Yield the selected events in order of their first day (undated ones last), then id, all of one state of the database."""
    with engine.connect() as connection, connection.begin():
        freeze(connection)
        rows = connection.execution_options(yield_per=BATCH).execute(events_statement(selection)).mappings()
        for batch in rows.partitions(BATCH):
            yield from _with_children(connection, [dict(row) for row in batch])


def events_statement(selection: Selection) -> Select[Any]:
    """Return the SELECT of the events in their order."""
    statement = select(*V_EVENTS.c).where(*conditions(selection))
    statement = statement.order_by(V_EVENTS.c.start_date.is_(None), V_EVENTS.c.start_date, V_EVENTS.c.event_id)
    return statement.limit(selection.limit) if selection.limit is not None else statement


def conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of a row of V_EVENTS: the filters of `dateline events` (models.reading) and the place."""
    wanted = filter_of(selection)
    if wanted != EventFilter(limit=None):
        yield V_EVENTS.c.event_id.in_(selected_ids(wanted))
    if selection.place:
        words = selection.place.lower()
        yield or_(*(func.lower(each).contains(words, autoescape=True) for each in (V_EVENTS.c.place_name, V_EVENTS.c.place_venue)))


def filter_of(selection: Selection) -> EventFilter:
    """Return the selection as models.reading takes it, without a limit; the place is not part of it."""
    return EventFilter(
        first_day=selection.since,
        last_day=selection.until,
        types=selection.types,
        statuses=selection.statuses,
        participant=selection.participant,
        country=selection.country,
        min_confidence=selection.min_confidence or None,
        limit=None,
    )


def freeze(connection: Connection) -> None:
    """Make every SELECT of this transaction see one state; SQLite's transactions do so by themselves."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _with_children(connection: Connection, rows: list[dict[str, Any]]) -> Iterator[ExportedEvent]:
    ids = [row["event_id"] for row in rows]
    people = _grouped(connection, V_PARTICIPANTS, ids, ("role", "actor_name"))
    reports = _grouped(connection, V_REPORTS, ids, ("published_on", "report_id"))
    for row in rows:
        yield ExportedEvent(row, tuple(people[row["event_id"]]), tuple(reports[row["event_id"]]))


def _grouped(connection: Connection, source: TableClause, ids: list[str], order: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a view by event, in order, unknown days last."""
    keys = [key for name in order for key in (source.c[name].is_(None), source.c[name])]
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(select(*source.c).where(source.c.event_id.in_(ids)).order_by(*keys)).mappings():
        found[row["event_id"]].append({name: value for name, value in row.items() if name != "event_id"})
    return found


def _joined(values: Iterator[Any]) -> str | None:
    return "; ".join(dict.fromkeys(str(value) for value in values if value)) or None
