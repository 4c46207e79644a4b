"""The questions of docs/queries.md, each run as written on both databases, through the same door as `dateline sql`; its answer is the one printed."""

import re
from datetime import date
from decimal import Decimal

import pytest
from example_news import ROOT, load_example, tool
from sqlalchemy import text

from models.engine import open_engine, parse_url
from models.grants import grant
from models.readonly import run_query

fill_queries = tool("fill_queries")
QUESTIONS = fill_queries.questions((ROOT / "docs" / "queries.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def door(module_database_url):
    """A function that asks the example database as an analyst does: read-only, on Postgres with the login that `db grant` made."""
    url = module_database_url
    load_example(url)
    if url.startswith("sqlite"):
        yield "sqlite", lambda query: run_query(url, query)
        return
    role = f"reader_{parse_url(url).database}"
    reader = grant(url, reader=role)[0].rpartition(" ")[2]
    yield "postgres", lambda query: run_query(url, query, reader_url=reader)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_there_are_twelve_and_all_are_asked():
    assert [question.number for question in QUESTIONS] == list(range(1, 13))
    assert all(set(question.queries) == {"sqlite", "postgres"} for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: f"{question.number}")
def test_the_answer_is_the_one_printed(door, question):
    database, ask = door
    result = ask(question.queries[database])
    assert result.rows, "an empty answer shows nothing"
    assert not result.truncated
    assert fill_queries.printed(result.columns, [[as_sqlite_has_it(value) for value in row] for row in result.rows]) == question.answer


def test_only_views_are_asked():
    for question in QUESTIONS:
        for query in question.queries.values():
            named = set(re.findall(r"(?:FROM|JOIN)\s+(\w+)", query)) - set(re.findall(r"(\w+) AS \(", query))
            assert named, question.title
            assert all(name.startswith("v_") for name in named)


def as_sqlite_has_it(value):
    """Postgres gives exact numbers and days; SQLite floats and text."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


# docs/postgres.md

POSTGRES = (ROOT / "docs" / "postgres.md").read_text(encoding="utf-8")


@pytest.fixture
def reader(postgres_url):
    """The reading login's URL on the example database."""
    load_example(postgres_url)
    role = f"reader_{parse_url(postgres_url).database}"
    yield grant(postgres_url, reader=role)[0].rpartition(" ")[2]
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_the_sql_of_the_postgres_page_runs_as_the_reader(reader):
    engine = open_engine(reader)
    answers = []
    with engine.connect() as connection:
        for query in re.findall(r"^```sql\n(.*?)^```$", POSTGRES, re.M | re.S):
            answers.append(connection.exec_driver_sql(query.strip().removesuffix(";").replace("%", "%%")).fetchall())
    engine.dispose()
    assert len(answers) == 2
    assert [(row.start_date, row.event_type) for row in answers[0]][-1] == (date(2024, 5, 16), "agreement")
    assert [row.agreements for row in answers[1]] == [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0]


def test_the_python_of_the_postgres_page_runs_as_the_reader(reader, capsys):
    (block,) = re.findall(r"^```python\n(.*?)^```$", POSTGRES, re.M | re.S)
    names = {"address": parse_url(reader).render_as_string(hide_password=False)}
    exec(compile(block, "docs/postgres.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "2024Q2" in printed
    assert "No border stops a virus" in printed
    names["engine"].dispose()
