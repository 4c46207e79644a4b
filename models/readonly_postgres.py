"""Free SQL on Postgres through a login that can only read, and the proof that it is one. readonly.py is its front."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors as postgres
from sqlalchemy.engine import URL

from dateline.errors import ConfigurationError, DatelineError, UsageError
from models.engine import POSTGRES_ARGUMENTS, parse_url, redact
from models.errors import translate
from models.views import VIEWS

HOW = "Make one with `dateline db grant --reader NAME` and set DATELINE_READER_URL to the URL that it prints."

# Each row is something that the login may do beyond reading; none may be left.
_POWERS = """
    SELECT 'is a superuser or may make roles, databases or replicas' FROM pg_roles
        WHERE rolname = session_user AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
    UNION ALL SELECT 'belongs to the role ' || r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
        WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    UNION ALL SELECT 'owns the database ' || datname FROM pg_database WHERE datdba = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    UNION ALL SELECT 'owns ' || relname FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    UNION ALL SELECT 'owns the schema ' || nspname FROM pg_namespace WHERE nspowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    UNION ALL SELECT 'owns the function ' || proname FROM pg_proc WHERE proowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)
    UNION ALL SELECT 'may create in the schema ' || nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(session_user, oid, 'CREATE')
    UNION ALL SELECT 'may make temporary tables' WHERE has_database_privilege(session_user, current_database(), 'TEMPORARY')
    UNION ALL SELECT 'may write to ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v', 'p', 'm', 'f')
            AND (has_table_privilege(session_user, c.oid, 'INSERT') OR has_table_privilege(session_user, c.oid, 'UPDATE')
                OR has_table_privilege(session_user, c.oid, 'DELETE') OR has_table_privilege(session_user, c.oid, 'TRUNCATE'))
    LIMIT 1"""


def query_postgres(url: str, reader_url: str | None, query: str, *, seconds: float, rows: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the columns and at most rows + 1 rows of one statement, run by the reading login."""
    login = _reader(url, reader_url)
    try:
        with psycopg.connect(_conninfo(login), autocommit=True, **_arguments()) as connection:
            _require_reader(connection, login)
            return _stream(connection, query, seconds, rows)
    except psycopg.Error as error:
        raise _explained(error, login, seconds) from error


def _reader(url: str, reader_url: str | None) -> URL:
    if not reader_url:
        raise ConfigurationError(f"Cannot run SQL on Postgres without a login that can only read. {HOW}", code="reader_missing")
    login, database = parse_url(reader_url), parse_url(url)
    if login.get_backend_name() != "postgresql":
        raise ConfigurationError(f"DATELINE_READER_URL is no Postgres URL. {HOW}", code="reader_missing")
    return login.set(database=login.database or database.database)


def _conninfo(login: URL) -> str:
    return login.set(drivername="postgresql").render_as_string(hide_password=False)


def _arguments() -> dict[str, Any]:
    return {**POSTGRES_ARGUMENTS, "application_name": "dateline sql"}


def _require_reader(connection: psycopg.Connection[Any], login: URL) -> None:
    power = connection.execute(_POWERS).fetchone()
    if power is not None:
        who = login.username or "the login"
        raise ConfigurationError(
            f"Cannot run SQL as {who!r} of DATELINE_READER_URL: it {power[0]}, so it could do more than read. {HOW}", code="reader_powerful"
        )


def _stream(connection: psycopg.Connection[Any], query: str, seconds: float, rows: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Run the statement in a read-only transaction by the extended protocol, which takes one statement, and stop reading after enough rows."""
    found: list[tuple[Any, ...]] = []
    connection.execute("BEGIN READ ONLY")
    connection.execute(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
    with connection.cursor() as cursor:
        answers = cursor.stream(query.encode())
        columns: tuple[str, ...] = ()
        for row in answers:
            columns = columns or tuple(one.name for one in cursor.description or ())
            found.append(row)
            if len(found) > rows:
                break
        answers.close()  # type: ignore[attr-defined]
    columns = columns or _described(connection, query)
    connection.execute("ROLLBACK")
    return columns, found


def _described(connection: psycopg.Connection[Any], query: str) -> tuple[str, ...]:
    """Return the columns of a statement that gave no row; a stream without rows does not name them."""
    connection.pgconn.prepare(b"described", query.encode())
    answer = connection.pgconn.describe_prepared(b"described")
    return tuple((answer.fname(number) or b"").decode() for number in range(answer.nfields))


def _explained(error: psycopg.Error, login: URL, seconds: float) -> DatelineError:
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, postgres.QueryCanceled):
        return UsageError(f"The query was ended after {seconds:g} seconds. Narrow it (dates, LIMIT) or allow more time.", code="time_limit")
    if isinstance(error, postgres.InsufficientPrivilege | postgres.ReadOnlySqlTransaction):
        return UsageError(f"Cannot run this statement: only SELECT over the views ({', '.join(VIEWS)}) is possible here. ({said})", code="not_read_only")
    if isinstance(error, postgres.StatementTooComplex | postgres.ProgramLimitExceeded | postgres.OutOfMemory):
        return UsageError(f"The query needs more memory than it may have ({said}). Narrow it, or split it.", code="memory_limit")
    if "multiple commands" in said:
        return UsageError("Cannot run more than one statement at a time. Run them one by one.", code="several_statements")
    known = translate(error, redact(login))
    if known is not None and not isinstance(error, postgres.UndefinedTable):
        return known
    return UsageError(f"Cannot run this query: {said}. The views are {', '.join(VIEWS)}; docs/contract.md lists their columns.", code="sql")
