"""An export as a file that appears whole or not at all, or on standard output.

Here: `export_events` and `new_file`. Not here: the formats (flows.export_formats), the release folder (flows.export_release), the command
(flows.commands_export).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine

from dateline.errors import UsageError
from flows.export_formats import WRITERS
from flows.export_rows import Selection, exported_events

FORMATS = tuple(WRITERS)
STDOUT = "-"


def export_events(engine: Engine, selection: Selection, *, form: str, target: str) -> dict[str, int]:
    """Write the selected events to `target` ("-" is standard output) and return counts: events, and what the format could not place.

    Raises:
        UsageError: the format is unknown, or the target's folder does not exist.
    """
    check_format(form)
    with new_file(target) as out:
        return WRITERS[form](exported_events(engine, selection), out)


def check_format(form: str) -> None:
    """Raise UsageError for a format that there is not."""
    if form not in WRITERS:
        raise UsageError(f"Cannot export as {form!r}: the formats are {', '.join(FORMATS)}.")


@contextmanager
def new_file(target: str | Path) -> Iterator[BinaryIO]:
    """Open a binary file that replaces `target` at the end of the block, and vanishes if the block fails."""
    if str(target) == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = checked_target(Path(target))
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as part:
        try:
            yield part  # type: ignore[misc]  # NamedTemporaryFile is a binary file in all but name
            part.flush()
            os.fsync(part.fileno())
            _give_usual_mode(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def checked_target(path: Path) -> Path:
    """Return the path if a file can be made there. UsageError says what is in the way."""
    if path.is_dir():
        raise UsageError(f"Cannot write {path}: it is a folder. Name a file in it.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"Cannot write {path}: the folder {path.absolute().parent} does not exist. Create it first.")
    return path


def _give_usual_mode(descriptor: int) -> None:
    """Give a temporary file, which is made private, the mode that any new file has."""
    mask = os.umask(0)
    os.umask(mask)
    os.fchmod(descriptor, 0o666 & ~mask)
