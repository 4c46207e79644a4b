from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from dateline.errors import DatabaseUnavailableError
from models.engine import open_engine
from models.load import open_load
from models.lock import current_writer, hold_writer
from models.planning import plan
from models.snapshot import snapshot

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"

# Loads twelve articles, two at a time, and says where it is; `stop` names a step before which it waits to be killed.
LOADER = """
import sys, time
sys.path.insert(0, sys.argv[3])
from database_samples import *
from models.engine import open_engine
from models.load import open_load
from models.lock import hold_writer
from models.planning import plan

url, stop = sys.argv[1], sys.argv[2]
def reach(step):
    print(step, flush=True)
    if step == stop:
        time.sleep(60)
engine = open_engine(url)
with hold_writer(engine, command="dateline run", wait=20) as writer:
    reach("held")
    for start in range(0, 12, 2):
        batch = [incoming(make_article(f"d{n}")) for n in range(start, start + 2)]
        todo = plan(writer, batch, VERSIONS).to_extract
        with open_load(writer, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
            load.add(batch[:1], [extracted(one, [make_event(), make_event("summit", at=9)]) for one in todo if one in batch[:1]])
            reach(f"mid{start}")
            load.add(batch[1:], [extracted(one, [make_event(who=("Putin", f"P{start % 4}"))]) for one in todo if one in batch[1:]])
            reach(f"before{start}")
        reach(f"after{start}")
print("end", flush=True)
"""


def start_loader(url: str, stop: str = "never") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOADER, url, stop, str(TESTS)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(process: subprocess.Popen[str], step: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == step:
            return
    raise AssertionError(process.stderr.read() if process.stderr else "")


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def run_to_end(url: str) -> None:
    process = start_loader(url)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert out.endswith("end\n")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a run that nobody killed."""
    path = tmp_path_factory.mktemp("undisturbed") / "dateline.db"
    path.write_bytes(sqlite_template.read_bytes())
    run_to_end(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    rows = snapshot(engine)
    engine.dispose()
    assert len(rows["report"]) == 18
    return rows


def statuses(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT status FROM v_loads ORDER BY load_id")))


@pytest.mark.parametrize("stop", ["mid4", *(pytest.param(stop, marks=pytest.mark.acceptance) for stop in ("held", "before4", "after4"))])
def test_a_killed_run_and_its_repetition_give_the_rows_of_an_undisturbed_run(database_url: str, stop: str, undisturbed: dict[str, object]) -> None:
    process = start_loader(database_url, stop)
    wait_for(process, stop)
    engine = open_engine(database_url)
    running = current_writer(engine)
    assert running is not None
    assert running.pid == process.pid
    kill(process)
    run_to_end(database_url)
    assert snapshot(engine) == undisturbed
    found = statuses(engine)
    assert found.count("interrupted") == (stop in ("mid4", "before4"))
    assert set(found) <= {"done", "interrupted"}
    assert current_writer(engine) is None
    engine.dispose()


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", range(20))
def test_kills_at_random_moments(database_url: str, seed: int, undisturbed: dict[str, object]) -> None:
    process = start_loader(database_url)
    wait_for(process, "held")
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    kill(process)
    run_to_end(database_url)
    engine = open_engine(database_url)
    assert snapshot(engine) == undisturbed
    assert "running" not in statuses(engine)
    engine.dispose()


def test_a_second_writer_is_told_who_and_since_when(database_url: str) -> None:
    process = start_loader(database_url, "mid0")
    wait_for(process, "mid0")
    engine = open_engine(database_url)
    try:
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailableError) as caught, hold_writer(engine, command="dateline run", wait=0.3):
            pass
        assert 0.2 < time.monotonic() - began < 5
        assert f"`dateline run` (process {process.pid} on " in str(caught.value)
        assert "since 20" in str(caught.value)
        assert caught.value.exit_code == 4
        assert statuses(engine) == ["running"]
    finally:
        kill(process)
        engine.dispose()


def test_a_second_writer_may_wait(engine: Engine) -> None:
    done = []

    def hold_a_moment() -> None:
        with hold_writer(engine, command="first", wait=0):
            done.append("held")
            time.sleep(0.5)
        done.append("left")

    thread = threading.Thread(target=hold_a_moment)
    thread.start()
    while not done:
        time.sleep(0.01)
    with pytest.raises(DatabaseUnavailableError, match="`first`"), hold_writer(engine, command="second", wait=0):
        pass
    with hold_writer(engine, command="second", wait=10) as writer:
        assert done[0] == "held"
        assert current_writer(engine) == writer.holder
    thread.join()
    assert current_writer(engine) is None


def test_reading_goes_on_while_a_load_is_open(engine: Engine) -> None:
    a = incoming(make_article("a"))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add([a], [extracted(a, [make_event()])])
        with engine.connect() as other:
            assert other.scalar(text("SELECT COUNT(*) FROM v_reports")) == 0
            assert other.scalar(text("SELECT status FROM v_loads")) == "running"
    with engine.connect() as other:
        assert other.scalar(text("SELECT COUNT(*) FROM v_reports")) == 1


def test_a_forked_child_does_not_keep_a_dead_writers_lock(database_url: str) -> None:
    code = """
import os, sys, time
from models.engine import open_engine
from models.lock import hold_writer
with hold_writer(open_engine(sys.argv[1]), command="dateline run", wait=0):
    child = os.fork()
    if child == 0:
        time.sleep(20)
        os._exit(0)
    print(child, flush=True)
    time.sleep(20)
"""
    process = subprocess.Popen([sys.executable, "-c", code, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    engine = open_engine(database_url)
    try:
        with hold_writer(engine, command="dateline run", wait=5) as writer:
            assert writer.holder.pid == os.getpid()
    finally:
        os.kill(child, signal.SIGKILL)
        engine.dispose()


def test_a_lost_server_undoes_the_load_and_the_next_one_closes_its_row(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    a = incoming(make_article("a"))

    def lose_the_server_midway() -> None:
        with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
            load.add([a], [extracted(a, [make_event()])])
            with engine.connect() as other:
                other.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()")
                )
            load.add([a], [])

    with pytest.raises(DatabaseUnavailableError, match="Cannot reach the database"):
        lose_the_server_midway()
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add([a], [extracted(a, [make_event()])])
    assert statuses(engine) == ["interrupted", "done"]
    assert load.result.interrupted == (1,)
    engine.dispose()


def test_an_exception_undoes_the_load_and_says_so(engine: Engine) -> None:
    a = incoming(make_article("a"))
    before = snapshot(engine)

    def fail_midway() -> None:
        with open_load(engine, versions=VERSIONS, resolving=RESOLVING) as load:
            load.add([a], [])
            raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        fail_midway()
    assert snapshot(engine) == before
    assert statuses(engine) == ["failed"]
    assert plan(engine, [a], VERSIONS).new == (a.article_id,)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT message FROM load")) == "no luck"


def test_interrupting_closes_the_load(engine: Engine) -> None:
    with pytest.raises(KeyboardInterrupt), open_load(engine, versions=VERSIONS, resolving=RESOLVING):
        raise KeyboardInterrupt
    assert statuses(engine) == ["interrupted"]
