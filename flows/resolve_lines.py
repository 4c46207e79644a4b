"""Extraction output in, canonical events out: what `dateline resolve` reads, without a database.

Here: lines that are no extraction become messages. Not here: resolving itself and its JSON (dateline.resolve).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dateline.errors import InputError
from dateline.jsonl import extraction_from_line
from dateline.records import Extraction


def read_extractions(lines: Iterable[bytes], failures: list[str]) -> Iterator[Extraction]:
    """Yield the extraction of every line that is not blank; messages about lines that are none are appended to `failures`."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield extraction_from_line(raw.decode("utf-8"), number)
        except UnicodeDecodeError:
            failures.append(f"Cannot read line {number}: not UTF-8. Convert the file to UTF-8.")
        except InputError as error:
            failures.append(error.message)
