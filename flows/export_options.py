"""The filters of `dateline events` as options of a command that takes a selection: export, timeline, map, network.

Here: the options' definitions and `selection_of`. Not here: what is selected (flows.export_rows).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import typer

from dateline.errors import UsageError
from dateline.records import STATUSES

if TYPE_CHECKING:
    from flows.export_rows import Selection

SINCE = typer.Option(None, "--from", metavar="DAY", help="First day, YYYY-MM-DD: events that may touch it or a later one.")
UNTIL = typer.Option(None, "--to", metavar="DAY", help="Last day, YYYY-MM-DD.")
TYPES = typer.Option(None, "--type", help="Event type; may be repeated.")
STATUS = typer.Option(None, "--status", help=f"{', '.join(STATUSES)}; may be repeated.")
PARTICIPANT = typer.Option(None, help="Part of a participant's name.")
COUNTRY = typer.Option(None, help="Country of the place, ISO 3166-1 alpha-2.")
MIN_CONFIDENCE = typer.Option(0.0, min=0.0, max=1.0, help="Leave out events below it.")
LIMIT = typer.Option(None, min=1, help="At most so many events.")


def selection_of(
    since: str | None,
    until: str | None,
    types: list[str] | None,
    statuses: list[str] | None,
    participant: str | None,
    country: str | None,
    min_confidence: float,
    limit: int | None,
    place: str | None = None,
) -> Selection:
    """Return the selection that the options mean. UsageError for a day that is none, an unknown status, a period that ends before it begins."""
    from flows.export_rows import Selection

    first, last = day_of(since, "--from"), day_of(until, "--to")
    if first and last and last < first:
        raise UsageError(f"Cannot select from {first} to {last}: the last day lies before the first. Swap them.")
    unknown = [status for status in statuses or [] if status not in STATUSES]
    if unknown:
        raise UsageError(f"Cannot select the status {unknown[0]!r}: there are {', '.join(STATUSES)}.")
    return Selection(first, last, tuple(types or ()), tuple(statuses or ()), participant, country, min_confidence, limit, place)


def day_of(value: str | None, option: str) -> date | None:
    """Return the day that an option names."""
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"Cannot read {option} {value!r}: it is no day. Write it as 2023-07-11.") from None
