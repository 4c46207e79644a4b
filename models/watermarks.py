"""How far each source was read: etag, last item, day. Written inside the load that stored what was read (load.py)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from models.bulk import insert_new
from models.lock import Writer
from models.planning import reading
from models.tables import watermark


def get_watermark(database: Engine | Writer, source_name: str, name: str) -> str | None:
    """Return a source's watermark; None where there is none yet."""
    with reading(database) as connection:
        return connection.scalar(select(watermark.c.value).where(watermark.c.source == source_name, watermark.c.name == name))


def get_watermarks(database: Engine | Writer, source_name: str) -> dict[str, str | None]:
    """Return all watermarks of a source by name."""
    with reading(database) as connection:
        rows = connection.execute(select(watermark.c.name, watermark.c.value).where(watermark.c.source == source_name))
        return {row.name: row.value for row in rows}


def write_watermark(connection: Connection, source_name: str, name: str, value: str | None, now: datetime) -> None:
    """Set a watermark inside the caller's transaction; an equal one is not written."""
    insert_new(connection, watermark, [{"source": source_name, "name": name, "value": value, "changed_at": now}])
    differs = watermark.c.value.is_distinct_from(value)
    at = (watermark.c.source == source_name, watermark.c.name == name)
    connection.execute(update(watermark).where(*at, differs).values(value=value, changed_at=now))
