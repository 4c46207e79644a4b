"""Titles that a person would write: "NATO summit in Vilnius, 11-12 July 2023".

Here: `title_of`, `format_days`. Not here: anything that decides; a title only words what the event says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from dateline.records import Event, Participant, Report
from dateline.resolve.actors import organisation_tokens
from dateline.resolve.text import Lexicon, words

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_NAMED_SUMMIT = re.compile(r"\b[Tt]he[ \t]+((?:[A-Z0-9][\w&’'.-]*[ \t]+){1,5})Summit\b")
_MOST_NAMES = 3
_MOST_CONTENT = 90
_SUFFIX = {"planned": " (planned)", "possible": " (possible)", "cancelled": " (cancelled)", "denied": " (denied)"}


def title_of(event: Event, reports: Sequence[Report], known: Lexicon) -> str:
    """Return the title of an event as its reports tell it."""
    makers = {"summit": _summit, "meeting": _meeting, "agreement": _agreement, "statement": _statement}
    head = makers.get(event.type, _other)(event, reports, known)
    told = event.type == "statement" or head.startswith("Visit")
    place = f" in {event.place.name}" if event.place and not told and event.place.name not in head else ""
    days = format_days(event.start, event.end, event.precision)
    return f"{head}{place}{', ' + days if days else ''}{_SUFFIX.get(event.status, '')}"


def format_days(start: date | None, end: date | None, precision: str) -> str:
    """Return the days as English print has them: "11-12 July 2023", "July 2023", "week of 10 July 2023"; "" where nothing is known."""
    if start is None or end is None:
        return f"from {_day(start)}" if start else f"until {_day(end)}" if end else ""
    if precision == "year" and start.year == end.year:
        return str(start.year)
    if precision == "month" and (start.year, start.month) == (end.year, end.month):
        return f"{_MONTHS[start.month - 1]} {start.year}"
    if precision == "quarter":
        return f"quarter {(start.month + 2) // 3} of {start.year}"
    if precision == "week":
        return f"week of {_day(start)}"
    if start == end:
        return _day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}-{_day(end)}"
    first = f"{start.day} {_MONTHS[start.month - 1]}" if start.year == end.year else _day(start)
    return f"{first} - {_day(end)}"


def _day(day: date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def _names(participants: Sequence[Participant], *, joint: str = "and") -> str:
    names = [p.name for p in participants]
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} others"]
    return f"{', '.join(names[:-1])} {joint} {names[-1]}" if len(names) > 1 else "".join(names)


def _parties(event: Event) -> list[Participant]:
    return _without_own_states([p for p in event.participants if p.role in ("party", "host", "mediator")])


def _without_own_states(named: list[Participant]) -> list[Participant]:
    """Return the participants without the states that a person among them stands for, as long as two are left."""
    spoken_for = {p.country for p in named if p.kind == "person" and p.country}
    rest = [p for p in named if not (p.kind == "state" and p.country in spoken_for)]
    return rest if len(rest) > 1 or len(named) == 1 else named


def _summit(event: Event, reports: Sequence[Report], known: Lexicon) -> str:
    given = _given_name(reports, known)
    if given:
        return f"{given} Summit"
    organisation = next((p.name for p in _parties(event) if p.kind in ("organisation", "group")), None)
    if organisation:
        return f"{organisation} summit"
    names = _names(_parties(event))
    return f"Summit of {names}" if names else "Summit"


def _given_name(reports: Sequence[Report], known: Lexicon) -> str | None:
    """Return the name that most reports give a summit ("Great Lakes Health Summit"); None where it is only an organisation's."""
    found: Counter[str] = Counter()
    for report in reports:
        text = "\n".join(e.quote for e in report.event.evidence)
        found.update({name for match in _NAMED_SUMMIT.finditer(text) if (name := _proper(match[1].split(), known))})
    return min(found, key=lambda name: (-found[name], -len(name), name)) if found else None


def _proper(row: list[str], known: Lexicon) -> str | None:
    while row and (words(row[0]) or [""])[0] in known.plain["series-ordinal"]:
        row = row[1:]
    name = " ".join(row)
    own = [c for c in known.read(name) if not c.startswith("@") and not c.isdigit()]
    return name if len(own) > 1 and not organisation_tokens(name, known) else None


def _meeting(event: Event, reports: Sequence[Report], known: Lexicon) -> str:
    names = _names(_parties(event))
    noun = _noun(reports, known)
    if noun == "Visit":
        return _visit(event) or f"Meeting of {names}"
    joint = " between " if noun in ("Call", "Talks") else " of "
    return f"{noun}{joint}{names}" if names else noun


def _visit(event: Event) -> str | None:
    """Return "Visit of A to B" where it is clear who came and where to: a host, or the country of the place."""
    home = event.place.country if event.place else next((p.country for p in event.participants if p.role == "host"), None)
    guests = [p for p in _parties(event) if p.role != "host" and not (home and p.country == home)]
    hosts = [p for p in _parties(event) if p not in guests]
    where = event.place.name if event.place else _names(hosts)
    return f"Visit of {_names(guests)} to {where}" if guests and where and where not in [p.name for p in guests] else None


def _noun(reports: Sequence[Report], known: Lexicon) -> str:
    """Return the word most triggers use for the meeting: call, talks, visit, else meeting."""
    triggers = [known.concepts(words(e.text)) for r in reports for e in r.event.evidence]
    counts = {
        "Call": sum(any(known.is_cue("remote", c) for c in t) for t in triggers),
        "Talks": sum("=talks" in t for t in triggers),
        "Visit": sum("=visit" in t for t in triggers),
        "Meeting": sum("=meet" in t for t in triggers),
    }
    order = ("Meeting", "Talks", "Call", "Visit")
    return max(order, key=lambda n: (counts[n], -order.index(n)))


def _agreement(event: Event, _reports: Sequence[Report], _known: Lexicon) -> str:
    names = _names(_parties(event))
    subject = event.content.text.strip() if event.content else ""
    if subject and len(subject) <= _MOST_CONTENT:
        return f"{subject[0].upper()}{subject[1:]}{' between ' if ' and ' in names else ' of '}{names}" if names else subject
    return f"Agreement {'between' if ' and ' in names else 'of'} {names}" if names else "Agreement"


def _speakers(event: Event, reports: Sequence[Report]) -> list[Participant]:
    """Return whom most reports let speak: not the state that a person speaks for, nor who is beside the speaker in one report of many."""
    speakers = [p for p in event.participants if p.role == "speaker"]
    counts = {p.name: sum(any(q.name in p.name or p.name in q.name for q in r.event.participants) for r in reports) for p in speakers}
    frequent = [p for p in speakers if 2 * counts[p.name] > len(reports)] or speakers
    persons = {p.country for p in frequent if p.kind == "person" and p.country}
    return [p for p in frequent if not (p.kind == "state" and p.country in persons)] or frequent


def _statement(event: Event, reports: Sequence[Report], _known: Lexicon) -> str:
    names = _names(_speakers(event, reports)) or "Statement"
    text = event.content.text if event.content else event.evidence[0].quote if event.evidence else ""
    return f"{names}: {shorten(text)}" if text else f"{names}: statement"


def _other(event: Event, _reports: Sequence[Report], _known: Lexicon) -> str:
    names = _names(_parties(event))
    noun = event.type.replace("_", " ").capitalize()
    return f"{noun} of {names}" if names else noun


def shorten(text: str) -> str:
    """Return the text on one line, cut at a word with an ellipsis where it is longer than a title bears."""
    line = " ".join(text.split()).rstrip(".")
    if len(line) <= _MOST_CONTENT:
        return line
    return line[:_MOST_CONTENT].rsplit(" ", 1)[0].rstrip(",;:-–—") + " …"
