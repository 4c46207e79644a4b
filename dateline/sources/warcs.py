"""Web archives (WARC 1.0 and 1.1, ISO 28500): each archived page becomes an article.

Here: which records are read: successful responses and resources that hold HTML; images, scripts, requests and the rest are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline.errors import InputError
from dateline.sources.context import Context
from dateline.sources.items import Found, Item, Rejected, found_bytes

SUFFIXES = frozenset({".warc"})
TYPES = frozenset({"application/warc"})
READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/rss+xml", "application/atom+xml", "application/feed+json")


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield the articles of the archive's pages. Raises InputError (code "invalid_warc") where the archive is damaged."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    with found.open() as stream:
        records = 0
        try:
            for record in ArchiveIterator(stream):
                records += record.rec_headers.get_header("WARC-Record-ID") is not None
                if _is_page(record):
                    yield from _read_record(record, found, context)
        except ArchiveLoadFailed as error:
            raise InputError(f"Cannot read {found.item}: damaged archive ({error}). Copy it again.", code="invalid_warc", item=found.item) from error
    if not records:
        raise InputError(f"Cannot read {found.item}: no record in the archive. Copy it again.", code="invalid_warc", item=found.item)


def _is_page(record: Any) -> bool:
    if record.rec_type == "resource":
        return _type(record)[0] in READ_TYPES
    return (
        record.rec_type == "response" and record.http_headers is not None and record.http_headers.get_statuscode() == "200" and _type(record)[0] in READ_TYPES
    )


def _type(record: Any) -> tuple[str, str | None]:
    headers = record.http_headers or record.rec_headers
    kind, _, rest = (headers.get_header("Content-Type") or "").partition(";")
    charset = rest.lower().partition("charset=")[2].strip(" \"'") or None
    return kind.strip().lower(), charset


def _read_record(record: Any, found: Found, context: Context) -> Iterator[Item]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    url, where = url.strip("<>"), f"{found.item}#{url}"
    limit = context.options.max_file_bytes
    data = record.content_stream().read(limit + 1)
    if len(data) > limit:
        yield Rejected(where, "too_large", f"Cannot read {where}: larger than {limit:,} bytes. Raise max_file_bytes.")
        return
    kind, charset = _type(record)
    yield from context.read_found(found_bytes(where, url or where, data, content_type=kind, charset=charset, url=url or None, depth=found.depth + 1))
