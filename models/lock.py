"""One writer at a time: the lock, the writer's name, and what a dead writer left behind.

The lock itself dies with its holder: on SQLite a POSIX record lock on `<file>.lock` (not inherited by forked workers), on Postgres a session
advisory lock on the connection that writes. The row in `writer` only says who it is. Whoever gets the lock closes load rows that still say
"running": their process is gone. Not here: what is written under the lock (load.py, migrate.py).
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, inspect, select, text, update

from dateline.errors import DatabaseError, DatabaseUnavailableError
from models.columns import utc_now
from models.engine import begin_write, redact, sqlite_path
from models.tables import load, writer

ADVISORY_KEY = 7_311_968_042_023  # any constant; advisory locks are local to one Postgres database
POLL_SECONDS = 0.1
_held_here: set[str] = set()
_held_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes to a database: `since` is when it took the lock."""

    host: str
    pid: int
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"`{self.command}` (process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M:%S} UTC)"


@dataclass(frozen=True, slots=True)
class Writer:
    """The right to write, with the one connection that may. Get it from `hold_writer`."""

    engine: Engine
    connection: Connection
    holder: Holder
    interrupted: tuple[int, ...] = ()  # loads of a dead writer that were closed on taking over


@contextmanager
def hold_writer(engine: Engine, *, command: str, wait: float = 10.0) -> Iterator[Writer]:
    """Hold the right to write for the length of the block.

    Args:
        engine: the database.
        command: what people call this work, such as "dateline run".
        wait: seconds to wait for another writer to end; 0 asks once.

    Raises:
        DatabaseUnavailableError: another writer holds the database; the message says who and since when.
    """
    holder = Holder(socket.gethostname(), os.getpid(), command, utc_now())
    hold = _hold_file if engine.dialect.name == "sqlite" else _hold_advisory
    with hold(engine, wait) as connection:
        interrupted = _announce(connection, holder)
        try:
            yield Writer(engine, connection, holder, interrupted)
        finally:
            _leave(connection)


@contextmanager
def _hold_file(engine: Engine, wait: float) -> Iterator[Connection]:
    path = sqlite_path(engine)
    release: Callable[[], None] | None = None
    if path is not None:
        release = _patiently(lambda: _lock_file(path), wait, engine)
    try:
        with engine.connect().execution_options(dateline_write=True) as connection:
            yield connection
    finally:
        if release is not None:
            release()


def _lock_file(path: Path) -> Callable[[], None] | None:
    """Return what releases the lock, or None where another holds it. A record lock does not exclude its own process, hence `_held_here`."""
    key = str(path.resolve())
    with _held_guard:
        if key in _held_here:
            return None
        lock_path = f"{key}.lock"
        try:
            descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise DatabaseError(
                f"Cannot write to the database {path}: its lock file {lock_path} cannot be opened ({error.strerror}). Make the folder writable.",
                code="database_readonly",
                item=str(path),
            ) from error
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        _held_here.add(key)

    def release() -> None:
        with _held_guard:
            _held_here.discard(key)
            os.close(descriptor)

    return release


@contextmanager
def _hold_advisory(engine: Engine, wait: float) -> Iterator[Connection]:
    with engine.connect() as connection:
        _patiently(lambda: _lock_advisory(connection), wait, engine)
        try:
            yield connection
        finally:
            if not connection.closed and not connection.invalidated:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
                connection.commit()


def _lock_advisory(connection: Connection) -> Callable[[], None] | None:
    got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar_one()
    if not got:
        _end_orphaned_session(connection)
    connection.commit()
    return (lambda: None) if got else None


def _end_orphaned_session(connection: Connection) -> None:
    """End the lock's session where its process is gone: a forked worker that outlives it can keep its socket open."""
    if not inspect(connection).has_table("writer"):
        return
    row = connection.execute(select(writer.c.host, writer.c.pid)).first()
    if row is None or row.host != socket.gethostname() or _is_alive(row.pid):
        return
    holding = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    match_key = " AND (classid::bigint << 32) + objid::bigint = :key"
    connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({holding}{match_key}) AS holder"), {"key": ADVISORY_KEY})


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def _patiently(attempt: Callable[[], Callable[[], None] | None], wait: float, engine: Engine) -> Callable[[], None]:
    deadline = time.monotonic() + wait
    while True:
        release = attempt()
        if release is not None:
            return release
        if time.monotonic() >= deadline:
            raise _occupied(engine)
        time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def _occupied(engine: Engine) -> DatabaseUnavailableError:
    holder = named_writer(engine)
    who = str(holder) if holder is not None else "another process"
    return DatabaseUnavailableError(
        f"Cannot write to the database {redact(engine.url)}: {who} is writing to it. Wait until it has finished, or end it.", code="database_locked"
    )


def _announce(connection: Connection, holder: Holder) -> tuple[int, ...]:
    """Write the holder's name and close the load rows of a dead writer. Before the first migration there is nothing to write to."""
    names = set(inspect(connection).get_table_names())
    connection.rollback()
    if not {"writer", "load"} <= names:
        return ()
    with connection.begin():
        stale = tuple(connection.scalars(select(load.c.load_id).where(load.c.status == "running").order_by(load.c.load_id)))
        if stale:
            closing = update(load).where(load.c.status == "running")
            message = "its process ended before it was done; nothing of it was written"
            connection.execute(closing.values(status="interrupted", finished_at=holder.since, message=message))
        connection.execute(delete(writer))
        connection.execute(insert(writer).values(writer_id=1, host=holder.host, pid=holder.pid, command=holder.command, since=holder.since))
    return stale


def _leave(connection: Connection) -> None:
    if connection.closed or connection.invalidated:
        return
    connection.rollback()
    if inspect(connection).has_table("writer"):
        connection.rollback()
        # A full disk must not hide the error that filled it: the name may stay, the lock itself is released all the same.
        with suppress(DatabaseError), connection.begin():
            connection.execute(delete(writer))


def named_writer(engine: Engine) -> Holder | None:
    """Return the last writer that has not signed off; it may be dead (see `current_writer`)."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("writer"):
            return None
        row = connection.execute(select(writer)).first()
    return None if row is None else Holder(row.host, row.pid, row.command, row.since)


def current_writer(engine: Engine) -> Holder | None:
    """Return who holds the database now, or None where nobody does."""
    path = sqlite_path(engine)
    if engine.dialect.name == "sqlite":
        if path is None or not Path(f"{path.resolve()}.lock").exists():
            return None
        release = _lock_file(path)
        if release is None:
            return named_writer(engine)
        release()
        return None
    with begin_write(engine) as connection:
        free = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar_one()
        if free:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
    return None if free else named_writer(engine)
