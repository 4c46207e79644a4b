"""kill -9 at any moment, then a rerun: the same rows as a run that nothing disturbed, on both databases.

One Prefect server serves all runs, as it would a deployment. The killed process gets its signal at a seeded random moment, or at one of the
four moments that decide: after ingest, in the middle of a load, before its commit, after its commit.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from flow_samples import TEXTS, write_lines
from sqlalchemy import create_engine, text

from models.engine import parse_url
from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance

RANDOM_KILLS = 10  # on each database
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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server for all runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health", timeout=5).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.5)
    yield address
    process.terminate()
    process.wait(30)


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


def rerun_and_compare(url: str, server: str, news: Path, folder: Path, wanted: dict[str, Any]) -> None:
    """Hold that no load is half written, run again, and hold that the rows are the undisturbed ones."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        done = connection.execute(text("SELECT COALESCE(SUM(articles_new), 0) FROM load WHERE status = 'done'")).scalar_one()
        stored = connection.execute(text("SELECT COUNT(*) FROM article")).scalar_one()
    assert done == stored
    code, printed = finish(start(url, server, news, folder))
    assert code == 0, printed
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


@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_killed_at_a_random_moment(database_url: str, seed: int, server: str, news: Path, tmp_path: Path, undisturbed: tuple[dict[str, Any], float]) -> None:
    rows, seconds = undisturbed
    process = start(database_url, server, news, tmp_path)
    time.sleep(random.Random(seed).uniform(0.05, 1.0) * seconds)
    process.kill()
    finish(process)
    rerun_and_compare(database_url, server, news, tmp_path, rows)
