from __future__ import annotations

import string
from datetime import date
from pathlib import Path

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dateline.errors import UsageError
from models.engine import open_engine
from models.load import open_load
from models.search import search
from models.tokens import tokens

TEXTS = {
    "fighters": "The F-16 deal was signed; F-16s arrive in March. 1e5 things, 12-13 July.",
    "turkey": "Erdoğan's visit to Łódź: summits, summitry and the Summit’s end. It's news.",
    "japan": "Kishida met Yoon. The meeting and meetings of ministers; U.S. officials met too.",
    "odd": "a_b c%d 'quoted' \"double\" NEAR(x y) AND OR NOT * ( ) : - café naïve straße ﬁne ½",
    "long": "x" * 5000 + " tail",
    "empty": "",
}
QUERIES = [
    "F-16", "f 16", "summit", "SUMMITS", "meeting", "meetings", "news", "new", "erdogan", "Erdoğan's", "lodz", "it's", "u.s.", "us", "1e5", "12-13", "cafe",
    "strasse", "fine", "kishida yoon", "kishida erdogan", "NEAR(x y)", "AND", "a AND b", '"', "'", "\"quoted\"", "*", "summit*", "tokens:summit", "-summit",
    "(", ")", "c%d", "a_b", "'; DROP TABLE report; --", "&", "|", "!", "<->", ":*", "\\", "\x00", "ﬁne", "½", "x" * 5000, "", " ", "日本", "the of in", "tail",
]  # fmt: skip


def fill(engine: Engine) -> None:
    articles = [incoming(make_article(name, content, published=f"2023-07-{n + 10}" if n else None)) for n, (name, content) in enumerate(TEXTS.items())]
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add(articles, [extracted(one, [make_event(day=date(2023, 7, n + 1), who=("Kishida", "Yoon"), at=n)]) for n, one in enumerate(articles)])


@pytest.fixture(scope="module")
def filled(module_database_url: str) -> Engine:
    engine = open_engine(module_database_url)
    fill(engine)
    return engine


def expected(query: str) -> list[tuple[str, str]]:
    """What a plain reading of the texts finds: everything whose words include all of the query's."""
    wanted = set(tokens(query))
    found = [("article", name) for name, content in TEXTS.items() if wanted <= set(tokens(f"Title {name} {content}"))]
    return found if wanted else []


@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_those_of_the_words(filled: Engine, query: str) -> None:
    ids = {incoming(make_article(name)).article_id: name for name in TEXTS}
    found = [(one.kind, ids[one.item_id]) for one in search(filled, query, kinds=("article",))]
    assert sorted(found) == sorted(expected(query))


def test_quotes_and_titles_are_found_and_ordered_by_day(filled: Engine) -> None:
    hits = search(filled, "kishida vilnius", limit=100)
    assert {one.kind for one in hits} == {"quote"}
    assert all("Vilnius" in str(one.text) and one.article_id and one.event_id for one in hits)
    hits = search(filled, "meeting kishida", limit=100)
    assert {one.kind for one in hits} == {"title", "article"}
    days = [one.day or date.max for one in hits]
    assert days == sorted(days)
    assert search(filled, "kishida", limit=2) == search(filled, "kishida", limit=100)[:2]
    assert search(filled, "kishida", kinds=()) == []


def test_both_databases_give_the_same_hits(sqlite_url: str, postgres_url: str) -> None:
    engines = [open_engine(sqlite_url), open_engine(postgres_url)]
    for engine in engines:
        fill(engine)
    for query in QUERIES:
        one, other = (search(engine, query, limit=500) for engine in engines)
        assert one == other
    for engine in engines:
        engine.dispose()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=string.printable + "éğß日\x00’\ud800", max_size=40))
def test_any_input_is_safe(filled: Engine, query: str) -> None:
    assert {one.kind for one in search(filled, query)} <= {"article", "quote", "title"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_words_of_words_are_the_same_words_or_shorter(text: str) -> None:
    for word in tokens(text):
        assert set(word) <= set(string.ascii_lowercase + string.digits)
        assert len(word) <= 64


def test_nothing_is_left_behind_in_the_index(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    fill(engine)
    ids = [incoming(make_article(name)).article_id for name in TEXTS]
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING) as load:
        load.forget(ids)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM search_index WHERE search_index MATCH 'kishida'").scalar() == 0
    engine.dispose()


def test_a_query_of_too_many_words_is_refused(filled: Engine) -> None:
    with pytest.raises(UsageError, match="at most 100"):
        search(filled, " ".join(f"w{number}" for number in range(101)))
