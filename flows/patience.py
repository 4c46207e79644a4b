"""How long a source's server wants to be left alone (Retry-After), remembered from run to run.

Here: what counts as a source's own server, when a source may be asked again, and how that is stored (a watermark beside the source's state).
Within one process dateline.sources.politeness does the same for each host. Not here: retries of a task (flows.pipeline).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine

from dateline.sources import Rejected
from models.watermarks import get_watermark

QUIET = "quiet_until"  # the watermark: an ISO moment in UTC
LONGEST_WAIT = 60  # seconds that a run waits by itself; what asks for more is left to a later run
LONGEST_QUIET = timedelta(days=7)  # a server that says more has made a mistake


def seconds_asked(item: object, locations: Sequence[str]) -> int:
    """Return the seconds for which a source's own server asked for quiet by what became of an item; 0 for none."""
    if not isinstance(item, Rejected) or not item.retry_after:
        return 0
    hosts = {host_of(location) for location in locations}
    return item.retry_after if host_of(item.item) in hosts else 0


def host_of(location: str) -> str:
    """Return a URL's host and port; "" for a path."""
    return urlsplit(location).netloc.lower().rpartition("@")[2] if "://" in location else ""


def until(seconds: int, now: datetime) -> str:
    """Return the moment from which on the source may be asked, as it is stored."""
    return (now + min(timedelta(seconds=seconds), LONGEST_QUIET)).isoformat(timespec="seconds")


def quiet_until(engine: Engine, source_name: str, now: datetime | None = None) -> str | None:
    """Return until when the source's server wants no request; None where it may be asked now."""
    stored = get_watermark(engine, source_name, QUIET)
    if not stored or datetime.fromisoformat(stored) <= (now or datetime.now(UTC)):
        return None
    return stored
