"""What must be extracted: the articles of a batch that are new, revised or stale, and stored ones that take over from a twin.

Here: `plan` for what arrives, `stale` for what a new extractor version has overtaken, and stored articles as `Incoming` again. Nothing is
written. Not here: the load (load.py), which checks everything again under the writer's lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, FromClause, Row, and_, exists, or_, select

from dateline.records import Article, Versions
from models.bulk import rows_where
from models.duplicates import Rank, members_by_digest, rank
from models.inputs import Incoming
from models.lock import Writer
from models.tables import article


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch holds, by article_id, and the articles to extract. `duplicates` are arrivals whose text another article stands for."""

    new: tuple[str, ...]
    revised: tuple[str, ...]
    unchanged: tuple[str, ...]
    stale: tuple[str, ...]
    duplicates: tuple[str, ...]
    to_extract: tuple[Incoming, ...]


@contextmanager
def reading(database: Engine | Writer) -> Iterator[Connection]:
    """Open a connection for reading."""
    engine = database.engine if isinstance(database, Writer) else database
    with engine.connect() as connection:
        yield connection


def latest(incoming: Sequence[Incoming]) -> dict[str, Incoming]:
    """Return the articles by id; of two versions in one batch the later one counts."""
    return {one.article_id: one for one in incoming}


def plan(database: Engine | Writer, incoming: Sequence[Incoming], versions: Versions) -> Plan:
    """Say what the batch holds and what of it, and of what is stored, must be extracted before it is loaded."""
    batch = latest(incoming)
    with reading(database) as connection:
        stored = stored_states(connection, batch)
        kinds = {article_id: _kind(stored.get(article_id), one, versions) for article_id, one in batch.items()}
        left = {row.digest for article_id, row in stored.items() if row.digest != batch[article_id].digest}
        chosen, taking_over = _representatives(connection, batch, kinds, left)
        kinds = {one: "unchanged" if kind == "stale" and one not in chosen else kind for one, kind in kinds.items()}
        handed_on = list(incoming_of(connection, taking_over))
    by_kind: dict[str, list[str]] = defaultdict(list)
    for article_id, kind in kinds.items():
        by_kind[kind].append(article_id)
    fresh = [batch[article_id] for article_id in batch if article_id in chosen and kinds[article_id] != "unchanged"]
    named = {kind: tuple(by_kind[kind]) for kind in ("new", "revised", "unchanged", "stale")}
    return Plan(**named, duplicates=tuple(one for one in batch if one not in chosen), to_extract=(*fresh, *handed_on))


def stored_states(connection: Connection, article_ids: Collection[str]) -> dict[str, Row[Any]]:
    """Return what decides about an article's fate: digest, versions, whether it was skipped."""
    columns = (article.c.article_id, article.c.digest, article.c.extractor_version, article.c.model, article.c.lexicon_version, article.c.skipped)
    return {row.article_id: row for row in rows_where(connection, select(*columns), article.c.article_id, article_ids)}


def _kind(row: Row[Any] | None, one: Incoming, versions: Versions) -> str:
    if row is None:
        return "new"
    if row.digest != one.digest:
        return "revised"
    made_by = (row.extractor_version, row.model, row.lexicon_version)
    return "unchanged" if made_by == (versions.extractor, versions.model, versions.lexicon) else "stale"


def _representatives(connection: Connection, batch: dict[str, Incoming], kinds: dict[str, str], left: set[str]) -> tuple[set[str], set[str]]:
    """Return the arrivals that stand for their digest, and the stored articles that must take over."""
    classes: dict[str, list[tuple[Rank, str, bool]]] = defaultdict(list)
    arriving = {article_id for article_id in batch if kinds[article_id] in ("new", "revised")}
    digests = {one.digest for one in batch.values()}
    placed = set()
    for digest, members in members_by_digest(connection, digests | left).items():
        for member in members:
            if member.article_id not in arriving:
                classes[digest].append((member.rank, member.article_id, member.extractor_version is not None))
                placed.add(member.article_id)
    for article_id in batch.keys() - placed:
        one = batch[article_id]
        classes[one.digest].append((rank(one.known_day, one.article_key), article_id, False))
    heads = [min(members) for members in classes.values() if members]
    chosen = {article_id for _rank, article_id, _done in heads if article_id in batch}
    return chosen, {article_id for _rank, article_id, done in heads if article_id not in batch and not done}


def stale(database: Engine | Writer, versions: Versions, *, limit: int = 100, after: str = "") -> tuple[Incoming, ...]:
    """Return stored articles, by id from `after` on, that other versions extracted or that nothing has extracted yet.

    Articles whose text is not kept cannot be extracted again and are left out, as are those that another article stands for.
    """
    with reading(database) as connection:
        wanted = select(article.c.article_id).where(_is_stale(versions), article.c.text.is_not(None), article.c.article_id > after)
        ids = list(connection.scalars(wanted.order_by(article.c.article_id).limit(limit)))
        return tuple(incoming_of(connection, ids))


def _is_stale(versions: Versions) -> ColumnElement[bool]:
    twin = article.alias("twin")
    alike = (twin.c.digest == article.c.digest, twin.c.article_id != article.c.article_id, twin.c.skipped.is_(None))
    has_carrier = exists(select(twin.c.article_id).where(*alike, or_(twin.c.extractor_version.is_not(None), _ranks_before(twin, article))))
    differs = or_(article.c.extractor_version != versions.extractor, article.c.model != versions.model, article.c.lexicon_version != versions.lexicon)
    return or_(differs, and_(article.c.extractor_version.is_(None), ~has_carrier))


def _ranks_before(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Say in SQL what duplicates.rank says: the earlier day, an unknown one last, then the smaller key."""
    same_day = one.c.day.is_not_distinct_from(other.c.day)
    earlier = or_(one.c.day < other.c.day, and_(one.c.day.is_not(None), other.c.day.is_(None)))
    return or_(earlier, and_(same_day, one.c.article_key < other.c.article_key))


def count_stale(database: Engine | Writer, versions: Versions) -> int:
    """Return how many articles `stale` would give in all."""
    with reading(database) as connection:
        return len(list(connection.scalars(select(article.c.article_id).where(_is_stale(versions), article.c.text.is_not(None)))))


def incoming_of(connection: Connection, article_ids: Collection[str]) -> Iterator[Incoming]:
    """Yield stored articles as they came in, by id; those without text are left out."""
    for row in rows_where(connection, select(article).where(article.c.text.is_not(None)), article.c.article_id, article_ids):
        given = Article(row.doc_id, row.text, row.published, row.title, row.source, row.byline, row.url, row.language, row.guid, row.licence, row.given_basis)
        yield Incoming(row.article_id, row.article_key, row.digest, given, row.day, row.signature, (), row.raw_digest)
