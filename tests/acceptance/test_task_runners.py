"""Threads, processes and a Dask cluster of two workers: the same rows, whichever extracts, and whichever of its processes is killed."""

# touches: ^flows/(pipeline|running|extraction|stages)|tests/acceptance/test_task_runners.py

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flow_samples import records, write_lines
from sqlalchemy import create_engine

from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance


def rows_by(runner: str, workers: int, folder: Path, template: Path, *, killing: bool = False) -> dict[str, Any]:
    """Return the rows of a run in a process of its own; `killing` ends one of its worker processes by SIGKILL when it has begun to work."""
    folder.mkdir()
    (folder / "dateline.db").write_bytes(template.read_bytes())
    given = {"DATELINE_TASK_RUNNER": runner, "DATELINE_WORKERS": str(workers), "DATELINE_CACHE": "off", "PREFECT_HOME": str(folder.parent / "prefect")}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))} | given
    command = [sys.executable, "-m", "flows.cli", "run", str(folder.parent / "news.jsonl"), "--batch-size", "2"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if killing:
        os.kill(busy_child(process), signal.SIGKILL)
    out, err = process.communicate(timeout=500)
    assert process.returncode == 0, out + err
    assert "Traceback" not in err
    engine = create_engine(f"sqlite:///{folder}/dateline.db")
    found = snapshot(engine)
    engine.dispose()
    return found


def busy_child(process: subprocess.Popen[str]) -> int:
    """Return a worker process of a run's pool, once it has spent a second of processor time."""
    ticks = os.sysconf("SC_CLK_TCK")
    while process.poll() is None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                is_worker = int(fields[1]) == process.pid and b"spawn_main" in (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if is_worker and int(fields[11]) + int(fields[12]) > ticks:
                return int(folder.name)
        time.sleep(0.05)
    pytest.fail("the run ended before a worker process had begun")


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_a_killed_worker_process_costs_no_row(runner: str, tmp_path: Path, sqlite_template: Path) -> None:
    write_lines(tmp_path / "news.jsonl", records())
    alone = rows_by("threads", 1, tmp_path / "alone", sqlite_template)
    assert rows_by(runner, 2, tmp_path / runner, sqlite_template, killing=True) == alone


@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_rows_do_not_depend_on_who_extracts(runner: str, tmp_path: Path, sqlite_template: Path) -> None:
    if runner == "dask" and importlib.util.find_spec("prefect_dask") is None:
        pytest.skip("prefect-dask is not installed: pip install dateline-events[dask]")
    write_lines(tmp_path / "news.jsonl", records())
    alone = rows_by("threads", 1, tmp_path / "alone", sqlite_template)
    assert alone["report"]
    assert rows_by(runner, 2, tmp_path / runner, sqlite_template) == alone
