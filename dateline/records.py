"""The records that every layer shares: articles in, time expressions, events and places out.

Here: one definition of each thing, frozen, standard library only, so that extraction, resolving, the database and the flows speak of the
same fields. Not here: the JSON form (dateline.jsonl), anything mutable (dateline.notes). Offsets are Python code points into
`Article.text` as given, end exclusive. Days are calendar days without a zone; both ends of an interval are included. Field names, and the
closed sets below, are those of docs/contract.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

EVENT_TYPES = ("summit", "meeting", "agreement", "statement")
STATUSES = ("occurred", "ongoing", "planned", "possible", "denied", "cancelled")
PRECISIONS = ("day", "range", "week", "month", "quarter", "year", "vague", "none")
BASES = ("explicit", "relative", "event", "published", "none")
ROLES = ("speaker", "addressee", "party", "host", "mediator")
KINDS = ("person", "state", "organisation", "office", "group")
PUBLISHED_BASES = ("metadata", "url", "dateline", "caption", "text", "none")
TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")


@dataclass(frozen=True, slots=True)
class Article:
    """One news text with what is known about it. `published` is an ISO date or datetime as given, never parsed here; None is unknown."""

    doc_id: str
    text: str
    published: str | None = None
    title: str | None = None
    source: str | None = None
    byline: str | None = None
    url: str | None = None
    language: str | None = None
    guid: str | None = None
    licence: str | None = None
    published_basis: str | None = None  # "url" or "text" where that is how a source found `published`; None: its metadata said so


@dataclass(frozen=True, slots=True)
class DocumentTime:
    """The day an article was written (TIMEX3's document creation time) and how it is known.

    `day` is None where the day cannot be known. `first_day`..`last_day` is the span it lies in: equal to `day` where that is certain, wider
    where the text only gives a span ("this week" beside a dated caption), None where nothing is known.
    """

    day: date | None
    basis: str  # one of PUBLISHED_BASES
    first_day: date | None = None
    last_day: date | None = None
    start: int | None = None  # offsets of the words that gave it, where the text did
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression in TIMEX3 terms (TempEval-3). The days are None for DURATION, SET, *_REF and whatever cannot be resolved."""

    start: int
    end: int
    text: str
    type: str  # one of TIMEX_TYPES
    value: str
    first_day: date | None
    last_day: date | None
    precision: str  # one of PRECISIONS
    rule: str
    relative: bool = False  # True where the document time or another expression was needed to resolve it
    reason: str = ""  # why that direction, for people


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event happens. `country` is ISO 3166-1 alpha-2; coordinates are WGS 84 degrees."""

    name: str
    venue: str | None = None
    admin: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part: `name` is the fullest form that the article gives, without titles."""

    name: str
    role: str  # one of ROLES
    kind: str | None = None  # one of KINDS
    country: str | None = None
    mentions: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """The "what": the reported clause or quotation of a statement, the name of an accord, the subject of a meeting."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trigger (at most 60 characters) and the sentence that holds it."""

    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    quote: str


@dataclass(frozen=True, slots=True)
class Event:
    """One article's account of one real-world event. Both days None: undated; one None: open on that side."""

    type: str
    start: date | None
    end: date | None
    precision: str
    basis: str
    status: str
    participants: tuple[Participant, ...]
    evidence: tuple[Evidence, ...]
    place: Place | None = None
    content: Content | None = None
    title: str | None = None
    plover: str | None = None
    cameo: str | None = None
    confidence: float = 0.0
    rules: tuple[str, ...] = ()
    date_text: str | None = None  # the words that dated it; not in the extraction output
    extra: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was not processed (`error`) or was passed over (`skipped`)."""

    code: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one article; exactly what one line of `dateline extract` says."""

    line: int
    doc_id: str | None
    published: date | None = None
    published_basis: str = "none"
    language: str | None = None
    events: tuple[Event, ...] = ()
    timexes: tuple[Timex, ...] = ()
    error: Problem | None = None
    skipped: Problem | None = None
    title: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """What made an extraction: a change in any of these makes what is stored stale."""

    extractor: str
    model: str
    lexicon: str


@dataclass(frozen=True, slots=True)
class ReportKey:
    """Names one report inside a set of extractions: the article's doc_id and the event's index in it, from 0."""

    doc_id: str
    index: int


@dataclass(frozen=True, slots=True)
class Report:
    """An Event with what resolving needs to know of its article. `report_id` is stable across runs (docs/contract.md, Identity)."""

    report_id: str
    key: ReportKey
    event: Event
    source: str | None = None
    published: date | None = None
    article_title: str | None = None
    duplicate_group: str | None = None  # near-duplicate articles share one; None stands alone


@dataclass(frozen=True, slots=True)
class CanonicalEvent:
    """The event that reports from any number of articles agree on. `event` carries the best date, place, status, participants and title."""

    event_id: str
    event: Event
    reports: tuple[Report, ...]
    article_count: int  # near-duplicate groups count once
    history: tuple[tuple[str, str], ...] = ()  # (published day or "", status) in order, where the status changed
