"""Which stored reports were filed under keys of other rules than those that load now.

The version of the rules is itself a key of each report (models.inputs.Resolving.keys_version), so no table says it twice. Here: counting and
listing the reports that lack it. Not here: filing them anew (load.py: `open_load` does it before anything else is loaded).
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, exists, func, select

from models.lock import Writer
from models.planning import reading
from models.tables import report, report_key


def count_stale_keys(database: Engine | Writer, keys_version: str) -> int:
    """Return how many stored reports are filed under keys of another version; 0 where versions are not kept."""
    with reading(database) as connection:
        return stale_keys_of(connection, keys_version)


def stale_keys_of(connection: Connection, keys_version: str) -> int:
    """Return the same over an open connection: two counts, each answered from an index."""
    if not keys_version:
        return 0
    held = connection.scalar(select(func.count()).select_from(report_key).where(report_key.c.key == keys_version)) or 0
    return int((connection.scalar(select(func.count()).select_from(report)) or 0) - held)


def reports_to_rekey(connection: Connection, keys_version: str, *, limit: int) -> list[str]:
    """Return the ids of some of the reports that lack the version, the smallest first."""
    filed = exists(select(report_key.c.key).where(report_key.c.key == keys_version, report_key.c.report_id == report.c.report_id))
    return list(connection.scalars(select(report.c.report_id).where(~filed).order_by(report.c.report_id).limit(limit)))
