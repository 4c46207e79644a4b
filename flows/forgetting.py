"""Removing what may not be kept: a source or articles with all that was made of them, and texts whose time is over (`retention_days`).

Here: what belongs to a source beside its rows: its state, its kept bytes, extractions in the cache. Not here: removing rows and resolving anew
(models.load), the options (flows.commands_curate), the daily flow (flows.retention).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from dateline.errors import UsageError
from dateline.sources import SourceState
from dateline.sources.raw import RawStore
from dateline.sources.registry import Source
from flows.configuration import Settings
from flows.extraction import recipe_for
from flows.extraction_cache import drop_cached
from flows.ingest import GIVEN, raw_root, registered
from flows.running import STATE
from flows.stages import load_options, versions
from models.engine import open_engine
from models.load import Load, open_load
from models.lock import hold_writer
from models.migrate import require_current
from models.retention import expired, known_articles, known_sources, text_digests
from models.watermarks import get_watermark

PART = 500  # texts removed in one load
EXPIRING = "dateline forget --expired"


def names_of(name: str, sources: Iterable[Source]) -> tuple[set[str], set[str]]:
    """Return what a source's articles name as their source, and what its state and kept bytes are stored under; `name` is either."""
    alike = [one for one in sources if name in (one.name, one.title)]
    return {name, *(one.title or one.name for one in alike)}, {name, *(one.name for one in alike)}


def require_known(engine: Engine, article_ids: Collection[str], source: str | None, settings: Settings) -> None:
    """Raise UsageError for the first article or source of which nothing is stored."""
    unknown = sorted(set(article_ids) - known_articles(engine, article_ids))
    if unknown:
        raise UsageError(f'There is no article {unknown[0]!r}. `dateline sql "SELECT article_id, title FROM v_articles"` shows them.', item=unknown[0])
    if source is None:
        return
    cited, kept = names_of(source, registered(settings))
    if not known_sources(engine, cited | kept) and not any((raw_root(settings) / one).is_dir() for one in kept):
        raise UsageError(f'Nothing is stored of a source {source!r}. `dateline sql "SELECT DISTINCT source FROM v_articles"` shows them.', item=source)


def forget_source(load: Load, engine: Engine, name: str, settings: Settings) -> None:
    """Remove a source's articles, state and quarantined items, inside a load."""
    cited, kept = names_of(name, registered(settings))
    for one in sorted(cited | kept):
        load.forget_source(one)
    stored = get_watermark(engine, GIVEN, STATE)
    if stored:
        state = SourceState.from_json(stored)
        for one in sorted(cited):
            state = state.without_source(one)
        load.set_watermark(GIVEN, STATE, state.to_json())


def digests_of(engine: Engine, article_ids: Collection[str], name: str | None, settings: Settings) -> set[str]:
    """Return the digests of the texts that are to be forgotten."""
    return text_digests(engine, article_ids=article_ids, sources=names_of(name, registered(settings))[0] if name is not None else ())


def remove_kept(name: str | None, digests: Collection[str], settings: Settings) -> int:
    """Remove a source's kept bytes (None: no source's) and what the cache holds of texts; return how many files of kept bytes there were."""
    drop_cached(settings.cache, digests)
    found = 0
    for one in names_of(name, registered(settings))[1] if name is not None else ():
        folder = raw_root(settings) / one
        if folder.parent == raw_root(settings) and folder.is_dir():
            found += sum(1 for path in folder.glob("??/*") if path.is_file())
            shutil.rmtree(folder)
    return found


def expired_texts(engine: Engine, settings: Settings, now: datetime | None = None) -> dict[str, list[str]]:
    """Return the ids of articles whose text is past its source's `retention_days`, by the source's name."""
    return {source.name: ids for source, before in _limits(settings, now) if (ids := expired(engine, source.title or source.name, before))}


def remove_texts(settings: Settings, *, wait: float = 10.0, now: datetime | None = None) -> tuple[dict[str, int], int]:
    """Remove texts and kept bytes that are past their source's `retention_days`; return the texts by source, and how many files there were."""
    engine = open_engine(settings.address)
    try:
        require_current(engine)
        found = expired_texts(engine, settings, now)
        if found:
            with hold_writer(engine, command=EXPIRING, wait=wait) as writer:
                for part in _parts([one for ids in found.values() for one in ids]):
                    with open_load(writer, versions=versions(recipe_for(settings).versions), command=EXPIRING, **load_options(settings)) as load:
                        load.drop_texts(part)
    finally:
        engine.dispose()
    files = sum(RawStore(raw_root(settings) / source.name).remove_before(before.timestamp()) for source, before in _limits(settings, now))
    return {name: len(ids) for name, ids in found.items()}, files


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), PART):
        yield ids[first : first + PART]


def _limits(settings: Settings, now: datetime | None) -> Iterator[tuple[Source, datetime]]:
    moment = now or datetime.now(UTC)
    for source in registered(settings):
        if source.retention_days is not None:
            yield source, moment - timedelta(days=source.retention_days)
