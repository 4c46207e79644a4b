"""Stored signatures that another version of the rules made: found, so that they can be remade.

A signature of another version is like nothing, so near-duplicates of before an upgrade are linked again only when theirs is remade. Not here:
making one (dateline.sources.duplicates), storing it (articles.py).
"""

from __future__ import annotations

from sqlalchemy import Engine, func, or_, select

from models.inputs import Incoming
from models.lock import Writer
from models.planning import incoming_of, reading
from models.tables import article


def stale_signatures(database: Engine | Writer, *, head: bytes, size: int, limit: int = 500, after: str = "") -> tuple[Incoming, ...]:
    """Return stored articles, by id from `after` on, whose signature does not begin with `head` or has another size; those without text are left out."""
    kept = article.c.signature
    other = or_(func.length(kept) != size, func.substr(kept, 1, len(head)) != head)
    wanted = select(article.c.article_id).where(kept.is_not(None), other, article.c.text.is_not(None), article.c.article_id > after)
    with reading(database) as connection:
        ids = list(connection.scalars(wanted.order_by(article.c.article_id).limit(limit)))
        return tuple(incoming_of(connection, ids))
