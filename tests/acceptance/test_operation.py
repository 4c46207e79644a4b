"""A deployment that loses its worker, and what watches over it: rows, automations, the webhook, late runs; and `dateline serve` by itself."""

# touches: prefect.yaml|docs/operation|^flows/(pipeline|running|deploying|commands_operate|prefect_server)|^models/(lock|load)|test_operation|tests/newcomer

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flow_samples import TEXTS, write_lines
from newcomer import Newcomer, free_port
from sqlalchemy import create_engine, text

from models.engine import parse_url
from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance

ARTICLES = 300
SIZES = ["--param", "batch_size=1", "--param", "load_size=2"]  # loads enough for both runs to be at work when the worker is killed
LATE = timedelta(minutes=30)


def news_of(folder: Path) -> Path:
    """Articles enough for 150 loads."""
    found: list[dict[str, Any]] = []
    for number in range(ARTICLES):
        day, words = list(TEXTS.values())[number % len(TEXTS)]
        words = words.replace("Anna Berg", f"Anna {chr(65 + number // len(TEXTS) % 26)}berg") + f" Item {number}."
        found.append({"doc_id": str(number), "text": words, "published": day, "source": "Times", "url": f"https://example.org/o{number}"})
    return write_lines(folder / "news.jsonl", found)


def deployment_run(newcomer: Newcomer, deployment: str, url: str, news: Path) -> str:
    """Start a run of a deployment on a database of its own, and return the run's id."""
    variables = {"DATELINE_DATABASE_URL": url, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
    options = ["--param", f"locations={json.dumps([str(news)])}", *SIZES, "--job-variable", f"env={json.dumps(variables)}"]
    printed = newcomer.run(shlex.join(["prefect", "deployment", "run", deployment, *options]))
    return next(line.split()[-1] for line in printed.splitlines() if "UUID" in line)


def state(newcomer: Newcomer, run_id: str) -> str:
    """Return the type of a run's state."""
    return str(newcomer.ask(f"/flow_runs/{run_id}")["state_type"])


def loads_done(url: str) -> int:
    """Return how many loads of a database are done."""
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT COUNT(*) FROM load WHERE status = 'done'")).scalar_one()
    engine.dispose()
    return int(found)


def rows(url: str) -> dict[str, Any]:
    """Return what is stored."""
    engine = create_engine(parse_url(url))
    found = snapshot(engine)
    engine.dispose()
    return found


@pytest.mark.skipif(not os.environ.get("DATELINE_LONG_TESTS"), reason="takes four minutes, most of it waiting for heartbeats; DATELINE_LONG_TESTS=1 runs it")
def test_a_killed_worker_is_noticed_reported_and_made_good(
    newcomer: Newcomer, sqlite_url: str, postgres_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    """kill -9 of the worker and its runs, on both databases at once; then the same rows, a crashed run, a posted message, and late runs as no-ops."""
    news = news_of(tmp_path)
    killed = [deployment_run(newcomer, "pipeline/pipeline", postgres_url, news), deployment_run(newcomer, "pipeline/backfill", sqlite_url, news)]
    newcomer.eventually(lambda: loads_done(postgres_url) >= 2 and loads_done(sqlite_url) >= 2)
    newcomer.kill("worker")
    begun = time.monotonic()
    assert [state(newcomer, one) for one in killed] == ["RUNNING", "RUNNING"]
    newcomer.hook.posted.clear()
    late = [late_run(newcomer, LATE - timedelta(minutes=n)) for n in range(2)]

    newcomer.start("prefect worker start --pool dateline")
    for url in (postgres_url, sqlite_url):  # another deployment, whose slot no dead run holds
        rerun = deployment_run(newcomer, "pipeline/ingest", url, news)
        newcomer.eventually(lambda rerun=rerun: state(newcomer, rerun) == "COMPLETED")
    shutil.copy(sqlite_template, tmp_path / "undisturbed.db")
    undisturbed = f"sqlite:///{tmp_path}/undisturbed.db"
    run_here(newcomer, undisturbed, news)
    assert rows(postgres_url) == rows(sqlite_url) == rows(undisturbed)

    newcomer.eventually(lambda: [state(newcomer, one) for one in killed] == ["CRASHED", "CRASHED"], 400)
    noticed = time.monotonic() - begun
    newcomer.eventually(lambda: all(any(one in said and "is Crashed" in said for said in newcomer.hook.posted) for one in killed))
    before = loads_done(newcomer.environment["DATELINE_DATABASE_URL"])
    newcomer.eventually(lambda: {state(newcomer, one) for one in late} == {"COMPLETED"}, 400)
    assert loads_done(newcomer.environment["DATELINE_DATABASE_URL"]) == before
    assert noticed < 300


def late_run(newcomer: Newcomer, ago: timedelta) -> str:
    """Schedule a run of the pipeline deployment for a moment that has passed, and return its id."""
    (deployment,) = [d for d in newcomer.ask("/deployments/filter", {}) if d["name"] == "pipeline"]
    when = (datetime.now(UTC) - ago).isoformat()
    given = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": when}}, "parameters": deployment["parameters"]}
    return str(newcomer.ask(f"/deployments/{deployment['id']}/create_flow_run", given)["id"])


def run_here(newcomer: Newcomer, url: str, news: Path) -> None:
    """Run the flow in a process of its own, without worker, on the same server."""
    command = [sys.executable, "-m", "flows.cli", "run", str(news)]
    environment = {**newcomer.environment, "DATELINE_DATABASE_URL": url}
    done = subprocess.run(command, env=environment, cwd=newcomer.folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_a_failed_run_is_posted(newcomer: Newcomer, tmp_path: Path, sqlite_url: str) -> None:
    newcomer.hook.posted.clear()
    failing = deployment_run(newcomer, "pipeline/ingest", sqlite_url, tmp_path / "not there.jsonl")
    newcomer.eventually(lambda: state(newcomer, failing) == "FAILED")
    (said,) = newcomer.eventually(lambda: newcomer.hook.posted)
    assert "of pipeline is Failed" in json.loads(said)["text"]


def test_serve_completes_a_run_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))}
    environment = {**kept, "PREFECT_HOME": str(tmp_path / "prefect"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    asking = {**environment, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    subprocess.run([sys.executable, "-m", "flows.cli", "db", "upgrade"], cwd=tmp_path, env=environment, check=True, timeout=120, capture_output=True)
    with (tmp_path / "serve.log").open("w") as log:
        command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(port)]
        serving = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        run = ["prefect", "deployment", "run", "pipeline/pipeline", "--watch", "--watch-timeout", "240"]
        deadline = time.monotonic() + 240
        while (done := subprocess.run(run, env=asking, capture_output=True, text=True, timeout=300, check=False)).returncode != 0:
            assert time.monotonic() < deadline, done.stdout + done.stderr + (tmp_path / "serve.log").read_text()
            time.sleep(2)
        assert loads_done(f"sqlite:///{tmp_path}/dateline.db") == 1
    finally:
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) in (0, 130), (tmp_path / "serve.log").read_text()
    assert not [p for p in Path("/proc").glob("[0-9]*/environ") if _is_of(p, str(tmp_path))]


def _is_of(environ: Path, folder: str) -> bool:
    try:
        return f"PREFECT_HOME={folder}".encode() in environ.read_bytes()
    except OSError:
        return False
