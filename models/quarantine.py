"""Items that could not be processed: putting them away, looking at them, and what a retry needs.

An item has one row, however often it fails; it leaves when its article is stored. Not here: trying again (flows).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from dateline.errors import UsageError
from models.bulk import chunks, rows_where
from models.inputs import Quarantined
from models.lock import Writer
from models.planning import reading
from models.rows import hashed
from models.tables import quarantine


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A quarantined item as it stands. `payload` is the article as one line of JSON, where there was one."""

    quarantine_id: int
    stage: str
    code: str
    message: str
    source: str | None
    item: str
    article_id: str | None
    payload: str | None
    attempts: int
    first_seen: datetime
    last_seen: datetime


def put_away(connection: Connection, items: Sequence[Quarantined], now: datetime) -> None:
    """Write the items; one that is there already counts another attempt."""
    by_key = {hashed("q", one.stage, one.source, one.item): one for one in items}
    there = {row.item_key for row in rows_where(connection, select(quarantine.c.item_key), quarantine.c.item_key, by_key)}
    for key, one in by_key.items():
        said = {"code": one.code, "message": one.message, "article_id": one.article_id, "last_seen": now}
        said |= {"payload": one.payload} if one.payload is not None else {}
        if key in there:
            connection.execute(update(quarantine).where(quarantine.c.item_key == key).values(**said, attempts=quarantine.c.attempts + 1))
        else:
            fixed = {"item_key": key, "stage": one.stage, "source": one.source, "item": one.item, "attempts": 1, "first_seen": now}
            connection.execute(insert(quarantine).values(**fixed, **said))


def list_quarantine(database: Engine | Writer, *, stage: str | None = None, code: str | None = None, limit: int | None = None) -> list[QuarantineRow]:
    """Return what is in quarantine, oldest first."""
    statement = select(quarantine).order_by(quarantine.c.quarantine_id).limit(limit)
    if stage is not None:
        statement = statement.where(quarantine.c.stage == stage)
    if code is not None:
        statement = statement.where(quarantine.c.code == code)
    with reading(database) as connection:
        return [_row(row) for row in connection.execute(statement)]


def get_quarantine(database: Engine | Writer, quarantine_id: int) -> QuarantineRow:
    """Return one item. UsageError where there is none of that number."""
    with reading(database) as connection:
        row = connection.execute(select(quarantine).where(quarantine.c.quarantine_id == quarantine_id)).first()
    if row is None:
        raise UsageError(f"There is no item {quarantine_id} in quarantine. `dateline quarantine list` shows what there is.", item=str(quarantine_id))
    return _row(row)


def release_read(connection: Connection, items: Collection[str]) -> None:
    """Take out what could not be read and since has been: `items` are the URLs and names that were read."""
    for part in chunks(items):
        connection.execute(delete(quarantine).where(quarantine.c.stage == "ingest", quarantine.c.item.in_(part)))


def release(writer: Writer, quarantine_ids: Collection[int]) -> int:
    """Take items out, after a retry went well; return how many were there."""
    with writer.connection.begin():
        return writer.connection.execute(delete(quarantine).where(quarantine.c.quarantine_id.in_(list(quarantine_ids)))).rowcount


def _row(row: Row[tuple[object, ...]]) -> QuarantineRow:
    return QuarantineRow(**{name: getattr(row, name) for name in QuarantineRow.__dataclass_fields__})
