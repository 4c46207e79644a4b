"""Moving a database between revisions, from a checkout or from an installed wheel: upgrade, downgrade, check, and what revision it is at.

Every migration runs in one transaction under the writer's lock, so that it refuses while a load is active and an interrupted one leaves the
old revision. The migrations themselves are in migrations/ (in the wheel: models/_migrations); migrations/env.py calls `run` back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Text, inspect, text

from dateline.errors import DatabaseError, RevisionError, UsageError
from models.columns import CleanText
from models.engine import open_engine, redact, sqlite_path
from models.lock import hold_writer
from models.tables import metadata
from models.views import create_views, drop_views, missing_views, view_readers

VERSION_TABLE = "alembic_version"
SEARCH_OBJECTS = "search_index"  # full-text index and its shadow tables: made by hand in a migration, unknown to the metadata


def migrations_folder() -> Path:
    """Return the folder of the migrations: beside this file in the wheel, at the project's root in a checkout."""
    shipped = Path(__file__).parent / "_migrations"
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / "migrations"


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


@lru_cache(maxsize=1)
def expected() -> str:
    """Return the revision that this code works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise DatabaseError(f"Cannot find migrations in {migrations_folder()}: the installation is incomplete. Install the package again.")
    return head


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None where it was never set up.

    Raises:
        DatabaseError: it holds other tables, so it is not a Dateline database.
    """
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
        revision = None
        if VERSION_TABLE in names:
            revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()
    foreign = names - set(metadata.tables) - {VERSION_TABLE}
    if foreign and not {"report", "event"} <= names:
        raise DatabaseError(
            f"Cannot use the database {redact(engine.url)}: it holds tables of something else ({', '.join(sorted(foreign)[:3])}). "
            "Name an empty or a Dateline database in DATELINE_DATABASE_URL.",
            code="not_dateline",
        )
    return revision


def require_current(engine: Engine) -> None:
    """Raise unless the database is at this code's revision.

    Raises:
        RevisionError: it is at another revision, or was never set up; the message says which way to go.
        DatabaseError: there is no such file, or it is something else.
    """
    path = sqlite_path(engine)
    where = redact(engine.url)
    if path is not None and not path.exists():
        raise DatabaseError(f"There is no database at {where} yet. `dateline run` or `dateline db upgrade` makes it.", code="database_missing")
    found, wanted = current(engine), expected()
    if found == wanted:
        return
    if found is None:
        raise RevisionError(f"The database {where} is empty; this version needs revision {wanted}. Run `dateline db upgrade`.")
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    advice = "Run `dateline db upgrade`." if found in known else "It was made by another version of Dateline: install that version, or restore a backup."
    raise RevisionError(f"The database {where} is at revision {found}; this version needs {wanted}. {advice}")


def upgrade(url: str, revision: str = "head") -> str:
    """Bring the database to a revision, making it where there is none; return the revision. DatabaseUnavailableError while a load is active."""
    return _migrate(url, command.upgrade, revision, "dateline db upgrade")


def downgrade(url: str, revision: str) -> str | None:
    """Take the database back to an earlier revision, such as "-1" or "base"; the views are gone until the next upgrade. Returns the revision."""
    return _migrate(url, command.downgrade, revision, "dateline db downgrade") or None


def _migrate(url: str, step: Callable[..., None], revision: str, name: str) -> str:
    engine = open_engine(url)
    try:
        _refuse_foreign(engine)
        with hold_writer(engine, command=name, wait=0.0) as writer:
            _use_write_ahead_log(engine)
            try:
                step(_config(connection=writer.connection), revision)
            except CommandError as error:
                raise UsageError(f"Cannot take the database {redact(url)} to revision {revision!r}: {error}.") from error
        return current(engine) or ""
    finally:
        engine.dispose()


def _refuse_foreign(engine: Engine) -> None:
    found = current(engine)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise RevisionError(
            f"The database {redact(engine.url)} is at revision {found}, which this version ({expected()}) does not know. "
            "It was made by another version of Dateline: install that version, or restore a backup."
        )
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise DatabaseError(f"Cannot use the database {redact(engine.url)}: its encoding is {encoding}. Create it with `createdb -E UTF8 -T template0`.")


def _use_write_ahead_log(engine: Engine) -> None:
    """Switch a SQLite file to WAL, so that readers never wait for a load; the setting stays with the file."""
    if sqlite_path(engine) is None:
        return
    raw = engine.raw_connection()
    try:
        raw.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
    finally:
        raw.close()


def check(url: str) -> list[str]:
    """Return what differs between the database and this code's tables and views; empty when they agree."""
    engine = open_engine(url)
    try:
        require_current(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=comparison_options())
            differences = [str(difference) for difference in compare_metadata(context, metadata)]
            return differences + [f"view {name} is missing" for name in missing_views(connection)]
    finally:
        engine.dispose()


def comparison_options() -> dict[str, Any]:
    """Return what autogenerate is to compare; env.py uses the same."""
    return {"compare_type": _differs, "target_metadata": metadata, "include_object": _is_ours}


def _differs(_context: object, _found_column: object, _wanted_column: object, found: object, wanted: object) -> bool | None:
    """Compare types as Alembic does (None), but for text: it would take the collation, which is Postgres' alone, for a difference."""
    return False if isinstance(found, Text) and isinstance(wanted, CleanText) else None


def _is_ours(_object: object, name: str | None, type_: str, _reflected: bool, _compare_to: object) -> bool:
    return not (type_ in ("table", "index") and name is not None and name.startswith(SEARCH_OBJECTS))


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Hold one transaction round a migration: views away, foreign keys unenforced on SQLite but checked at the end, views back at the head.

    SQLite alters a table by copying it; with foreign keys enforced the copy deletes the rows of every child table.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _pragma(connection, "foreign_keys = OFF")
    try:
        with connection.begin():
            readers = view_readers(connection)
            drop_views(connection)
            yield
            if MigrationContext.configure(connection).get_current_revision() == expected():
                create_views(connection, readers)
            if is_sqlite:
                _check_foreign_keys(connection)
    finally:
        if is_sqlite and not connection.closed:
            _pragma(connection, "foreign_keys = ON")


def _pragma(connection: Connection, setting: str) -> None:
    connection.connection.driver_connection.execute(f"PRAGMA {setting}")  # type: ignore[union-attr]


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseError(f"Cannot migrate the database: {len(broken)} rows would refer to rows that are gone, first in {broken[0][0]}. Nothing was changed.")
