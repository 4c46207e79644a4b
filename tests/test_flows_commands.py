"""The commands on a loaded database, SQLite and Postgres: events, show, explain, search, sql, merge, split, forget, quarantine, actors, db, audit."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_samples import records, write_lines
from scratch import CACHE

from dateline.jsonl import article_from_record
from dateline.records import Article
from flows.cli import run_command
from flows.configuration import read_settings, settings
from flows.extraction import extract_batch
from flows.running import Run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command on a database that holds the sample articles."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("DATELINE_CACHE", str(CACHE))
    settings.cache_clear()
    load([article_from_record(record, "sample") for record in records()])

    def call(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
        settings.cache_clear()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        code = run_command(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def load(articles: list[Article]) -> None:
    """Load articles without Prefect: the flow's own steps."""
    with Run.started(read_settings()) as run:
        prepared = run.plan_articles(articles)
        run.take(prepared, extract_batch([one.article for one in prepared.todo], run.recipe))
        run.load(prepared)


def listed(command: Command, *options: str) -> list[dict[str, Any]]:
    """Return what `dateline events --json` prints."""
    code, out, _err = command("events", "--json", *options)
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def berlin(command: Command) -> dict[str, Any]:
    """Return the meeting that two articles, and a copy of one, report."""
    (event,) = [e for e in listed(command, "--participant", "Holt") if e["event_type"] == "meeting"]
    return event


def test_events_are_filtered_and_printed_in_three_forms(command: Command) -> None:
    everything = listed(command)
    code, table, err = command("events", "--limit", "2")
    assert (code, len(table.splitlines())) == (0, 3)
    assert f"2 of {len(everything)} events" in err
    assert command("events", "--csv")[1].splitlines()[0].startswith("event_id,event_type,title,start_date")
    assert {e["event_type"] for e in listed(command, "--type", "agreement")} == {"agreement"}
    assert all(e["start_date"] >= "2024-06-01" for e in listed(command, "--from", "2024-06-01"))
    assert listed(command, "--country", "ZZ") == []
    assert berlin(command)["start_date"] == "2024-06-14"


def test_show_tells_everything_and_marks_the_trigger(command: Command, tmp_path: Path) -> None:
    event = berlin(command)
    code, out, _err = command("show", event["event_id"])
    assert code == 0
    assert "[[met]]" in out
    for expected in ("rules", "Anna Berg", "https://example.org/plan", "https://example.org/second", "2024-06-14", "confidence"):
        assert expected in out
    told = json.loads(command("show", event["event_id"], "--json")[1])
    assert {r["url"] for r in told["reports"]} >= {"https://example.org/plan", "https://example.org/second"}
    assert told["history"]
    assert command("show", event["event_id"], "--html", str(tmp_path / "event.html"))[0] == 0
    assert 'class="trigger"' in (tmp_path / "event.html").read_text()
    assert command("show", "no-such-event")[0] == 2


def test_explain_says_why_reports_are_one_event(command: Command) -> None:
    code, out, _err = command("explain", berlin(command)["event_id"])
    assert code == 0
    assert len(out.splitlines()) >= 3
    assert " = " in out


def test_a_split_and_a_merge_outlive_the_next_load(command: Command) -> None:
    event = berlin(command)
    reports = [r["report_id"] for r in json.loads(command("show", event["event_id"], "--json")[1])["reports"] if r["url"].endswith("/plan")]
    assert command("split", event["event_id"], *reports)[0] == 0
    parted = [e for e in listed(command, "--participant", "Holt") if e["event_type"] == "meeting"]
    load([Article("more", "President Anna Berg met Chancellor Maria Holt in Berlin on 14 June 2024, officials said.", published="2024-06-17")])
    assert len(parted) == 2
    assert len([e for e in listed(command, "--participant", "Holt") if e["event_type"] == "meeting"]) == 2
    assert command("merge", parted[0]["event_id"], parted[1]["event_id"])[0] == 0
    assert berlin(command)["report_count"] >= 3
    assert command("merge", parted[0]["event_id"], "no-such-event")[0] == 2


def test_what_is_forgotten_is_gone(command: Command) -> None:
    rows = json.loads(command("show", berlin(command)["event_id"], "--json")[1])["reports"]
    assert command("forget", next(r["article_id"] for r in rows if r["url"].endswith("/plan")))[0] == 0
    assert berlin(command)["report_count"] == len(rows) - 1
    code, out, _err = command("forget", "--source", "Example Times")
    assert code == 0
    assert f"{len(records()) - 1} articles forgotten" in out
    assert listed(command) == []
    assert command("forget")[0] == 2


def test_quarantine_is_listed_shown_and_retried(command: Command, tmp_path: Path) -> None:
    from dateline.sources import Rejected
    from flows.spool import Spool

    broken = tmp_path / "late.jsonl"
    broken.write_text("{broken\n")
    with Run.started(read_settings()) as run, Spool() as spool:
        (path,) = spool.write("late", [Rejected(f"{broken}:1", "invalid_json", "Cannot read line 1: not JSON.")], 5)
        run.load(run.prepare(path))
    (item,) = json.loads(command("quarantine", "list", "--json")[1])
    number = str(item["quarantine_id"])
    assert (item["code"], item["attempts"]) == ("invalid_json", 1)
    assert "not JSON" in command("quarantine", "show", number)[1]
    assert command("quarantine", "retry")[0] == 1
    write_lines(broken, [{**records()[0], "doc_id": "late", "url": "https://example.org/late"}])
    code, out, _err = command("quarantine", "retry", number)
    assert (code, out) == (0, "1 processed, 0 still in quarantine.\n")
    assert json.loads(command("quarantine", "list", "--json")[1]) == []


def test_search_finds_words_in_any_form(command: Command) -> None:
    code, out, _err = command("search", "fisheries agreements", "--json")
    assert code == 0
    assert {hit["kind"] for hit in json.loads(out)} & {"article", "quote", "title"}


def test_sql_reads_and_does_not_write(command: Command, database_url: str) -> None:
    if database_url.startswith("postgres"):
        code, _out, err = command("sql", "SELECT 1")
        assert code == 3
        assert "dateline db grant --reader" in err
        return
    code, out, _err = command("sql", "SELECT event_type, COUNT(*) AS events FROM v_events GROUP BY event_type ORDER BY 1", "--json")
    assert code == 0
    assert {row["event_type"] for row in json.loads(out)} >= {"meeting", "agreement"}
    assert command("sql", "DELETE FROM report")[0] != 0
    assert command("sql", "-", "--csv", given=b"SELECT 1 AS one")[1] == "one\n1\n"


def test_actors_are_listed_and_joined(command: Command) -> None:
    found = {a["name"]: a for a in json.loads(command("actors", "list", "--json")[1])}
    assert {"Anna Berg", "Maria Holt"} <= found.keys()
    assert command("actors", "alias", "the President of the Example", "Anna Berg")[0] == 0
    assert command("actors", "merge", "Maria Holt", "Anna Berg")[0] == 0


def test_backup_and_restore_bring_everything_back(command: Command, tmp_path: Path) -> None:
    before = listed(command)
    assert command("db", "backup", str(tmp_path / "copy.backup"))[0] == 0
    assert command("forget", "--source", "Example Times")[0] == 0
    assert listed(command) == []
    assert command("db", "restore", str(tmp_path / "copy.backup"))[0] == 0
    assert listed(command) == before
    assert command("db", "check")[0] == 0


def test_a_sample_is_drawn_to_be_judged(command: Command, tmp_path: Path) -> None:
    assert command("audit", "--sample", "3", "-o", str(tmp_path / "sheet.csv"))[0] == 0
    assert len((tmp_path / "sheet.csv").read_text().splitlines()) == 4
    assert command("audit", "--score", str(tmp_path / "sheet.csv"))[0] == 0


def test_a_backfill_is_foreseen_without_a_change(command: Command, tmp_path: Path) -> None:
    before = listed(command)
    changed = [{**records()[0], "text": records()[0]["text"] + " It rained."}, records()[1], {**records()[2], "url": "https://example.org/new"}]
    code, out, _err = command("backfill", str(write_lines(tmp_path / "again.jsonl", changed)), "--dry-run", "--json")
    assert code == 0
    assert json.loads(out) == {
        "articles_read": 3,
        "rejected": 0,
        "articles_new": 1,
        "articles_revised": 1,
        "articles_unchanged": 1,
        "to_extract": json.loads(out)["to_extract"],
    }
    assert listed(command) == before


def test_checks_and_the_doctor_find_nothing_wrong(command: Command) -> None:
    assert command("checks")[0] == 0
    code, out, _err = command("doctor", "--json")
    found = {d["what"]: d for d in json.loads(out)}
    assert {"python", "versions", "settings", "model", "resources", "database", "writer", "prefect", "disk", "clock"} == found.keys()
    assert code == 0, out
