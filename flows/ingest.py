"""What a run reads: paths from the command line, the registry's sources, or the two seed articles.

Here: `Intake` (one source to read, picklable) and how locations become intakes; reading one into the spool. Not here: reading itself
(dateline.sources), watermarks (models.watermarks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dateline.records import Article
from dateline.sources import ReadOptions, read
from flows.configuration import Settings, seeds_folder
from flows.spool import Spool
from flows.stages import in_window

RAW_FOLDER = Path(".dateline/raw")


@dataclass(frozen=True, slots=True)
class Intake:
    """One source of a run: a label for people, what to read, and how."""

    label: str
    locations: tuple[str, ...]
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class Window:
    """The days of articles that a run takes; None is open. Both ends are included."""

    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        if self.since is None and self.until is None:
            return "all days"
        return f"{self.since or ''}..{self.until or ''}"


def intakes_of(locations: Sequence[str], group: str | None, window: Window, settings: Settings) -> list[Intake]:
    """Return what a run reads: the locations given, else the registry's sources, else the seeds."""
    options = ReadOptions(since=_iso(window.since), until=_iso(window.until), keep_raw=RAW_FOLDER if settings.keep_raw else None)
    if locations:
        return [Intake(label_of(locations), tuple(locations), options)]
    return [Intake("seeds", (str(seeds_folder()),), options)]


def spool_intake(intake: Intake, window: Window, spool: Spool, name: str, size: int) -> list[Path]:
    """Read one intake into batches of `size` and return their paths. Articles outside the window are left out."""
    items = (item for item in read(intake.locations, options=intake.options) if not isinstance(item, Article) or in_window(item, window.since, window.until))
    return spool.write(name, items, size)


def label_of(locations: Sequence[str]) -> str:
    """Return a short name for locations: the first one's own name, and how many more."""
    first = locations[0].rstrip("/").rsplit("/", 1)[-1] or locations[0]
    return first if len(locations) == 1 else f"{first} and {len(locations) - 1} more"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
