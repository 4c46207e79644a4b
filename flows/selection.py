"""Which events somebody wants: the filters that events, export, timeline, map and network share.

Here: the record alone, so that the command line knows it without a database. Not here: the options (flows.export_options), what is selected
(flows.export_rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events: the filters of `dateline events`. Empty means all."""

    since: date | None = None  # first day wanted, included
    until: date | None = None  # last day wanted, included
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    participant: str | None = None
    country: str | None = None
    min_confidence: float = 0.0
    limit: int | None = None
    place: str | None = None  # part of the place's or venue's name
