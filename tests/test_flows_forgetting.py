"""What may not be kept any longer: sources with their state and bytes, texts past their time; how fresh sources are; servers that ask for quiet."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flow_samples import TEXTS
from rude_server import page, serving, story
from sqlalchemy import Engine, text

from dateline.records import Article
from dateline.sources import FetchPolicy, ReadOptions, Rejected, SourceState
from dateline.sources.duplicates import HEAD, SIZE
from dateline.sources.fetch_errors import FetchFailed
from dateline.sources.incremental import Sighting
from dateline.sources.raw import RawStore
from flows.configuration import Settings, read_settings, settings
from flows.deploying import GROUP_SCHEDULES, read_deployments
from flows.extraction import extract_batch
from flows.forgetting import forget_source, raw_root, registered, remove_kept, remove_texts
from flows.freshness import source_freshness
from flows.ingest import GIVEN, Intake, Window, registered_intake, replayed_intake, spool_failure, spool_intake
from flows.patience import QUIET, seconds_asked
from flows.running import STATE, Run
from flows.spool import Spool, read_batch, state_after
from flows.stages import load_options, versions
from models.load import open_load
from models.signatures import stale_signatures
from models.watermarks import get_watermark

REGISTRY = """
[[source]]
name = "wire"
title = "Example Wire"
location = "https://wire.test/feed.xml"
retention_days = 30

[[source]]
name = "archive"
location = "archive/"
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def chosen(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a registry and a database that holds two articles of each source."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "beside/cache"))
    (tmp_path / "sources.toml").write_text(REGISTRY)
    settings.cache_clear()
    load_articles(
        [
            Article(name, words, day, source="Example Wire" if number < 2 else "archive", url=f"https://wire.test/{name}")
            for number, (name, (day, words)) in enumerate(list(TEXTS.items())[:4])
        ]
    )
    return read_settings()


def load_articles(articles: list[Article]) -> None:
    with Run.started(read_settings()) as run:
        prepared = run.plan_articles(articles)
        run.take(prepared, extract_batch([one.article for one in prepared.todo], run.recipe))
        prepared.state = ("wire", SourceState("2026-05-25T10:00:00+00:00").to_json())
        run.load(prepared)


def ask(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def set_watermark(engine: Engine, source: str, name: str, value: str) -> None:
    with open_load(engine, versions=versions(("1", "m", "l")), **load_options(read_settings())) as load:
        load.set_watermark(source, name, value)


@pytest.mark.parametrize("name", ["wire", "Example Wire"], ids=["by its registered name", "by what its articles say"])
def test_a_forgotten_source_leaves_no_state_and_no_bytes(chosen: Settings, engine: Engine, name: str) -> None:
    seen = {"Example Wire\ng1": Sighting("d"), "Other\ng1": Sighting("d")}
    set_watermark(engine, GIVEN, STATE, SourceState(None, {"https://wire.test/feed.xml": ("e", None)}, seen).to_json())
    for folder in ("wire", "archive"):
        (raw_root(chosen) / folder / "ab").mkdir(parents=True)
        (raw_root(chosen) / folder / "ab" / "cd").write_bytes(b"kept")
    cached = len(list(chosen.cache.glob("??/*.z")))
    digests = {str(row[0]) for row in ask(engine, "SELECT digest FROM article WHERE source = 'Example Wire'")}
    with open_load(engine, versions=versions(("1", "m", "l")), **load_options(chosen)) as load:
        forget_source(load, engine, name, chosen)
    assert remove_kept(name, digests, chosen) == 1
    assert ask(engine, "SELECT DISTINCT source FROM v_articles") == [("archive",)]
    assert get_watermark(engine, "wire", STATE) is None
    assert SourceState.from_json(get_watermark(engine, GIVEN, STATE)) == SourceState(None, {}, {"Other\ng1": Sighting("d")})
    assert [one.name for one in raw_root(chosen).iterdir()] == ["archive"]
    assert len(list(chosen.cache.glob("??/*.z"))) == cached - 2


def test_texts_past_their_time_go_and_what_they_report_stays(chosen: Settings, engine: Engine) -> None:
    kept = raw_root(chosen) / "wire" / "ab"
    kept.mkdir(parents=True)
    for name, days in (("old", 40), ("new", 1)):
        (kept / name).write_bytes(b"kept")
        os.utime(kept / name, ((NOW - timedelta(days=days)).timestamp(),) * 2)
    before = ask(engine, "SELECT event_id, title, report_count FROM v_events ORDER BY event_id")
    quotes = ask(engine, "SELECT quote FROM v_reports ORDER BY report_id")
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET first_seen = :then"), {"then": (NOW - timedelta(days=29)).replace(tzinfo=None)})
    assert remove_texts(chosen, now=NOW) == ({}, 1)
    assert remove_texts(chosen, now=NOW + timedelta(days=2)) == ({"wire": 2}, 0)
    assert remove_texts(chosen, now=NOW + timedelta(days=2)) == ({}, 0)
    assert ask(engine, "SELECT DISTINCT source FROM article WHERE text IS NULL") == [("Example Wire",)]
    assert ask(engine, "SELECT event_id, title, report_count FROM v_events ORDER BY event_id") == before
    assert ask(engine, "SELECT quote FROM v_reports ORDER BY report_id") == quotes
    assert [one.name for one in kept.iterdir()] == ["new"]


def test_freshness_is_judged_source_by_source(chosen: Settings, engine: Engine) -> None:
    def judged(now: datetime) -> dict[str, bool]:
        return {one.name: one.passed for one in source_freshness(engine, registered(chosen), now)}

    assert judged(NOW) == {"freshness:wire": True}
    assert judged(NOW + timedelta(days=1)) == {"freshness:wire": False}
    set_watermark(engine, "wire", STATE, SourceState("2026-05-25", gone=True).to_json())
    (ended,) = source_freshness(engine, registered(chosen), NOW)
    assert (ended.passed, ended.message) == (False, "wire has ended (410); remove it from the registry")


def test_a_server_that_asks_for_quiet_is_left_alone_until_then(chosen: Settings, engine: Engine) -> None:
    intake = registered_intake(registered(chosen)[0], Window(), chosen)
    item = Rejected("https://wire.test/feed.xml", "http_429", "Later.", transient=True, retry_after=7200)
    assert seconds_asked(item, intake.locations) == 7200
    assert seconds_asked(Rejected("https://elsewhere.test/1", "http_429", "Later.", transient=True, retry_after=7200), intake.locations) == 0
    set_watermark(engine, "wire", QUIET, (datetime.now(UTC) + timedelta(hours=2)).isoformat())
    with Run.started(chosen) as run:
        assert list(run.ready([intake])) == []
        assert "left alone until" in run.outcome.notes[0]
        assert list(run.ready([replayed_intake(["x"], "wire", chosen)])) != []
    set_watermark(engine, "wire", QUIET, (datetime.now(UTC) - timedelta(seconds=1)).isoformat())
    with Run.started(chosen) as run:
        assert list(run.ready([intake])) == [intake]


def test_what_a_server_asks_for_goes_with_the_failure_and_with_what_was_read(chosen: Settings, tmp_path: Path) -> None:
    with serving() as server, Spool(str(tmp_path)) as spool:
        options = ReadOptions(source="Example Wire", fetch=FetchPolicy(allow_hosts=frozenset({"localhost"}), delay=0, obey_robots=False))
        intake = Intake("wire", (server.url("/feed", "localhost"),), options, registered=True, state_name="wire")
        server.routes["/feed"] = page("", status=503, Retry_After="1")
        with pytest.raises(FetchFailed) as caught:
            spool_intake(intake, Window(), spool, 5)
        assert caught.value.retry_after == 1
        failed = spool_failure(intake, spool, caught.value)
        (item,) = read_batch(failed.paths[0])
        assert (item.item, item.source, failed.quiet_seconds, failed.readable) == ("wire", "Example Wire", 1, None)  # type: ignore[union-attr]
        time.sleep(1.1)
        links = [f"<link>{server.url(f'/{n}', 'localhost')}</link>" for n in (1, 2)]
        entries = "".join(f"<item>{link}<description>In short.</description></item>" for link in links)
        server.routes["/feed"] = page(f"<rss><channel>{entries}</channel></rss>", kind="application/rss+xml")
        server.routes["/1"] = page(story())
        server.routes["/2"] = page("", status=429, Retry_After="7200")
        found = spool_intake(intake, Window(), spool, 5)
        assert (found.quiet_seconds, found.readable) == (7200, "wire")


def test_each_schedule_group_has_a_deployment_of_its_own(chosen: Settings) -> None:
    (chosen.sources).write_text(REGISTRY + 'schedule = "hourly"\n[[source]]\nname = "rare"\nlocation = "x"\nschedule = "on-demand"\n')
    settings.cache_clear()
    made = {one["name"]: one for one in read_deployments()}
    assert made.keys() == {"pipeline", "ingest-daily", "ingest-hourly", "ingest-on-demand", "backfill", "reextract", "checks", "retention"}
    assert {name: [s["cron"] for s in one["schedules"]] for name, one in made.items() if name.startswith(("ingest", "pipe"))} == {
        "pipeline": [],
        "ingest-daily": [GROUP_SCHEDULES["daily"]],
        "ingest-hourly": [GROUP_SCHEDULES["hourly"]],
        "ingest-on-demand": [],
    }
    assert made["ingest-hourly"]["parameters"]["group"] == "hourly"
    (chosen.sources).unlink()
    settings.cache_clear()
    assert {one["name"] for one in read_deployments()} == {"pipeline", "ingest", "backfill", "reextract", "checks", "retention"}


def test_each_batch_carries_the_state_as_of_its_last_item(chosen: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    folder.mkdir()
    for hour in range(4):
        entries = "".join(f"<item><guid>g{n}</guid><title>T{n}</title><description>Text {n}.</description></item>" for n in range(hour, hour + 3))
        built = f"<lastBuildDate>Mon, 04 Mar 2024 0{hour}:00:00 GMT</lastBuildDate>"
        (folder / f"{hour}.rss").write_text(f"<rss><channel><title>W</title>{built}{entries}</channel></rss>")
    intake = replayed_intake([str(folder)], None, chosen)
    with Spool(str(tmp_path)) as spool:
        found = spool_intake(intake, Window(), spool, 2)
        assert [len(list(read_batch(path))) for path in found.paths] == [2, 2, 2]
        seen = [sorted(SourceState.from_json(state_after(path)).items) for path in found.paths]
        assert seen == [[f"W\ng{n}" for n in range(count)] for count in (2, 4, 6)]
        rest = spool_intake(replace(intake, state=state_after(found.paths[1])), Window(), spool, 2)
        assert [item.guid for path in rest.paths for item in read_batch(path)] == ["g4", "g5"]  # type: ignore[union-attr]
        assert rest.state == found.state


def test_signatures_of_another_version_are_made_anew_and_linked_again(chosen: Settings, engine: Engine) -> None:
    told = " ".join(f"The ministers of Norway and Chile spoke about item {n} of their long agenda in Santiago on Monday." for n in range(30))
    pair = [Article(name, told + more, "2024-03-05", source=name) for name, more in (("one", ""), ("two", " They will meet again."))]
    load_articles(pair)
    grouped = "SELECT COUNT(*) FROM v_articles WHERE duplicate_of IS NOT NULL"
    assert ask(engine, grouped) == [(1,)]
    with engine.begin() as connection:
        for table in ("near_duplicate", "article_band"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE article SET signature = :old, duplicate_of = NULL WHERE signature IS NOT NULL"), {"old": b"\x00" * (SIZE - 1)})
    signed = len(stale_signatures(engine, head=HEAD, size=SIZE))
    assert signed >= 2
    with Run.started(chosen) as run:
        assert run.remake_signatures() == signed
        assert run.remake_signatures() == 0
    assert ask(engine, grouped) == [(1,)]


def test_a_kept_store_is_read_again_in_its_order(chosen: Settings, tmp_path: Path) -> None:
    from dateline.sources.fetch import Fetched

    store = RawStore(raw_root(chosen) / "wire")
    for hour, word in enumerate(("first", "second")):
        built = f"<lastBuildDate>Mon, 04 Mar 2024 0{hour}:00:00 GMT</lastBuildDate>"
        feed = f"<rss><channel><title>W</title>{built}<item><guid>g</guid><description>The {word} text.</description></item></channel></rss>"
        store.put(Fetched("https://wire.test/feed.xml", "https://wire.test/feed.xml", 200, feed.encode()), 0)
    with Spool(str(tmp_path)) as spool:
        found = spool_intake(replayed_intake([str(raw_root(chosen))], "wire", chosen), Window(), spool, 5)
        items = [item for path in found.paths for item in read_batch(path)]
    assert [(item.text, item.source) for item in items if isinstance(item, Article)] == [
        ("The first text.", "Example Wire"),
        ("The second text.", "Example Wire"),
    ]
    assert json.loads(found.state or "")["items"].keys() == {"Example Wire\ng"}
