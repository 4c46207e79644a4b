"""What the commands that only read take from the database: event tables, one event with everything known of it.

Here: models.reading and the views, put together for showing. Not here: options and printing (flows.commands_ask), free SQL (models.readonly).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, text

from dateline.records import Article, Event, Extraction
from flows.configuration import settings
from models.engine import open_engine
from models.migrate import require_current
from models.reading import EventDetail, EventRow, StoredArticle, get_event
from models.resolution import decisions

SHORT_COLUMNS = ("date", "type", "status", "who", "where", "articles", "title", "event")
MOST_ROWS = 50
_PART = 500  # ids in one query; SQLite takes 32,766 parameters, Postgres 65,535


@contextmanager
def opened() -> Iterator[Engine]:
    """Open the settings' database, which must be at this version's revision."""
    engine = open_engine(settings().address)
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()


def short_row(row: EventRow) -> tuple[Any, ...]:
    """Return what a table on a terminal shows of an event (SHORT_COLUMNS)."""
    start, end = row.start_date, row.end_date
    days = "undated" if start is None and end is None else str(start) if start == end else f"{start or ''}..{end or ''}"
    where = ", ".join(x for x in (row.place_venue, row.place_name, row.country_code) if x) or None
    return days, row.event_type, row.status, row.participants, where, row.article_count, row.title, row.event_id


def found_events(engine: Engine, event_ids: Sequence[str], most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """Return events with `url`, `article` and `source` of their first report, by first day, at most `most` of them."""
    rows: list[dict[str, Any]] = []
    with engine.connect() as connection:
        for part in _parts(event_ids):
            named = {f"e{n}": event_id for n, event_id in enumerate(part)}
            marks = ", ".join(f":{name}" for name in named)
            events = connection.execute(text(f"SELECT * FROM v_events WHERE event_id IN ({marks})"), named).mappings()
            rows += [dict(row) for row in events]
        rows.sort(key=lambda row: (row["start_date"] is None, str(row["start_date"]), row["event_id"]))
        chosen = rows[:most]
        for row in chosen:
            row |= _first_report(connection, row["event_id"])
    return chosen


def _first_report(connection: Any, event_id: str) -> dict[str, Any]:
    query = (
        "SELECT r.url, r.source, COALESCE(r.article_title, t.doc_id) AS article FROM v_reports r JOIN article t ON t.article_id = r.article_id "
        "WHERE r.event_id = :id ORDER BY r.published_on IS NULL, r.published_on, r.report_id LIMIT 1"
    )
    return dict(connection.execute(text(query), {"id": event_id}).mappings().one())


@dataclass(frozen=True, slots=True)
class Whole:
    """An event with everything known of it."""

    detail: EventDetail
    participants: list[dict[str, Any]]  # rows of v_participants
    reports: list[dict[str, Any]]  # rows of v_reports, in the order of `detail.reports`
    joined: frozenset[tuple[str, str]]  # pairs of reports joined by hand

    def fields(self) -> dict[str, Any]:
        """Return the columns of v_events, the history of its status and the ids that were merged into it."""
        canonical = self.detail.canonical
        return {**asdict(self.detail.row), "history": [list(step) for step in canonical.history], "absorbed": list(self.detail.absorbed)}

    def pages(self) -> list[tuple[Article, Extraction]]:
        """Return the reporting articles whose text is kept, each with its reports of this event, for highlighting."""
        events: dict[str, list[Event]] = {}
        for row, report in zip(self.reports, self.detail.reports, strict=True):
            events.setdefault(row["article_id"], []).append(report.event)
        return [(one.article, _extraction(one, events[one.article_id])) for one in self.detail.articles if one.has_text]


def whole_event(engine: Engine, asked: str) -> Whole:
    """Return an event by its id, or by one that was merged into it. Raises UsageError where there is none."""
    detail = get_event(engine, asked)
    named = {"id": detail.row.event_id}
    with engine.connect() as connection:
        people = connection.execute(text("SELECT * FROM v_participants WHERE event_id = :id ORDER BY role, actor_name"), named).mappings().all()
        reports = {row["report_id"]: dict(row) for row in connection.execute(text("SELECT * FROM v_reports WHERE event_id = :id"), named).mappings()}
        joined, _parted = decisions(connection, list(reports))
    return Whole(detail, [dict(row) for row in people], [reports[one.report_id] for one in detail.reports], joined)


def _extraction(stored: StoredArticle, events: list[Event]) -> Extraction:
    return Extraction(1, stored.article.doc_id, stored.published_on, stored.published_basis, stored.language, tuple(events))


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[first : first + _PART] for first in range(0, len(ids), _PART))
