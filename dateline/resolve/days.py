"""When the dates of two reports can be one event's.

Here: `Span` (a report's days as ordinals, firm or loose), `days_apart`, what each basis forgives, the weeks that keys are made of.
Not here: choosing the best date of an event (canonical.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.records import Event

FIRM_DAYS = 4  # a longer span does not date an event by itself: it must find the one event it fits
OPEN_DAYS = 6  # how far an open side of a range is followed
WEEK = 7
NEAR_DAYS = 7  # between publications, or publication and event, that belong to the same news
MOST_FORGIVEN = 7  # days that a long quotation bridges
_FORGIVES = {"explicit": 0, "relative": 1, "event": 1, "published": 1, "none": 0}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day as ordinals, both included. `forgives`: by how many days its basis can be off."""

    first: int
    last: int
    forgives: int
    firm: bool


def span_of(event: Event) -> Span | None:
    """Return the days of an event, or None where nothing dates it."""
    start, end = event.start, event.end
    if start is None and end is None:
        return None
    if start is None or end is None:
        day = (start or end).toordinal()  # type: ignore[union-attr]
        return Span(day, day + OPEN_DAYS, 1, event.start is not None) if start else Span(day - OPEN_DAYS, day, 1, False)
    first, last = sorted((start.toordinal(), end.toordinal()))
    return Span(first, last, _FORGIVES.get(event.basis, 0), last - first < FIRM_DAYS)


def days_apart(one: Span, other: Span) -> int:
    """Return the number of days between two spans, 0 where they overlap."""
    return max(0, one.first - other.last, other.first - one.last)


def forgiven(one: Span, other: Span) -> int:
    """Return how many days apart the two may be and still be one day told twice: the more forgiving basis counts."""
    return max(one.forgives, other.forgives)


def may_meet(one: Span | None, other: Span | None) -> bool:
    """Say whether no comparison of any type could exclude these two for their dates."""
    return one is None or other is None or days_apart(one, other) <= MOST_FORGIVEN


def weeks(first: int, last: int) -> range:
    """Return the numbers of the weeks that hold some of these days."""
    return range(first // WEEK, last // WEEK + 1)
