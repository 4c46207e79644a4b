"""The same rows whatever the order, the batches, the number of loads and the database, with the real resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from database_samples import TYPES, VERSIONS, extracted, incoming, make_article, make_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dateline.records import Event
from dateline.resolve import blocking_keys, neighbourhood, resolve
from models.engine import begin_write, open_engine
from models.facts import derive
from models.inputs import Duplicates, Extracted, Incoming, Resolving
from models.load import open_load
from models.planning import plan, stale
from models.snapshot import snapshot
from models.tables import metadata

REAL = Resolving(blocking_keys, neighbourhood, resolve)
PEOPLE = ("Fumio Kishida", "Yoon Suk Yeol", "Joe Biden", "Jens Stoltenberg")


def similar(one: bytes, other: bytes) -> bool:
    return abs(one[0] - other[0]) <= 1


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["meeting", "summit", "statement"]))
    day = draw(st.sampled_from([date(2023, 7, 11), date(2023, 7, 12), date(2023, 7, 20), None]))
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    found = make_event(kind, day, people, at=draw(st.integers(0, 5)) * 100)
    status = draw(st.sampled_from(["occurred", "planned"]))
    return replace(found, status=status, confidence=draw(st.sampled_from([0.5, 0.8])))


@st.composite
def collections(draw: st.DrawFn) -> list[tuple[Incoming, list[Event]]]:
    found = []
    for number in range(draw(st.integers(2, 6))):
        words = draw(st.sampled_from(["Text one.", "Text two.", f"Text {number} of its own."]))
        published = draw(st.sampled_from([None, "2023-07-12", "2023-07-13T09:00:00+09:00"]))
        one = incoming(
            make_article(f"d{number}", words, published=published, source=draw(st.sampled_from(["wire", "daily"]))),
            signature=bytes([draw(st.integers(0, 8))]),
            bands=("all",),
        )
        found.append((one, draw(st.lists(events(), max_size=3))))
    return found


def feed(engine: Engine, found: list[tuple[Incoming, list[Event]]], size: int) -> None:
    happened = {one.article_id: told for one, told in found}
    for start in range(0, len(found), size):
        batch = [one for one, _told in found[start : start + size]]
        todo = plan(engine, batch, VERSIONS).to_extract
        done: list[Extracted] = [extracted(one, happened[one.article_id]) for one in todo]
        with open_load(engine, versions=VERSIONS, resolving=REAL, duplicates=Duplicates(similar), event_types=TYPES) as load:
            load.add(batch, done)


def empty(engine: Engine) -> None:
    with engine.connect().execution_options(dateline_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in metadata.tables)))
            return
        connection.execute(text("UPDATE article SET duplicate_of = NULL"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(scope="module")
def pair(module_database_url: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """A database of either kind, and one on SQLite to compare with."""
    path = tmp_path_factory.mktemp("other") / "dateline.db"
    path.write_bytes(sqlite_template.read_bytes())
    engines = (open_engine(module_database_url), open_engine(f"sqlite:///{path}"))
    yield engines
    for engine in engines:
        engine.dispose()


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(found=collections(), data=st.data())
def test_order_and_batches_do_not_matter(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    check_order(pair, found, data)


@pytest.mark.acceptance
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(found=collections(), data=st.data())
def test_order_and_batches_never_matter(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    check_order(pair, found, data)


def check_order(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    one, other = pair
    empty(one)
    empty(other)
    feed(one, found, 100)
    feed(other, data.draw(st.permutations(found)), data.draw(st.sampled_from([1, 2])))
    assert snapshot(one) == snapshot(other)
    before = snapshot(one)
    feed(one, found, 1)
    assert snapshot(one) == before
    with begin_write(one) as connection:
        derive(connection)
    assert snapshot(one) == before


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(found=collections(), data=st.data())
def test_adding_and_forgetting_leaves_what_was(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    check_forgetting(pair, found, data)


@pytest.mark.acceptance
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(found=collections(), data=st.data())
def test_adding_and_forgetting_always_leaves_what_was(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    check_forgetting(pair, found, data)


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_group_held_together_by_a_forgotten_twin_falls_apart(pair: tuple[Engine, Engine], gone: int) -> None:
    """Cause: only articles linked by likeness were grouped again, not those tied to the forgotten one by equal text."""

    def told(name: str, words: str, published: str | None, source: str, signature: int) -> tuple[Incoming, list[Event]]:
        return incoming(make_article(name, words, published=published, source=source), signature=bytes([signature]), bands=("all",)), []

    found = [
        told("d0", "Text two.", None, "wire", 0),
        told("d1", "Text one.", None, "wire", 0),
        told("d2", "Text two.", None, "daily", 2),
        told("d3", "Text one.", "2023-07-12", "wire", 4),
    ]
    check_forgetting_first(pair, found, gone)


def check_forgetting(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], data: st.DataObject) -> None:
    check_forgetting_first(pair, found, data.draw(st.integers(1, len(found) - 1)))


def check_forgetting_first(pair: tuple[Engine, Engine], found: list[tuple[Incoming, list[Event]]], gone: int) -> None:
    one, other = pair
    empty(one)
    empty(other)
    feed(one, found, 2)
    with open_load(one, versions=VERSIONS, resolving=REAL, duplicates=Duplicates(similar), event_types=TYPES) as load:
        load.forget([article.article_id for article, _told in found[:gone]])
    happened = {article.article_id: told for article, told in found}
    if load.result.pending:
        with open_load(one, versions=VERSIONS, resolving=REAL, duplicates=Duplicates(similar), event_types=TYPES) as load:
            load.add([], [extracted(article, happened[article.article_id]) for article in stale(one, VERSIONS)])
    feed(other, found[gone:], 100)
    kept, fresh = snapshot(one), snapshot(other)
    names = {article.article.source for article, _told in found[gone:]}
    kept["source"] = [row for row in kept["source"] if row[0][1] in names]
    assert kept == fresh
