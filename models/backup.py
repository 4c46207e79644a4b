"""Backup and restore, while others read: a copy of the file on SQLite, one zip of COPY streams on Postgres.

A backup is complete or absent: it is written beside its place and renamed. A restore takes the writer's lock and replaces everything or
nothing. Not here: moving between the two databases (load the articles again).
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, text

from dateline.errors import DatabaseError, RevisionError, UsageError
from models.engine import open_engine, sqlite_path
from models.errors import translate
from models.lock import hold_writer
from models.migrate import current, expected, require_current, upgrade
from models.tables import metadata

MANIFEST = "manifest.json"
PIECE = 1 << 20


def backup(url: str, path: Path) -> None:
    """Write the whole database, as it is at one moment, to `path`; an older backup there is replaced when the new one is complete.

    Raises:
        UsageError: the folder is missing or not writable.
        DatabaseError, RevisionError: the database cannot be read, or is at another revision.
    """
    engine = open_engine(url)
    try:
        require_current(engine)
        with _replacing(path) as temporary:
            if engine.dialect.name == "sqlite":
                _copy_sqlite(_source_path(engine), temporary)
            else:
                _dump_postgres(engine, temporary)
    finally:
        engine.dispose()


def restore(url: str, path: Path) -> None:
    """Replace the database by a backup of the same kind and revision.

    Raises:
        UsageError: the file is no backup of this kind of database, or is damaged.
        RevisionError: it is of another revision.
        DatabaseUnavailableError: a load is active.
        DatabaseError: the database cannot be written.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            _restore_sqlite(engine, path)
        else:
            _restore_postgres(engine, url, path)
    finally:
        engine.dispose()


def _restore_sqlite(engine: Engine, path: Path) -> None:
    """Copy the backup over the database; one that is too damaged to be opened is kept beside it as NAME.damaged."""
    _check_sqlite_backup(path)
    target = _source_path(engine)
    try:
        with hold_writer(engine, command="dateline db restore", wait=0.0):
            engine.dispose()
            _copy_sqlite(path, target)
    except DatabaseError as error:
        if error.code not in ("database_damaged", "not_dateline"):
            raise
        engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            part = target.with_name(target.name + suffix)
            if part.exists():
                part.replace(target.with_name(f"{target.name}.damaged{suffix}"))
        with hold_writer(engine, command="dateline db restore", wait=0.0):
            engine.dispose()
            _copy_sqlite(path, target)
    except sqlite3.Error as error:
        raise translate(error, str(target)) or DatabaseError(f"Cannot restore into {target}: {error}. The backup is untouched.") from error


def _source_path(engine: Engine) -> Path:
    path = sqlite_path(engine)
    if path is None:
        raise UsageError("Cannot back up or restore a database in memory. Name a file in DATELINE_DATABASE_URL.")
    return path


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as error:
        raise UsageError(f"Cannot write the backup {path}: {error.strerror}. Name a file in a folder that exists and is writable.", item=str(path)) from error
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        temporary.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"Cannot write the backup {path}: {error}. Free some space or choose another folder; nothing was replaced.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    with _closing(sqlite3.connect(source)) as reading, _closing(sqlite3.connect(target, isolation_level=None)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def _check_sqlite_backup(path: Path) -> None:
    try:
        with _closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise UsageError(f"Cannot restore {path}: it is no backup of a Dateline database on SQLite ({error}).", item=str(path)) from error
    if sound != "ok":
        raise UsageError(f"Cannot restore {path}: the file is damaged ({sound}). Take an older backup.", item=str(path))
    _check_revision(path, found[0] if found else None)


def _check_revision(path: Path, revision: str | None) -> None:
    if revision != expected():
        raise RevisionError(f"Cannot restore {path}: it is of revision {revision}, this version needs {expected()}. Restore it with the version that wrote it.")


def _dump_postgres(engine: Engine, target: Path) -> None:
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, True, 3) as box,
    ):
        connection.execute(text("SET TRANSACTION READ ONLY"))
        box.writestr(MANIFEST, json.dumps({"kind": "dateline backup", "revision": current(engine), "tables": [one.name for one in metadata.sorted_tables]}))
        cursor = connection.connection.cursor()
        for table in metadata.sorted_tables:
            with box.open(f"{table.name}.copy", "w", force_zip64=True) as out, cursor.copy(f"COPY {_named(table)} TO STDOUT") as stream:
                for piece in stream:
                    out.write(piece)


def _named(table: Table) -> str:
    return f'"{table.name}" ({", ".join(chr(34) + column.name + chr(34) for column in table.columns)})'


def _restore_postgres(engine: Engine, url: str, path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as box:
            broken = box.testzip()
            manifest = json.loads(box.read(MANIFEST))
            if broken is not None:
                raise UsageError(f"Cannot restore {path}: the file is damaged ({broken}). Take an older backup.", item=str(path))
            _check_revision(path, manifest.get("revision"))
            if current(engine) != expected():
                upgrade(url)
            with hold_writer(engine, command="dateline db restore", wait=0.0) as writer, writer.connection.begin():
                _refill(writer.connection, box)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise UsageError(f"Cannot restore {path}: it is no backup of a Dateline database on Postgres ({error}).", item=str(path)) from error


def _refill(connection: Connection, box: zipfile.ZipFile) -> None:
    tables = metadata.sorted_tables
    connection.execute(text("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables)))
    cursor: Any = connection.connection.cursor()
    for table in tables:
        with box.open(f"{table.name}.copy") as source, cursor.copy(f"COPY {_named(table)} FROM STDIN") as stream:
            while piece := source.read(PIECE):
                stream.write(piece)
    for table in tables:
        number = next(iter(table.primary_key.columns))
        if isinstance(number.type, Integer) and number.autoincrement is not False:
            counted = f'SELECT setval(pg_get_serial_sequence(:name, :column), GREATEST(1, (SELECT MAX("{number.name}") FROM "{table.name}")))'
            connection.execute(text(counted), {"name": f'"{table.name}"', "column": number.name})
    connection.execute(text("DELETE FROM writer"))
