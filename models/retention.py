"""What is stored of articles and sources, for removing it: which are known, and whose texts are past their time.

Not here: removing (load.py), how long texts may be kept (the caller says).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from models.bulk import chunks, values_of
from models.lock import Writer
from models.planning import reading
from models.tables import article, quarantine, source, watermark


def known_articles(database: Engine | Writer, article_ids: Collection[str]) -> set[str]:
    """Return those of the ids that are stored."""
    with reading(database) as connection:
        return values_of(connection, article.c.article_id, article.c.article_id, article_ids)


def known_sources(database: Engine | Writer, names: Collection[str]) -> set[str]:
    """Return those of the names under which anything is stored: articles, a state or quarantined items."""
    with reading(database) as connection:
        return {name for column in (source.c.name, watermark.c.source, quarantine.c.source) for name in values_of(connection, column, column, names)}


def expired(database: Engine | Writer, source_name: str, before: datetime) -> list[str]:
    """Return the ids of a source's articles whose text is kept and which were first stored before a moment."""
    wanted = select(article.c.article_id).where(article.c.source == source_name, article.c.text.is_not(None), article.c.first_seen < before)
    with reading(database) as connection:
        return list(connection.scalars(wanted.order_by(article.c.article_id)))


def text_digests(database: Engine | Writer, *, article_ids: Collection[str] = (), sources: Collection[str] = ()) -> set[str]:
    """Return the digests of the texts of articles and of whole sources."""
    with reading(database) as connection:
        wanted = ((article.c.article_id, article_ids), (article.c.source, sources))
        return {digest for column, values in wanted for digest in values_of(connection, article.c.digest, column, values)}


def drop_texts(connection: Connection, article_ids: Collection[str]) -> None:
    """Remove articles' texts, also from what quarantine keeps for a retry; what they report stays, with its sentences."""
    for part in chunks(article_ids):
        connection.execute(update(article).where(article.c.article_id.in_(part)).values(text=None))
        connection.execute(update(quarantine).where(quarantine.c.article_id.in_(part)).values(payload=None))
