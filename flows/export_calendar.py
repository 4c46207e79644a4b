"""Events as an iCalendar file (RFC 5545) that calendar programs open.

Here: one all-day VEVENT an event, and what is done where a day is not known. DTEND is exclusive, so it is the day after the last; the UID is
the event's id, so that a later export updates an entry instead of doubling it. An event known to the week, month or year spans that period and
says so; one whose end is open has no DTEND and says so; one whose beginning is unknown stands on its last day and says so; an undated one cannot
stand in a calendar and is left out (the caller counts them). Nothing blocks time: every entry is transparent. DTSTAMP is the day of the last
report, never the clock, so the same events give the same bytes. Not here: which events (flows.export_rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from flows.export_rows import ExportedEvent
from flows.export_text import calendar_text, fold, plain

_STATUS = {"planned": "CONFIRMED", "occurred": "CONFIRMED", "ongoing": "CONFIRMED", "possible": "TENTATIVE", "denied": "CANCELLED", "cancelled": "CANCELLED"}
_SPANNED = ("week", "month", "quarter", "year", "vague")
_UNKNOWN_STAMP = date(1970, 1, 1)


def is_dated(event: ExportedEvent) -> bool:
    """Whether the event has a day to stand on."""
    return event.row["start_date"] is not None or event.row["end_date"] is not None


def calendar_lines(events: Iterable[ExportedEvent], *, version: str) -> Iterator[str]:
    """Yield the file's folded lines; undated events must have been left out."""
    yield from map(fold, ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Dateline//dateline {version}//EN", "CALSCALE:GREGORIAN"))
    for event in events:
        yield from map(fold, _entry(event))
    yield fold("END:VCALENDAR")


def _entry(event: ExportedEvent) -> Iterator[str]:
    row = event.row
    yield "BEGIN:VEVENT"
    yield f"UID:{calendar_text(str(row['event_id']))}@dateline"
    yield f"DTSTAMP:{row['last_reported'] or row['first_reported'] or _UNKNOWN_STAMP:%Y%m%d}T000000Z"
    yield from _days(row["start_date"], row["end_date"])
    yield f"SUMMARY:{calendar_text(_summary(event))}"
    yield f"DESCRIPTION:{calendar_text(_description(event))}"
    yield f"CATEGORIES:{calendar_text(str(row['event_type']))}"
    yield f"STATUS:{_STATUS.get(row['status'], 'CONFIRMED')}"
    yield "TRANSP:TRANSPARENT"
    yield from _where(event)
    if event.reports and (url := _address(event.reports[0]["url"])):
        yield f"URL:{url}"
    yield f"X-DATELINE-STATUS:{row['status']}"
    yield f"X-DATELINE-PRECISION:{row['date_precision']}"
    yield "END:VEVENT"


def _days(start: date | None, end: date | None) -> Iterator[str]:
    first = start or end
    if first is None:
        raise ValueError("an undated event cannot stand in a calendar; leave it out with is_dated()")
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    if start is not None and end is not None and end < date.max:
        yield f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}"


def _summary(event: ExportedEvent) -> str:
    row = event.row
    title = plain(str(row["title"] or row["event_type"]))
    marks = [row["status"]] if row["status"] not in ("occurred", "ongoing") and row["status"] not in title else []
    if row["date_precision"] in _SPANNED:
        marks.append(f"day unknown, within the {row['date_precision']}" if row["date_precision"] != "vague" else "about")
    if row["start_date"] is None:
        marks.append("ends, beginning unknown")
    elif row["end_date"] is None:
        marks.append("begins, end open")
    return f"{title} ({'; '.join(marks)})" if marks else title


def _description(event: ExportedEvent) -> str:
    lines = [f"Who: {plain(event.row['participants'])}"] if event.row["participants"] else []
    for report in event.reports[:5]:
        origin = ", ".join(plain(str(part)) for part in (report["source"], report["published_on"], report["url"]) if part)
        lines += [f"“{plain(report['quote'])}”" if report["quote"] else "", origin]
    if len(event.reports) > 5:
        lines.append(f"and {len(event.reports) - 5} more reports")
    return "\n".join(line for line in lines if line)


def _where(event: ExportedEvent) -> Iterator[str]:
    row = event.row
    words = [plain(str(word)) for word in (row["place_venue"], row["place_name"], row["country_code"]) if word]
    if words:
        yield f"LOCATION:{calendar_text(', '.join(dict.fromkeys(words)))}"
    if row["latitude"] is not None and row["longitude"] is not None:
        yield f"GEO:{row['latitude']:.6f};{row['longitude']:.6f}"


def _address(url: str | None) -> str | None:
    """Return a web address that can stand in a URI value, else None."""
    if url is None or not url.lower().startswith(("http://", "https://")) or plain(url) != url or not url.isascii() or " " in url:
        return None
    return url
