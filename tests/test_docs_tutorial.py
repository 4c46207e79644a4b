"""docs/tutorial.md, run as written: its Python in order, its commands where they stand."""

import re
import shutil
import subprocess
import sys

import pytest
from example_news import ROOT

DOCUMENT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^    dateline (.+)$", re.M)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The folder after everything was run, and what the Python printed. `dateline run` is run before the Python that needs its database."""
    pytest.importorskip("altair", reason="the extra pictures is not installed")
    pytest.importorskip("vl_convert", reason="the extra pictures is not installed")
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder), "PREFECT_HOME": str(folder / "prefect")}
    run = {"cwd": folder, "env": environment, "capture_output": True, "text": True, "timeout": 240}
    commands = _COMMAND.findall(DOCUMENT)
    assert [command.split()[0] for command in commands] == ["run", "timeline", "map", "network"]
    blocks = _PYTHON.findall(DOCUMENT)
    load = subprocess.run([sys.executable, "-m", "flows.cli", *commands[0].split()], **run)
    assert load.returncode == 0, load.stderr
    python = subprocess.run([sys.executable, "-c", "\n".join(blocks)], **run)
    assert python.returncode == 0, python.stderr
    for command in commands[1:]:
        done = subprocess.run([sys.executable, "-m", "flows.cli", *command.split()], **run)
        assert done.returncode == 0, done.stderr
    return folder, python.stdout


def test_the_first_block_has_fifteen_lines():
    assert len([line for line in _PYTHON.findall(DOCUMENT)[0].splitlines() if line.strip()]) <= 15


def test_there_is_a_figure(ran):
    folder, _ = ran
    for name in ("figure.png", "kishida.png"):
        content = (folder / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) > 5_000
    assert "<svg" in (folder / "where.svg").read_text(encoding="utf-8")
    assert "vegaEmbed" in (folder / "who.html").read_text(encoding="utf-8")


def test_what_is_printed_comes_from_the_articles(ran):
    _, printed = ran
    assert re.search(r"^\d+ of \d+ events are undated$", printed, re.M)
    assert re.search(r"^\S+ \| \w+ \| .*Kishida", printed, re.M)
    assert re.search(r"^event_type|^status", printed, re.M)
    assert "summit" in printed


def test_the_quotes_stand_in_the_seed_articles(ran):
    _, printed = ran
    quote = printed.splitlines()[2]
    assert len(quote) > 20
    assert any(quote in path.read_text(encoding="utf-8") for path in (ROOT / "seeds").iterdir())
