"""What "the same rows" of docs/contract.md means, as data that tests compare.

Every table but load, watermark and redirects, without timestamps and quarantine attempts; an event is named by the reports it holds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Engine, select

from models.columns import UtcDateTime
from models.lock import Writer
from models.planning import reading
from models.tables import metadata, report, search_tokens

LEFT_OUT = {"load", "watermark", "event_redirect", "writer", "check_result"}
NUMBERED = {"search_id", "quarantine_id", "attempts"}  # given by the database in order of arrival


def snapshot(database: Engine | Writer) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table that counts, sorted; equal snapshots are the same rows."""
    with reading(database) as connection:
        names = _event_names(connection)
        return {name: sorted(_rows(connection, name, names), key=repr) for name in sorted(metadata.tables.keys() - LEFT_OUT)}


def _event_names(connection: Connection) -> dict[str, str]:
    held: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(select(report.c.event_id, report.c.report_id)):
        held[str(row.event_id)].append(row.report_id)
    return {event_id: "+".join(sorted(reports)) for event_id, reports in held.items()}


def _rows(connection: Connection, name: str, events: dict[str, str]) -> list[tuple[Any, ...]]:
    table = metadata.tables[name]
    columns = [column for column in table.columns if not isinstance(column.type, UtcDateTime) and column.name not in NUMBERED]
    found = []
    for row in connection.execute(select(*columns)):
        values = dict(row._mapping)
        if "event_id" in values:
            values["event_id"] = events.get(str(values["event_id"]), "no reports")
        if table is search_tokens and values["kind"] == "title":
            values["item_id"] = events.get(values["item_id"], "no reports")
        found.append(tuple((key, str(value) if key == "mentions" else value) for key, value in values.items()))
    return found
