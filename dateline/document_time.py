"""The day an article was written, and how it is known.

Here: `find_document_time`. It never reads the clock and never passes a guess off as knowledge: each day has its basis. Not here: what the
day is used for (dateline.timex.tag). The order of trust, first known wins:

1. dateline    "BRUSSELS, March 3 (Agency) -" or a line that is only a date, at the head of the text; it beats the metadata where it is at
               most DATELINE_DAYS before it, for a page may be published again long after. Without a year it takes the metadata's, the
               URL's, or the year that its own text gives; with none of them it is no date.
2. metadata    `published`: its day in its own offset; "url" or "text" where the source found it there (`published_basis`).
3. url         /2023/07/11/ or 2023-07-11 in the URL. A year and month alone give a span.
4. dateline    a full one that disagrees with nothing, because there is nothing else.
5. caption     a dated caption beside words such as "this week" gives that week as a span.
6. text        the lead says that something dated is going on or is today.

Unknown stays unknown: day None, basis "none".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateline.records import Article, DocumentTime, Timex
from dateline.resources import Resources
from dateline.timex.ranges import spans_of_days
from dateline.timex.resolver import parse_absolute
from dateline.timex.tag import tag_text
from dateline.timex.values import interval_of

DATELINE_DAYS = 7  # a dateline this many days before the metadata, or fewer, is the day of writing
_HEAD = 200  # characters in which a dateline stands
_LEAD = 600  # characters in which the text itself may say its day
_BESIDE = 12  # characters between "today" and its date
_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])/")
_NONE = DocumentTime(None, "none")


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A wording that tells the day of writing (timex_document.jsonl).

    `kind`: "dateline" (pattern from the head of the text up to the story), "caption" (a line that is one), "now" (words of a lead sentence
    that put its date at the time of writing), "today" (the word for it, beside a date or in a lead that a date heads), "header" (what may
    stand before a date that heads a text), "week" (words that put the article in the week of its captions). Patterns are regular
    expressions; where ignoring case would hurt, `case` is true.
    """

    id: str
    kind: str
    pattern: str
    example: str
    counter_example: str
    case: bool = False


def find_document_time(article: Article, resources: Resources) -> DocumentTime:
    """Return the article's document time by the order of trust above."""
    metadata, url = _metadata(article.published, resources.language, article.published_basis), _url(article.url)
    known = metadata or (url if url and url.day else None)
    dateline = _dateline(article.text, known.day if known else None, resources)
    if dateline and dateline.day and (known is None or known.day is None or timedelta(0) <= known.day - dateline.day <= timedelta(DATELINE_DAYS)):
        return dateline
    return known or _caption(article.text, resources) or _text(article.text, resources) or url or _NONE


def _certain(day: date, basis: str, start: int | None = None, end: int | None = None) -> DocumentTime:
    return DocumentTime(day, basis, day, day, start, end)


def _metadata(published: str | None, language: str, basis: str | None = None) -> DocumentTime | None:
    if not published or not published.strip():
        return None
    match = _ISO.match(published)
    try:
        day = date.fromisoformat(match[1]) if match else parse_absolute(published.strip()[:60], language)
    except ValueError:
        return None
    return _certain(day, basis or "metadata") if day else None


def _url(url: str | None) -> DocumentTime | None:
    for match in _URL_DAY.finditer(url or ""):
        try:
            return _certain(date(int(match[1]), int(match[2]), int(match[3])), "url")
        except ValueError:
            continue
    month = _URL_MONTH.search((url or "") + "/")
    days = interval_of(f"{month[1]}-{month[2]}") if month else None
    return DocumentTime(None, "url", *days) if days else None


def _dateline(text: str, known: date | None, resources: Resources) -> DocumentTime | None:
    margin = len(text) - len(text.lstrip())
    head = text[margin : margin + _HEAD]
    for rule, pattern in _rules(resources):
        if rule.kind != "dateline" or not (match := pattern.match(head)):
            continue
        time = DocumentTime(known, "metadata" if known else "none", known, known)
        for timex in tag_text(head[: match.end()], time, resources=resources):
            if timex.type in ("DATE", "TIME") and timex.precision == "day" and timex.first_day and timex.start >= match.start("date"):
                return _certain(timex.first_day, "dateline", margin + timex.start, margin + timex.end)
    return None


def _caption(text: str, resources: Resources) -> DocumentTime | None:
    dated = [d for start, line in _lines(text) if _any(line, "caption", resources) for d in [_last_day(line, start, resources)] if d]
    if not dated:
        return None
    latest = max(dated, key=lambda t: t.last_day or date.min)
    day = latest.last_day
    if day is None:
        return None
    if _any(text[: 4 * _LEAD], "week", resources):
        monday = day - timedelta(day.weekday())
        return DocumentTime(None, "caption", monday, monday + timedelta(6), latest.start, latest.end)
    return DocumentTime(None, "caption", day, None, latest.start, latest.end)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)


def _last_day(line: str, offset: int, resources: Resources) -> Timex | None:
    days = [t for t in tag_text(line, _NONE, resources=resources) if t.precision == "day" and not t.relative]
    if not days:
        return None
    last = days[-1]
    return Timex(last.start + offset, last.end + offset, last.text, last.type, last.value, last.first_day, last.last_day, last.precision, last.rule)


def _text(text: str, resources: Resources) -> DocumentTime | None:
    lead = text[:_LEAD]
    for span in spans_of_days(lead, tag_text(lead, _NONE, resources=resources), resources=resources):
        if span.first_day is None or span.last_day is None or span.relative or span.last_day - span.first_day > timedelta(10):
            continue
        if _says_now(lead, span, resources):
            return DocumentTime(span.first_day, "text", span.first_day, span.last_day, span.start, span.end)
    return None


def _says_now(lead: str, span: Timex, resources: Resources) -> bool:
    """Tell whether a date of the lead is the time of writing: its sentence goes on now, "today" stands beside it, or it heads a text of today."""
    start = max(lead.rfind(". ", 0, span.start), lead.rfind("\n", 0, span.start)) + 1
    stop = min((i for i in (lead.find(". ", span.end), lead.find("\n", span.end)) if i >= 0), default=len(lead))
    beside = lead[max(0, span.start - _BESIDE) : span.start] + " " + lead[span.end : span.end + _BESIDE]
    heads = _any(lead[: span.start], "header", resources) and _any(lead, "today", resources)
    return heads or _any(beside, "today", resources) or _any(lead[start:stop], "now", resources)


def _any(text: str, kind: str, resources: Resources) -> bool:
    return any(pattern.search(text) for rule, pattern in _rules(resources) if rule.kind == kind)


@lru_cache(maxsize=8)
def _rules(resources: Resources) -> tuple[tuple[DocumentRule, re.Pattern[str]], ...]:
    rules = resources.rules("timex_document.jsonl", DocumentRule)
    return tuple((rule, re.compile(rule.pattern, 0 if rule.case else re.I)) for rule in rules)
