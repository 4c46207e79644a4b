"""What a load has touched so far, shared by the parts of one load: counts, reports gone and written, articles to regroup.

Here: the mutable ledger of one transaction and its search-token writes. Nothing outlives the load. Next: articles.py fills it, resolution.py
reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, delete

from models.bulk import chunks, insert_rows
from models.inputs import Quarantined
from models.rows import StoredReport
from models.tables import search_tokens
from models.tokens import tokens


@dataclass(slots=True)
class Changes:
    """The touched rows of one load.

    `removed` holds reports as they were before, `written` the ids of those inserted, `fresh` what was read back of them,
    `left_actors` and `left_places` what something named before and may not name any more.
    """

    connection: Connection
    now: datetime
    counts: Counter[str] = field(default_factory=Counter)
    removed: dict[str, StoredReport] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    fresh: dict[str, StoredReport] = field(default_factory=dict)
    to_regroup: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    to_index: set[str] = field(default_factory=set)
    quarantined: list[Quarantined] = field(default_factory=list)
    pending: set[str] = field(default_factory=set)
    touched_events: set[str] = field(default_factory=set)
    left_actors: set[str] = field(default_factory=set)
    left_places: set[str] = field(default_factory=set)


def drop_tokens(connection: Connection, kind: str, item_ids: Collection[str]) -> None:
    """Take items out of the search."""
    for part in chunks(item_ids):
        connection.execute(delete(search_tokens).where(search_tokens.c.kind == kind, search_tokens.c.item_id.in_(part)))


def write_tokens(connection: Connection, kind: str, items: Mapping[str, tuple[date | None, str]]) -> None:
    """Make items findable, each by the words of its text; `kind` is article, quote or title."""
    drop_tokens(connection, kind, items.keys())
    rows = [{"kind": kind, "item_id": item_id, "day": day, "tokens": " ".join(tokens(text))} for item_id, (day, text) in sorted(items.items())]
    insert_rows(connection, search_tokens, rows)
