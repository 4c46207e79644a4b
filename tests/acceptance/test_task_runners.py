"""Threads, processes and a Dask cluster of two workers: the same rows, whichever extracts."""

# touches: ^flows/(pipeline|running|extraction|stages)|tests/acceptance/test_task_runners.py

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flow_samples import records, write_lines
from sqlalchemy import create_engine

from models.snapshot import snapshot

pytestmark = pytest.mark.acceptance


def rows_by(runner: str, workers: int, folder: Path, template: Path) -> dict[str, Any]:
    """Return the rows of a run in a process of its own."""
    folder.mkdir()
    (folder / "dateline.db").write_bytes(template.read_bytes())
    given = {"DATELINE_TASK_RUNNER": runner, "DATELINE_WORKERS": str(workers), "DATELINE_CACHE": "off", "PREFECT_HOME": str(folder.parent / "prefect")}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))} | given
    command = [sys.executable, "-m", "flows.cli", "run", str(folder.parent / "news.jsonl"), "--batch-size", "2"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    engine = create_engine(f"sqlite:///{folder}/dateline.db")
    found = snapshot(engine)
    engine.dispose()
    return found


@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_rows_do_not_depend_on_who_extracts(runner: str, tmp_path: Path, sqlite_template: Path) -> None:
    if runner == "dask" and importlib.util.find_spec("prefect_dask") is None:
        pytest.skip("prefect-dask is not installed: pip install dateline-events[dask]")
    write_lines(tmp_path / "news.jsonl", records())
    alone = rows_by("threads", 1, tmp_path / "alone", sqlite_template)
    assert alone["report"]
    assert rows_by(runner, 2, tmp_path / runner, sqlite_template) == alone
