"""RSS, Atom and JSON feeds: each entry gives one article or one rejection, in the feed's order.

Here: entries as articles; an entry without its full text is followed to its page where that is allowed (ReadOptions.follow). Not here:
reading the markup (dateline.sources.feed_markup), what is new since last time (dateline.sources.incremental).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from dateline.records import Article
from dateline.sources.context import Context
from dateline.sources.items import Found, Item, Rejected
from dateline.sources.window import outside

SUFFIXES = frozenset({".rss", ".atom", ".rdf"})
TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield what the feed's entries hold; an entry whose page cannot be had for now is a Rejected that says so."""
    feed = context.parse("feed", found, charset=found.charset)
    guids = Counter(entry["guid"] for entry in feed["entries"])
    for entry in feed["entries"]:
        if outside(entry["published"], context.options):
            continue
        article = article_of(entry, feed, found, context.options.source)
        if guids[article.guid] > 1:  # a guid that several items of one feed bear names none of them
            article = replace(article, guid=None)
        yield from _fresh(article, feed["built"] or entry["updated"], entry, found, context)


def _fresh(article: Article, built: str | None, entry: dict[str, Any], found: Found, context: Context) -> Iterator[Item]:
    """Yield what the entry holds if it is new or revised since the state that the reading began with."""
    ledger = context.ledger
    seen = ledger.sight(article, built=built, extra="" if entry["full"] else entry["updated"] or "") if ledger else article
    if seen is None:
        return
    for item in _whole(seen, entry, found, context):
        if ledger and isinstance(item, Rejected) and item.transient:
            ledger.failed(seen)
        yield replace(item, source=item.source or seen.source) if isinstance(item, Rejected) else item


def article_of(entry: dict[str, Any], feed: dict[str, Any], found: Found, source: str | None) -> Article:
    """Return the entry as an article, with whatever text it has. Its key is its link, else its guid (docs/contract.md, Identity)."""
    base = found.url or feed["link"] or ""
    url = urljoin(base, entry["url"]) if entry["url"] else None
    if url and not url.startswith(("http://", "https://")):
        url = None
    host = urlsplit(feed["link"] or found.url or "").hostname
    return Article(
        doc_id=entry["guid"] or url or f"item-{_digest(entry)}",
        text=entry["text"],
        published=entry["published"],
        title=entry["title"],
        source=source or feed["title"] or host,
        byline=entry["author"],
        url=url,
        guid=entry["guid"],
    )


def _digest(entry: dict[str, Any]) -> str:
    """Name an entry without guid and link by what it says, since its place in the feed changes."""
    said = json.dumps([entry["title"], entry["published"], entry["text"]])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _whole(article: Article, entry: dict[str, Any], found: Found, context: Context) -> Iterator[Item]:
    follow = context.options.follow if context.options.follow is not None else found.url is not None
    if entry["full"] or not follow or article.url is None:
        yield context.finish(article, article.url or f"{found.item}#{article.doc_id}")
        return
    for item in context.follow(article.url, found.depth + 1):
        if isinstance(item, Article):
            yield replace(
                item,
                doc_id=article.doc_id,
                url=article.url,
                guid=article.guid,
                source=article.source,
                published=article.published or item.published,
                published_basis=None if article.published else item.published_basis,
                title=article.title or item.title,
                byline=article.byline or item.byline,
            )
        elif item.transient or not article.text.strip():
            yield item
        else:  # the page is closed to us for good: the summary is what there is
            yield context.finish(article, article.url)
