"""JSON Lines in, extractions out, in order: what `dateline extract` does between its streams.

Here: a line that cannot be read keeps its place as an error record. Not here: the JSON form (dateline.jsonl), the options (flows.commands_text).
"""

from __future__ import annotations

import codecs
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dateline.errors import InputError
from dateline.jsonl import article_from_line
from dateline.records import Article, Extraction, Problem

if TYPE_CHECKING:
    from dateline import Extractor


def extract_lines(lines: Iterable[bytes], extractor: Extractor) -> Iterator[Extraction]:
    """Yield one Extraction per line that is not blank, in order; `line` is the number of the line in the stream, from 1."""
    waiting: deque[tuple[int, Extraction | None]] = deque()  # None: the extractor's next result belongs here
    for extraction in extractor.extract(_articles(lines, waiting)):
        while waiting[0][1] is not None:
            yield waiting.popleft()[1]  # type: ignore[misc]
        number, _ = waiting.popleft()
        yield replace(extraction, line=number)
    for _, failed in waiting:
        if failed is not None:
            yield failed


def _articles(lines: Iterable[bytes], waiting: deque[tuple[int, Extraction | None]]) -> Iterator[Article]:
    for number, raw in enumerate(lines, 1):
        data = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
        if not data.strip():
            continue
        try:
            article = article_from_line(_decoded(data, number), number)
        except InputError as error:
            waiting.append((number, Extraction(number, _doc_id(data), error=Problem(error.code, error.message))))
            continue
        waiting.append((number, None))
        yield article


def _decoded(data: bytes, number: int) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"Cannot read line {number}: not UTF-8 (byte {error.start + 1} is 0x{data[error.start]:02x}). Convert the file to UTF-8.", code="encoding"
        ) from error


def _doc_id(data: bytes) -> str | None:
    """Return the doc_id of a line that is JSON but no article, so that its error can be matched with it."""
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return None
    found = record.get("doc_id") if isinstance(record, dict) else None
    return found if isinstance(found, str) else None
