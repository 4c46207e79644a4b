"""Titles of events as a person would write them: "NATO summit in Vilnius, 11-12 July 2023".

Here: `title_of`, from the finished event's fields alone, and `write_days`. Not here: translation; titles are English like the rules.
"""

from __future__ import annotations

from datetime import date

from dateline.records import Event, Participant

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
MANY = 3  # names, after which the rest are counted
MARKED = frozenset({"planned", "possible", "denied", "cancelled"})


def title_of(event: Event) -> str:
    """Return the title: what, who, where, when, and the status where it has not simply occurred."""
    parts = [_subject(event)]
    if event.place is not None and not _is_visit(event):
        parts.append(f" in {event.place.name}")
    if when := write_days(event.start, event.end):
        parts.append(f", {when}")
    if event.status in MARKED:
        parts.append(f" ({event.status})")
    return "".join(parts)


def _is_visit(event: Event) -> bool:
    first = event.evidence[0].text.lower() if event.evidence else ""
    return event.type == "meeting" and first.startswith(("visit", "trip", "travel", "tour", "fly", "flew"))


def _subject(event: Event) -> str:
    speakers = [p for p in event.participants if p.role == "speaker"]
    parties = [p for p in event.participants if p.role in {"party", "host", "mediator"}]
    if event.type == "statement":
        return f"Statement by {_names(speakers)}" if speakers else "Statement"
    if event.type == "summit":
        return _summit(parties)
    if event.type == "agreement":
        return _between("Agreement", parties)
    if _is_visit(event):
        return _visit(event, parties)
    what = "Call" if event.cameo == "041" else "Talks" if any(e.text.lower() in {"talks", "negotiations"} for e in event.evidence[:1]) else "Meeting"
    return _between(what, parties)


def _summit(parties: list[Participant]) -> str:
    organisations = [p for p in parties if p.kind == "organisation"]
    if organisations:
        return f"{organisations[0].name} summit"
    return _between("Summit", parties)


def _visit(event: Event, parties: list[Participant]) -> str:
    travellers = [p for p in parties if p.role == "party" and p.kind in {"person", "office"}][:1] or [p for p in parties if p.role == "party"]
    hosts = [p for p in parties if p.role == "host"]
    where = event.place.name if event.place else _names(hosts) if hosts else ""
    return "Visit" + (f" by {_names(travellers)}" if travellers else "") + (f" to {where}" if where else "")


def _between(what: str, parties: list[Participant]) -> str:
    if len(parties) > 1:
        return f"{what} between {_names(parties)}"
    return f"{what} of {_names(parties)}" if parties else what


def _names(participants: list[Participant]) -> str:
    names = [p.name for p in participants]
    if len(names) > MANY:
        names = [*names[: MANY - 1], f"{len(names) - MANY + 1} others"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def write_days(start: date | None, end: date | None) -> str:
    """Return a span of days as words, empty where both are unknown.

    Example:
        >>> write_days(date(2023, 7, 11), date(2023, 7, 12))
        '11-12 July 2023'
    """
    if start is None and end is None:
        return ""
    if start is None or end is None:
        known = start or end
        return f"{'from' if start else 'until'} {_write(known)}" if known else ""
    if start == end:
        return _write(start)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    if start.year == end.year and start.month == end.month:
        whole = start.day == 1 and (end.month == 12 or date(end.year, end.month + 1, 1).toordinal() - 1 == end.toordinal())
        return f"{MONTHS[end.month - 1]} {end.year}" if whole and end.day > 27 else f"{start.day}-{_write(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} - {_write(end)}"
    return f"{_write(start)} - {_write(end)}"


def _write(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
