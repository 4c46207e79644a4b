"""The command line: output, errors as one line, exit codes of docs/contract.md, bad input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_samples import records, write_lines

from dateline import errors
from flows.cli import build_app, run_command
from flows.configuration import settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder and return exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)

    def call(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
        settings.cache_clear()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        code = run_command(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def one_line(text: str) -> str:
    """Return the error line, and hold that it is one line without a traceback."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


def every_command() -> list[str]:
    """Return the names of all commands, those of groups as "group command"."""
    app = build_app()
    names = [c.name or c.callback.__name__.replace("_", "-") for c in app.registered_commands]
    for group in app.registered_groups:
        names += [f"{group.name} {c.name or c.callback.__name__}" for c in group.typer_instance.registered_commands]
    return names


def test_all_commands_of_the_contract_are_there() -> None:
    wanted = ["run", "extract", "read", "resolve", "dates", "events", "show", "highlight", "explain", "sql", "search", "export", "timeline", "backfill"]
    wanted += ["reextract", "merge", "split", "forget", "audit", "checks", "serve", "deploy", "doctor"]
    groups = ["db upgrade", "db downgrade", "db check", "db grant", "db backup", "db restore", "quarantine list", "quarantine show", "quarantine retry"]
    groups += ["sources list", "sources add", "sources check", "actors list"]
    assert {*wanted, *groups} <= set(every_command())


@pytest.mark.parametrize("command", every_command())
def test_every_command_helps_with_an_example(run: Run, command: str) -> None:
    code, out, _err = run(*command.split(), "--help")
    assert code == 0
    assert "Example: " in out


def test_extract_prints_one_line_per_article_in_order(run: Run, tmp_path: Path) -> None:
    code, out, err = run("extract", str(write_lines(tmp_path / "news.jsonl", records())))
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [line["doc_id"] for line in lines] == [r["doc_id"] for r in records()]
    assert [line["line"] for line in lines] == list(range(1, len(records()) + 1))
    assert {line["schema_version"] for line in lines} == {1}
    assert sum(len(line["events"]) for line in lines) >= 5


def test_failing_lines_keep_their_place(run: Run) -> None:
    good = [json.dumps(record).encode() for record in records()[:3]]
    lines = [good[0], b"{broken", b'{"doc_id": "d", "text": 5}', b"", b'{"doc_id": "latin", "text": "caf\xe9"}', good[1], b'["list"]', good[2]]
    code, out, err = run("extract", "-", given=b"\n".join(lines))
    found = [json.loads(line) for line in out.splitlines()]
    assert code == errors.EXIT_ITEMS_FAILED
    assert [(f["line"], f["doc_id"], f.get("error", {}).get("code")) for f in found] == [
        (1, "oslo", None),
        (2, None, "invalid_json"),
        (3, "d", "wrong_type"),
        (5, None, "encoding"),
        (6, "accord", None),
        (7, None, "invalid_json"),
        (8, "speech", None),
    ]
    assert all(f["events"] == [] for f in found if "error" in f)
    assert one_line(err) == "dateline: 4 of 7 lines of - could not be processed; see their error records."


def test_a_byte_order_mark_is_no_part_of_the_first_line(run: Run) -> None:
    code, out, _err = run("extract", given=b"\xef\xbb\xbf" + json.dumps(records()[0]).encode())
    assert code == 0
    assert json.loads(out)["doc_id"] == "oslo"


def test_extract_loads_neither_prefect_nor_sqlalchemy(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "news.jsonl", records()[:1])
    code = (
        "import sys; from flows.cli import run_command; "
        f"code = run_command(['extract', {str(file)!r}]); "
        "bad = sorted({'prefect', 'sqlalchemy', 'models'} & {m.split('.')[0] for m in sys.modules}); sys.exit(str(bad) if bad else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_extract_pipes_into_resolve(run: Run, tmp_path: Path) -> None:
    _code, extracted, _err = run("extract", str(write_lines(tmp_path / "news.jsonl", records())))
    code, out, _err = run("resolve", given=extracted.encode())
    events = [json.loads(line) for line in out.splitlines()]
    berlin = [e for e in events if {r["doc_id"] for r in e["reports"]} >= {"plan", "second"}]
    assert code == 0
    assert len(berlin) == 1
    assert berlin[0]["status"] == "occurred"
    code, _out, err = run("resolve", given=b'{"no": "extraction"}\n')
    assert code == errors.EXIT_ITEMS_FAILED
    assert "Cannot read line 1" in one_line(err)


def test_dates_says_value_interval_rule_and_why(run: Run) -> None:
    code, out, _err = run("dates", "They met last Tuesday and will meet in May.", "--published", "2023-07-12", "--json")
    found = json.loads(out)
    assert code == 0
    assert found[0]["text"] == "last Tuesday"
    assert (found[0]["value"], found[0]["first_day"]) == ("2023-07-11", "2023-07-11")
    assert all(f["rule"] for f in found)
    assert "--published" in one_line(run("dates", "today", "--published", "12/07/2023")[2])


def test_read_prints_the_input_form(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("A talk took place in Rome on Friday.")
    code, out, _err = run("read", str(tmp_path / "one.txt"))
    assert code == 0
    assert json.loads(out)["doc_id"] == "one"


def test_highlight_marks_and_links_and_escapes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("<script>alert(1)</script> President Anna Berg met Chancellor Maria Holt in Berlin on 14 June 2024.")
    code, _out, _err = run("highlight", str(tmp_path / "one.txt"), "--html", str(tmp_path / "one.html"))
    page = (tmp_path / "one.html").read_text()
    assert code == 0
    assert "<script" not in page
    assert 'class="trigger"' in page
    assert 'href="#a0-e0"' in page
    assert 'id="a0-e0"' in page
    assert "[met|1]" in run("highlight", str(tmp_path / "one.txt"))[1]


BAD_INPUT: list[tuple[str, Callable[[Path], Any], list[str], int, str]] = [
    ("a missing path", lambda p: None, ["extract", "none.jsonl"], errors.EXIT_USAGE, "Cannot read none.jsonl: No such file"),
    ("a folder", lambda p: (p / "d").mkdir(), ["extract", "d"], errors.EXIT_USAGE, "it is a folder"),
    ("an empty file", lambda p: (p / "e.jsonl").touch(), ["extract", "e.jsonl"], errors.EXIT_ITEMS_FAILED, "empty (0 bytes)"),
    ("a path that run cannot find", lambda p: None, ["run", "none"], errors.EXIT_USAGE, "no such file or folder"),
    ("an unknown option", lambda p: None, ["extract", "--fast"], errors.EXIT_USAGE, "--fast"),
    ("an unknown command", lambda p: None, ["extrct"], errors.EXIT_USAGE, "extrct"),
    ("a number out of range", lambda p: None, ["extract", "--min-confidence", "3"], errors.EXIT_USAGE, "--min-confidence"),
    ("an unknown domain", lambda p: (p / "x.jsonl").write_text("{}"), ["extract", "x.jsonl", "--domain", "poem"], errors.EXIT_USAGE, "poem"),
    ("no database yet", lambda p: None, ["events"], errors.EXIT_DATABASE, "There is no database at"),
    ("a database that is none", lambda p: (p / "dateline.db").write_bytes(b"not a database " * 100), ["events"], errors.EXIT_DATABASE, "dateline.db"),
    ("a database that is a folder", lambda p: (p / "dateline.db").mkdir(), ["events"], errors.EXIT_DATABASE, "it is a folder"),
    ("an unset reader", lambda p: None, ["show", "x"], errors.EXIT_DATABASE, "There is no database"),
    ("no registry", lambda p: None, ["sources", "list"], errors.EXIT_CONFIGURATION, "sources.toml"),
    ("deploying without a server", lambda p: None, ["deploy"], errors.EXIT_USAGE, "PREFECT_API_URL is not set"),
    ("a status that does not exist", lambda p: None, ["events", "--status", "maybe"], errors.EXIT_USAGE, "Cannot select the status 'maybe'"),
    ("two forms at once", lambda p: None, ["events", "--json", "--csv"], errors.EXIT_USAGE, "choose one"),
]


@pytest.mark.parametrize(("prepare", "arguments", "code", "says"), [row[1:] for row in BAD_INPUT], ids=[row[0] for row in BAD_INPUT])
def test_bad_input_is_one_clear_error(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[Path], Any], arguments: list[str], code: int, says: str
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    prepare(tmp_path)
    found, out, err = run(*arguments)
    assert found == code
    assert says in one_line(err.replace("Database: sqlite:///dateline.db\n", ""))
    assert out == ""


def test_an_unknown_model_is_a_configuration_error(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_MODEL", "no_such_model")
    code, _out, err = run("extract", str(write_lines(tmp_path / "news.jsonl", records())))
    assert code == errors.EXIT_CONFIGURATION
    assert "no_such_model" in one_line(err)


def test_a_setting_is_named_but_never_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WORKERS", "hunter2")
    code, _out, err = run("extract")
    assert code == errors.EXIT_CONFIGURATION
    assert "DATELINE_WORKERS" in one_line(err)
    assert "hunter2" not in err


def test_a_password_is_never_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATABASE_URL", "postgresql://ann:s3cret@127.0.0.1:1/none")
    code, out, err = run("run", __file__)
    assert code == errors.EXIT_DATABASE
    assert "127.0.0.1" in err
    assert "s3cret" not in out + err


def test_a_database_of_another_revision_is_told_apart(run: Run, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("DATELINE_DATABASE_URL", sqlite_url)
    assert run("db", "downgrade", "-1")[0] == 0
    monkeypatch.setenv("DATELINE_DATABASE_URL", sqlite_url)
    code, _out, err = run("run")
    assert code == errors.EXIT_REVISION
    assert "db upgrade" in err


def test_a_full_device_for_output_is_one_line(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "news.jsonl", records()[:1])
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "extract", str(file)], stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=120, check=False
        )
    assert done.returncode == errors.EXIT_ITEMS_FAILED
    assert "no space left" in one_line(done.stderr)


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "news.jsonl", records() * 3)
    command = f"{sys.executable} -m flows.cli read {file} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_no_colour_in_a_pipe(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("President Anna Berg met Chancellor Maria Holt in Berlin on 14 June 2024.")
    assert "\x1b" not in "".join(run("highlight", str(tmp_path / "one.txt"))[1:])
    assert "\x1b" not in run("extract", "none")[2]
