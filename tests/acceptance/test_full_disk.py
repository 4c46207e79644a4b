"""A disk that is full or may not be written to: one clear line, the exit code of the contract, and the last good state stays, on both databases.

The disk is a file system in memory of a few megabytes. Where none can be mounted (no root, a container without the right), these tests skip.
"""

# touches: ^flows/(cli|running|pipeline|commands_run|leftovers|spool)|^models/(engine|errors|load|lock)|tests/acceptance/test_full_disk.py

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_samples import records, write_lines
from sqlalchemy import create_engine, text

from flows.leftovers import drop_folder, own_folder, sweep
from models.engine import parse_url
from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance

PREFIX = "dateline-tiny-"
SPARE = 96 * 1024  # bytes left on the disk before the run that fills it
ARTICLES = 120
Disk = tuple[str, Path]


def mount(folder: Path, *options: str) -> None:
    """Mount a file system in memory, or skip."""
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")


def resize(folder: Path, what: str) -> None:
    """Change a mounted file system."""
    subprocess.run(["mount", "-o", f"remount,{what}", str(folder)], check=True)


@pytest.fixture
def tiny() -> Iterator[Path]:
    """A folder on a disk of its own, which Postgres' server can reach too."""
    sweep(PREFIX, before=unmount)
    home, held = own_folder(PREFIX)
    home.chmod(0o711)
    folder = home / "disk"
    folder.mkdir()
    mount(folder, "-o", "size=64m,mode=0777")
    yield folder
    unmount(home)
    drop_folder(home, held)


def unmount(home: Path) -> None:
    """Take a disk of `tiny` away."""
    subprocess.run(["umount", "--lazy", str(home / "disk")], check=False, capture_output=True)


@pytest.fixture(params=["sqlite", "postgres"])
def disk(request: pytest.FixtureRequest, tiny: Path) -> Iterator[Disk]:
    """A database whose tables lie on the tiny disk: its address, and the disk."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tiny / "dateline.db")
        yield f"sqlite:///{tiny}/dateline.db", tiny
        return
    yield from _tablespace(request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template"), tiny)


def _tablespace(server: str, template: str, tiny: Path) -> Iterator[Disk]:
    url = parse_url(server)
    owner = Path(str(url.query["host"])).stat()
    place = tiny / "tables"
    place.mkdir()
    os.chown(place, owner.st_uid if owner.st_uid != 0 else _server_user(), -1)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as run:
        run.execute(text(f"CREATE TABLESPACE tiny LOCATION '{place}'"))
        run.execute(text(f"CREATE DATABASE dateline_tiny TEMPLATE {template} TABLESPACE tiny STRATEGY file_copy"))
    yield url.set(database="dateline_tiny").render_as_string(hide_password=False), tiny
    resize(tiny, "size=64m")
    with admin.connect() as run:
        run.execute(text("DROP DATABASE dateline_tiny WITH (FORCE)"))
        run.execute(text("DROP TABLESPACE tiny"))
    admin.dispose()


def _server_user() -> int:
    """Return who runs the embedded server where root may not."""
    return next(user.pw_uid for user in pwd.getpwall() if user.pw_name.startswith("embedded"))


@pytest.fixture
def run(server: str, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`dateline run` on a database, with all but the database elsewhere."""

    def start(url: str, news: Path, **more: str) -> subprocess.CompletedProcess[str]:
        given = {"DATELINE_DATABASE_URL": url, "PREFECT_API_URL": server, "PREFECT_HOME": str(tmp_path / "prefect"), "DATELINE_CACHE": str(tmp_path / "cache")}
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))} | given | more
        command = [sys.executable, "-m", "flows.cli", "run", str(news), "--load-size", "200", "--json"]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)

    return start


def rows(url: str) -> dict[str, Any]:
    """Return what is stored."""
    engine = create_engine(parse_url(url))
    found = snapshot(engine)
    engine.dispose()
    return found


def many(folder: Path) -> Path:
    """A file of articles that fills what is left of the disk."""
    filler = " The rest of the page is about the weather." * 40
    return write_lines(
        folder / "many.jsonl", [{**r, "doc_id": f"m{n}", "url": f"https://example.org/m{n}", "text": f"{r['text']} Item {n}.{filler}"} for n, r in _cycle()]
    )


def _cycle() -> Iterator[tuple[int, dict[str, Any]]]:
    for n in range(ARTICLES):
        yield n, records()[n % len(records())]


def assert_one_clear_line(done: subprocess.CompletedProcess[str], words: str) -> None:
    """Hold that a run failed as the contract says, in words that match a pattern."""
    said = [line for line in done.stderr.splitlines() if not line.startswith("Database: ")]
    assert done.returncode == 4, done.stdout + done.stderr
    assert len(said) == 1, done.stderr
    assert re.search(words, said[0]), said


def test_a_full_disk_keeps_the_last_good_state_and_room_mends_it(disk: Disk, run: Callable[..., Any], tmp_path: Path) -> None:
    url, tiny = disk
    first = run(url, write_lines(tmp_path / "first.jsonl", records()))
    assert first.returncode == 0, first.stderr
    before = rows(url)
    resize(tiny, f"size={_used(tiny) + SPARE}")
    assert_one_clear_line(run(url, many(tmp_path)), "full|No space left")  # Postgres may not even let anybody in
    resize(tiny, "size=64m")
    assert rows(url) == before
    again = run(url, many(tmp_path))
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["articles_new"] == ARTICLES


def test_a_folder_that_may_not_be_written(run: Callable[..., Any], tiny: Path, sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tiny / "dateline.db")
    url = f"sqlite:///{tiny}/dateline.db"
    news = write_lines(tmp_path / "first.jsonl", records())
    assert run(url, news).returncode == 0
    before = rows(url)
    resize(tiny, "ro")
    assert_one_clear_line(run(url, many(tmp_path)), re.escape(str(tiny)))
    resize(tiny, "rw")
    assert rows(url) == before


def test_a_full_temporary_folder(run: Callable[..., Any], tiny: Path, sqlite_url: str, tmp_path: Path) -> None:
    """Where the articles wait between reading and extraction is a disk too."""
    resize(tiny, "size=64k")
    done = run(sqlite_url, many(tmp_path), TMPDIR=str(tiny))
    assert_one_clear_line(done, "space")
    assert not rows(sqlite_url)["article"]
    assert list(tiny.iterdir()) == []


def _used(folder: Path) -> int:
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize
