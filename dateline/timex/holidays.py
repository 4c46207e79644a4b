"""Holidays: days that recur each year by a fixed date, a weekday of a month, or their distance from Easter.

Here: `make_holiday` and the computations. Not here: which holidays there are (resources/<language>/timex.jsonl, make "holiday").
"""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta

from dateline.timex.direction import nearest
from dateline.timex.reading import year_of
from dateline.timex.recognise import Found
from dateline.timex.scene import UNKNOWN, Made, Scene


def make_holiday(scene: Scene, found: Found) -> Made | None:
    """Value a holiday, in a named year or the nearest by the cues beside it."""
    year, anchor = year_of(found.words.get("year"), scene.day), scene.reference()
    if year is not None:
        day = day_of(found.compiled.rule.options, year)
        return Made("DATE", day.isoformat(), reason="a holiday of a named year") if day else None
    if anchor is None:
        return Made("DATE", UNKNOWN, relative=True, reason="a holiday, and no document time", anchors=False)
    days = [d for k in (-1, 0, 1) if (d := day_of(found.compiled.rule.options, anchor.year + k))]
    direction = found.words.get("direction")
    if direction and direction.meaning != "0":
        sign, why = float(direction.meaning), f"{direction.key!r} before it"
        days = [d for d in days if (d - anchor).days * sign > 0]
    else:
        sign, why = scene.direction.at(found.start, found.end)
    chosen = nearest(days, anchor, sign)
    return Made("DATE", chosen.isoformat(), relative=True, reason=why) if chosen else None


def day_of(options: dict[str, str], year: int) -> date | None:
    """Return a holiday's day in a year. `date` is MM-DD; `weekday` is month:weekday:which (-1 the last); `easter` days from Easter Sunday."""
    if not 1 <= year < MAXYEAR:
        return None
    if "date" in options:
        month, day = map(int, options["date"].split("-"))
        return date(year, month, day)
    if "weekday" in options:
        return _nth_weekday(year, *map(int, options["weekday"].split(":")))
    return easter(year) + timedelta(int(options["easter"])) if year > 1582 else None


def _nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta((last.isoweekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (which - 1))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical Algorithms, chapter 8).

    >>> easter(2023)
    datetime.date(2023, 4, 9)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
