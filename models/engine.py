"""Engines for SQLite and Postgres, set up so that nothing is lost, and errors that say what is wrong with the database.

Here: `open_engine`, the translation of driver errors (errors.py holds the wording), and `begin_write`. SQLite's legacy transactions lose updates
silently, so the driver's own are off and writers BEGIN IMMEDIATE (measured: 52 of 200 updates kept against 200 of 200). Who may write is in
lock.py, which comes next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from dateline.errors import ConfigurationError, DatabaseError
from models.errors import translate

BUSY_SECONDS = 10.0
POSTGRES_ARGUMENTS = {
    "connect_timeout": 10,
    "application_name": "dateline",
    "client_encoding": "utf8",
    # A writer whose machine vanished is noticed within two minutes, and its lock is free.
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 6,
}


def parse_url(url: str) -> URL:
    """Return the URL with psycopg 3 as Postgres' driver. ConfigurationError for anything but SQLite and Postgres."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            f"Cannot read the database URL {url.split('@')[-1]!r}: it is no URL. Use sqlite:///file.db or postgresql://user:password@host/name."
        ) from None
    backend = parsed.drivername.split("+")[0]
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    raise ConfigurationError(f"Cannot use a database of kind {backend!r}: Dateline knows sqlite:///file.db and postgresql://user:password@host/name.")


def redact(url: str | URL) -> str:
    """Return the URL as people may see it, without a password."""
    parsed = parse_url(url) if isinstance(url, str) else url
    return parsed.render_as_string(hide_password=True).replace("postgresql+psycopg://", "postgresql://")


def sqlite_path(engine: Engine) -> Path | None:
    """Return the file of a SQLite database; None for Postgres and for a database in memory."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)


def open_engine(url: str) -> Engine:
    """Return an engine for the database; nothing is connected or created yet.

    Raises:
        ConfigurationError: the URL is not one that Dateline can use.
        DatabaseError: SQLite's folder is missing, or its path is a folder.
    """
    parsed = parse_url(url)
    engine = _sqlite_engine(parsed) if parsed.drivername == "sqlite" else create_engine(parsed, connect_args=POSTGRES_ARGUMENTS, pool_pre_ping=True)
    event.listen(engine, "handle_error", _raise_translated)
    return engine


def _sqlite_engine(parsed: URL) -> Engine:
    in_memory = not parsed.database or parsed.database == ":memory:"
    if not in_memory:
        _check_location(Path(str(parsed.database)))
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(parsed, connect_args=arguments, poolclass=StaticPool) if in_memory else create_engine(parsed, connect_args=arguments)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_location(path: Path) -> None:
    if path.is_dir():
        raise DatabaseError(f"Cannot open the database {path}: it is a folder. Name a file in it, such as {path / 'dateline.db'}.", item=str(path))
    if not path.absolute().parent.is_dir():
        raise DatabaseError(f"Cannot open the database {path}: the folder {path.absolute().parent} does not exist. Create it first.", item=str(path))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -65536")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dateline_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _raise_translated(context: ExceptionContext) -> None:
    engine = context.engine
    where = redact(engine.url) if engine is not None else "the database"
    error = translate(context.original_exception, where)
    if error is not None:
        raise error from context.original_exception


@contextmanager
def begin_write(engine: Engine) -> Iterator[Connection]:
    """Open a connection in a write transaction that commits at the end of the block and rolls back on an exception."""
    with engine.connect().execution_options(dateline_write=True) as connection, connection.begin():
        yield connection
