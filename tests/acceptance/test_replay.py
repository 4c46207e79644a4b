"""A month of snapshots of one feed, replayed: every item once, revisions replace, a second replay writes nothing; killed and resumed, the same rows.

The killed process gets its signal at a seeded random step, a step being a statement to the database or a batch written to the spool; the one that
resumes may be killed too. Both databases. The feed is of our own making; a real one is read where the shared corpus is.
"""

# touches: ^dateline/sources|^flows/(ingest|spool|running)|^models/|tests/acceptance/test_replay.py

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from models.engine import parse_url
from models.planning import reading
from models.snapshot import snapshot
from models.tables import load

pytestmark = pytest.mark.acceptance

HISTORY = Path(__file__).resolve().parents[2] / "../shared/corpus/feeds/history_us-state_2022-06.tar.xz"
SEEDS = 3  # on each database; each with one to three kills
ITEMS, SNAPSHOTS, SHOWN, REVISED_EVERY = 24, 30, 8, 5
CITIES = ("Lisbon", "Vienna", "Ottawa", "Nairobi", "Santiago", "Oslo")
FIRST_DAY = datetime(2024, 3, 4, 6, tzinfo=UTC)
# Counts steps and kills itself at the one that its first argument names; says at the end how many there were.
DRIVER = """
import os, signal, sys
from sqlalchemy import Engine, event
from flows.cli import run_command
from flows.spool import Spool

deadly, steps = int(sys.argv[1]), 0

def step(*_):
    global steps
    steps += 1
    if steps == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "after_cursor_execute", step)
event.listen(Engine, "commit", step)
flush = Spool._flush
Spool._flush = lambda *given: (step(), flush(*given))[1]
code = run_command(["replay", *sys.argv[2:]])
print("steps", steps, file=sys.stderr)
sys.exit(code)
"""


def entry(number: int, version: int) -> str:
    """Return an item of the feed; a later version is another text under the same guid."""
    day = FIRST_DAY + timedelta(days=number)
    city = CITIES[number % len(CITIES)]
    told = (
        f"Foreign Minister Anna {'ABCDEFGHIJKLMNOPQRSTUVWX'[number]}berg met Prime Minister Li Wei in {city} on {day:%A}. "
        + "They spoke at length about trade. " * 30
    )
    more = f"<p>Corrected for the {version}. time: the ministers agreed to meet again in {CITIES[version]}.</p>" if version else ""
    link = f"https://example.org/{number}{'-new' if version > 1 else ''}"
    return (
        f"<item><title>Meeting {number}</title><link>{link}</link><guid isPermaLink='false'>g{number}</guid>"
        f"<pubDate>{format_datetime(day)}</pubDate><description><![CDATA[<p>{told}</p>{more}]]></description></item>"
    )


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A feed's snapshots, hour by hour: overlapping, with revisions, corrected links, and now and then an old one from a cache."""
    folder, versions = tmp_path_factory.mktemp("snapshots"), dict.fromkeys(range(ITEMS), 0)
    chance, before = random.Random(7), ""
    for hour in range(SNAPSHOTS):
        newest = min(ITEMS, SHOWN + hour)
        shown = range(newest - SHOWN, newest)
        if hour % 2:
            versions[chance.choice(shown)] += 1
        built = format_datetime(FIRST_DAY + timedelta(hours=hour))
        entries = "".join(entry(number, versions[number]) for number in shown)
        now = f"<rss version='2.0'><channel><title>Example Wire</title><lastBuildDate>{built}</lastBuildDate>{entries}</channel></rss>"
        (folder / f"wire-{hour:04d}.rss").write_text(before if hour % REVISED_EVERY == REVISED_EVERY - 1 else now, encoding="utf-8")
        before = now
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of extractions for all runs: extraction is not what is tested here."""
    return tmp_path_factory.mktemp("cache")


class Replays:
    """Replays one folder of snapshots into one database after another."""

    def __init__(self, snapshots: Path, server: str, folder: Path, load_size: int) -> None:
        self.arguments = [str(snapshots), "--json", "--batch-size", "10", "--load-size", str(load_size)]
        self.folder = folder
        self.environment = {**os.environ, "PREFECT_API_URL": server, "PREFECT_HOME": str(folder / "prefect"), "DATELINE_CACHE": str(folder / "cache")}

    def run(self, url: str, deadly_step: int = 0) -> tuple[int, str, str]:
        """Replay and return the exit code and both outputs."""
        command = [sys.executable, "-c", DRIVER, str(deadly_step), *self.arguments]
        environment = {**self.environment, "DATELINE_DATABASE_URL": url}
        done = subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=900, check=False)
        return done.returncode, done.stdout, done.stderr

    def undisturbed(self, url: str) -> tuple[dict[str, Any], dict[str, Any], int]:
        """Return the rows of a replay that nothing disturbed, its counts, and its number of steps; a second one writes nothing."""
        code, out, err = self.run(url)
        assert code == 0, err
        rows, loads = snapshot(create_engine(parse_url(url))), count_loads(url)
        again, second, _err = self.run(url)
        assert again == 0
        assert not any(number for number in json.loads(second).values() if isinstance(number, int))
        assert snapshot(create_engine(parse_url(url))) == rows
        assert count_loads(url) == loads
        return rows, json.loads(out), int(err.rsplit("steps", 1)[1])

    def killed_and_resumed(self, url: str, seed: int, steps: int) -> dict[str, Any]:
        """Return the rows after one to three kills at random steps and a run to the end."""
        chance = random.Random(seed)
        for _ in range(chance.randint(1, 3)):
            code, _out, err = self.run(url, chance.randint(1, steps // 2))
            assert code in (0, -signal.SIGKILL), err
        code, _out, err = self.run(url)
        assert code == 0, err
        return snapshot(create_engine(parse_url(url)))


def count_loads(url: str) -> int:
    """Return how many rows the ledger has."""
    with reading(create_engine(parse_url(url))) as connection:
        return len(list(connection.execute(load.select())))


@pytest.fixture(scope="module")
def replays(snapshots: Path, server: str, tmp_path_factory: pytest.TempPathFactory) -> Replays:
    """Replays of our own feed, in loads of four articles."""
    return Replays(snapshots, server, tmp_path_factory.mktemp("replays"), load_size=4)


@pytest.fixture(scope="module")
def undisturbed(replays: Replays, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any], int]:
    """The rows, counts and steps that nothing disturbed. Rows do not depend on the kind of database (test_flows_pipeline)."""
    path = tmp_path_factory.mktemp("undisturbed") / "dateline.db"
    path.write_bytes(sqlite_template.read_bytes())
    return replays.undisturbed(f"sqlite:///{path}")


def test_every_item_once_and_revisions_replace(undisturbed: tuple[dict[str, Any], dict[str, Any], int]) -> None:
    rows, counts, _steps = undisturbed
    articles = [dict(row) for row in rows["article"]]
    assert sorted(one["guid"] for one in articles) == sorted(f"g{n}" for n in range(ITEMS))
    assert counts["articles_new"] == ITEMS
    assert counts["articles_revised"] > 0
    assert len(rows["report"]) >= ITEMS


@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_and_resumed_gives_the_same_rows(
    replays: Replays, database_url: str, seed: int, undisturbed: tuple[dict[str, Any], dict[str, Any], int]
) -> None:
    rows, _counts, steps = undisturbed
    assert replays.killed_and_resumed(database_url, seed, steps) == rows


@pytest.mark.shared
@pytest.mark.parametrize("step", [int(os.environ.get("DATELINE_TEST_MONTH_STEP", "12"))], ids="every {}th".format)
def test_a_real_month_killed_and_resumed(server: str, postgres_url: str, sqlite_url: str, tmp_path: Path, step: int) -> None:
    if not HISTORY.exists():
        pytest.skip("needs ../shared/corpus/feeds")
    with tarfile.open(HISTORY) as archive:
        archive.extractall(tmp_path / "month", filter="data")
    for number, path in enumerate(sorted((tmp_path / "month").rglob("*.rss"))):
        if number % step:
            path.unlink()
    month = Replays(tmp_path / "month", server, tmp_path, load_size=25)
    wanted = tmp_path / "undisturbed.db"
    wanted.write_bytes(Path(str(parse_url(sqlite_url).database)).read_bytes())
    rows, _counts, steps = month.undisturbed(f"sqlite:///{wanted}")
    assert month.killed_and_resumed(sqlite_url, 1, steps) == rows
    assert month.killed_and_resumed(postgres_url, 2, steps) == rows
