"""What the README shows is what a newcomer sees: its query gives its answer on the seeds, and what it links to is there."""

# touches: README|^docs/|^dateline/|^models/|^flows/|^seeds/|tests/acceptance/test_readme.py

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance
ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_query_gives_its_answer(tmp_path):
    block = re.search(r"<!-- readme-query -->\n```console\n\$ \.venv/bin/(?P<command>.+)\n(?P<answer>[^`]+)```", README)
    questions = re.search(r"<!-- readme-questions -->\n```console\n(?P<commands>[^`]+)```", README)
    dateline = str(Path(sys.executable).with_name("dateline"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))} | {"PREFECT_HOME": str(tmp_path / "prefect")}

    def run(*words):
        done = subprocess.run([dateline, *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("db", "upgrade")
    run("run")
    answer = run(*shlex.split(block["command"])[1:])
    assert [line.rstrip() for line in answer.splitlines()] == [line.rstrip() for line in block["answer"].splitlines()]
    answers = [run(*shlex.split(line, comments=True)[2:]) for line in questions["commands"].splitlines()]
    met, planned, agreed, spoke, split = answers
    assert "Volodymyr Zelenskyy" in met
    assert planned.count("planned") >= 2
    assert "Stoltenberg" in spoke
    assert agreed == "", "the seeds report no agreement of March 2022"
    assert split.split() == ["title", "start_date", "date_text", "source"], "two articles on different days do not disagree"


def test_every_link_leads_somewhere():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    dead = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not dead
