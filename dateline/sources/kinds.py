"""Which kind of source something is: by what its first bytes leave no doubt of, its suffix, the server's content type, or its content.

Here: the table of kinds. A new kind is one module with SUFFIXES, TYPES and `read(found, context)`, one line in KINDS, and, where neither
suffix nor type tells it, one line in `_certain` or `_likely`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import ModuleType

from dateline.errors import InputError, UsageError
from dateline.sources import feeds, json_lines, links, pages, sitemaps, tables, text, warcs
from dateline.sources.context import Context
from dateline.sources.feed_markup import JSON_FEED
from dateline.sources.items import STDIN, Found, Item

Reader = Callable[[Found, Context], Iterator[Item]]
KINDS: dict[str, ModuleType] = {
    "text": text,
    "jsonl": json_lines,
    "table": tables,
    "page": pages,
    "feed": feeds,
    "sitemap": sitemaps,
    "links": links,
    "warc": warcs,
}
HEAD_BYTES = 4096
# The first element, after declarations and comments. Atomic and possessive: two dozen comments would else be read in millions of ways.
ROOT = re.compile(rb"(?>\s|<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(?:\[.*?\]\s*)?>)*+<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", re.IGNORECASE | re.DOTALL)
ROOTS = {b"urlset": "sitemap", b"sitemapindex": "sitemap", b"rss": "feed", b"feed": "feed", b"rdf": "feed", b"channel": "feed"}
PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
ELSEWHERE = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|item|entry)[\s>]", re.IGNORECASE)  # a feed with something before it, or with HTML in it
NEVER_MARKUP = text.SUFFIXES | {".jsonl", ".ndjson", ".csv", ".tsv"}
MARKUP_TYPES = frozenset({"text/xml", "application/xml"})


def reader_of(found: Found, kind: str | None = None) -> Reader:
    """Return the function that reads `found`; `kind` settles it. Raises InputError (code "unknown_kind") where nothing fits."""
    reader: Reader = KINDS[kind or kind_of(found)].read
    return reader


def check_kind(kind: str | None) -> None:
    """Raise UsageError where `kind` is none of KINDS."""
    if kind is not None and kind not in KINDS:
        raise UsageError(f"Unknown kind of source {kind!r}. Known: {', '.join(KINDS)}.", code="unknown_kind")


def kind_of(found: Found) -> str:
    """Return the kind's name. Raises InputError: "empty_file" for no bytes at all, "binary" or "unknown_kind" where nothing fits."""
    if found.item == STDIN:
        return "jsonl"
    with found.open() as stream:
        head = stream.read(HEAD_BYTES)
    return _certain(head, found) or _by_name(found, head) or _likely(head) or _unknown(head, found)


def _certain(head: bytes, found: Found) -> str | None:
    if head.startswith(tables.PARQUET):
        return "table"
    if head.startswith(b"WARC/"):
        return "warc"
    start = _ascii(head)
    if start.startswith(b"{") and JSON_FEED.encode() in start and found.suffix != ".jsonl":
        return "feed"
    root = ROOT.match(start) if found.suffix not in NEVER_MARKUP else None
    if root and root[1].lower() in ROOTS:
        return ROOTS[root[1].lower()]
    if found.suffix in text.SUFFIXES and _all_urls(start):
        return "links"
    return None


def _by_name(found: Found, head: bytes) -> str | None:
    for name, module in KINDS.items():
        if found.suffix in module.SUFFIXES:
            return name
    for name, module in KINDS.items():
        if found.content_type in module.TYPES:
            return name
    if found.suffix == ".xml" or found.content_type in MARKUP_TYPES:
        return "page" if PAGE.search(_ascii(head)) and not ELSEWHERE.search(_ascii(head)) else "feed"
    return None


def _likely(head: bytes) -> str | None:
    start = _ascii(head)
    if PAGE.search(start):
        return "page"
    if start[:1] in {b"{", b"["}:
        return "jsonl"
    if _all_urls(start):
        return "links"
    return "text" if head and b"\0" not in head else None


def _unknown(head: bytes, found: Found) -> str:
    if not head:
        raise InputError(f"Cannot read {found.item}: empty (0 bytes). Remove it, or write it again.", code="empty_file", item=found.item)
    raise InputError(
        f"Cannot read {found.item}: binary data of no known kind. Known kinds: {', '.join(KINDS)}; name the kind if it is one of them.",
        code="binary",
        item=found.item,
    )


def _ascii(head: bytes) -> bytes:
    """Return the head as the ASCII that markup is recognised by, whatever UTF it is in, without marks and white space before it."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _all_urls(start: bytes) -> bool:
    lines = [line.strip() for line in start.splitlines()]
    lines = [line for line in (lines[:-1] if len(start) > HEAD_BYTES // 2 else lines) if line and not line.startswith(b"#")]
    return bool(lines) and all(line.lower().startswith((b"http://", b"https://")) and b" " not in line for line in lines)
