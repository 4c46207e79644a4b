"""Exports, opened by readers that others wrote; text that attacks its reader; files that appear whole or not at all."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import icalendar
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from example_news import load_example
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dateline.errors import UsageError
from flows.cli import run_command
from flows.export import export_events, new_file
from flows.export_calendar import calendar_lines, is_dated
from flows.export_codebook import codebook, codebook_markdown
from flows.export_release import write_release
from flows.export_rows import EVENT_COLUMNS, EXPORT_COLUMNS, ExportedEvent, Selection, exported_events
from flows.export_text import calendar_text, cell, fold, plain
from models.engine import open_engine

ROOT = Path(__file__).resolve().parents[1]
FORMATS = ("csv", "jsonl", "parquet", "ics", "geojson")
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x", "−1"]
BIDI = "\u202eevil\u2066\u200f\x1b[31m\x9b"


@pytest.fixture
def news(engine, database_url):
    """An engine on the example of docs/queries.md, on both databases."""
    load_example(database_url)
    return engine


def exported(engine, tmp_path, form, **filters):
    target = tmp_path / f"out.{form}"
    counts = export_events(engine, Selection(**filters), form=form, target=str(target))
    return target, counts


def made(**changes):
    row = dict.fromkeys(EVENT_COLUMNS)
    row |= {"event_id": "e1", "event_type": "meeting", "title": "Talks", "status": "occurred", "date_precision": "day", "date_basis": "explicit"}
    row |= {"participants": "", "article_count": 1, "report_count": 1, "confidence": 0.5}
    return ExportedEvent(row | changes)


def one_entry(event):
    calendar = icalendar.Calendar.from_ical("".join(calendar_lines([event], version="1")))
    return calendar.walk("VEVENT")[0]


# Each format by a reader of its own


def test_csv_is_read_by_pandas(news, tmp_path):
    target, counts = exported(news, tmp_path, "csv")
    frame = pd.read_csv(target)
    assert tuple(frame.columns) == EXPORT_COLUMNS
    assert len(frame) == counts["events"] == 21
    summit = frame[frame.event_type == "summit"].iloc[0]
    assert (summit.start_date, summit.end_date, summit.report_count) == ("2024-05-14", "2024-05-16", 3)
    assert summit.sources == "Savanna Post; North Wire"
    assert summit.quote.startswith("Kenya will host")
    assert frame.start_date.dropna().is_monotonic_increasing
    assert pd.isna(frame.start_date.iloc[-1])


def test_parquet_is_read_by_pyarrow_with_types(news, tmp_path):
    target, _ = exported(news, tmp_path, "parquet")
    table = pq.read_table(target)
    kinds = {name: str(table.schema.field(name).type) for name in ("start_date", "start_year", "latitude", "event_id", "participants")}
    assert kinds == {"start_date": "date32[day]", "start_year": "int64", "latitude": "double", "event_id": "string", "participants": "string"}
    assert table.num_rows == 21
    assert table.column("start_date").null_count == 1
    assert pd.read_parquet(target).latitude.max() > 59


def test_parquet_of_nothing_still_has_its_columns(news, tmp_path):
    target, counts = exported(news, tmp_path, "parquet", types=("earthquake",))
    assert counts == {"events": 0}
    assert tuple(pq.read_table(target).column_names) == EXPORT_COLUMNS


def test_jsonl_has_participants_and_reports(news, tmp_path):
    target, _ = exported(news, tmp_path, "jsonl", types=("agreement",), statuses=("occurred",))
    events = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    accord = next(event for event in events if event["start_date"] == "2024-05-16")
    assert [person["name"] for person in accord["participants"]] == ["African Union", "Kenya", "World Health Organization"]
    assert [(report["source"], report["start_date"]) for report in accord["reports"]] == [("North Wire", "2024-05-16"), ("Atlantic Ledger", "2024-05-17")]


def test_geojson_has_the_structure_of_the_rfc(news, tmp_path):
    target, counts = exported(news, tmp_path, "geojson")
    collection = json.loads(target.read_text(encoding="utf-8"))
    assert_feature_collection(collection)
    unplaced = [feature for feature in collection["features"] if feature["geometry"] is None]
    assert len(unplaced) == counts["without coordinates, with a null geometry"] == 7
    helsinki = next(f for f in collection["features"] if f["properties"]["place_name"] == "Helsinki")
    assert helsinki["geometry"]["coordinates"] == [24.938, 60.17], "longitude first (RFC 7946, 3.1.1)"


def assert_feature_collection(value):
    """RFC 7946: sections 3.1.1, 3.2, 3.3 and 4; a member set of FeatureCollection, Feature and Point."""
    assert value["type"] == "FeatureCollection"
    assert "crs" not in value
    ids = [feature["id"] for feature in value["features"]]
    assert len(ids) == len(set(ids))
    for feature in value["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        if feature["geometry"] is not None:
            assert feature["geometry"]["type"] == "Point"
            longitude, latitude = feature["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def test_calendar_is_read_by_icalendar(news, tmp_path):
    target, counts = exported(news, tmp_path, "ics")
    calendar = icalendar.Calendar.from_ical(target.read_bytes())
    entries = calendar.walk("VEVENT")
    assert counts == {"events": 20, "undated, left out": 1}
    assert len(entries) == 20
    assert len({str(entry["UID"]) for entry in entries}) == 20
    summit = next(entry for entry in entries if entry["CATEGORIES"].to_ical() == b"summit")
    assert (summit["DTSTART"].dt, summit["DTEND"].dt) == (date(2024, 5, 14), date(2024, 5, 17)), "DTEND is exclusive"
    assert summit["DTSTAMP"].dt.date() == date(2024, 5, 17), "the last report's day, not the clock"
    assert str(summit["TRANSP"]) == "TRANSPARENT"
    assert all(len(line) <= 75 for line in target.read_bytes().split(b"\r\n"))


def test_the_same_events_give_the_same_calendar(news, tmp_path):
    one, _ = exported(news, tmp_path, "ics")
    first = one.read_bytes()
    two, _ = exported(news, tmp_path, "ics")
    assert two.read_bytes() == first


# What a calendar can honestly say


def test_an_open_end_has_no_dtend_and_says_so():
    entry = one_entry(made(start_date=date(2024, 6, 21)))
    assert "DTEND" not in entry
    assert str(entry["SUMMARY"]) == "Talks (begins, end open)"


def test_an_unknown_beginning_stands_on_its_last_day_and_says_so():
    entry = one_entry(made(end_date=date(2024, 6, 21)))
    assert entry["DTSTART"].dt == date(2024, 6, 21)
    assert "beginning unknown" in str(entry["SUMMARY"])


def test_a_month_spans_the_month_and_says_that_the_day_is_unknown():
    entry = one_entry(made(start_date=date(2024, 7, 1), end_date=date(2024, 7, 31), date_precision="month", status="planned"))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2024, 7, 1), date(2024, 8, 1))
    assert str(entry["SUMMARY"]) == "Talks (planned; day unknown, within the month)"


@pytest.mark.parametrize(
    ("status", "said"), [("occurred", "CONFIRMED"), ("planned", "CONFIRMED"), ("possible", "TENTATIVE"), ("denied", "CANCELLED"), ("cancelled", "CANCELLED")]
)
def test_statuses_become_those_of_calendars(status, said):
    entry = one_entry(made(start_date=date(2024, 7, 1), end_date=date(2024, 7, 1), status=status))
    assert str(entry["STATUS"]) == said
    assert str(entry["X-DATELINE-STATUS"]) == status


def test_an_undated_event_cannot_stand_in_a_calendar():
    assert not is_dated(made())
    with pytest.raises(ValueError, match="undated"):
        list(calendar_lines([made()], version="1"))


def test_the_last_day_of_the_calendar_does_not_overflow():
    assert "DTEND" not in one_entry(made(start_date=date(9999, 12, 31), end_date=date(9999, 12, 31)))


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_survives_a_calendar_as_plain_text(title, place):
    entry = one_entry(made(start_date=date(2024, 7, 1), title=title or "x", place_name=place))
    assert str(entry["SUMMARY"]) == plain(title or "x") + " (begins, end open)"
    assert entry["DTSTART"].dt == date(2024, 7, 1)
    assert str(entry.get("LOCATION", "")) == plain(place)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_folding_keeps_to_75_octets_and_unfolds(line):
    folded = fold(line)
    assert folded.endswith("\r\n")
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded[:-2].replace("\r\n ", "") == line


def test_commas_semicolons_and_backslashes_are_escaped():
    assert calendar_text("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"


# Text that attacks its reader


@pytest.mark.parametrize("text_", HOSTILE)
def test_no_cell_begins_a_formula(text_):
    shown = cell(text_)
    assert shown.startswith("'")
    assert "\r" not in shown
    assert "\t" not in shown


def test_numbers_stay_numbers():
    assert [cell(value) for value in (-33.9, 5, None)] == [-33.9, 5, None]


@given(st.text())
def test_plain_text_has_no_control_or_reordering_characters(text_):
    shown = plain(text_)
    assert not any(
        ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff" for c in shown
    )
    assert plain(shown) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_titles_are_harmless_in_every_format(news, tmp_path, form):
    with news.begin() as connection:
        connection.execute(text("UPDATE event SET title = :title, participants = :who"), {"title": f"=HYPERLINK(1){BIDI}\r\nEND:VEVENT\r\n", "who": "@SUM(1)"})
        connection.execute(text("UPDATE evidence SET quote = :quote"), {"quote": f"-2+3{BIDI}"})
    target, counts = exported(news, tmp_path, form)
    content = str(pq.read_table(target).to_pylist()) if form == "parquet" else target.read_bytes().decode()
    assert "evil" in content
    assert not set("\u202e\u2066\u200f\x1b\x9b") & set(content)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content)))
        assert len(rows) == counts["events"]
        assert all(row[name].startswith("'") for row in rows for name in ("title", "participants", "quote"))
    if form == "ics":
        assert len(icalendar.Calendar.from_ical(content).walk("VEVENT")) == counts["events"]


# Which events


def test_filters_are_those_of_events(news, tmp_path):
    def titles(**filters):
        target, _ = exported(news, tmp_path, "csv", **filters)
        return sorted(pd.read_csv(target).start_date)

    assert titles(types=("summit",)) == ["2024-05-14"]
    assert titles(participant="kask", types=("meeting",)) == ["2024-02-05", "2024-04-08", "2024-06-21"]
    assert titles(country="pt") == ["2024-06-01", "2024-07-21", "2024-07-21"]
    assert titles(statuses=("planned", "cancelled")) == ["2024-07-01", "2024-07-02"]
    assert titles(place="jacaranda") == ["2024-05-14"]
    assert titles(since=date(2024, 5, 15), until=date(2024, 5, 15), statuses=("occurred",)) == ["2024-05-14"], "it lasted until the 16th"


def test_what_events_lists_is_what_export_writes(news, tmp_path):
    from models.reading import EventFilter, list_events

    listed = list_events(news, EventFilter(first_day=date(2024, 5, 1), last_day=date(2024, 6, 30), limit=None))
    written = [event.row["event_id"] for event in exported_events(news, Selection(since=date(2024, 5, 1), until=date(2024, 6, 30)))]
    assert written == [row.event_id for row in listed]
    assert len(written) > 5


def test_batches_are_read_from_one_state_of_the_database(news, monkeypatch):
    """The rows come in batches, each with its children; what another writer does in between is not seen."""
    whole = list(exported_events(news, Selection()))
    monkeypatch.setattr("flows.export_rows.BATCH", 4)
    events = exported_events(news, Selection())
    first = next(events)
    with news.connect() as other:
        if news.dialect.name == "postgresql":
            other.exec_driver_sql("UPDATE evidence SET quote = 'changed'")
            other.commit()
    assert [first, *events] == whole
    assert len(whole) == 21


# Files


def test_a_failed_export_leaves_the_old_file(tmp_path):
    target = tmp_path / "events.csv"
    target.write_text("old")
    with pytest.raises(TypeError, match="bytes"), new_file(target) as out:
        out.writelines([b"new", "not bytes"])
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_a_finished_export_has_the_usual_permissions(tmp_path):
    (tmp_path / "usual").write_text("")
    with new_file(tmp_path / "events.csv") as out:
        out.write(b"new")
    assert (tmp_path / "events.csv").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("target", ["", "missing/events.csv"])
def test_a_target_that_cannot_be_written_is_a_usage_error(tmp_path, target):
    with pytest.raises(UsageError, match="Cannot write"), new_file(tmp_path / target):
        pass


def test_the_command_writes_to_standard_output_and_to_files(sqlite_url, tmp_path):
    load_example(sqlite_url)
    command = [sys.executable, "-c", "from flows.cli import main; main()", "export"]
    environment = {"DATELINE_DATABASE_URL": sqlite_url, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "--format", "jsonl", "--type", "summit"], capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert json.loads(done.stdout)["event_type"] == "summit"
    assert done.stderr.decode().strip() == "Exported 1 events."
    done = subprocess.run([*command, "-o", "kask.ics", "--participant", "Kask"], capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert done.stdout == b""
    assert len(icalendar.Calendar.from_ical((tmp_path / "kask.ics").read_bytes()).walk("VEVENT")) == 3


@pytest.mark.parametrize(
    "arguments",
    [["--format", "xlsx"], ["--from", "2024-02-30"], ["--from", "2024-02-02", "--to", "2024-02-01"], ["--status", "done"], ["--release", "r", "--limit", "1"]],
)
def test_wrong_calls_exit_with_2(arguments, monkeypatch, capsys):
    monkeypatch.chdir("/tmp")
    assert run_command(["export", *arguments]) == 2
    assert "dateline: Cannot" in capsys.readouterr().err


# The release


def test_a_release_is_whole_and_checks_itself(news, tmp_path):
    folder = tmp_path / "release"
    counts = write_release(news, folder, title='Talks of "2024"')
    assert set(counts) == set(codebook())
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert {path.name for path in folder.iterdir()} - {"SHA256SUMS"} == {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    for view, count in counts.items():
        frame = pd.read_csv(folder / f"{view.removeprefix('v_')}.csv")
        assert tuple(frame.columns) == tuple(column.name for column in codebook()[view][1])
        assert len(frame) == count
    assert counts["v_events"] == 21
    citation = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert citation["title"] == 'Talks of "2024"'
    versions = json.loads((folder / "versions.json").read_text())
    assert versions["loaded_with"] == [{"extractor_version": "0.1.0", "model": "by hand", "lexicon_version": "by hand"}]
    licences = pd.read_csv(folder / "licences.csv")
    assert licences.articles.sum() == 12
    package = json.loads((folder / "datapackage.json").read_text())
    assert {resource["path"] for resource in package["resources"]} <= {path.name for path in folder.iterdir()}


def test_the_same_database_gives_the_same_release(sqlite_url, tmp_path):
    load_example(sqlite_url)
    sums = []
    for name in ("one", "two"):
        write_release(open_engine(sqlite_url), tmp_path / name)
        sums.append((tmp_path / name / "SHA256SUMS").read_text())
    assert sums[0] == sums[1]


def test_both_databases_give_the_same_release(sqlite_url, postgres_url, tmp_path):
    rows = []
    for name, url in (("sqlite", sqlite_url), ("postgres", postgres_url)):
        load_example(url)
        write_release(open_engine(url), tmp_path / name)
        rows.append({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.csv") if path.name != "loads.csv"})
    assert rows[0] == rows[1]


def test_a_release_without_quotes_has_none(news, tmp_path):
    write_release(news, tmp_path / "release", quotes=False)
    assert pd.read_csv(tmp_path / "release" / "reports.csv")[["quote", "content"]].isna().all().all()
    assert "left out" in (tmp_path / "release" / "README.md").read_text()


def test_a_release_is_never_overwritten(news, tmp_path):
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not an empty folder"):
        write_release(news, tmp_path / "release")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# The codebook


def test_the_codebook_has_the_columns_of_every_view_in_their_order(news):
    from models.views import VIEWS

    assert set(codebook()) == set(VIEWS)
    with news.connect() as connection:
        for view, (_, columns) in codebook().items():
            assert list(connection.execute(text(f"SELECT * FROM {view} LIMIT 0")).keys()) == [column.name for column in columns]


def test_the_documented_codebook_is_this_one():
    assert (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8") == codebook_markdown()


def test_the_columns_of_an_export_are_those_of_v_events():
    assert tuple(column.name for column in codebook()["v_events"][1]) == EVENT_COLUMNS
