"""Servers that a killed run left behind: Prefect starts one beside each run that has no PREFECT_API_URL, and kill -9 cannot take it along.

Here: a mark in the environment that such a server inherits, and ending those whose run is gone. Linux only; elsewhere nothing is done.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "DATELINE_RUN_PROCESS"
SERVER = b"prefect.server.api.server:create_app"


def mark_children() -> None:
    """Let whatever this process starts bear its number."""
    os.environ[MARK] = str(os.getpid())


def end_orphans(processes: Path = Path("/proc")) -> list[int]:
    """End the servers of runs that are gone, and return their process numbers."""
    ended = []
    for pid, owner in _marked_servers(processes):
        if owner != os.getpid() and not (processes / str(owner)).exists():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)
                ended.append(pid)
    return ended


def end_own(processes: Path = Path("/proc")) -> None:
    """End the servers that were started for this process."""
    for pid, owner in _marked_servers(processes):
        if owner == os.getpid():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)


def _marked_servers(processes: Path) -> Iterator[tuple[int, int]]:
    """Yield (server, the run it was started for) of this user's servers."""
    for entry in processes.iterdir() if processes.is_dir() else ():
        if not entry.name.isdigit():
            continue
        try:
            if SERVER not in (entry / "cmdline").read_bytes():
                continue
            given = dict(part.split(b"=", 1) for part in (entry / "environ").read_bytes().split(b"\0") if b"=" in part)
        except OSError:
            continue
        owner = given.get(MARK.encode(), b"")
        if owner.isdigit():
            yield int(entry.name), int(owner)
