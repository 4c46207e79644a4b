"""Full-text search over articles, quotes and event titles, with the same hits on both databases.

A hit holds every word of the query (folded and stemmed as the texts are: tokens.py). Any input is safe: only [a-z0-9]+ reaches the index. Not
here: making texts findable (changes.py), the index itself (migrations/versions/0002_search_index.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, text

from dateline.errors import UsageError
from models.bulk import rows_where
from models.lock import Writer
from models.planning import reading
from models.tables import article, event, evidence, report
from models.tokens import tokens

KINDS = ("article", "quote", "title")
MOST_WORDS = 100  # of one query; thousands take SQLite a minute and overflow the stack of Postgres

_MATCH = {
    "sqlite": "search_id IN (SELECT rowid FROM search_index WHERE search_index MATCH :query)",
    "postgresql": "array_to_tsvector(string_to_array(tokens, ' ')) @@ CAST(:query AS tsquery)",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: an article (by its title), a report's sentence, or an event's title. `day` is published, published, first day."""

    kind: str
    item_id: str
    day: date | None
    text: str | None
    article_id: str | None = None
    event_id: str | None = None
    url: str | None = None


def search(database: Engine | Writer, query: str, *, kinds: Sequence[str] = KINDS, limit: int = 50) -> list[Hit]:
    """Return what holds every word of the query, by day and then id, undated last; nothing for a query without a word.

    Raises:
        UsageError: it has more than 100 different words.
    """
    words = tokens(query)
    if len(words) > MOST_WORDS:
        raise UsageError(f"Cannot search for {len(words)} words at once: at most {MOST_WORDS}. Take the rarest of them.")
    if not words:
        return []
    with reading(database) as connection:
        rows = _matching(connection, words, kinds, limit)
        return _filled(connection, rows)


def _matching(connection: Connection, words: Sequence[str], kinds: Sequence[str], limit: int) -> list[Row[Any]]:
    dialect = connection.dialect.name
    joined = " AND ".join(f'"{word}"' for word in words) if dialect == "sqlite" else " & ".join(f"'{word}'" for word in words)
    listed = ", ".join(f":kind{number}" for number in range(len(kinds)))
    statement = f"""
        SELECT kind, item_id, day FROM search_tokens
        WHERE {_MATCH[dialect]} AND kind IN ({listed or "NULL"})
        ORDER BY day IS NULL, day, kind, item_id LIMIT :limit"""
    given = {f"kind{number}": kind for number, kind in enumerate(kinds)}
    typed = text(statement).columns(kind=_KIND, item_id=_ITEM, day=_DAY)
    return list(connection.execute(typed, {"query": joined, "limit": limit, **given}))


def _filled(connection: Connection, rows: Sequence[Row[Any]]) -> list[Hit]:
    by_kind = {kind: [row.item_id for row in rows if row.kind == kind] for kind in KINDS}
    articles = {row.article_id: row for row in rows_where(connection, _ARTICLES, article.c.article_id, by_kind["article"])}
    quotes = {row.report_id: row for row in rows_where(connection, _QUOTES, report.c.report_id, by_kind["quote"])}
    titles = {row.event_id: row.title for row in rows_where(connection, select(event.c.event_id, event.c.title), event.c.event_id, by_kind["title"])}
    hits = []
    for kind, item_id, day in (tuple(row) for row in rows):
        if kind == "article":
            found = articles[item_id]
            hits.append(Hit(kind, item_id, day, found.title, article_id=item_id, url=found.url))
        elif kind == "quote":
            found = quotes[item_id]
            hits.append(Hit(kind, item_id, day, found.quote, found.article_id, found.event_id, found.url))
        else:
            hits.append(Hit(kind, item_id, day, titles[item_id], event_id=item_id))
    return hits


_KIND, _ITEM, _DAY = (search_column.type for search_column in (article.c.source, article.c.article_id, article.c.published_on))
_ARTICLES = select(article.c.article_id, article.c.title, article.c.url)
_QUOTES = (
    select(report.c.report_id, report.c.article_id, report.c.event_id, evidence.c.quote, article.c.url)
    .join(evidence, (evidence.c.report_id == report.c.report_id) & (evidence.c.position == 0))
    .join(article, article.c.article_id == report.c.article_id)
)
