"""The day an article reports on: what dates its undated sayings (GUIDELINE rulings 1, 12, 15 and 16).

Here: `Day`, a span with how it is known, and `find_report_day`. In order: a dateline's or caption's day is the document time itself; else the
day on which the lead (the first two sentences) puts its main event, if that day lies close before publication; else the publication day; else
the span that dateline.document_time could give. Next: dateline.events.anchoring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.syntax import ancestors, clause_verb
from dateline.records import Timex

RECENT = timedelta(days=8)  # a lead's day further back than this dates background, not the report
WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
LEAD = 3  # sentences


@dataclass(frozen=True, slots=True)
class Day:
    """A span of days that dates a mention, and why."""

    first: date | None
    last: date | None
    precision: str
    basis: str
    text: str | None = None


NO_DAY = Day(None, None, "none", "none")


def day_of(timex: Timex) -> Day:
    """Return the time expression's own days."""
    return Day(timex.first_day, timex.last_day, timex.precision, "relative" if timex.relative and not _named(timex) else "explicit", timex.text)


def _named(timex: Timex) -> bool:
    return any(part.strip(".,").lower() in WEEKDAYS for part in timex.text.split())


def published_day(reading: Reading) -> Day:
    """Return the document time as a day of last resort."""
    known = reading.notes.document_time
    if known.day is not None:
        return Day(known.day, known.day, "day", "published")
    if known.first_day is not None or known.last_day is not None:
        days = (known.last_day - known.first_day).days + 1 if known.first_day and known.last_day else 0
        return Day(known.first_day, known.last_day, "week" if days == 7 else "day" if days == 1 else "range", "published")
    return NO_DAY


def find_report_day(reading: Reading) -> Day:
    """Return the day that undated sayings of the article's own report take; NO_DAY where nothing is known."""
    known = reading.notes.document_time
    if known.day is None or known.basis == "dateline":
        return published_day(reading)
    first_end = reading.sentence_span(0)[1]
    lead_end = reading.notes.sentences[:LEAD][-1][1] if reading.notes.sentences else 0
    recent = [t for t in reading.dates if t.start < lead_end and is_recent_day(t, known.day)]
    main = [t for t in recent if stands_in_main_clause(reading, t)]
    found = main or [t for t in recent if t.start < first_end]
    if not found:
        return published_day(reading)
    chosen = found[0]
    return Day(chosen.first_day, chosen.last_day, "day", day_of(chosen).basis, chosen.text)


def is_recent_day(timex: Timex, day: date) -> bool:
    """Say whether the expression is one day, not after `day` and close before it."""
    first = timex.first_day
    return first is not None and first == timex.last_day and timedelta(0) <= day - first <= RECENT


def stands_in_main_clause(reading: Reading, timex: Timex) -> bool:
    """Say whether the expression dates the sentence's main clause: no relative clause, and none reported behind its saying, lies between."""
    token = head_of(reading, timex)
    if token is None:
        return True
    verb = clause_verb(token)
    while verb.dep_ in {"conj", "advcl", "xcomp"} and verb.head != verb:
        verb = verb.head
    if verb.dep_ == "ccomp" and verb.head.i < verb.i:
        return False
    return verb.dep_ not in {"relcl", "acl"} and not any(a.dep_ in {"relcl", "acl"} for a in ancestors(verb))


def head_of(reading: Reading, timex: Timex) -> Token | None:
    """Return the token of the expression that hangs highest in the parse, None where its words were not parsed."""
    span = reading.doc.char_span(timex.start, timex.end, alignment_mode="expand")
    return None if span is None or not span[0].dep_ else span.root
