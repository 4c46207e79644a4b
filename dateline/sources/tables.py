"""Tables of articles: CSV, TSV and Parquet, one row an article; the header names the keys of the extraction contract.

Here: rows become records, streaming. A column of another name is given by `columns` ({"text": "body"}); a row without `doc_id` is named
by its file and number. Not here: what an article must hold (dateline.jsonl).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from dateline.errors import InputError
from dateline.jsonl import ARTICLE_KEYS, article_from_record
from dateline.sources.charset import decode
from dateline.sources.context import Context, rejected
from dateline.sources.items import Found, Item, Rejected
from dateline.sources.json_lines import cut_lines, renamed

SUFFIXES = frozenset({".csv", ".tsv", ".parquet"})
TYPES = frozenset({"text/csv", "text/tab-separated-values", "application/vnd.apache.parquet"})
PARQUET = b"PAR1"
BATCH_ROWS = 256


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield one article or Rejected a row. Raises InputError where the table has no text column or is damaged."""
    with found.open() as stream:
        parquet = stream.read(4) == PARQUET
    with found.open() as stream:
        yield from _items((_parquet_rows if parquet else _csv_rows)(stream, found, context), found, context)


def _items(rows: Iterator[dict[str, Any] | Rejected], found: Found, context: Context) -> Iterator[Item]:
    for number, row in enumerate(rows, 1):
        if isinstance(row, Rejected):
            yield row
            continue
        where = f"{found.item}:row {number}"
        record = {k: _plain(v) for k, v in renamed(row, context.options.columns).items() if k in ARTICLE_KEYS}
        if record.get("doc_id") is None:
            record["doc_id"] = f"{found.doc_id}-{number}"
        try:
            item = context.finish(article_from_record(record, where), where)
        except InputError as error:
            item = rejected(error, where)
        yield item


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # a number as doc_id or guid
    return None if value == "" or value != value else value  # an empty cell, or NaN


def _require_text(names: list[str], found: Found, context: Context) -> None:
    wanted = context.options.columns.get("text", "text")
    if wanted not in names:
        shown = ", ".join(names[:12])
        raise InputError(
            f"Cannot read {found.item}: no column {wanted!r}. Columns: {shown}. Name the text's column with columns (text = ...).",
            code="no_text_column",
            item=found.item,
        )


def _csv_rows(stream: BinaryIO, found: Found, context: Context) -> Iterator[dict[str, Any] | Rejected]:
    limit = context.options.max_line_bytes
    csv.field_size_limit(limit)
    encoding = _encoding(found)
    reader = csv.reader(_csv_lines(stream, limit, encoding, found.item), delimiter="\t" if found.suffix == ".tsv" else ",", strict=True)
    header: list[str] | None = None
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Rejected(f"{found.item}:{reader.line_num}", "invalid_csv", f"Cannot read {found.item}:{reader.line_num}: {error}. Quote cells with commas.")
            continue
        if cells is None:
            break
        if header is None:
            header = [c.strip() for c in cells]
            _require_text(header, found, context)
        elif len(cells) != len(header):
            where = f"{found.item}:{reader.line_num}"
            yield Rejected(where, "invalid_csv", f"Cannot read {where}: {len(cells)} cells, the header has {len(header)}. Quote cells that hold commas.")
        else:
            yield dict(zip(header, cells, strict=True))
    if header is None:
        raise InputError(f"Cannot read {found.item}: empty (0 bytes). Remove it, or write it again.", code="empty_file", item=found.item)


def _encoding(found: Found) -> str:
    with found.open() as stream:
        head = stream.read(100_000)
    whole = head[: head.rfind(b"\n") + 1] or head
    encoding = decode(whole, item=found.item, http=found.charset).encoding if whole else "utf-8"
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _csv_lines(stream: BinaryIO, limit: int, encoding: str, item: str) -> Iterator[str]:
    for number, line in cut_lines(stream, limit):
        if line is None:
            raise InputError(f"Cannot read {item}:{number}: a line of more than {limit:,} bytes. Split the table.", code="line_too_long", item=item)
        try:
            yield line.decode(encoding if number == 1 or encoding != "utf-8-sig" else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"Cannot read {item}:{number}: not {encoding} (byte {error.start}). Save it as UTF-8.", code="encoding", item=item) from error


def _parquet_rows(stream: BinaryIO, found: Found, context: Context) -> Iterator[dict[str, Any] | Rejected]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(stream)
        _require_text(table.schema_arrow.names, found, context)
        wanted = {context.options.columns.get(key, key) for key in ARTICLE_KEYS}
        for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=[n for n in table.schema_arrow.names if n in wanted]):
            yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"Cannot read {found.item}: damaged Parquet ({error}). Write it again.", code="invalid_parquet", item=found.item) from error
