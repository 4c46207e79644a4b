"""Keys bear the version of the rules that made them, and words and names may come from an overlay."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from database_samples import VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, select

from dateline.records import Event, Evidence, Participant, Report, ReportKey
from dateline.resolve import blocking_keys, explain_pair, keys_version, neighbourhood, resolve
from dateline.resources import resources_for
from models.inputs import EventType, Resolving
from models.load import open_load
from models.rekey import count_stale_keys
from models.snapshot import snapshot
from models.tables import load, report_key

TYPES = tuple(EventType(name) for name in ("summit", "meeting", "agreement", "statement"))


def filing(version: str, mark: str = "") -> Resolving:
    """Return the real rules, filing under keys of a made-up version."""

    def keys(report: Report) -> frozenset[str]:
        return frozenset({version} | {mark + key for key in blocking_keys(report) if not key.startswith("v:")})

    return Resolving(keys, neighbourhood, resolve, version)


def store(engine: Engine, names: str, resolving: Resolving) -> None:
    for name in names:
        one = incoming(make_article(name, source=f"paper {name}"))
        with open_load(engine, versions=VERSIONS, resolving=resolving, event_types=TYPES) as current:
            current.add([one], [extracted(one, [make_event()])])


def commands(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(load.c.command).order_by(load.c.load_id)))


def test_reports_filed_by_other_rules_are_filed_anew_before_the_next_load(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.load.REKEYED_AT_ONCE", 2)
    store(engine, "abc", filing("v:old", "unknown "))
    assert count_stale_keys(engine, "v:old") == 0
    assert count_stale_keys(engine, keys_version()) == 3
    store(engine, "d", Resolving(blocking_keys, neighbourhood, resolve, keys_version()))
    assert commands(engine)[3:5] == ["rekey", "rekey"]
    assert count_stale_keys(engine, keys_version()) == 0
    with engine.connect() as connection:
        assert not connection.scalars(select(report_key.c.key).where(report_key.c.key.like("unknown%"))).all()
    assert len(snapshot(engine)["event"]) == 1
    store(engine, "e", Resolving(blocking_keys, neighbourhood, resolve, keys_version()))
    assert commands(engine).count("rekey") == 2


def test_every_report_bears_the_version_and_nothing_asks_for_it() -> None:
    keys = blocking_keys(says(1, "The harvest was good.", "Ana Ruiz"))
    assert keys_version() in keys
    assert sum(key.startswith("v:") for key in keys) == 1


def test_an_overlay_changes_words_names_and_version(overlay: Callable[[str, list[dict[str, object]]], Path]) -> None:
    rule = {"id": "kelp", "kind": "same", "words": ["kelp", "seaweed"], "example": "Kelp was landed.", "counter_example": "A help."}
    mine = resources_for("en", str(overlay("resolve_lexicon.jsonl", [rule])))
    one = says(1, "The kelp quota would be halved, Ruiz said.", "Ana Ruiz")
    two = says(2, "Ruiz said the seaweed quota would be cut.", "Ana Ruiz")
    plain, read = explain_pair(one, two), explain_pair(one, two, resources=mine)
    assert plain != read
    assert keys_version(mine) != keys_version()
    assert any("kelp" in key for key in blocking_keys(one, resources=mine) & blocking_keys(two, resources=mine))
    assert len(resolve([one, two], resources=mine).events) == 1


@pytest.fixture
def overlay(tmp_path: Path) -> Callable[[str, list[dict[str, object]]], Path]:
    def write(name: str, rules: list[dict[str, object]]) -> Path:
        (tmp_path / name).write_text("\n".join(json.dumps(rule) for rule in rules), encoding="utf-8")
        return tmp_path

    return write


def says(number: int, quote: str, speaker: str) -> Report:
    day = date(2024, 3, 1)
    event = Event(
        "statement",
        day,
        day,
        "day",
        "explicit",
        "occurred",
        (Participant(speaker, "speaker", "person", "ES"),),
        (Evidence(0, 4, "said", (0, len(quote)), quote),),
    )
    return Report(f"r{number}", ReportKey(f"d{number}", 0), replace(event, confidence=0.8), f"paper {number}", day)
