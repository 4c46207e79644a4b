"""Checks of the whole database: what must never be, and what an operator should look at.

Here: each check as one query on the views, the same on SQLite and Postgres, with severity and limit. Not here: the checks of a run's own
articles (flows.quality), storing (models.checks).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from dateline.sources.registry import Source
from flows.freshness import source_freshness
from flows.outcome import CheckOutcome


@dataclass(frozen=True, slots=True)
class Query:
    """A check: the one number that `sql` gives may be at most `limit`."""

    name: str
    severity: str
    limit: float
    meaning: str
    sql: str


QUERIES = (
    Query("events_without_report", "error", 0, "events that no report supports", "SELECT COUNT(*) FROM v_events WHERE report_count = 0"),
    Query("reversed_days", "error", 0, "events that end before they start", "SELECT COUNT(*) FROM v_events WHERE start_date > end_date"),
    Query("reports_without_trigger", "error", 0, "reports without evidence", 'SELECT COUNT(*) FROM v_reports WHERE "trigger" IS NULL'),
    Query(
        "evidence_outside_sentence",
        "error",
        0,
        "triggers outside their sentence",
        "SELECT COUNT(*) FROM v_reports WHERE trigger_start < sentence_start OR trigger_end > sentence_end",
    ),
    Query(
        "occurred_after_report",
        "warn",
        0,
        "events said to have occurred after the last report of them",
        "SELECT COUNT(*) FROM v_events WHERE status = 'occurred' AND start_date > last_reported",
    ),
    Query("quarantined", "warn", 100, "items in quarantine", "SELECT COUNT(*) FROM v_quarantine"),
    Query("failed_loads", "warn", 0, "loads that failed or were cut off", "SELECT COUNT(*) FROM v_loads WHERE status IN ('failed', 'interrupted')"),
)
STALE_DAYS = 2.0


def check_database(engine: Engine, now: datetime | None = None, *, sources: tuple[Source, ...] = ()) -> list[CheckOutcome]:
    """Return the verdict of every check. `now` is the moment that freshness is judged by (default: now); `sources` are judged one by one."""
    with engine.connect() as connection:
        found = [*_counted(connection), _freshness(connection, now or datetime.now(UTC))]
    return found + source_freshness(engine, sources, now)


def _counted(connection: Connection) -> Iterator[CheckOutcome]:
    for query in QUERIES:
        number = float(connection.execute(text(query.sql)).scalar_one())
        yield CheckOutcome(query.name, query.severity, number <= query.limit, number, query.limit, f"{query.meaning}: {number:.0f}")


def _freshness(connection: Connection, now: datetime) -> CheckOutcome:
    last = connection.execute(text("SELECT MAX(finished_at) FROM v_loads WHERE status = 'done'")).scalar_one()
    if last is None:
        return CheckOutcome("freshness", "warn", False, None, STALE_DAYS, "no load has ever finished")
    finished = datetime.fromisoformat(last) if isinstance(last, str) else last
    days = (now - (finished if finished.tzinfo else finished.replace(tzinfo=UTC))).total_seconds() / 86400
    return CheckOutcome("freshness", "warn", days <= STALE_DAYS, days, STALE_DAYS, f"days since the last load: {days:.1f}")
