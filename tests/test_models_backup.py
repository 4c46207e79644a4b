from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from dateline.errors import DatabaseUnavailableError, RevisionError, UsageError
from models import migrate
from models.backup import backup, restore
from models.engine import open_engine
from models.load import open_load
from models.lock import hold_writer
from models.search import search
from models.snapshot import snapshot


def add(engine: Engine, name: str) -> None:
    one = incoming(make_article(name))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add([one], [extracted(one, [make_event(), make_event("summit", who=(name, "NATO"), at=40)])])


def test_a_restored_database_is_as_it_was_and_goes_on(database_url: str, tmp_path: Path) -> None:
    engine, copy = open_engine(database_url), tmp_path / "copy.backup"
    add(engine, "a")
    before, hits = snapshot(engine), search(engine, "nato")
    backup(database_url, copy)
    add(engine, "b")
    assert snapshot(engine) != before
    engine.dispose()
    restore(database_url, copy)
    assert snapshot(engine) == before
    assert search(engine, "nato") == hits
    assert migrate.check(database_url) == []
    add(engine, "c")
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT load_id FROM v_loads ORDER BY 1")).all() == [1, 2]
        assert connection.scalar(text("SELECT COUNT(*) FROM v_articles")) == 2
    engine.dispose()


def test_a_backup_may_be_restored_where_there_is_nothing(database_url: str, tmp_path: Path) -> None:
    engine, copy = open_engine(database_url), tmp_path / "copy.backup"
    add(engine, "a")
    before = snapshot(engine)
    backup(database_url, copy)
    engine.dispose()
    migrate.downgrade(database_url, "base")
    restore(database_url, copy)
    assert snapshot(engine) == before
    assert migrate.check(database_url) == []
    engine.dispose()


def test_a_backup_is_of_one_moment_while_a_load_is_open(database_url: str, tmp_path: Path) -> None:
    engine, copy = open_engine(database_url), tmp_path / "copy.backup"
    add(engine, "a")
    before = snapshot(engine)
    one = incoming(make_article("b"))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING) as load:
        load.add([one], [extracted(one, [make_event("agreement")])])
        backup(database_url, copy)
        with pytest.raises(DatabaseUnavailableError):
            restore(database_url, copy)
    engine.dispose()
    restore(database_url, copy)
    assert snapshot(engine) == before
    with hold_writer(engine, command="test") as writer:
        assert writer.interrupted == (2,)
    engine.dispose()


def test_files_that_are_no_backup_change_nothing(database_url: str, tmp_path: Path) -> None:
    engine = open_engine(database_url)
    add(engine, "a")
    before = snapshot(engine)
    engine.dispose()
    good = tmp_path / "good.backup"
    backup(database_url, good)
    whole = good.read_bytes()
    for name, content in {"text": b"hello", "empty": b"", "cut": whole[: len(whole) // 2], "zip": b""}.items():
        path = tmp_path / name
        path.write_bytes(content)
        if name == "zip":
            with zipfile.ZipFile(path, "w") as box:
                box.writestr("readme", "x")
        with pytest.raises(UsageError, match="Cannot restore"):
            restore(database_url, path)
        assert snapshot(engine) == before
        engine.dispose()


def test_a_backup_of_another_revision_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    copy = tmp_path / "copy.backup"
    backup(sqlite_url, copy)
    old = open_engine(f"sqlite:///{copy}")
    with old.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    old.dispose()
    with pytest.raises(RevisionError, match="revision 0001"):
        restore(sqlite_url, copy)
    engine.dispose()


def test_a_backup_into_a_missing_folder(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot write the backup"):
        backup(database_url, tmp_path / "none" / "copy.backup")
    assert list(tmp_path.glob("*backup*")) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_database_is_replaced_and_kept(database_url: str, tmp_path: Path) -> None:
    engine, copy = open_engine(database_url), tmp_path / "copy.backup"
    add(engine, "a")
    before = snapshot(engine)
    backup(database_url, copy)
    engine.dispose()
    file = Path(str(engine.url.database))
    for wreck in (b"not a database at all" * 100, copy.read_bytes()[:9000]):
        file.write_bytes(wreck)
        restore(database_url, copy)
        assert snapshot(engine) == before
        assert file.with_name(f"{file.name}.damaged").read_bytes() == wreck
        engine.dispose()
