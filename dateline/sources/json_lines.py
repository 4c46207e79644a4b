"""JSON Lines of articles in the input form of docs/contract.md, one a line; also a JSON array of them, or one object.

Here: cutting a stream of bytes into lines without ever holding a line longer than the limit. What a line must hold is
dateline.jsonl's. Lines are strict UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from dateline.errors import InputError
from dateline.jsonl import article_from_record
from dateline.sources import feeds
from dateline.sources.charset import decode
from dateline.sources.context import Context, rejected
from dateline.sources.feed_markup import is_json_feed
from dateline.sources.items import STDIN, Found, Item, Rejected

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
TYPES = frozenset({"application/x-ndjson", "application/jsonl", "application/json"})
NUL_HEAD = 4096


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield one article or Rejected for each line that is not blank."""
    documents = _documents(found, context) if _may_be_one_document(found) else None
    if documents is not None and len(documents) == 1 and is_json_feed(documents[0]):  # one whose version stands behind its items
        yield from feeds.read(found, context)
    elif documents is None:
        yield from _read_lines(found, context)
    else:
        yield from (_item(record, f"{found.item}[{n}]", context) for n, record in enumerate(documents))


def _may_be_one_document(found: Found) -> bool:
    if found.item == STDIN:  # can be opened once only
        return False
    with found.open() as stream:
        return found.suffix == ".json" or stream.read(1) == b"["


def _read_lines(found: Found, context: Context) -> Iterator[Item]:
    empty = True
    with found.open() as stream:
        for number, line in cut_lines(stream, context.options.max_line_bytes):
            where, empty = f"{found.item}:{number}", False
            if line is None:
                limit = context.options.max_line_bytes
                yield Rejected(where, "line_too_long", f"Cannot read {where}: a line of more than {limit:,} bytes. One article a line; raise max_line_bytes.")
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _line_item(line, where, number, context)
    if empty:
        raise InputError(f"Cannot read {found.item}: empty (0 bytes). Remove it, or write it again.", code="empty_file", item=found.item)


def cut_lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number from 1, line); the line is None where it has more than `limit` bytes, of which no more than `limit` are held."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            while (rest := stream.readline(limit + 1)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line


def _line_item(line: bytes, where: str, number: int, context: Context) -> Item:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        code = "binary" if b"\0" in line[:NUL_HEAD] else "encoding"
        return Rejected(where, code, f"Cannot read {where}: not UTF-8 (byte {error.start}). JSON Lines are UTF-8; write the file again.")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Rejected(where, "invalid_json", f"Cannot read {where}: not JSON ({error}). Each line must be one JSON object.")
    return _item(record, where, context)


def _item(record: Any, where: str, context: Context) -> Item:
    if not isinstance(record, dict):
        return Rejected(where, "invalid_json", f"Cannot read {where}: a {type(record).__name__} where a JSON object is expected. One article an object.")
    try:
        article = article_from_record(renamed(record, context.options.columns), where)
    except InputError as error:
        return rejected(error, where)
    return context.finish(article, where)


def renamed(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the record with the article's keys taken from the columns that the options name for them."""
    return {**record, **{key: record.get(column) for key, column in columns.items()}} if columns else dict(record)


def _documents(found: Found, context: Context) -> list[Any] | None:
    """Return the elements of a JSON array, or the one object of a file; None where the file is JSON Lines after all."""
    text = decode(context.data_of(found), item=found.item, http=found.charset).text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else [value]
