"""Free SQL that can only read: `run_query`, with a limit on time and rows, on both databases.

SQLite: the file is opened read-only, an authorizer lets nothing through but SELECT on our views, the statement must also compile where nothing but
the views exists, and a progress handler ends what takes too long.
Postgres: a READ ONLY transaction is not enough (a superuser's still runs COPY TO PROGRAM, and set_config undoes SET ROLE), so only a login that
owns nothing, is no superuser, belongs to no other role and cannot write is let in (readonly_postgres.py).
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.errors import DatabaseError, UsageError
from models.engine import open_engine, parse_url, sqlite_path
from models.errors import translate
from models.migrate import require_current
from models.readonly_postgres import query_postgres
from models.views import VIEWS

LONGEST_VALUE = 16 * 1024 * 1024  # bytes in one value
MOST_MEMORY = 1024 * 1024 * 1024  # bytes that SQLite may use in this process
STEPS = 10_000  # SQLite instructions between two looks at the clock
CATALOGUE = {"sqlite_master", "sqlite_schema"}
# printf pads to any width inside one instruction, where the time limit cannot reach: two thousand million blanks took three minutes
FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "printf", "format"}


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer. `truncated` says that there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    truncated: bool = False


def run_query(url: str, query: str, *, seconds: float = 30.0, rows: int = 10_000, reader_url: str | None = None) -> QueryResult:
    """Run one SELECT over the views and return at most `rows` rows.

    Args:
        url: the database.
        query: one statement.
        seconds: the time it may take.
        rows: the rows to return at most.
        reader_url: on Postgres the URL with the reading login (DATELINE_READER_URL).

    Raises:
        UsageError: the statement is wrong, tries to write, or takes too long.
        ConfigurationError: on Postgres, no reading login is set, or it may do more than read.
        DatabaseError, RevisionError: the database cannot be used.
    """
    if not query.strip():
        raise UsageError("There is no query. Give one SELECT, such as `SELECT event_type, COUNT(*) FROM v_events GROUP BY 1`.", code="sql")
    if parse_url(url).get_backend_name() == "postgresql":
        columns, found = query_postgres(url, reader_url, query, seconds=seconds, rows=rows)
    else:
        columns, found = _query_sqlite(url, query, seconds=seconds, rows=rows)
    return QueryResult(columns, found[:rows], len(found) > rows)


def _query_sqlite(url: str, query: str, *, seconds: float, rows: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    engine = open_engine(url)
    require_current(engine)
    path = sqlite_path(engine)
    engine.dispose()
    if path is None:
        raise UsageError("Cannot query a database in memory. Name a file in DATELINE_DATABASE_URL.")
    connection = _open_guarded(path, seconds)
    try:
        cursor = connection.execute(query)
        _require_views_alone(connection, query)
        return tuple(one[0] for one in cursor.description or ()), cursor.fetchmany(rows + 1)
    except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:
        raise _explained(error, str(path), seconds) from error
    finally:
        connection.close()


def _open_guarded(path: Path, seconds: float) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA hard_heap_limit = {MOST_MEMORY}")
    except sqlite3.Error as error:
        raise translate(error, str(path)) or DatabaseError(f"Cannot open the database {path}: {error}.") from error
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), STEPS)
    connection.set_authorizer(_authorize)
    return connection


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, inside: str | None) -> int:
    """Let SELECT read our views (what they read in turn has their name as `inside`) and the catalogue, and call harmless functions."""
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (inside in VIEWS or first in VIEWS or first in CATALOGUE or not first):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second not in FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _require_views_alone(connection: sqlite3.Connection, query: str) -> None:
    """Raise UsageError where the statement names anything but our views.

    The authorizer cannot tell a view from a common table expression of its name (`WITH v_events AS (SELECT * FROM article) ...`), so the statement
    is compiled, not run, where nothing but tables of the views' names exists.
    """
    with closing(sqlite3.connect(":memory:")) as bare:
        for view in VIEWS:
            columns = ", ".join(f'"{one[0]}"' for one in connection.execute(f"SELECT * FROM {view} LIMIT 0").description)
            bare.execute(f"CREATE TABLE {view} ({columns})")
        bare.set_authorizer(_authorize)
        try:
            bare.execute(query if re.match(r"\s*explain\b", query, re.IGNORECASE) else f"EXPLAIN {query}")
        except sqlite3.Error as error:
            if "no such table" in str(error):
                raise _not_allowed() from error
            raise


def _not_allowed() -> UsageError:
    return UsageError(f"Cannot run this statement: only SELECT over the views ({', '.join(VIEWS)}) is possible here.", code="not_read_only")


def _explained(error: BaseException, where: str, seconds: float) -> UsageError | Exception:
    said = str(error)
    if "interrupted" in said:
        return UsageError(f"The query was ended after {seconds:g} seconds. Narrow it (dates, LIMIT) or allow more time.", code="time_limit")
    if isinstance(error, MemoryError) or "too big" in said:
        return UsageError("The query needs more memory than it may have. Narrow it (dates, LIMIT, shorter values).", code="memory_limit")
    if "not authorized" in said or "prohibited" in said or "readonly" in said:
        return _not_allowed()
    if "one statement" in said:
        return UsageError("Cannot run more than one statement at a time. Run them one by one.", code="several_statements")
    if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and (known := translate(error, where)) is not None and "no such" not in said:
        return known
    return UsageError(f"Cannot run this query: {said}. The views are {', '.join(VIEWS)}; docs/contract.md lists their columns.", code="sql")
