"""Sitemaps and sitemap indexes (sitemaps.org 0.9, with Google's news extension): every location is followed.

Here: which locations are worth following (`since`, `until`). Their pages are read like any fetched page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dateline.errors import InputError
from dateline.records import Article
from dateline.sources.context import Context
from dateline.sources.items import Found, Item, Rejected
from dateline.sources.window import outside

SUFFIXES: frozenset[str] = frozenset()  # .xml says nothing; dateline.sources.kinds looks inside
TYPES: frozenset[str] = frozenset()


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield the articles of the pages that the sitemap names. Raises InputError (code "follow_off") where following is switched off."""
    if context.options.follow is False:
        raise InputError(f"Cannot read {found.item}: a sitemap only names pages, and following is off. Switch it on.", code="follow_off", item=found.item)
    sitemap = context.parse("sitemap", found)
    for location in sitemap["locations"]:
        # A page is never published after its last change, nor an index's sitemap filled after its own: only the lower bound holds for these.
        if outside(location["published"], context.options) or outside(location["modified"], replace(context.options, until=None)):
            continue
        yield from _follow_location(location, found, context, index=sitemap["index"])


def _follow_location(location: dict[str, Any], found: Found, context: Context, *, index: bool) -> Iterator[Item]:
    seen = Article(doc_id=location["url"], text="", url=location["url"], published=location["published"])
    ledger = None if index else context.ledger  # a sitemap of an index is always looked into
    if ledger and ledger.sight(seen, built=None, extra=location["modified"] or "") is None:
        return
    for item in context.follow(location["url"], found.depth + 1, remember=index):
        if ledger and isinstance(item, Rejected) and item.transient:
            ledger.failed(seen)
        yield replace(item, published=item.published or location["published"]) if isinstance(item, Article) else item
