"""Data-quality results in the database, and the last loads to compare with. Not here: what is checked (flows)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select

from models.bulk import insert_rows
from models.columns import utc_now
from models.inputs import Check
from models.lock import Writer
from models.planning import reading
from models.tables import check_result, load


def write_checks(writer: Writer, checks: Sequence[Check], *, load_id: int | None = None) -> None:
    """Store the outcome of checks, in a transaction of their own; `load_id` is the load they judge, None the whole database."""
    now = utc_now()
    rows = [
        {
            "load_id": load_id,
            "name": one.name,
            "severity": one.severity,
            "passed": one.passed,
            "value": one.value,
            "threshold": one.threshold,
            "message": one.message,
            "checked_at": now,
        }
        for one in checks
    ]
    with writer.connection.begin():
        insert_rows(writer.connection, check_result, rows)


def last_checks(database: Engine | Writer, *, name: str | None = None, limit: int = 50) -> list[Mapping[str, Any]]:
    """Return the latest outcomes, newest first, as rows by column name."""
    statement = select(check_result).order_by(check_result.c.check_id.desc()).limit(limit)
    if name is not None:
        statement = statement.where(check_result.c.name == name)
    with reading(database) as connection:
        return [dict(row._mapping) for row in connection.execute(statement)]


def last_loads(database: Engine | Writer, number: int = 7) -> list[Mapping[str, Any]]:
    """Return the last loads that were done, newest first, as rows by column name."""
    statement = select(load).where(load.c.status == "done").order_by(load.c.load_id.desc()).limit(number)
    with reading(database) as connection:
        return [dict(row._mapping) for row in connection.execute(statement)]
