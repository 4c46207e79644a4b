"""What a newcomer does: installs the wheel without our lock, in an empty folder, and gets events out of it.

The dependencies come from whatever index pip is set up for; without one these tests skip.
"""

# touches: pyproject.toml|requirements|^dateline/|^flows/|^models/|^migrations/|^seeds/|tests/acceptance/test_install.py

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance
ROOT = Path(__file__).resolve().parents[2]


def run(*command, cwd, timeout=600, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_", "PYTHONPATH", "VIRTUAL_ENV"))}
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=timeout, env={**environment, **more})


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of a virtual environment that holds the wheel and what pip resolves for it today."""
    folder = tmp_path_factory.mktemp("install")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr[-2000:]
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    upgraded = run(python, "-m", "pip", "install", "-qq", "--upgrade", "pip", cwd=folder)
    if upgraded.returncode:
        pytest.skip(f"no package index can be reached from here: {upgraded.stderr[-300:]}")
    done = run(python, "-m", "pip", "install", "-qq", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def test_the_wheel_works_from_an_empty_folder(installed, tmp_path):
    dateline = installed / "env" / "bin" / "dateline"
    home = {"PREFECT_HOME": str(tmp_path / "prefect")}
    work = tmp_path / "empty"
    work.mkdir()
    upgraded = run(dateline, "db", "upgrade", cwd=work, **home)
    assert upgraded.returncode == 0, upgraded.stderr
    ran = run(dateline, "run", cwd=work, **home)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "Traceback" not in ran.stdout + ran.stderr
    listed = run(dateline, "events", "--json", cwd=work, **home)
    assert listed.returncode == 0, listed.stderr
    rows = [json.loads(line) for line in listed.stdout.splitlines()] if not listed.stdout.lstrip().startswith("[") else json.loads(listed.stdout)
    assert any(row["event_type"] == "summit" and row["country_code"] == "LT" for row in rows)
    checked = run(dateline, "db", "check", cwd=work, **home)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_extract_needs_no_database(installed, tmp_path):
    work = tmp_path / "empty"
    work.mkdir()
    (work / "in.jsonl").write_text(
        json.dumps({"doc_id": "a", "text": "Anna Berg met Prime Minister Li Wei in Oslo on Monday.", "published": "2024-03-05"}) + "\n"
    )
    done = run(installed / "env" / "bin" / "dateline", "extract", "in.jsonl", cwd=work)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["schema_version"] == 1
    assert sorted(p.name for p in work.iterdir()) == ["in.jsonl"]
