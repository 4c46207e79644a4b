"""What the drivers' errors mean to a user: full, read-only, unreachable, locked, damaged, not upgraded.

Here: `translate`, from an exception of sqlite3 or psycopg to one of dateline.errors, or None where the error is ours (a constraint, a syntax
error). engine.py applies it to every statement.
"""

from __future__ import annotations

import sqlite3

import psycopg
from psycopg import errors as postgres

from dateline.errors import DatabaseError, DatabaseUnavailableError, DatelineError, RevisionError

_SQLITE = (
    ("database or disk is full", DatabaseError, "database_full", "the disk is full; the last load was undone. Free some space and run the same command again"),
    ("disk i/o error", DatabaseError, "database_full", "the disk is full or failing; the last load was undone. Check the disk and run the same command again"),
    (
        "readonly database",
        DatabaseError,
        "database_readonly",
        "the file or its folder is read-only. Make both writable, or choose another DATELINE_DATABASE_URL",
    ),
    ("unable to open database file", DatabaseError, "database_readonly", "the file cannot be opened or created. Check that its folder exists and is writable"),
    ("file is not a database", DatabaseError, "not_dateline", "the file is not a SQLite database. Choose another DATELINE_DATABASE_URL"),
    ("malformed", DatabaseError, "database_damaged", "the file is damaged. Restore a copy with `dateline db restore`"),
    ("database is locked", DatabaseUnavailableError, "database_locked", "another program is writing to it. Close it or try again"),
    ("no such table", RevisionError, "revision", "it has not been set up for this version. Run `dateline db upgrade`"),
    ("no such column", None, "", ""),
)
_POSTGRES: tuple[tuple[type[BaseException], type[DatelineError], str, str], ...] = (
    (postgres.DiskFull, DatabaseError, "database_full", "the server's disk is full; the last load was undone. Free some space and run the same command again"),
    (postgres.ReadOnlySqlTransaction, DatabaseError, "database_readonly", "the server is read-only. Connect to the primary server"),
    (postgres.InsufficientPrivilege, DatabaseError, "database_privilege", "this login may not do that. `dateline db grant` gives a login its rights"),
    (postgres.UndefinedTable, RevisionError, "revision", "it has not been set up for this version. Run `dateline db upgrade`"),
    (postgres.InvalidCatalogName, DatabaseError, "database_missing", "there is no such database on the server. Create it with `createdb`"),
    (postgres.TooManyConnections, DatabaseUnavailableError, "database_unavailable", "the server has no connection left. Try again later"),
    (postgres.LockNotAvailable, DatabaseUnavailableError, "database_locked", "another program holds it. Try again"),
    (postgres.QueryCanceled, DatabaseUnavailableError, "database_timeout", "the statement took longer than allowed"),
)


def translate(error: BaseException | None, where: str) -> DatelineError | None:
    """Return what a driver's error means for the user of the database at `where`; None where it is not the database's condition."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, where)
    if isinstance(error, psycopg.Error):
        return _of_postgres(error, where)
    return None


def _of_sqlite(error: sqlite3.Error, where: str) -> DatelineError | None:
    text = str(error).lower()
    for words, kind, code, advice in _SQLITE:
        if words in text:
            return None if kind is None else kind(f"Cannot use the database {where}: {advice}. (SQLite: {error})", code=code, item=where)
    return None


def _of_postgres(error: psycopg.Error, where: str) -> DatelineError | None:
    whole = str(error).strip()
    said = whole.splitlines()
    first = said[-1] if said and "failed: " in said[-1] else said[0] if said else type(error).__name__
    for kind, meaning, code, advice in _POSTGRES:
        if isinstance(error, kind):
            return meaning(f"Cannot use the database {where}: {advice}. (Postgres: {first})", code=code, item=where)
    if 'database "' in whole and "does not exist" in whole:
        return DatabaseError(f"Cannot use the database {where}: there is no such database on the server. Create it with `createdb`.", code="database_missing")
    if isinstance(error, psycopg.OperationalError):
        return DatabaseUnavailableError(f"Cannot reach the database {where}: {first}. Check that the server runs and that the URL is right.", item=where)
    return None
