from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from dateline.errors import ConfigurationError, DatelineError, UsageError
from models import migrate
from models.engine import open_engine, parse_url
from models.grants import grant
from models.load import open_load
from models.readonly import run_query
from models.snapshot import snapshot
from models.views import VIEWS


@pytest.fixture(scope="module")
def filled(module_database_url: str) -> Iterator[Engine]:
    engine = open_engine(module_database_url)
    fill(engine)
    yield engine
    engine.dispose()


def fill(engine: Engine) -> None:
    a = incoming(make_article("a"))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add([a], [extracted(a, [make_event(), make_event("summit", None, ("NATO",), at=70)])])


@pytest.fixture(scope="module")
def database_url(filled: Engine, module_database_url: str) -> str:
    return module_database_url


@pytest.fixture(scope="module")
def reader(filled: Engine, module_database_url: str) -> Iterator[str | None]:
    """URL of a login that may only read; None on SQLite, which has none."""
    if filled.dialect.name == "sqlite":
        yield None
        return
    name = f"reader_{parse_url(module_database_url).database}"
    yield grant(module_database_url, reader=name)[0].rpartition(" ")[2]
    drop_role(module_database_url, name)


def drop_role(url: str, name: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


def test_a_query_gives_columns_and_rows(database_url: str, reader: str | None) -> None:
    found = run_query(database_url, "SELECT event_type, participants FROM v_events ORDER BY 1", reader_url=reader)
    assert found.columns == ("event_type", "participants")
    assert [tuple(row) for row in found.rows] == [("meeting", "Kishida; Yoon"), ("summit", "NATO")]
    assert not found.truncated


def test_every_view_can_be_read(database_url: str, reader: str | None) -> None:
    for name in VIEWS:
        assert run_query(database_url, f"SELECT * FROM {name}", reader_url=reader).columns


def test_names_of_ones_own_pass(database_url: str, reader: str | None) -> None:
    query = "WITH mine AS (SELECT event_id AS one FROM v_events) SELECT COUNT(*) FROM mine m JOIN v_reports r ON r.event_id = m.one WHERE r.\"trigger\" <> ''"
    assert run_query(database_url, query, reader_url=reader).rows[0][0] > 0


def test_no_rows_still_have_columns(database_url: str, reader: str | None) -> None:
    assert run_query(database_url, "SELECT event_id FROM v_events WHERE event_type = 'none'", reader_url=reader).columns == ("event_id",)


def test_rows_are_limited(database_url: str, reader: str | None) -> None:
    found = run_query(database_url, "SELECT * FROM v_participants", rows=2, reader_url=reader)
    assert len(found.rows) == 2
    assert found.truncated


def test_percent_signs_and_quotes_pass(database_url: str, reader: str | None) -> None:
    found = run_query(database_url, "SELECT COUNT(*) FROM v_events WHERE participants LIKE '%Kishi%' AND title <> ':x %s'", reader_url=reader)
    assert found.rows == [(1,)]


WRITES = {
    "insert": "INSERT INTO source (name, first_seen) VALUES ('x', '2023-01-01')",
    "update through a view": "UPDATE v_loads SET status = 'failed'",
    "delete": "DELETE FROM report",
    "delete returning": "WITH gone AS (DELETE FROM report RETURNING *) SELECT * FROM gone",
    "drop": "DROP VIEW v_events",
    "create": "CREATE TABLE x (a INTEGER)",
    "temporary table": "CREATE TEMPORARY TABLE x (a INTEGER)",
    "several statements": "SELECT 1; DELETE FROM report",
    "several with a comment": "SELECT 1 --\n; DROP VIEW v_events",
    "commit first": "COMMIT; DELETE FROM report",
    "a table behind the views": "SELECT * FROM report",
    "a table under a view's name": "WITH v_events AS (SELECT text FROM article) SELECT * FROM v_events",
    "a table under a view's name, nested": "SELECT * FROM (WITH v_loads(a) AS MATERIALIZED (SELECT text FROM article) SELECT a FROM v_loads) AS x",
    "empty": "",
    "nonsense": "SELEC 1",
}
SQLITE = {
    "attach": "ATTACH DATABASE '/tmp/dateline-attached.db' AS other",
    "pragma": "PRAGMA query_only = OFF",
    "pragma function": "SELECT * FROM pragma_table_info('report')",
    "load extension": "SELECT load_extension('/lib/x86_64-linux-gnu/libm.so.6')",
    "vacuum into": "VACUUM INTO '/tmp/dateline-vacuumed.db'",
    "begin": "BEGIN IMMEDIATE",
    "huge value": "SELECT zeroblob(2000000000)",
    "endless padding": "SELECT printf('%.*c', 2000000000, 'x')",
    "reading a file": "SELECT readfile('/etc/passwd')",
    "writing a file": "SELECT writefile('/tmp/dateline-written', 'x')",
    "every database": "SELECT * FROM pragma_database_list",
    "the index itself": "SELECT * FROM search_index",
    "a table through a compound": "SELECT 1 UNION SELECT text FROM article",
    "rewriting the index": "INSERT INTO search_index(search_index) VALUES ('rebuild')",
}
POSTGRES = {
    "copy to program": "COPY (SELECT 1) TO PROGRAM 'touch /tmp/dateline-program'",
    "copy to file": "COPY (SELECT 1) TO '/tmp/dateline-copied'",
    "copy from program": "COPY source FROM PROGRAM 'id'",
    "set role": "SET ROLE postgres",
    "set_config role": "SELECT set_config('role', 'postgres', false)",
    "session authorization": "SET SESSION AUTHORIZATION postgres",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "list a folder": "SELECT pg_ls_dir('/')",
    "large object": "SELECT lo_from_bytea(0, 'x')",
    "import a file": "SELECT lo_import('/etc/passwd')",
    "execute in a block": "DO $$ BEGIN EXECUTE 'DELETE FROM report'; END $$",
    "next number": "SELECT nextval('load_load_id_seq')",
    "passwords": "SELECT * FROM pg_authid",
    "end a backend": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND pid <> pg_backend_pid()",
    "reload": "SELECT pg_reload_conf()",
    "select into": "SELECT * INTO stolen FROM v_events",
    "write in a CTE": "WITH x AS (INSERT INTO source (name, first_seen) VALUES ('x', '2023-01-01') RETURNING 1) SELECT * FROM x",
    "export a large object": "SELECT lo_export(1, '/tmp/dateline-exported')",
    "another connection": "SELECT dblink_connect('dbname=postgres')",
    "prepare": "PREPARE x AS DELETE FROM report",
    "explain analyze": "EXPLAIN ANALYZE DELETE FROM report",
    "for update": "SELECT * FROM v_events FOR UPDATE",
    "lock": "LOCK TABLE report",
    "make a function": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "query as XML": "SELECT query_to_xml('DELETE FROM report', true, true, '')",
    "too deep": "SELECT 1" + " UNION ALL SELECT 1" * 20_000,
    "too long": "SELECT string_agg(repeat('x', 1000000), '') FROM generate_series(1, 3000)",
}


@pytest.mark.parametrize("statement", [*WRITES.values()], ids=[*WRITES])
def test_nothing_but_select_passes(filled: Engine, database_url: str, reader: str | None, statement: str) -> None:
    before = snapshot(filled)
    with pytest.raises(UsageError) as caught:
        run_query(database_url, statement, reader_url=reader)
    assert caught.value.exit_code == 2
    assert snapshot(filled) == before


@pytest.mark.parametrize("module_database_url", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize("statement", [*SQLITE.values()], ids=[*SQLITE])
def test_sqlites_own_doors_are_closed(filled: Engine, database_url: str, statement: str) -> None:
    with pytest.raises(UsageError):
        run_query(database_url, statement)
    assert not Path("/tmp/dateline-attached.db").exists()
    assert not Path("/tmp/dateline-vacuumed.db").exists()


@pytest.mark.parametrize("module_database_url", ["postgres"], indirect=True, scope="module")
@pytest.mark.parametrize("statement", [*POSTGRES.values()], ids=[*POSTGRES])
def test_postgres_own_doors_are_closed(filled: Engine, database_url: str, reader: str, statement: str) -> None:
    before = snapshot(filled)
    with pytest.raises(UsageError):
        run_query(database_url, statement, reader_url=reader)
    assert snapshot(filled) == before
    assert not Path("/tmp/dateline-program").exists()
    assert not Path("/tmp/dateline-copied").exists()


BOMBS = {
    "recursion": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT COUNT(*) FROM t",
    "growing text": "WITH RECURSIVE t(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, s || s FROM t) SELECT MAX(LENGTH(s)) FROM t",
    "cross join": "SELECT COUNT(*) FROM " + ", ".join(f"v_participants p{n}" for n in range(20)),
}


@pytest.mark.parametrize("statement", [*BOMBS.values()], ids=[*BOMBS])
def test_bombs_end_in_time(database_url: str, reader: str | None, statement: str) -> None:
    began = time.monotonic()
    with pytest.raises(UsageError):
        run_query(database_url, statement, seconds=0.5, reader_url=reader)
    assert time.monotonic() - began < 8


def test_an_endless_answer_stops_at_the_row_limit(database_url: str, reader: str | None) -> None:
    endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100000) SELECT n FROM t"
    found = run_query(database_url, endless, rows=10, reader_url=reader)
    assert [row[0] for row in found.rows] == list(range(1, 11))
    assert found.truncated


def test_sqlite_has_no_logins(sqlite_url: str) -> None:
    with pytest.raises(UsageError, match="no logins"):
        grant(sqlite_url, reader="ann")


def test_postgres_needs_a_reading_login(postgres_url: str) -> None:
    with pytest.raises(ConfigurationError, match="dateline db grant --reader") as caught:
        run_query(postgres_url, "SELECT 1")
    assert caught.value.exit_code == 3


def test_a_powerful_login_is_refused(postgres_url: str) -> None:
    with pytest.raises(ConfigurationError, match="superuser"):
        run_query(postgres_url, "SELECT 1", reader_url=postgres_url)


@pytest.mark.parametrize(
    ("power", "said"),
    [
        ("GRANT pg_read_server_files TO {role}", "pg_read_server_files"),
        ("GRANT INSERT ON source TO {role}", "may write to source"),
        ("ALTER VIEW v_events OWNER TO {role}", "owns v_events"),
        ("GRANT CREATE ON SCHEMA public TO {role}", "may create in the schema public"),
        ("ALTER ROLE {role} CREATEDB", "may make roles"),
    ],
)
def test_a_reader_with_more_rights_is_refused(postgres_url: str, power: str, said: str) -> None:
    role = f"reader_{parse_url(postgres_url).database}"
    reader = grant(postgres_url, reader=role)[0].rpartition(" ")[2]
    owner = open_engine(postgres_url)
    with owner.begin() as connection:
        connection.execute(text(power.format(role=role)))
    owner.dispose()
    with pytest.raises(ConfigurationError, match=said):
        run_query(postgres_url, "SELECT 1", reader_url=reader)
    drop_role(postgres_url, role)


def test_a_loader_may_load_but_not_alter(postgres_url: str) -> None:
    name = f"loader_{parse_url(postgres_url).database}"
    engine = open_engine(grant(postgres_url, loader=name)[0].rpartition(" ")[2])
    fill(engine)
    with pytest.raises(DatelineError, match="may not"), engine.begin() as connection:
        connection.execute(text("DROP VIEW v_events"))
    engine.dispose()
    drop_role(postgres_url, name)


def test_granting_again_renews_and_a_migration_keeps_the_rights(postgres_url: str) -> None:
    name = f"reader_{parse_url(postgres_url).database}"
    made, renewed = grant(postgres_url, reader=name)[0], grant(postgres_url, reader=name)[0]
    assert "made" in made
    assert "renewed" in renewed
    migrate.downgrade(postgres_url, "-1")
    migrate.upgrade(postgres_url)
    assert run_query(postgres_url, "SELECT COUNT(*) FROM v_events", reader_url=made.rpartition(" ")[2]).rows == [(0,)]
    drop_role(postgres_url, name)
