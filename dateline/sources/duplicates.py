"""Near-duplicates: agency copy that many outlets print with small changes (docs/contract.md, Identity).

Here: a signature for each article, the bands that bring candidates together, the test of a pair, and groups worked out in memory. All pure
and free of the order of arrival: a group is a connected component of exact duplicates and alike pairs, its representative the earliest
published, then the smallest key. The database stores signature and bands and groups in the same way (models.duplicates).

MinHash (Broder 1997) on shingles of five words, by datasketch; its hash functions are fixed by SEED, so signatures of different days and
machines can be compared.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateline.identity import article_key, normalised_text, text_digest
from dateline.records import Article

VERSION = 2  # of the signature: raise it with whatever changes its bytes, and stored ones of another version are remade (models.signatures)
SHINGLE = 5
PERMUTATIONS = 128
SEED = 1
ROWS = 4  # values a band: 32 bands of 4 bring pairs of Jaccard similarity 0.7 together with 99.98 %, of 0.5 with 87 %, of 0.3 with 23 %
THRESHOLD = 0.8
# Releases that fill in one form ("Approves ... Disaster Declaration") reach 0.84 with different facts, but come out more than a week apart.
MAX_DAYS = 7
# One outlet that prints nearly the same words days later tells something new in an old form: the second flight, the same speech elsewhere.
SAME_SOURCE_DAYS = 1
SHORT_WORDS, SHORT_THRESHOLD = 150, 0.85  # a short form has little but its frame
MAX_RATIO = 2  # a text twice as long or longer tells more than the other
MIN_WORDS = 20  # shorter texts are compared exactly only: one changed word is a large part of them
VALUE_BYTES = 4
HEAD = bytes([VERSION])
VALUES_END = len(HEAD) + PERMUTATIONS * VALUE_BYTES
COUNT_BYTES, MOST_WORDS, DAY_BYTES, SOURCE_BYTES = 2, 65535, 3, 4
DAY_END = VALUES_END + COUNT_BYTES + DAY_BYTES
SIZE = DAY_END + SOURCE_BYTES
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Member:
    """An article as duplicates see it. `day` is the ISO day it was published; None, unknown, comes last."""

    key: str
    day: str | None
    digest: str
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that tell the same text; `members` are sorted by key and hold the representative."""

    representative: Member
    members: tuple[Member, ...]


def member_of(article: Article) -> Member:
    """Return the article as duplicates see it."""
    return Member(
        article_key(article),
        article.published[:10] if article.published else None,
        text_digest(article.text),
        signature(article.text, article.published, article.source),
    )


def signature(text: str, published: str | None = None, source: str | None = None) -> bytes | None:
    """Return a version, the text's MinHash, number of words, day and source as bytes to be stored; None for a text too short to be compared but exactly."""
    words = WORD.findall(normalised_text(text).lower())
    if len(words) < MIN_WORDS:
        return None
    from datasketch import MinHash

    shingles = {" ".join(words[i : i + SHINGLE]).encode() for i in range(len(words) - SHINGLE + 1)}
    found = MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=zlib.crc32, scheme="affine32")
    found.update_batch(sorted(shingles))
    values: bytes = b"".join(int(value).to_bytes(VALUE_BYTES, "big") for value in found.hashvalues)
    return HEAD + values + min(len(words), MOST_WORDS).to_bytes(COUNT_BYTES, "big") + _ordinal(published).to_bytes(DAY_BYTES, "big") + _mark(source)


def bands(one: bytes | None) -> tuple[str, ...]:
    """Return the keys that only likely near-duplicates share; () for None."""
    if one is None:
        return ()
    width = ROWS * VALUE_BYTES
    return tuple(f"{number:02d}:{zlib.crc32(one[at : at + width]):08x}" for number, at in enumerate(range(len(HEAD), VALUES_END, width)))


def similarity(one: bytes, other: bytes) -> float:
    """Return how much of the shorter text is in the longer one, by their shingles, estimated: from 0 to 1.

    From the Jaccard similarity J and the sizes a and b it follows that the common part is J (a + b) / (1 + J). Unlike J itself it stays high
    where an outlet cut the end of an agency's story.
    """
    same = sum(one[at : at + VALUE_BYTES] == other[at : at + VALUE_BYTES] for at in range(len(HEAD), VALUES_END, VALUE_BYTES))
    jaccard, sizes = same / PERMUTATIONS, (_words(one), _words(other))
    return min(1.0, jaccard * sum(sizes) / ((1 + jaccard) * min(sizes)))


def similar(one: bytes, other: bytes) -> bool:
    """Say whether two texts are near-duplicates: one holds nearly all of the other, is not much longer, and came out about then. Symmetric.

    Signatures of another version are like nothing.
    """
    if not (is_current(one) and is_current(other)):
        return False
    shorter, longer = sorted((_words(one), _words(other)))
    days = SAME_SOURCE_DAYS if _same_source(one, other) else MAX_DAYS
    if shorter * MAX_RATIO < longer or _days_between(one, other) > days:
        return False
    return similarity(one, other) >= (THRESHOLD if shorter >= SHORT_WORDS else SHORT_THRESHOLD)


def is_current(one: bytes) -> bool:
    """Say whether a stored signature is of this version."""
    return one.startswith(HEAD) and len(one) == SIZE


def _words(one: bytes) -> int:
    return int.from_bytes(one[VALUES_END : VALUES_END + COUNT_BYTES], "big")


def _ordinal(published: str | None) -> int:
    """Return the day's number in the calendar; 0 for no day."""
    try:
        return date.fromisoformat(published[:10]).toordinal() if published else 0
    except ValueError:
        return 0


def _days_between(one: bytes, other: bytes) -> int:
    """Return the days between two publications; 0 where one is unknown."""
    first, second = (int.from_bytes(each[VALUES_END + COUNT_BYTES : DAY_END], "big") for each in (one, other))
    return abs(first - second) if first and second else 0


def _mark(source: str | None) -> bytes:
    """Return what tells sources apart; zeros for none."""
    return (zlib.crc32(source.casefold().encode("utf-8", "replace")) if source else 0).to_bytes(SOURCE_BYTES, "big")


def _same_source(one: bytes, other: bytes) -> bool:
    return one[DAY_END:] == other[DAY_END:] and any(one[DAY_END:])


def groups(members: Iterable[Member]) -> list[Group]:
    """Return every group of two or more members, sorted by the representative's key. The order of `members` does not matter."""
    known = {member.key: member for member in members}
    heads = {key: key for key in known}
    for one, other in _pairs(known.values()):
        heads[_head(heads, one)] = _head(heads, other)
    found: dict[str, list[Member]] = defaultdict(list)
    for key in sorted(known):
        found[_head(heads, key)].append(known[key])
    made = [Group(min(parts, key=_rank), tuple(parts)) for parts in found.values() if len(parts) > 1]
    return sorted(made, key=lambda group: group.representative.key)


def neighbourhood(seeds: Sequence[Member], fetch: Callable[[Collection[str], Collection[str]], Sequence[Member]]) -> list[Member]:
    """Return the seeds and every stored member that can be in a group with one of them, so that `groups` of these are whole.

    `fetch(digests, bands)` returns the stored members that have one of the digests or one of the bands.
    """
    known: dict[str, Member] = {}
    frontier = list(seeds)
    while frontier:
        known |= {member.key: member for member in frontier}
        stored = fetch({m.digest for m in frontier}, {band for m in frontier for band in bands(m.signature)})
        fresh = {member.key: member for member in stored if member.key not in known}
        frontier = [m for m in fresh.values() if any(_alike(m, near) for near in known.values())]
    return sorted(known.values(), key=lambda member: member.key)


def _rank(member: Member) -> tuple[bool, str, str]:
    return (member.day is None, member.day or "", member.key)


def _alike(one: Member, other: Member) -> bool:
    if one.digest == other.digest:
        return True
    return one.signature is not None and other.signature is not None and similar(one.signature, other.signature)


def _pairs(members: Collection[Member]) -> Iterable[tuple[str, str]]:
    buckets: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        for key in (member.digest, *bands(member.signature)):
            buckets[key].append(member)
    compared: set[tuple[str, str]] = set()
    for bucket in buckets.values():
        for number, one in enumerate(bucket):
            for other in bucket[number + 1 :]:
                pair = (min(one.key, other.key), max(one.key, other.key))
                if pair not in compared:
                    compared.add(pair)
                    if _alike(one, other):
                        yield pair


def _head(heads: dict[str, str], key: str) -> str:
    while heads[key] != key:
        heads[key] = heads[heads[key]]
        key = heads[key]
    return key
