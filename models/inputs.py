"""What callers hand to the database, as frozen records, and the callables by which it asks what it must not know itself.

Here: articles before and after extraction, versions, resolving and duplicate rules, quarantined items, checks, and what a load says at its
end. Not here: how they are stored (load.py and the modules it names).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from dateline.records import Article, CanonicalEvent, Extraction, Report


@dataclass(frozen=True, slots=True)
class Incoming:
    """An article as it arrives, before its text is read.

    `article_key` and `article_id` are those of docs/contract.md, `digest` the sha256 of the normalised text. `day` is the day known before the
    text is read (None: that of `article.published`, if it has one); it decides who represents duplicates. `signature` (MinHash) and `bands`
    (keys that only likely near-duplicates share) are the caller's own; without them only exact duplicates are seen.
    """

    article_id: str
    article_key: str
    digest: str
    article: Article
    day: date | None = None
    signature: bytes | None = None
    bands: tuple[str, ...] = ()
    raw_digest: str | None = None

    @property
    def known_day(self) -> date | None:
        """The day that decides about duplicates: `day`, else the day of `article.published` in its own offset."""
        return self.day or day_of(self.article.published)


def day_of(published: str | None) -> date | None:
    """Return the day of an ISO date or datetime as written; None where there is none or it is no ISO form."""
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in one article; `report_ids` names its events in order."""

    article_id: str
    extraction: Extraction
    report_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventType:
    """A row of the ontology."""

    name: str
    description: str | None = None
    plover: str | None = None
    cameo: str | None = None


Fetch = Callable[[frozenset[str]], Sequence[Report]]


class Resolved(Protocol):
    """What resolving gives back (dateline.resolve.Resolution)."""

    @property
    def events(self) -> tuple[CanonicalEvent, ...]:
        """The events; every report given is in exactly one."""
        ...

    @property
    def redirects(self) -> tuple[tuple[str, str], ...]:
        """(absorbed event_id, event_id it went into)."""
        ...


class Resolve(Protocol):
    """dateline.resolve.resolve."""

    def __call__(
        self,
        reports: Sequence[Report],
        *,
        known: Mapping[str, str],
        joined: Collection[tuple[str, str]],
        parted: Collection[tuple[str, str]],
    ) -> Resolved:
        """Return the events that the reports make; `known` maps report_id to its event_id so far."""
        ...


@dataclass(frozen=True, slots=True)
class Resolving:
    """How reports become events: the functions of dateline.resolve.

    `keys_version` is among the blocking keys of every report that these rules filed; "" files none, and then no key is ever stale.
    """

    blocking_keys: Callable[[Report], frozenset[str]]
    neighbourhood: Callable[[Sequence[Report], Fetch], list[Report]]
    resolve: Resolve
    keys_version: str = ""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How near-duplicates are told: whether two signatures, whose articles share a band, are alike. Symmetric."""

    similar: Callable[[bytes, bytes], bool]


class NamedActor(Protocol):
    """An actor by its canonical name (dateline.names.actors.Actor)."""

    @property
    def name(self) -> str:
        """Canonical name."""
        ...

    @property
    def kind(self) -> str | None:
        """One of records.KINDS."""
        ...

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-2."""
        ...


CanonicalActor = Callable[[str, str | None, str | None], NamedActor]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be processed. `payload` is what a retry needs: the article as one line of JSON."""

    stage: str  # ingest, extract, resolve or load
    code: str
    message: str
    item: str
    source: str | None = None
    article_id: str | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One data-quality check's outcome; severity is warn or error."""

    name: str
    severity: str
    passed: bool
    message: str
    value: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did. `pending` are articles that carry no reports until they are extracted (planning.stale gives them)."""

    load_id: int
    counts: Mapping[str, int]
    new_events: tuple[str, ...] = ()
    changed_events: tuple[str, ...] = ()
    removed_events: tuple[str, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    pending: tuple[str, ...] = ()
    interrupted: tuple[int, ...] = field(default=())

    @property
    def changed_rows(self) -> bool:
        """Whether anything but the ledger was written."""
        return any(count for name, count in self.counts.items() if name != "articles_unchanged")
