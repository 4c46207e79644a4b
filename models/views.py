"""The views of docs/contract.md, with their columns in their order, on both databases: the database's public face.

Here: one SELECT a view, in SQL that both understand, written so that a count reads no table that it does not ask for. Both drop a subquery whose
column is not used; a LEFT JOIN whose columns are not used SQLite keeps in an aggregate, and Postgres drops but then no longer reads an index alone.
They are outside `metadata` (autogenerate would see tables) and are dropped and made again around every migration, because a view on a table would
stop SQLite from altering it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, inspect

_PROOF = 'quote, sentence_start, sentence_end, "trigger", trigger_start, trigger_end'


def _looked_up(table: str, key: str, value: str, columns: str) -> str:
    """Return subqueries for columns ("name" or "name AS other") of the row of `table` whose `key` is `value`."""
    named = [(column.split(" AS ")[0], column.split(" AS ")[-1]) for column in columns.split(", ")]
    return ", ".join(f"(SELECT {own} FROM {table} WHERE {key} = {value}) AS {name}" for own, name in named)


VIEWS: dict[str, str] = {
    "v_events": """
        SELECT event_id, event_type, title, start_date, end_date, date_precision, date_basis, start_year, start_quarter, start_month, status,
            place_name, place_venue, country_code, latitude, longitude, participants, article_count, report_count, confidence, plover, cameo,
            first_reported, last_reported
        FROM event""",
    "v_participants": """
        SELECT event_id, event_type, start_date, actor_id, actor_name, actor_kind, actor_country, role
        FROM event_participation""",
    "v_dyads": """
        SELECT actor_a, actor_b, event_type, start_year, start_quarter, COUNT(*) AS events
        FROM event_dyad
        GROUP BY actor_a, actor_b, event_type, start_year, start_quarter""",
    "v_reports": f"""
        SELECT r.report_id, r.event_id, r.article_id, r.event_type, r.start_date, r.end_date, r.date_precision, r.date_basis, r.date_text, r.status,
            r.content, {_looked_up("evidence", "position = 0 AND report_id", "r.report_id", _PROOF)}, r.rules, r.confidence,
            {_looked_up("article", "article_id", "r.article_id", "title AS article_title")}, r.source,
            {_looked_up("article", "article_id", "r.article_id", "url")}, r.published_on
        FROM report r""",
    "v_articles": """
        SELECT t.article_id, t.source, t.url, t.title, t.byline, t.language, t.published_on, t.published_basis,
            (SELECT COUNT(*) FROM report r WHERE r.article_id = t.article_id) AS report_count, t.duplicate_of, t.licence
        FROM article t""",
    "v_timeline": """
        SELECT d.day, d.event_id, e.event_type, e.title, e.status
        FROM event_day d LEFT JOIN event e ON e.event_id = d.event_id""",
    "v_loads": """
        SELECT load_id, flow_run_id, started_at, finished_at, status, articles_new, articles_revised, articles_unchanged, articles_quarantined,
            reports_written, events_new, events_changed, extractor_version, model, lexicon_version
        FROM load""",
    "v_quarantine": """
        SELECT quarantine_id, stage, code, message, source, item, attempts, first_seen, last_seen
        FROM quarantine""",
}


SQLITE_VIEWS: dict[str, str] = {
    "v_timeline": f"""
        SELECT d.day, d.event_id, {_looked_up("event", "event_id", "d.event_id", "event_type, title, status")}
        FROM event_day d""",
}


def drop_views(connection: Connection) -> None:
    """Drop our views, if they are there."""
    for name in reversed(VIEWS):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def create_views(connection: Connection, readers: Sequence[str] = ()) -> None:
    """Create the views; on Postgres, let these logins read them."""
    texts = VIEWS | SQLITE_VIEWS if connection.dialect.name == "sqlite" else VIEWS
    for name, select in texts.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {select}")
    quote = connection.dialect.identifier_preparer.quote_identifier
    for role in readers:
        connection.exec_driver_sql(f"GRANT SELECT ON {', '.join(VIEWS)} TO {quote(role)}")


def view_readers(connection: Connection) -> list[str]:
    """Return the logins that may read the views now or that were told to on this database (Postgres), so that a migration keeps their rights."""
    if connection.dialect.name != "postgresql":
        return []
    granted = "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = 'v_events' AND privilege_type = 'SELECT'"
    settled = """
        SELECT r.rolname FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database() AND 'default_transaction_read_only=on' = ANY (s.setconfig)"""
    found = connection.exec_driver_sql(f"SELECT grantee FROM ({granted} UNION {settled}) AS reader WHERE grantee <> current_user ORDER BY 1")
    return [str(row[0]) for row in found]


def missing_views(connection: Connection) -> list[str]:
    """Return the views that the database lacks."""
    return sorted(set(VIEWS) - set(inspect(connection).get_view_names()))
