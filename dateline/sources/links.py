"""Lists of URLs, one a line; lines that begin with # are comments. Every URL is followed."""

from __future__ import annotations

from collections.abc import Iterator

from dateline.sources.charset import decode
from dateline.sources.context import Context
from dateline.sources.items import Found, Item, Rejected

SUFFIXES = frozenset({".urls"})
TYPES = frozenset({"text/uri-list"})


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield what the URLs hold, in order; a line that is no URL is a Rejected."""
    text = decode(context.data_of(found), item=found.item, http=found.charset).text
    for number, line in enumerate(text.splitlines(), 1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        if url.lower().startswith(("http://", "https://")):
            yield from context.follow(url, found.depth + 1, remember=True)
        else:
            where = f"{found.item}:{number}"
            yield Rejected(where, "bad_url", f"Cannot read {where}: {url[:80]!r} is no http or https URL. One URL a line.")
