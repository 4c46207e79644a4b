"""The event database in a browser: Datasette over the SQLite file, read-only, with the views described and ready queries at hand.

Here: `build_server`, which makes the application, and its metadata. The file is opened with mode=ro, tables other than the views are hidden, and nothing
is sent anywhere. Ready queries are those of docs/queries.md with names, days and words as parameters (explore_queries.json beside this module, made by
tools/fill_queries.py). Not here: links and pages of highlighted articles (flows.explore_pages), the command (flows.commands_explore).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dateline.errors import ConfigurationError, UsageError
from flows.export_codebook import codebook

_QUERIES = Path(__file__).with_name("explore_queries.json")
_FACETS = {
    "v_events": ["event_type", "status", "country_code", "start_year"],
    "v_participants": ["event_type", "actor_kind", "actor_country", "role"],
    "v_reports": ["event_type", "status", "source", "date_basis"],
    "v_articles": ["source", "language", "published_basis"],
    "v_timeline": ["event_type", "status"],
    "v_dyads": ["event_type", "start_year"],
    "v_quarantine": ["stage", "code"],
}
_SORT = {"v_events": "start_date", "v_reports": "start_date", "v_articles": "published_on", "v_timeline": "day", "v_participants": "start_date"}
_SETTINGS = {
    "allow_download": False,
    "suggest_facets": False,  # on a large database it would try every column
    "sql_time_limit_ms": 5_000,
    "facet_time_limit_ms": 2_000,
    "max_returned_rows": 2_000,
    "default_cache_ttl": 0,  # a run may add rows at any moment
}


def build_server(url: str) -> Any:
    """Return the Datasette over a SQLite database.

    Raises:
        UsageError: the database is not a SQLite file.
        ConfigurationError: the extra `explore` is not installed.
    """
    try:
        from datasette.app import Datasette
    except ImportError:
        raise ConfigurationError("Cannot explore: the package datasette is missing. Install it with `pip install 'dateline-events[explore]'`.") from None
    from flows.explore_pages import install_pages
    from models.engine import open_engine, sqlite_path

    engine = open_engine(url)
    path = sqlite_path(engine)
    if path is None:
        raise UsageError("Cannot explore Postgres with Datasette, which reads SQLite files. docs/postgres.md says how psql, pandas and BI tools ask it.")
    server = Datasette([str(path)], metadata=metadata(path.stem, _hidden(engine)), settings=_SETTINGS, cors=False)
    install_pages(server, engine)
    return server


def metadata(database: str, hidden: list[str]) -> dict[str, Any]:
    """Return Datasette's metadata: what every view and column means, facets, ready queries."""
    views = {view: _view(view) for view in codebook()}
    about = {
        "title": "Dateline",
        "description": "Dated events from the news. Start with v_events; an event's id leads to the articles that report it, with their words marked.",
    }
    return {**about, "databases": {database: {"tables": {**{name: {"hidden": True} for name in hidden}, **views}, "queries": ready_queries()}}}


def ready_queries() -> dict[str, dict[str, Any]]:
    """Return the ready queries by name, as Datasette's metadata has them."""
    return {entry.pop("name"): entry for entry in json.loads(_QUERIES.read_text(encoding="utf-8"))}


def _view(view: str) -> dict[str, Any]:
    meaning, columns = codebook()[view]
    described: dict[str, Any] = {"description": meaning, "columns": {column.name: column.meaning for column in columns}, "size": 50}
    if view in _FACETS:
        described["facets"] = _FACETS[view]
    if view in _SORT:
        described["sort_desc"] = _SORT[view]
    return described


def _hidden(engine: Any) -> list[str]:
    """Return every table: only the views are shown."""
    from sqlalchemy import inspect

    return list(inspect(engine).get_table_names())
