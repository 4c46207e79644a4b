"""kill -9 at any moment, then a rerun: the same rows as a run that nothing disturbed, on both databases.

One Prefect server serves all runs, as it would a deployment. The killed process gets its signal at a seeded random moment, or at one of the
four moments that decide: after ingest, in the middle of a load, before its commit, after its commit.
"""

# touches: ^flows/|^models/|^migrations/|^dateline/(extract|workers|identity)|tests/acceptance/(test_crash_kill|conftest)

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flow_samples import TEXTS, write_lines
from processes import tree
from sqlalchemy import create_engine, text

from models.engine import parse_url
from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance

CHAINS, KILLS = 5, 2  # 10 kills at random moments on each database: in each chain the run that resumes is killed too, and the third one ends
ARTICLES = 30
ARGUMENTS = ["--batch-size", "3", "--load-size", "6"]
# Runs the command with a kill where the argument says. SQLAlchemy's events are the database's own moments.
DRIVER = """
import os, signal, sys
from sqlalchemy import Engine, event
from flows.running import Run
from flows.cli import run_command

moment, arguments = sys.argv[1], sys.argv[2:]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
written = []

def watch(connection, cursor, statement, *_):
    if "INSERT INTO report " in statement:
        written.append(1)
        if moment == "mid-load" and len(written) == 2:
            die()

event.listen(Engine, "after_cursor_execute", watch)
if moment == "after-ingest":
    Run.loads = die
if moment == "before-commit":
    event.listen(Engine, "commit", lambda _c: written and die())
if moment == "after-commit":
    Run._count = die
sys.exit(run_command(["run", *arguments]))
"""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles enough for five loads."""
    found: list[dict[str, Any]] = []
    for number in range(ARTICLES):
        name, (day, words) = list(TEXTS.items())[number % len(TEXTS)]
        words = words.replace("Anna Berg", f"Anna {'ABCDEFGHIJ'[number // len(TEXTS)]}berg")
        found.append({"doc_id": f"{name}{number}", "text": words, "published": day, "source": f"Times {number % 3}", "url": f"https://example.org/{number}"})
    return write_lines(tmp_path_factory.mktemp("news") / "news.jsonl", found)


def start(url: str, server: str, news: Path, folder: Path, moment: str = "never") -> subprocess.Popen[str]:
    """Start `dateline run` in a session of its own."""
    environment = {**os.environ, "DATELINE_DATABASE_URL": url, "PREFECT_API_URL": server, "PREFECT_HOME": str(folder / "prefect")}
    environment["DATELINE_CACHE"] = str(folder / "cache")
    command = [sys.executable, "-c", DRIVER, moment, str(news), *ARGUMENTS]
    return subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the run's end and return its exit code and what it printed."""
    printed, _ = process.communicate(timeout=180)
    return process.returncode, printed


@pytest.fixture(scope="module")
def undisturbed(server: str, news: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """The rows of a run that nothing disturbed, and how long it took. Rows do not depend on the kind of database (test_flows_pipeline)."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "dateline.db").write_bytes(sqlite_template.read_bytes())
    begun = time.monotonic()
    code, printed = finish(start(f"sqlite:///{folder}/dateline.db", server, news, folder))
    assert code == 0, printed
    return snapshot(create_engine(f"sqlite:///{folder}/dateline.db")), time.monotonic() - begun


def hold_whole_loads(url: str) -> None:
    """Hold that no load is half written: the ledger counts the articles that are stored, and every report has its event."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        done = connection.execute(text("SELECT COALESCE(SUM(articles_new), 0) FROM load WHERE status = 'done'")).scalar_one()
        assert done == connection.execute(text("SELECT COUNT(*) FROM article")).scalar_one()
        assert connection.execute(text("SELECT COUNT(*) FROM report WHERE event_id IS NULL")).scalar_one() == 0
    engine.dispose()


def rerun_and_compare(url: str, server: str, news: Path, folder: Path, wanted: dict[str, Any]) -> None:
    """Hold that no load is half written, run again, and hold that the rows are the undisturbed ones."""
    hold_whole_loads(url)
    code, printed = finish(start(url, server, news, folder))
    assert code == 0, printed
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        statuses = set(connection.execute(text("SELECT status FROM load")).scalars())
    assert snapshot(engine) == wanted
    assert statuses <= {"done", "interrupted"}
    engine.dispose()


@pytest.mark.parametrize("moment", ["after-ingest", "mid-load", "before-commit", "after-commit"])
def test_killed_at_a_moment_that_decides(
    database_url: str, moment: str, server: str, news: Path, tmp_path: Path, undisturbed: tuple[dict[str, Any], float]
) -> None:
    code, printed = finish(start(database_url, server, news, tmp_path, moment))
    assert code == -signal.SIGKILL, printed
    rerun_and_compare(database_url, server, news, tmp_path, undisturbed[0])


@pytest.mark.parametrize("seed", range(CHAINS))
def test_killed_at_random_moments(database_url: str, seed: int, server: str, news: Path, tmp_path: Path, undisturbed: tuple[dict[str, Any], float]) -> None:
    rows, seconds = undisturbed
    moments = random.Random(seed)
    for _ in range(KILLS):
        process = start(database_url, server, news, tmp_path)
        time.sleep(moments.uniform(0.05, 1.0) * seconds)
        process.kill()
        finish(process)
        hold_whole_loads(database_url)
    rerun_and_compare(database_url, server, news, tmp_path, rows)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_of_extract_leave_with_it(number: signal.Signals, tmp_path: Path) -> None:
    """A killed `dateline extract --workers` left its workers behind, and Ctrl-C made each of them print a traceback."""
    lines = [{"doc_id": str(n), "text": f"{words} Item {n}.", "published": day} for n in range(100) for day, words in TEXTS.values()]
    command = [sys.executable, "-m", "flows.cli", "extract", str(write_lines(tmp_path / "news.jsonl", lines)), "--workers", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    workers = tree(process.pid)[1:]
    assert len(workers) >= 2
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in said
    deadline = time.monotonic() + 20
    while any(alive(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
