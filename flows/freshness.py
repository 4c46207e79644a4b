"""How fresh each source is: the days since its newest item, against what its registration allows.

Here: one check for each source that is read again and again. Not here: the checks of rows (flows.database_checks).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine

from dateline.sources import SourceState
from dateline.sources.registry import Source
from flows.outcome import CheckOutcome
from flows.patience import quiet_until
from flows.running import STATE
from models.watermarks import get_watermark

FRESH_DAYS = 7.0  # where the registration says nothing


def source_freshness(engine: Engine, sources: tuple[Source, ...], now: datetime | None = None) -> list[CheckOutcome]:
    """Return a check named freshness:SOURCE for each enabled source whose items have dates, that has ended, or that was never read."""
    moment = now or datetime.now(UTC)
    return list(_judged(engine, [one for one in sources if one.enabled], moment))


def _judged(engine: Engine, sources: list[Source], now: datetime) -> Iterator[CheckOutcome]:
    for source in sources:
        stored = get_watermark(engine, source.name, STATE)
        state = SourceState.from_json(stored)
        limit = source.fresh_days or FRESH_DAYS
        name = f"freshness:{source.name}"
        if state.gone:
            yield CheckOutcome(name, "warn", False, None, limit, f"{source.name} has ended (410); remove it from the registry")
        elif stored is None and source.is_fetched:
            yield CheckOutcome(name, "warn", False, None, limit, f"{source.name} was never read")
        elif state.watermark is not None:
            days = max(0.0, (now - _moment(state.watermark)).total_seconds() / 86400)
            quiet = quiet_until(engine, source.name, now)
            more = f"; its server asked to be left alone until {quiet}" if quiet else ""
            yield CheckOutcome(name, "warn", days <= limit, days, limit, f"days since the newest item of {source.name}: {days:.1f}{more}")


def _moment(watermark: str) -> datetime:
    moment = datetime.fromisoformat(watermark)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
