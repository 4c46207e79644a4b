"""What the command line prints: errors, notes, tables and JSON, safe for a terminal and stable in a pipe.

Here: standard output and standard error, and nothing else writes to them. No colour where NO_COLOR is set, and neither colour nor progress
where the stream is no terminal. Control and bidirectional characters of article text never reach a terminal. Not here: what is said.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TextIO

# C0 and C1 controls save tab and newline, and the characters that reorder text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
BOLD, RED, DIM, CYAN, END = "\x1b[1m", "\x1b[31m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


@cache
def program() -> str:
    """Return what to type for this command line: its name where the shell finds it, else its path as seen from here."""
    found = shutil.which("dateline")
    started = Path(sys.argv[0]).absolute()
    if found is not None or started.name != "dateline":
        return "dateline"
    return str(started.relative_to(Path.cwd()) if started.is_relative_to(Path.cwd()) else started)


def out(text: str = "") -> None:
    """Print to standard output. Raises OSError where it cannot be written."""
    sys.stdout.write(_encodable(text, sys.stdout) + "\n")


def note(text: str) -> None:
    """Print a line for people to standard error."""
    sys.stderr.write(_encodable(text, sys.stderr) + "\n")
    sys.stderr.flush()


def error(text: str) -> None:
    """Print an error as one line on standard error."""
    line = clean(" ".join(text.split()))
    note(paint(f"dateline: {line}", RED, sys.stderr))


@cache
def say_interrupted() -> None:
    """Say once that the command was ended before it was done."""
    error("Interrupted. What was not finished was left as it was; run the command again.")


def clean(text: str) -> str:
    """Return text without the characters that could steer a terminal or reorder what is read."""
    return _UNSAFE.sub("", text)


def paint(text: str, style: str, stream: TextIO | None = None) -> str:
    """Return text in a style where the stream shows styles, else as it is."""
    return f"{style}{text}{END}" if shows_style(stream or sys.stdout) else text


def shows_style(stream: TextIO) -> bool:
    """Whether colour may be written: a terminal, and no NO_COLOR (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shows_progress() -> bool:
    """Whether progress may be drawn on standard error."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def json_line(value: Any) -> str:
    """Return a value as one line of JSON: dates as ISO text, NaN refused, lone surrogates escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, default=_plain)
    return text


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, form: str = "table") -> int:
    """Print rows as "table", "json" (one array of objects) or "csv", and return how many there were."""
    listed = [tuple(row) for row in rows]
    if form == "json":
        out("[" + ",\n ".join(json_line(dict(zip(columns, row, strict=True))) for row in listed) + "]")
    elif form == "csv":
        sys.stdout.write(_encodable(as_csv(columns, listed), sys.stdout))
    else:
        print_table(columns, listed)
    return len(listed)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print an aligned table; on a terminal its widest columns shrink until it fits."""
    cells = [[_cell(v) for v in row] for row in rows]
    widths = [max([_width(name), *(_width(row[i]) for row in cells)]) for i, name in enumerate(columns)]
    if sys.stdout.isatty():
        widths = _fit(widths, shutil.get_terminal_size().columns)
    out(paint(_line(columns, widths), BOLD))
    for row in cells:
        out(_line(row, widths))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(v) for v in row])
    return buffer.getvalue()


def print_fields(fields: Mapping[str, Any]) -> None:
    """Print names and values one below the other; None is shown as a dash."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        out(f"{paint(name.ljust(width), DIM)}  {_cell(value)}")


def _harmless(value: Any) -> Any:
    value = _plain(value) if isinstance(value, date) else value
    if isinstance(value, str):
        value = clean(value)
        if value.startswith(("=", "+", "-", "@", "\t")):
            return "'" + value
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 1000 else f"{value:.0f}"
    text = str(_plain(value)) if not isinstance(value, str | int) else str(value)
    return clean(" ".join(text.split()))


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _fit(widths: list[int], room: int) -> list[int]:
    """Shrink the widest columns to at least 8 until all fit into `room`, two blanks apart."""
    fitted = list(widths)
    while sum(fitted) + 2 * (len(fitted) - 1) > room and max(fitted) > 8:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(_pad(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _pad(cell: str, width: int) -> str:
    while _width(cell) > width:
        cell = cell[: -2 if cell.endswith("…") else -1] + "…" if len(cell) > 1 else ""
    return cell + " " * (width - _width(cell))


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
