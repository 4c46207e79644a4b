"""Which articles repeat one another, and which of them stands for the rest.

A group is a connected component of equal digests and of pairs found alike; its representative is the earliest by the day known before reading,
then the smallest key. Both depend on the set of articles alone, never on the order of arrival. Of articles with equal digests only the
representative carries reports. Skipped articles have none and are not grouped. Not here: who compares signatures (the caller's function).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from models.bulk import delete_where, insert_new, rows_where, update_rows, values_of
from models.tables import article, article_band, near_duplicate

Rank = tuple[bool, date, str]


def rank(day: date | None, article_key: str) -> Rank:
    """Return what representatives are chosen by; the smallest wins, and an unknown day comes last."""
    return (day is None, day or date.max, article_key)


@dataclass(frozen=True, slots=True)
class Member:
    """An article as duplicates see it."""

    article_id: str
    digest: str
    rank: Rank
    extractor_version: str | None
    duplicate_of: str | None


_MEMBER = select(article.c.article_id, article.c.digest, article.c.day, article.c.article_key, article.c.extractor_version, article.c.duplicate_of).where(
    article.c.skipped.is_(None)
)


def _member(row: Row[Any]) -> Member:
    return Member(row.article_id, row.digest, rank(row.day, row.article_key), row.extractor_version, row.duplicate_of)


def members_by_digest(connection: Connection, digests: Collection[str]) -> dict[str, list[Member]]:
    """Return the stored articles of each digest, the representative first."""
    found: dict[str, list[Member]] = defaultdict(list)
    for row in rows_where(connection, _MEMBER, article.c.digest, digests):
        found[row.digest].append(_member(row))
    for members in found.values():
        members.sort(key=lambda member: member.rank)
    return found


def linked_to(connection: Connection, article_ids: Collection[str]) -> set[str]:
    """Return the articles that were found alike to one of these."""
    forward = values_of(connection, near_duplicate.c.article_b, near_duplicate.c.article_a, article_ids)
    return forward | values_of(connection, near_duplicate.c.article_a, near_duplicate.c.article_b, article_ids)


def stand_ins(connection: Connection, article_ids: Collection[str]) -> set[str]:
    """Return the articles that stand for these, and those that these stand for."""
    heads = values_of(connection, article.c.duplicate_of, article.c.article_id, article_ids)
    return {one for one in heads if one is not None} | values_of(connection, article.c.article_id, article.c.duplicate_of, article_ids)


def unlink(connection: Connection, article_ids: Collection[str]) -> set[str]:
    """Forget what these articles were alike to; return those others, whose groups must be worked out again."""
    others = linked_to(connection, article_ids)
    for column in (near_duplicate.c.article_a, near_duplicate.c.article_b, article_band.c.article_id):
        delete_where(connection, column, article_ids)
    return others


def link(connection: Connection, article_id: str, signature: bytes, bands: Collection[str], similar: Callable[[bytes, bytes], bool]) -> None:
    """Store an article's bands and its pairs with the stored articles that are alike."""
    near = values_of(connection, article_band.c.article_id, article_band.c.band, bands) - {article_id}
    insert_new(connection, article_band, [{"band": band, "article_id": article_id} for band in sorted(set(bands))])
    signatures = select(article.c.article_id, article.c.signature).where(article.c.signature.is_not(None))
    pairs = [
        {"article_a": min(article_id, row.article_id), "article_b": max(article_id, row.article_id)}
        for row in rows_where(connection, signatures, article.c.article_id, near)
        if len(row.signature) == len(signature) and similar(signature, row.signature)  # another length: made by another version
    ]
    insert_new(connection, near_duplicate, pairs)


def regroup(connection: Connection, article_ids: Iterable[str]) -> set[str]:
    """Work out the groups of these articles, and of all that they stand for, again; return those whose group is another than before."""
    stood_for = values_of(connection, article.c.article_id, article.c.duplicate_of, set(article_ids))
    changed: set[str] = set()
    updates: list[dict[str, str | None]] = []
    for members in _components(connection, set(article_ids) | stood_for):
        head = min(members, key=lambda member: member.rank)
        before = {member.article_id: member.duplicate_of or member.article_id for member in members}
        represented = {member.duplicate_of for member in members}
        for member in members:
            wanted = None if member is head else head.article_id
            was_alone = member.duplicate_of is None and member.article_id not in represented
            if wanted != member.duplicate_of:
                updates.append({"article_id": member.article_id, "duplicate_of": wanted})
            if before[member.article_id] != head.article_id or was_alone != (len(members) == 1):
                changed.add(member.article_id)
    update_rows(connection, article, "article_id", updates)
    return changed


def duplicates_among(connection: Connection, article_ids: Collection[str]) -> int:
    """Return how many of these articles another one stands for."""
    repeated = select(article.c.article_id).where(article.c.duplicate_of.is_not(None))
    return sum(1 for _row in rows_where(connection, repeated, article.c.article_id, article_ids))


def _components(connection: Connection, article_ids: set[str]) -> list[list[Member]]:
    """Return the groups that hold one of the articles, found by walking digests and pairs outwards, a whole frontier at a time."""
    known: dict[str, Member] = {}
    frontier = set(article_ids)
    edges: list[tuple[str, str]] = []
    while frontier:
        fresh = {row.article_id: _member(row) for row in rows_where(connection, _MEMBER, article.c.article_id, frontier)}
        known |= fresh
        neighbours: set[str] = set()
        for members in members_by_digest(connection, {member.digest for member in fresh.values()}).values():
            edges += [(members[0].article_id, member.article_id) for member in members[1:]]
            neighbours |= {member.article_id for member in members}
        for pair in _pairs(connection, fresh):
            edges.append(pair)
            neighbours |= set(pair)
        frontier = neighbours - known.keys()
    return _connected(known, edges)


def _pairs(connection: Connection, article_ids: Collection[str]) -> set[tuple[str, str]]:
    found = set()
    for column in (near_duplicate.c.article_a, near_duplicate.c.article_b):
        found |= {(row.article_a, row.article_b) for row in rows_where(connection, select(near_duplicate), column, article_ids)}
    return found


def _connected(known: dict[str, Member], edges: list[tuple[str, str]]) -> list[list[Member]]:
    head = {article_id: article_id for article_id in known}

    def find(one: str) -> str:
        while head[one] != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for one, other in edges:
        if one in head and other in head:
            head[find(one)] = find(other)
    groups: dict[str, list[Member]] = defaultdict(list)
    for article_id, member in sorted(known.items()):
        groups[find(article_id)].append(member)
    return list(groups.values())
