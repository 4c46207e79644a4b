"""The flow in Prefect's test harness: rows, quarantine, names, artifacts, retries, the same on both databases."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scratch import CACHE, SCRATCH

os.environ["PREFECT_HOME"] = str(SCRATCH / "prefect")

from flow_samples import REVISED, records, write_lines
from sqlalchemy import Engine, create_engine, text

from dateline.errors import DatabaseUnavailableError, TerminalError
from dateline.resources import resources_for
from flows.configuration import prepare_prefect, settings
from flows.stages import resolving_by
from models.lock import hold_writer
from models.rekey import count_stale_keys
from models.snapshot import snapshot

prepare_prefect()

from prefect.client.orchestration import get_client  # noqa: E402
from prefect.client.schemas.filters import ArtifactFilter, FlowRunFilter  # noqa: E402
from prefect.client.schemas.sorting import ArtifactSort, TaskRunSort  # noqa: E402
from prefect.testing.utilities import prefect_test_harness  # noqa: E402

SECONDS_TO_START = 180


@pytest.fixture(scope="session")
def harness() -> Iterator[None]:
    """Prefect's API with a database of its own, once a session."""
    with prefect_test_harness(server_startup_timeout=SECONDS_TO_START):
        yield


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with one cache of extractions for all tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_CACHE", str(CACHE))
    settings.cache_clear()


@pytest.fixture
def flow(harness: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The flow on a database of its own."""
    return flow_on(database_url, monkeypatch)


def flow_on(url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the flow with the database set."""
    monkeypatch.setenv("DATELINE_DATABASE_URL", url)
    settings.cache_clear()
    from flows.pipeline import pipeline

    return pipeline


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A file of articles."""
    return write_lines(tmp_path / "news.jsonl", records())


def eventually(look: Callable[[], list[Any]], number: int, seconds: float = 30.0) -> list[Any]:
    """Return what `look` gives once it has `number` items: the server records task runs a moment after they ran."""
    deadline = time.monotonic() + seconds
    while len(found := look()) < number and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def task_names(client: Any, run_id: Any) -> list[str]:
    """Return the names of a flow run's task runs."""
    return [t.name for t in client.read_task_runs(flow_run_filter=FlowRunFilter(id={"any_": [run_id]}), sort=TaskRunSort.NAME_ASC, limit=50)]


def test_a_second_run_changes_no_row(flow: Any, engine: Engine, news: Path) -> None:
    first = flow(locations=[str(news)])
    rows = snapshot(engine)
    second = flow(locations=[str(news)])
    assert first.counts.articles_new == len(records())
    assert first.counts.events_new == len(first.new_events) >= 4
    assert second.counts.articles_unchanged == len(records())
    assert not second.counts.changed()
    assert snapshot(engine) == rows


@pytest.mark.parametrize(("batch_size", "load_size", "backwards"), [(1, 1, True), (100, 3, False), (2, 100, True)])
def test_rows_do_not_depend_on_order_and_batches(
    flow: Any, engine: Engine, news: Path, tmp_path: Path, batch_size: int, load_size: int, backwards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow(locations=[str(news)])
    undisturbed = snapshot(engine)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    again = write_lines(tmp_path / "news.jsonl", records()[::-1] if backwards else records())
    flow_on(other, monkeypatch)(locations=[str(again)], batch_size=batch_size, load_size=load_size)
    assert snapshot(create_engine(other)) == undisturbed


def test_a_revision_replaces_its_own_reports(flow: Any, engine: Engine, news: Path, tmp_path: Path) -> None:
    flow(locations=[str(news)])
    changed = [{**r, "text": REVISED} if r["doc_id"] == "second" else r for r in records()]
    outcome = flow(locations=[str(write_lines(tmp_path / "news.jsonl", changed))])
    with engine.connect() as connection:
        quotes = connection.execute(text("SELECT quote FROM v_reports WHERE url = 'https://example.org/second'")).scalars().all()
    assert outcome.counts.articles_revised == 1
    assert quotes
    assert all(quote in REVISED for quote in quotes)


def test_a_failing_article_goes_to_quarantine_and_the_rest_is_loaded(flow: Any, engine: Engine, tmp_path: Path) -> None:
    bad = {**records()[0], "doc_id": "huge", "url": "https://example.org/huge", "text": "word " * 250_000}
    file = write_lines(tmp_path / "news.jsonl", [bad, *records()[:2]])
    file.write_text(file.read_text() + '{"doc_id": "no text"}\n{broken\n')
    outcome = flow(locations=[str(file)])
    with engine.connect() as connection:
        found = {row.code: row for row in connection.execute(text("SELECT code, stage, message, item FROM v_quarantine"))}
    assert outcome.counts.articles_new == 2
    assert outcome.counts.articles_quarantined == 3
    assert {"missing_key", "invalid_json", "too_long"} <= found.keys()
    assert found["too_long"].stage == "extract"
    assert found["invalid_json"].item.endswith("news.jsonl:5")


def test_run_name_tags_and_artifacts_say_source_and_window(harness: None, sqlite_url: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = {"since": "2024-04-01", "until": "2024-06-30"}
    state = flow_on(sqlite_url, monkeypatch)(locations=[str(news)], **window, load_size=2, return_state=True)
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(state.state_details.flow_run_id)
        tasks = eventually(lambda: task_names(client, run.id), 6)
        of_run = ArtifactFilter(flow_run_id={"any_": [run.id]})
        found = eventually(lambda: client.read_artifacts(artifact_filter=of_run, sort=ArtifactSort.KEY_ASC, limit=50, offset=0), 4)
        artifacts = {a.key: a for a in found}
    assert run.name == "news.jsonl, 2024-04-01..2024-06-30"
    assert {"source:news.jsonl", "window:2024-04-01..2024-06-30"} <= set(run.tags)
    # the last load holds only a copy of an article that is stored already: nothing to extract
    assert sorted(tasks) == [*(f"extract batch {n}" for n in (1, 2)), "ingest news.jsonl", *(f"load {n}" for n in (1, 2, 3))]
    assert {"load-counts", "quality-report", "events", "progress"} <= artifacts.keys()
    assert artifacts["progress"].data == 100.0
    assert "https://example.org/" in artifacts["events"].data
    assert "events without a day" in artifacts["quality-report"].data


def test_the_window_leaves_out_articles_of_other_days(harness: None, sqlite_url: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = flow_on(sqlite_url, monkeypatch)(locations=[str(news)], since="2024-06-01", until="2024-06-15")
    assert outcome.counts.articles_new == 2


def test_without_locations_the_seeds_are_read(harness: None, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = flow_on(sqlite_url, monkeypatch)()
    assert outcome.counts.articles_new == 2


def test_registered_sources_go_on_where_they_ended(harness: None, sqlite_url: str, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "times"\nlocation = "{news}"\n\n[[source]]\nname = "gone"\nlocation = "{tmp_path}/none.jsonl"\nschedule = "hourly"\n'
    )
    flow = flow_on(sqlite_url, monkeypatch)
    first, second = flow(), flow(group="daily")
    assert first.counts.articles_new == len(records())
    assert first.counts.articles_quarantined == 1
    assert "none.jsonl" in first.problems[0]
    assert not second.counts.changed()


def test_a_blocking_check_stops_the_load(harness: None, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_BLOCKING_CHECKS", "quarantine_rate")
    file = write_lines(tmp_path / "news.jsonl", records())
    file.write_text(file.read_text() + "{broken\n" * 20)
    with pytest.raises(TerminalError, match="quarantine_rate is 74%, at most 25%"):
        flow_on(sqlite_url, monkeypatch)(locations=[str(file)])
    with create_engine(sqlite_url).connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM v_articles")).scalar_one() == 0


def test_a_second_writer_is_told_who_holds_the_database(flow: Any, engine: Engine, news: Path) -> None:
    with hold_writer(engine, command="dateline backfill"), pytest.raises(DatabaseUnavailableError, match=r"`dateline backfill` \(process \d+ on .*, since"):
        flow(locations=[str(news)], wait_seconds=0.2)


def test_the_flow_loads_by_path_as_a_module_of_its_own(harness: None, sqlite_url: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.flows import load_flow_from_entrypoint

    flow_on(sqlite_url, monkeypatch)
    path = Path(__file__).resolve().parents[1] / "flows" / "pipeline.py"
    loaded = load_flow_from_entrypoint(f"{path}:pipeline")
    assert loaded.fn.__module__ != "flows.pipeline"
    assert loaded(locations=[str(news)]).counts.articles_new == len(records())


def test_parameters_are_validated(harness: None, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.exceptions import ParameterTypeError

    with pytest.raises(ParameterTypeError, match="batch_size"):
        flow_on(sqlite_url, monkeypatch)(batch_size=0)


def test_stale_articles_are_extracted_again_and_only_these(harness: None, sqlite_url: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow_on(sqlite_url, monkeypatch)(locations=[str(news)])
    from flows.pipeline import reextract

    engine = create_engine(sqlite_url)
    rows = snapshot(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET lexicon_version = 'older' WHERE doc_id IN ('oslo', 'plan', 'quiet')"))
    outcome = reextract(load_size=2)
    assert outcome.counts.articles_read == 3
    assert snapshot(engine) == rows
    rules = resolving_by(resources_for("en")).keys_version
    with engine.begin() as connection:
        connection.execute(text("UPDATE report_key SET key = 'other rules' WHERE key = :rules"), {"rules": rules})
    assert count_stale_keys(engine, rules) > 0
    assert reextract().counts.articles_read == 0
    assert count_stale_keys(engine, rules) == 0
    assert snapshot(engine) == rows


def test_the_database_is_judged(harness: None, sqlite_url: str, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow_on(sqlite_url, monkeypatch)(locations=[str(news)])
    from flows.checking import checks

    assert {c.name for c in checks() if not c.passed} <= {"occurred_after_report"}
    with create_engine(sqlite_url).begin() as connection:
        connection.execute(text("UPDATE evidence SET trigger_end = sentence_end + 9, \"trigger\" = 'x'"))
    with pytest.raises(TerminalError, match="triggers outside their sentence"):
        checks()
