"""TIMEX3 values and the days they stand for.

Here: writing values (`day_value`, `week_value` ...), reading them back (`interval_of`), the precision of a value and moving a value by
units (`shift`). Not here: which value an expression has (normalise.py). Values follow TimeML's TIMEX3 as used in TempEval-3: YYYY-MM-DD,
YYYY-Www, YYYY-Www-WE, YYYY-MM, YYYY-Qn, YYYY-Hn, YYYY-SU, YYYY, YYY (decade), YY (century), with THH:MM or T + part of day behind a day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

Interval = tuple[date, date]
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "AU": 9, "WI": 12}
MONTHS_OF = {"M": 1, "Q": 3, "H": 6, "Y": 12, "E": 120, "C": 1200}
DAYS_OF = {"D": 1, "W": 7, "F": 14, "WE": 7}
_SHAPES = (
    ("day", re.compile(r"(\d{4})-(\d\d)-(\d\d)")),
    ("week", re.compile(r"(\d{4})-W(\d\d)(-WE)?")),
    ("month", re.compile(r"(\d{4})-(\d\d)")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("half", re.compile(r"(\d{4})-H([12])")),
    ("season", re.compile(r"(\d{4})-(SP|SU|FA|AU|WI)")),
    ("year", re.compile(r"(\d{4})")),
    ("decade", re.compile(r"(\d{3})X?")),
    ("century", re.compile(r"(\d{2})(?:XX)?")),
)
_PRECISION = {"half": "range", "season": "range", "decade": "range", "century": "range", "weekend": "range"}


def shape_of(value: str) -> tuple[str, re.Match[str]] | None:
    """Return the shape's name ("day", "week", "weekend", "month" ...) and its match, or None where the value names no days."""
    bare = value.partition("T")[0]
    for name, pattern in _SHAPES:
        if match := pattern.fullmatch(bare):
            return ("weekend" if name == "week" and match[3] else name), match
    return None


def interval_of(value: str) -> Interval | None:
    """Return the first and last day that a DATE or TIME value names, both included; None for durations, sets, *_REF, X and the impossible."""
    found = shape_of(value)
    if found is None:
        return None
    name, match = found
    try:
        return _interval(name, match)
    except (ValueError, OverflowError):
        return None


def _interval(name: str, match: re.Match[str]) -> Interval:
    first = int(match[1])
    if name == "day":
        day = date(first, int(match[2]), int(match[3]))
        return day, day
    if name in ("week", "weekend"):
        monday = date.fromisocalendar(first, int(match[2]), 1)
        return (monday + timedelta(5) if name == "weekend" else monday), monday + timedelta(6)
    if name == "season":
        return months_from(date(first, SEASON_MONTHS[match[2]], 1), 3)
    if name in ("decade", "century"):
        years = 10 if name == "decade" else 100
        return date(max(first * years, MINYEAR), 1, 1), date(first * years + years - 1, 12, 31)
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[name]
    start = (int(match[2]) - 1) * length + 1 if length < 12 else 1
    return months_from(date(first, start, 1), length)


def months_from(first: date, months: int) -> Interval:
    """Return the interval of whole months that begins on `first`, the first day of a month."""
    last = add_months(first, months - 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def precision_of(value: str) -> str:
    """Return the records.PRECISIONS word for a value: "none" where it names no days."""
    found = shape_of(value)
    return _PRECISION.get(found[0], found[0]) if found and interval_of(value) else "none"


def add_months(day: date, months: int) -> date:
    """Move a day by months, keeping within the month's length. Raises ValueError outside the years 1-9999."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= years <= MAXYEAR:
        raise ValueError(f"year {years} is outside the calendar")
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def move(day: date, unit: str, count: int) -> date:
    """Move a day by whole units (D, W, F, WE, M, Q, H, Y, E, C). Raises ValueError or OverflowError outside the calendar."""
    if unit in DAYS_OF:
        return day + timedelta(DAYS_OF[unit] * count)
    return add_months(day, MONTHS_OF[unit] * count)


def week_value(day: date) -> str:
    """Return the ISO week of a day: "2023-W28"."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def value_of(day: date, unit: str) -> str:
    """Return the value of the unit (D, W, WE, M, Q, H, Y, E, C) that holds a day."""
    if unit in ("D", "F"):
        return day.isoformat()
    if unit == "W":
        return week_value(day)
    if unit == "WE":
        return week_value(day) + "-WE"
    if unit == "M":
        return f"{day.year:04d}-{day.month:02d}"
    if unit == "Q":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if unit == "H":
        return f"{day.year:04d}-H{1 if day.month < 7 else 2}"
    return f"{day.year:04d}"[: {"Y": 4, "E": 3, "C": 2}[unit]]


def unit_of(value: str) -> str | None:
    """Return the unit letter of a value that names days (season: "S"), or None."""
    found = shape_of(value)
    names = {"day": "D", "week": "W", "weekend": "WE", "month": "M", "quarter": "Q", "half": "H", "season": "S", "year": "Y", "decade": "E", "century": "C"}
    return names[found[0]] if found else None
