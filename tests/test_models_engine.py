from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text

from dateline.errors import ConfigurationError, DatabaseError, DatabaseUnavailableError, RevisionError
from models import migrate
from models.engine import begin_write, open_engine, parse_url, redact
from models.tables import place, source

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:secret@host/news", "postgresql://ann:***@host/news"),
        ("postgres://ann:secret@host/news", "postgresql://ann:***@host/news"),
        ("postgresql+psycopg2://host/news", "postgresql://host/news"),
        ("sqlite:///a.db", "sqlite:///a.db"),
    ],
)
def test_urls_are_rewritten_and_shown_without_password(url: str, shown: str) -> None:
    assert redact(url) == shown
    assert parse_url(url).drivername in ("postgresql+psycopg", "sqlite")


@pytest.mark.parametrize("url", ["mysql://host/news", "news.db", "", "oracle://ann:secret@host/x"])
def test_other_urls_are_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_engine(url)
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_unreachable_server_is_said_without_password() -> None:
    with (
        pytest.raises(DatabaseUnavailableError, match="Cannot reach the database") as caught,
        open_engine("postgresql://ann:secret@127.0.0.1:1/news").connect(),
    ):
        pass
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code == 4


def test_missing_database_on_the_server(postgres_server: str) -> None:
    url = parse_url(postgres_server).set(database="no_such").render_as_string(hide_password=False)
    with pytest.raises(DatabaseError, match=r"no such database"):
        migrate.upgrade(url)


def test_a_folder_as_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="it is a folder"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="does not exist"):
        open_engine(f"sqlite:///{tmp_path}/none/dateline.db")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_bytes(b"PDF-1.7 " * 1000)
    with pytest.raises(DatabaseError, match="not a SQLite database") as caught:
        migrate.upgrade(f"sqlite:///{path}")
    assert caught.value.code == "not_dateline"
    assert path.read_bytes() == b"PDF-1.7 " * 1000


def test_somebody_elses_database(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    with begin_write(engine) as connection:
        connection.execute(text("CREATE TABLE invoices (number INTEGER)"))
    with pytest.raises(DatabaseError, match="invoices") as caught:
        migrate.upgrade(empty_database_url)
    assert caught.value.exit_code == 4


def test_an_empty_database_is_told_to_upgrade(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url)
    if engine.dialect.name == "sqlite":
        with pytest.raises(DatabaseError, match="There is no database"):
            migrate.require_current(engine)
        sqlite3.connect(str(engine.url.database)).close()
        Path(str(engine.url.database)).touch()
    with pytest.raises(RevisionError, match="dateline db upgrade") as caught:
        migrate.require_current(engine)
    assert caught.value.exit_code == 5


def test_another_revision_is_said(database_url: str) -> None:
    engine = open_engine(database_url)
    with begin_write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RevisionError, match="another version of Dateline"):
        migrate.require_current(engine)
    with pytest.raises(RevisionError, match="does not know"):
        migrate.upgrade(database_url)
    engine.dispose()


READ_ONLY = """
import os, sys
from dateline.errors import DatelineError
from models import migrate
from models.engine import open_engine
from models.lock import hold_writer
migrate.upgrade("sqlite://")  # every module is loaded before the rights are gone
os.setgid(65534); os.setuid(65534)
try:
    if sys.argv[2] == "make":
        migrate.upgrade(sys.argv[1])
    else:
        with hold_writer(open_engine(sys.argv[1]), command="test", wait=0):
            pass
except DatelineError as error:
    print(type(error).__name__, error.exit_code, error)
else:
    print("no error")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user to whom the folder is read-only")
@pytest.mark.parametrize("step", ["make", "write"])
def test_a_read_only_folder(tmp_path: Path, sqlite_template: Path, step: str) -> None:
    folder = Path("/tmp") / f"dateline-ro-{os.getpid()}-{step}"
    folder.mkdir(mode=0o755)
    try:
        path = folder / "dateline.db"
        if step == "write":
            path.write_bytes(sqlite_template.read_bytes())
        done = subprocess.run([sys.executable, "-c", READ_ONLY, f"sqlite:///{path}", step], cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.stdout.startswith("DatabaseError 4 Cannot"), done.stdout + done.stderr
        assert "writable" in done.stdout
        assert path.exists() == (step == "write")
    finally:
        for one in folder.iterdir():
            one.unlink()
        folder.rmdir()


def test_moments_come_back_in_utc_and_naive_ones_are_refused(engine: Engine) -> None:
    moment = datetime.fromisoformat("2023-07-11T09:30:00+09:00")
    with begin_write(engine) as connection:
        connection.execute(insert(source).values(name="wire", first_seen=moment))
        assert connection.scalar(select(source.c.first_seen)) == datetime(2023, 7, 11, 0, 30, tzinfo=UTC)
    with pytest.raises(Exception, match="no time zone"), begin_write(engine) as connection:
        connection.execute(insert(source).values(name="other", first_seen=datetime(2023, 7, 11)))  # noqa: DTZ001


def test_nan_and_nul_are_stored_alike(engine: Engine) -> None:
    with begin_write(engine) as connection:
        row = {"place_id": "p1", "name": "Vil\x00ni\ud800us", "latitude": float("nan"), "longitude": float("inf")}
        connection.execute(insert(place).values(**row))
        found = connection.execute(select(place.c.name, place.c.latitude, place.c.longitude)).one()
    assert tuple(found) == ("Vil\ufffdni\ufffdus", None, None)


def test_writers_of_one_file_lose_no_update(sqlite_url: str) -> None:
    code = """
import sys
from sqlalchemy import text
from models.engine import begin_write, open_engine
engine = open_engine(sys.argv[1])
for _ in range(25):
    with begin_write(engine) as connection:
        now = connection.scalar(text("SELECT value FROM watermark"))
        connection.execute(text("UPDATE watermark SET value = :new"), {"new": str(int(now) + 1)})
"""
    engine = open_engine(sqlite_url)
    with begin_write(engine) as connection:
        connection.execute(text("INSERT INTO watermark (source, name, value, changed_at) VALUES ('s', 'n', '0', '2023-01-01')"))
    running = [subprocess.Popen([sys.executable, "-c", code, sqlite_url], cwd=ROOT) for _ in range(3)]
    assert [one.wait(timeout=60) for one in running] == [0] * 3
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM watermark")) == "75"
