"""Events as CSV, JSON Lines, Parquet, GeoJSON and iCalendar: one writer a format, each streaming into a binary file.

Here: the bytes. Text is made harmless on the way (flows.export_text): one line, no control or reordering characters, and in CSV no formula. A
writer returns what it could not place. Not here: which events (flows.export_rows), where to and how atomically (flows.export).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from dateline import __version__
from flows.export_calendar import calendar_lines, is_dated
from flows.export_rows import EXPORT_COLUMNS, ExportedEvent
from flows.export_text import cell, plain_value

_PARQUET_BATCH = 10_000
_DATES = ("start_date", "end_date", "first_reported", "last_reported")
_WHOLE = ("start_year", "start_quarter", "start_month", "article_count", "report_count")
_REAL = ("latitude", "longitude", "confidence")


def write_csv(events: Iterable[ExportedEvent], out: BinaryIO) -> dict[str, int]:
    """Write CSV (RFC 4180, UTF-8, header) with the EXPORT_COLUMNS; an unknown value is an empty cell."""
    return {"events": write_csv_rows(EXPORT_COLUMNS, (tuple(event.flat()[name] for name in EXPORT_COLUMNS) for event in events), out)}


def write_csv_rows(columns: Iterable[str], rows: Iterable[tuple[Any, ...]], out: BinaryIO) -> int:
    """Write a header and rows of any columns, harmless in a spreadsheet; return the number of rows."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(_iso(value)) for value in row])
        count += 1
    text.detach()
    return count


def write_jsonl(events: Iterable[ExportedEvent], out: BinaryIO) -> dict[str, int]:
    """Write one object a line: the columns of v_events, `participants` as a list of objects, and `reports` with their quotes."""
    count = 0
    for event in events:
        people = [_named(person, name="actor_name", kind="actor_kind", country="actor_country", role="role") for person in event.participants]
        out.write(_dumps({**event.row, "participants": people, "reports": list(event.reports)}).encode() + b"\n")
        count += 1
    return {"events": count}


def write_geojson(events: Iterable[ExportedEvent], out: BinaryIO) -> dict[str, int]:
    """Write a FeatureCollection (RFC 7946, WGS 84, longitude first). An event without coordinates has a null geometry, as the RFC asks."""
    count = unplaced = 0
    out.write(b'{"type": "FeatureCollection", "features": [')
    for event in events:
        feature = _feature(event)
        unplaced += feature["geometry"] is None
        out.write((b",\n" if count else b"\n") + _dumps(feature).encode())
        count += 1
    out.write(b"\n]}\n")
    return {"events": count, "without coordinates, with a null geometry": unplaced}


def write_parquet(events: Iterable[ExportedEvent], out: BinaryIO) -> dict[str, int]:
    """Write Parquet with typed columns: days are date32, unknown values null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _arrow_type(pa, name)) for name in EXPORT_COLUMNS], metadata={"dateline_version": __version__, "schema_version": "1"})
    count, stream = 0, iter(events)
    with pq.ParquetWriter(out, schema) as writer:
        while rows := [{name: plain_value(value) for name, value in event.flat().items()} for event in islice(stream, _PARQUET_BATCH)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return {"events": count}


def write_ics(events: Iterable[ExportedEvent], out: BinaryIO) -> dict[str, int]:
    """Write iCalendar; undated events are left out and counted."""
    counts = {"events": 0, "undated, left out": 0}

    def dated() -> Iterator[ExportedEvent]:
        for event in events:
            counts["events" if is_dated(event) else "undated, left out"] += 1
            if is_dated(event):
                yield event

    for line in calendar_lines(dated(), version=__version__):
        out.write(line.encode())
    return counts


WRITERS: dict[str, Callable[[Iterable[ExportedEvent], BinaryIO], dict[str, int]]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "ics": write_ics,
    "geojson": write_geojson,
}


def _feature(event: ExportedEvent) -> dict[str, Any]:
    properties = event.flat()
    latitude, longitude = properties.pop("latitude"), properties.pop("longitude")
    located = latitude is not None and longitude is not None
    geometry = {"type": "Point", "coordinates": [longitude, latitude]} if located else None
    return {"type": "Feature", "id": properties["event_id"], "geometry": geometry, "properties": properties}


def _named(row: dict[str, Any], **names: str) -> dict[str, Any]:
    return {new: row[old] for new, old in names.items()}


def _dumps(value: Any) -> str:
    return json.dumps(_harmless(value), ensure_ascii=False, allow_nan=False)


def _harmless(value: Any) -> Any:
    """Return a value as JSON has it: days as ISO text, text harmless, at any depth."""
    if isinstance(value, dict):
        return {name: _harmless(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    return _iso(plain_value(value))


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _arrow_type(pa: Any, name: str) -> Any:
    if name in _DATES:
        return pa.date32()
    if name in _WHOLE:
        return pa.int64()
    return pa.float64() if name in _REAL else pa.string()
