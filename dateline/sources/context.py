"""What a kind may use while it reads: the options, the parser's process, the fetcher, and the way back for what it led to.

Here: `Context` and the finishing of an article (source, licence, language). Not here: the loop over locations (dateline.sources.reading).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from dateline.errors import DatelineError, InputError, TransientError
from dateline.language import detect_language
from dateline.records import Article
from dateline.sources.incremental import Ledger
from dateline.sources.items import Found, Item, ReadOptions, Rejected, found_bytes
from dateline.sources.raw import RawStore

if TYPE_CHECKING:
    from dateline.sources.fetch import Fetched
    from dateline.sources.parser import Parser


class Fetches(Protocol):
    """What fetches: dateline.sources.fetch.Fetcher, or dateline.sources.raw.StoredFetcher."""

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what `url` gives."""
        ...


@dataclass(slots=True)
class Context:
    """One reading of any number of locations. `read_found` reads what a list, feed or sitemap led to."""

    options: ReadOptions
    parser: Parser
    fetcher: Fetches
    read_found: Callable[[Found], Iterator[Item]]
    ledger: Ledger | None = None  # what was read before; None: everything is new
    visited: set[str] = field(default_factory=set)  # URLs followed in this reading: each once

    def follow(self, url: str, depth: int, *, remember: bool = False) -> Iterator[Item]:
        """Fetch a URL, once in this reading, and yield what it holds.

        `depth` counts the lists, sitemaps and feeds that led to it. `remember`: ask next time only for what has changed since (etag), as
        is done for every location itself (depth 0).
        """
        if url in self.visited:
            return
        self.visited.add(url)
        if depth > self.options.max_depth:
            yield Rejected(url, "too_deep", f"Cannot fetch {url}: {depth} lists, sitemaps or feeds led to it. Raise max_depth, or name it itself.")
            return
        ledger = self.ledger if remember or depth == 0 else None
        etag, last_modified = ledger.validators(url) if ledger else (None, None)
        try:
            fetched = self.fetcher.fetch(url, etag=etag, last_modified=last_modified)
        except (InputError, TransientError) as error:
            if ledger and depth == 0 and error.code == "gone":
                ledger.gone = True
            yield rejected(error, error.item or url)
            return
        if fetched.not_modified:
            return
        if self.options.keep_raw:
            RawStore(self.options.keep_raw).put(fetched, depth)
        yield from self.read_found(found_of(fetched, depth))
        if ledger:  # only now: whatever broke off before this must be asked for again
            ledger.validated(url, fetched.etag, fetched.last_modified)

    def parse(self, operation: str, found: Found, **arguments: str | None) -> dict[str, Any]:
        """Return what the parsing process makes of the whole content (dateline.sources.markup). Raises InputError."""
        seconds = self.options.page_seconds if operation == "page" else self.options.feed_seconds
        return self.parser.parse(operation, self.data_of(found), found.item, seconds=seconds, **arguments)

    def data_of(self, found: Found) -> bytes:
        """Return the whole content. Raises InputError where it is empty or larger than `max_file_bytes`."""
        limit = self.options.max_file_bytes
        with found.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise InputError(f"Cannot read {found.item}: larger than {limit:,} bytes. Split it, or raise max_file_bytes.", code="too_large", item=found.item)
        if not data:
            raise InputError(f"Cannot read {found.item}: empty (0 bytes). Remove it, or write it again.", code="empty_file", item=found.item)
        return data

    def finish(self, article: Article, item: str) -> Item:
        """Return the article with what the options give and the language found, or why it cannot be stored. `text` stays as it is."""
        for name in ("text", "title", "doc_id", "url", "guid", "source", "byline"):
            problem = _unstorable(getattr(article, name))
            if problem:
                message = f"Cannot read {item}: {name} holds {PROBLEMS[problem]}. Remove these characters."
                return Rejected(item, problem, message, source=article.source if _unstorable(article.source) is None else None)
        return replace(
            article,
            source=article.source or self.options.source,
            licence=article.licence or self.options.licence,
            language=article.language or self.options.language or detect_language(article.text),
        )


def found_of(fetched: Fetched, depth: int) -> Found:
    """Return the Found of something fetched; its doc_id is its URL."""
    path = PurePosixPath(urlsplit(fetched.final_url).path)
    return found_bytes(
        fetched.final_url,
        fetched.final_url,
        fetched.data,
        path=path,
        content_type=fetched.content_type,
        charset=fetched.charset,
        url=fetched.final_url,
        depth=depth,
    )


PROBLEMS = {"null_bytes": "null characters, which no database stores", "surrogates": "half of a surrogate pair, which is no character"}


def rejected(error: DatelineError, item: str) -> Rejected:
    """Return the Rejected that stands for an error met at `item`."""
    return Rejected(
        item,
        error.code,
        error.message,
        transient=isinstance(error, TransientError),
        retry_after=getattr(error, "retry_after", None),
    )


def _unstorable(value: str | None) -> str | None:
    if not value or value.isascii():
        return "null_bytes" if value and "\0" in value else None
    if "\0" in value:
        return "null_bytes"
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return "surrogates"
    return None
