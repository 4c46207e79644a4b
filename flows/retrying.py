"""Trying quarantined items again: from the article that was kept of them, else from the place they were read from.

Here: which items can be tried, one load for all that were kept, one run for each that must be read again. Not here: the flow's own retries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from dateline.errors import DatelineError
from dateline.jsonl import article_from_record
from dateline.records import Article
from dateline.sources import read
from flows.configuration import Settings
from flows.extraction import extract_batch
from flows.running import Prepared, Run
from models.lock import Writer
from models.quarantine import QuarantineRow, get_quarantine, list_quarantine, release


def retry_items(settings: Settings, numbers: Sequence[int] | None) -> tuple[int, int]:
    """Process items again and return how many went well and how many stay. Raises UsageError for an unknown number."""
    with Run.started(settings, command="dateline quarantine retry") as run:
        items = [get_quarantine(run.engine, n) for n in numbers] if numbers else list_quarantine(run.engine)
        done = [item.quarantine_id for item in items if _retried(run, item)]
        _release(run.writer(), done)
    return len(done), len(items) - len(done)


def _retried(run: Run, item: QuarantineRow) -> bool:
    """Process one item in a load of its own, and say whether it went well."""
    articles = _articles_of(item)
    if not articles:
        return False
    prepared: Prepared = run.plan_articles(articles)
    run.take(prepared, extract_batch([one.article for one in prepared.todo], run.recipe))
    run.load(prepared)
    return not prepared.quarantined


def _articles_of(item: QuarantineRow) -> list[Article]:
    """Return the articles of an item; none where it still cannot be read."""
    try:
        if item.payload is not None:
            return [article_from_record(json.loads(item.payload), item.item)]
        found = list(read([item.item.rpartition(":")[0] if _names_line(item.item) else item.item]))
    except (DatelineError, ValueError):
        return []
    return [one for one in found if isinstance(one, Article)] if all(isinstance(one, Article) for one in found) else []


def _names_line(item: str) -> bool:
    return item.rpartition(":")[2].isdigit() and not item.lower().startswith(("http://", "https://"))


def _release(writer: Writer, numbers: Sequence[int]) -> None:
    if numbers:
        release(writer, numbers)
