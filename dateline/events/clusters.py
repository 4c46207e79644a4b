"""Mentions that are one event, while they are being gathered.

Here: `Cluster` and the tests of whether a mention may join one: compatible days, shared participants, compatible places. Not here: the order
in which mentions are tried, which is each event type's own (dateline.events.merging).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dateline.notes import Mention
from dateline.records import Participant, Place


@dataclass(slots=True)
class Cluster:
    """The mentions of one event so far; its days, place and participants are the best that any of them gives."""

    mentions: list[Mention] = field(default_factory=list)

    @property
    def dated(self) -> Mention | None:
        """The mention whose days the event takes: explicit before inferred, narrow before wide, first before later."""
        found = [m for m in self.mentions if (m.first_day or m.last_day) and not ("weak" in m.notes and m.precision in WIDE)]
        return min(found, key=_date_rank) if found else None

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day, both None while undated."""
        best = self.dated
        return (best.first_day, best.last_day) if best else (None, None)

    @property
    def place(self) -> Place | None:
        """The first place that a mention gives, a more exact one of the same country before it."""
        found = [m.place for m in self.mentions if m.place is not None]
        return max(found, key=lambda p: (p.venue is not None, p.name != p.country)) if found else None

    @property
    def participants(self) -> list[Participant]:
        """Everybody who takes part, each once; a role other than addressee wins over addressee."""
        return join_participants(p for m in self.mentions for p in m.participants)

    def names(self, *roles: str) -> frozenset[str]:
        """Return the participants' names, of these roles or of all but addressees."""
        return frozenset(p.name for m in self.mentions for p in m.participants if (p.role in roles if roles else p.role != "addressee"))


def join_participants(participants: Iterable[Participant]) -> list[Participant]:
    """Return each name once, with all its mentions; the first role stays, save that a real role replaces addressee."""
    joined: dict[str, Participant] = {}
    for p in participants:
        known = joined.get(p.name)
        if known is None:
            joined[p.name] = p
            continue
        role = p.role if known.role == "addressee" or (known.role == "party" and p.role == "host") else known.role
        spans = tuple(sorted({*known.mentions, *p.mentions}))
        joined[p.name] = Participant(p.name, role, known.kind or p.kind, known.country or p.country, spans)
    return list(joined.values())


WIDE = frozenset({"quarter", "year", "vague"})  # "this year's meeting" does not date the meeting told of
BASIS_RANK = {"explicit": 0, "relative": 0, "event": 1, "published": 2, "none": 3}
PRECISION_RANK = {"day": 0, "range": 1, "week": 2, "month": 3, "quarter": 4, "year": 5, "vague": 6, "none": 7}


def _date_rank(mention: Mention) -> tuple[bool, int, int, int]:
    return "weak" in mention.notes, BASIS_RANK[mention.basis], PRECISION_RANK[mention.precision], mention.start


def days_agree(a: tuple[date | None, date | None], b: tuple[date | None, date | None]) -> bool:
    """Say whether two spans can be one event's: equal, one unknown, or one inside the other."""
    if a == b or a == (None, None) or b == (None, None):
        return True
    a_first, a_last = a[0] or date.min, a[1] or date.max
    b_first, b_last = b[0] or date.min, b[1] or date.max
    return (a_first <= b_first and b_last <= a_last) or (b_first <= a_first and a_last <= b_last)


def places_agree(a: Place | None, b: Place | None) -> bool:
    """Say whether two places can be one event's: one unknown, the same name, or a country and a place in it."""
    if a is None or b is None or a.name == b.name:
        return True
    if a.country != b.country:
        return False
    return a.country in {a.name, b.name} or a.venue is not None or b.venue is not None or a.latitude is None or b.latitude is None


def days_of(mention: Mention) -> tuple[date | None, date | None]:
    """Return the mention's own days."""
    return mention.first_day, mention.last_day
