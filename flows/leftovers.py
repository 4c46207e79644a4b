"""Folders that last as long as their process, and those that a killed process left behind.

Here: `own_folder`, which makes a folder and holds a lock on it that dies with this process, and `sweep`, which removes the folders whose lock
nobody holds. Another process's folder in use is never touched, whatever its age, nor is one of another user. Not here: what lies in them
(flows.spool), servers that were left behind (flows.orphans).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def own_folder(prefix: str, parent: Path | None = None) -> tuple[Path, int]:
    """Make a folder named `prefix` and something random, and return it with the descriptor that holds its lock until this process ends."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        held = _hold(folder)
        if held is not None and folder.exists():
            return folder, held
        if held is not None:  # swept between its making and its locking
            os.close(held)


def drop_folder(folder: Path, held: int) -> None:
    """Remove a folder of `own_folder` and let go of its lock."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        os.close(held)


def sweep(prefix: str, parent: Path | None = None, *, before: Callable[[Path], None] | None = None) -> list[Path]:
    """Remove the folders named `prefix` whose process is gone, and return them; `before` is called with each first."""
    removed = []
    for folder in Path(parent or tempfile.gettempdir()).glob(f"{prefix}*"):
        with _abandoned(folder) as is_so:
            if is_so:
                if before is not None:
                    before(folder)
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return removed


@contextmanager
def _abandoned(folder: Path) -> Iterator[bool]:
    """Yield whether the folder is ours to remove, and keep its lock for the length of the block."""
    held = None
    with suppress(OSError):
        held = _hold(folder) if not folder.is_symlink() and folder.stat().st_uid == os.getuid() else None
    try:
        yield held is not None
    finally:
        if held is not None:
            os.close(held)


def _hold(folder: Path) -> int | None:
    """Return a descriptor with the folder's lock, or None where another process holds it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
