"""Logins on Postgres: a reader that may SELECT from the views and nothing else, and a loader that may load but change no table's form.

Roles belong to the whole server, so they are made by this command, not by a migration. Not here: using the reader's login (readonly.py).
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, text

from dateline.errors import DatabaseError, UsageError
from models.engine import open_engine, parse_url
from models.migrate import require_current
from models.views import VIEWS

READER_SECONDS = 60


def grant(url: str, *, reader: str | None = None, loader: str | None = None) -> list[str]:
    """Make the logins where they are missing and give them their rights, and no others, on this database.

    Returns:
        Lines for people; for a new login its URL with the password, which is shown this once.

    Raises:
        UsageError: SQLite has no logins, or a login has more rights than it may have.
        DatabaseError: the present login may not make roles.
    """
    if parse_url(url).get_backend_name() != "postgresql":
        raise UsageError("Cannot grant anything on SQLite: it has no logins. Whoever can read the file can read everything, and `dateline sql` only reads.")
    engine = open_engine(url)
    try:
        require_current(engine)
        lines = []
        with engine.begin() as connection:
            _close_to_public(connection)
            for role, give in ((reader, _give_reader), (loader, _give_loader)):
                if role is not None:
                    lines.append(_ensure_login(connection, role, url))
                    give(connection, quoted(connection, role))
        return lines
    finally:
        engine.dispose()


def quoted(connection: Connection, name: str) -> str:
    """Return a name as an SQL identifier."""
    return str(connection.dialect.identifier_preparer.quote_identifier(name))


def _ensure_login(connection: Connection, role: str, url: str) -> str:
    found = connection.execute(text("SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = :role"), {"role": role})
    powerful = found.scalar_one_or_none()
    if powerful:
        raise UsageError(f"Cannot grant to {role!r}: it may do more than read or load (superuser, createrole, replication). Name another login.", item=role)
    if powerful is not None:
        return f"{role}: its rights on this database are renewed."
    password = secrets.token_urlsafe(24)
    try:
        connection.execute(text(f"CREATE ROLE {quoted(connection, role)} LOGIN NOINHERIT PASSWORD '{password}'"))
    except DatabaseError as error:
        raise DatabaseError(f"Cannot make the login {role!r}: the present login may not create roles. Run this as the database's owner.") from error
    shown = parse_url(url).set(drivername="postgresql", username=role, password=password).render_as_string(hide_password=False)
    return f"{role}: made. Its URL, shown this once: {shown}"


def _close_to_public(connection: Connection) -> None:
    database = quoted(connection, str(connection.scalar(text("SELECT current_database()"))))
    connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"))
    connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))


def _give_reader(connection: Connection, role: str) -> None:
    database = quoted(connection, str(connection.scalar(text("SELECT current_database()"))))
    for statement in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(VIEWS)} TO {role}",
        f"ALTER ROLE {role} IN DATABASE {database} SET default_transaction_read_only = on",
        f"ALTER ROLE {role} IN DATABASE {database} SET statement_timeout = '{READER_SECONDS}s'",
    ):
        connection.execute(text(statement))


def _give_loader(connection: Connection, role: str) -> None:
    database = quoted(connection, str(connection.scalar(text("SELECT current_database()"))))
    for statement in (
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
    ):
        connection.execute(text(statement))
