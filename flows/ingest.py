"""What a run reads: paths from the command line, the registry's sources, or the two seed articles.

Here: `Intake` (one source to read), how locations become intakes, and reading one into the spool. A registered source goes on where its last
reading ended; its new state is stored by the load that stores what was read. Not here: reading itself (dateline.sources).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dateline.errors import DatelineError
from dateline.records import Article
from dateline.sources import Reading, ReadOptions, Rejected, SourceState, read
from dateline.sources.fetch_errors import FetchFailed
from dateline.sources.registry import Source, find_source, load_registry, sources_of_group
from flows.configuration import Settings, seeds_folder
from flows.patience import seconds_asked
from flows.spool import Spool
from flows.stages import in_window

GIVEN = "locations given"  # no registered source can have this name, nor this folder
GIVEN_FOLDER = "_given"


@dataclass(frozen=True, slots=True)
class Intake:
    """One source of a run: a label for people, what to read, and how.

    `state_name` is what its state is stored under, so that a feed's items are taken once and an old snapshot does not undo a revision; None
    keeps no state. `state` is what was stored; None reads everything.
    """

    label: str
    locations: tuple[str, ...]
    options: ReadOptions
    registered: bool = False
    state_name: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was read from an intake: batches on disk, and the state to store with them, where it changed.

    `quiet_seconds` is for how long the source's server asked to be left alone; `readable` names the source where it could be read.
    """

    label: str
    paths: tuple[Path, ...]
    state_name: str | None
    state: str | None
    quiet_seconds: int = 0
    readable: str | None = None

    @property
    def has_new_state(self) -> bool:
        """Whether there is a state to store."""
        return self.state_name is not None and self.state is not None


@dataclass(frozen=True, slots=True)
class Window:
    """The days of articles that a run takes; None is open. Both ends are included."""

    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        """Return the window for names and tags."""
        return f"{self.since or ''}..{self.until or ''}" if self.since or self.until else "all days"

    def takes(self, item: Article | Rejected) -> bool:
        """Whether the item belongs to the run; what could not be read always does."""
        return isinstance(item, Rejected) or in_window(item, self.since, self.until)


def intakes_of(locations: Sequence[str], group: str | None, window: Window, settings: Settings) -> list[Intake]:
    """Return what a run reads: the locations given, else the registry's enabled sources (of one schedule group), else the seeds.

    Raises:
        ConfigurationError: the registry cannot be read, or DATELINE_SOURCES names a file that is not there.
        UsageError: the registry has no such group.
    """
    if locations:
        options = ReadOptions(since=_iso(window.since), until=_iso(window.until), keep_raw=raw_folder(settings, None))
        return [Intake(label_of(locations), tuple(locations), options, state_name=GIVEN if window == Window() else None)]
    if group is None and not has_registry(settings):
        return [Intake("seeds", (str(seeds_folder()),), ReadOptions())]
    sources = load_registry(settings.sources)
    chosen = sources_of_group(sources, group) if group else tuple(s for s in sources if s.enabled)
    return [registered_intake(source, window, settings) for source in chosen]


def registered_intake(source: Source, window: Window, settings: Settings) -> Intake:
    """Return the intake of a registered source."""
    options = source.options(since=window.since, until=window.until, keep_raw=raw_folder(settings, source.name))
    whole = window == Window()
    return Intake(source.name, source.locations, options, registered=True, state_name=source.name if whole else None)


def replayed_intake(locations: Sequence[str], source_name: str | None, settings: Settings) -> Intake:
    """Return the intake of what was saved of a source earlier, to be read in its order as the schedule would have read it, and offline.

    `source_name` is a registered source, whose options and state hold; None: those of locations given. Raises UsageError for an unknown name.
    """
    if source_name is None:
        return Intake(label_of(locations), tuple(locations), ReadOptions(network=False), state_name=GIVEN)
    source = find_source(load_registry(settings.sources), source_name)
    return Intake(source.name, tuple(locations), replace(source.options(), network=False), state_name=source.name)


def has_registry(settings: Settings) -> bool:
    """Whether a registry of sources was set or lies in the working folder."""
    return "sources" in settings.model_fields_set or settings.sources.is_file()


def registered(settings: Settings) -> tuple[Source, ...]:
    """Return the registered sources; none where there is no registry."""
    return load_registry(settings.sources) if has_registry(settings) else ()


def spool_intake(intake: Intake, window: Window, spool: Spool, size: int) -> Ingested:
    """Read one intake into batches of `size`. Articles outside the window are left out.

    Raises:
        TransientError: nothing but failures came that another try may mend.
        UsageError: a location names nothing.
    """
    reading = Reading(intake.locations, options=intake.options, state=SourceState.from_json(intake.state)) if intake.state_name else None
    items = reading if reading is not None else read(intake.locations, options=intake.options)
    kept = (lambda: reading.state.to_json()) if reading is not None else None
    watch = _Watch(intake)
    paths = spool.write(intake.label, watch.through(i for i in items if window.takes(i)), size, state=kept)
    if watch.failures:
        first = watch.failures[0]
        raise FetchFailed(first.message, code=first.code, item=first.item, retry_after=watch.quiet_seconds or None)
    state = reading.state.to_json() if reading is not None else None
    before = intake.state or SourceState().to_json()
    return Ingested(intake.label, tuple(paths), intake.state_name, state if state != before else None, watch.quiet_seconds, _own_name(intake))


def spool_failure(intake: Intake, spool: Spool, error: DatelineError) -> Ingested:
    """Return what stands for a source that could not be read at all: one item for quarantine."""
    failed = Rejected(_own_name(intake) or intake.locations[0], error.code, error.message, source=intake.options.source)
    quiet = getattr(error, "retry_after", None) or 0
    return Ingested(intake.label, tuple(spool.write(intake.label, [failed], 1)), intake.state_name, None, quiet)


def _own_name(intake: Intake) -> str | None:
    return intake.label if intake.registered else None


def label_of(locations: Sequence[str]) -> str:
    """Return a short name for locations: the first one's own name, and how many more."""
    first = locations[0].rstrip("/").rsplit("/", 1)[-1] or locations[0]
    return first if len(locations) == 1 else f"{first} and {len(locations) - 1} more"


def with_state(intake: Intake, state: str | None) -> Intake:
    """Return the intake with the state that its last reading left."""
    return replace(intake, state=state)


class _Watch:
    """Looks at items on their way: what is transient and came alone, and how long the source's own server wants to be left alone."""

    def __init__(self, intake: Intake) -> None:
        self._locations = intake.locations
        self._good = False
        self.failures: list[Rejected] = []
        self.quiet_seconds = 0

    def through(self, items: Iterable[Article | Rejected]) -> Iterator[Article | Rejected]:
        """Yield the items as they are."""
        for item in items:
            self.quiet_seconds = max(self.quiet_seconds, seconds_asked(item, self._locations))
            if isinstance(item, Rejected) and item.transient and not self._good:
                self.failures.append(item)
            else:
                self._good = True
                self.failures.clear()
            yield item


def raw_folder(settings: Settings, source_name: str | None) -> Path | None:
    """Return the folder of a source's kept bytes, beside the cache, or None where none are kept; `source_name` None: of locations given."""
    return raw_root(settings) / (source_name or GIVEN_FOLDER) if settings.keep_raw else None


def raw_root(settings: Settings) -> Path:
    """Return the folder that holds each source's kept bytes, whether or not any are kept now."""
    return (settings.cache.parent if str(settings.cache) != "off" else Path(".dateline")) / "raw"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
