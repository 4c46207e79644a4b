"""Trying quarantined items again: from the article that was kept of them, else from the place they were read from.

Here: which items can be tried and where they lie; a place is read once for all its items, as its source is read. Not here: the flow's own retries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from dateline.errors import DatelineError
from dateline.jsonl import article_from_record
from dateline.records import Article
from dateline.sources import ReadOptions, Rejected, read
from dateline.sources.registry import Source
from flows.configuration import Settings
from flows.extraction import extract_batch
from flows.ingest import registered
from flows.running import Run
from models.quarantine import QuarantineRow, get_quarantine, list_quarantine, release

BATCH = 500
# How an item names a part of a file: line 3, row 3, the fourth element, an entry or an archived page.
PART = re.compile(r":(\d+|row \d+)\Z|\[\d+\]\Z|#.*\Z", re.DOTALL)


def retry_items(settings: Settings, numbers: Sequence[int] | None) -> tuple[int, int]:
    """Process items again and return how many went well and how many stay. Raises UsageError for an unknown number."""
    with Run.started(settings, command="dateline quarantine retry") as run:
        items = [get_quarantine(run.engine, n) for n in numbers] if numbers else list_quarantine(run.engine)
        sources = registered(settings)
        done = {one.quarantine_id for one in items if one.payload is not None and _from_payload(run, one)}
        for locations, (options, waiting) in _by_place([one for one in items if one.payload is None], sources).items():
            done |= _read_again(run, locations, options, waiting)
        if done:
            release(run.writer(), sorted(done))
    return len(done), len(items) - len(done)


def _by_place(items: Sequence[QuarantineRow], sources: Sequence[Source]) -> dict[tuple[str, ...], tuple[ReadOptions, list[QuarantineRow]]]:
    """Return the items by the locations that hold them, with the options to read these with."""
    found: dict[tuple[str, ...], tuple[ReadOptions, list[QuarantineRow]]] = {}
    for item in items:
        source = _source_of(item, sources)
        named = source is not None and item.item == source.name
        locations = source.locations if source is not None and named else (location_of(item.item),)
        options = source.options() if source is not None else ReadOptions(source=item.source)
        found.setdefault(locations, (options, []))[1].append(item)
    return found


def _source_of(item: QuarantineRow, sources: Sequence[Source]) -> Source | None:
    """Return the registered source that an item belongs to: by its name, what its articles name as their source, or its location."""
    for source in sources:
        if item.item == source.name or location_of(item.item) in source.locations:
            return source
    for source in sources:
        if item.source is not None and item.source in (source.name, source.title):
            return source
    return None


def location_of(item: str) -> str:
    """Return the file or URL that an item is a part of."""
    if item.lower().startswith(("http://", "https://")) or Path(item).exists():
        return item
    return PART.sub("", item)


def _from_payload(run: Run, item: QuarantineRow) -> bool:
    """Process the article that was kept of an item, and say whether it went well."""
    try:
        article = article_from_record(json.loads(item.payload or ""), item.item)
    except (DatelineError, ValueError):
        return False
    return _processed(run, [article])


def _read_again(run: Run, locations: tuple[str, ...], options: ReadOptions, waiting: Sequence[QuarantineRow]) -> set[int]:
    """Read a place and process all that it holds; return the numbers of the items that are no longer rejected."""
    rejected: set[str] = set()
    articles = 0
    well = True
    try:
        items = read(locations, options=options)
        while batch := list(islice(items, BATCH)):
            rejected |= {one.item for one in batch if isinstance(one, Rejected)}
            found = [one for one in batch if isinstance(one, Article)]
            articles += len(found)
            well = (not found or _processed(run, found)) and well
    except DatelineError:
        return set()
    if not articles or not well:
        return set()
    whole = {one.item for one in waiting if one.item in locations or location_of(one.item) not in locations}
    return {one.quarantine_id for one in waiting if one.item not in rejected and not (one.item in whole and rejected)}


def _processed(run: Run, articles: Sequence[Article]) -> bool:
    """Extract and load articles in a load of their own, and say whether all went well."""
    prepared = run.plan_articles(articles)
    run.take(prepared, extract_batch([one.article for one in prepared.todo], run.recipe))
    run.load(prepared)
    return not prepared.quarantined
