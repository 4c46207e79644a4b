"""Values of expressions that name days, months and weekdays, in words or digits, and the choice of their year.

Here: one function for each such `make` name of the rules, and `choose`. Not here: years, quarters and seasons (period_makers.py), what counts
from another day (relative_makers.py), durations, sets and clock times (time_makers.py).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateline.timex.direction import UNSAID, nearest
from dateline.timex.reading import number_of, year_of
from dateline.timex.recognise import Found, Word
from dateline.timex.resolver import parse_absolute
from dateline.timex.scene import Made, Said, Scene
from dateline.timex.values import value_of

_NEXT_YEAR, _YEAR_BEFORE = 1.4, 6.0  # how much farther another year than the story's counts
_TELLING = 60  # tokens within which a day said is still the one told of
_WEEKDAY_DAYS = 550  # farther away a weekday that fits the date is chance, and the weekday a slip

DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")  # with dots the day comes first, in any English
MONTHS_OF_YEAR = 12


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def make_day(scene: Scene, found: Found) -> Made | None:
    """Month and day, with or without a year or a weekday."""
    words = found.words
    month, day = number_of(words["month"]), number_of(words["day"])
    year = year_of(words.get("year"), scene.day)
    if month is None or day is None:
        return None
    if year is not None:
        exact = parse_absolute(f"{year:04d}-{month:02d}-{day:02d}", scene.grammar.language)
        return Made("DATE", exact.isoformat(), reason="a full date") if exact else None
    if found.option("year"):
        shifted = _option_year(scene, words.get("direction"))
        exact = _day(shifted, month, day) if shifted else None
        return Made("DATE", exact.isoformat(), relative=True, reason="its year is named from the document time") if exact else None
    return _day_without_year(scene, found, month, day)


def _day_without_year(scene: Scene, found: Found, month: int, day: int) -> Made | None:
    anchor = scene.reference()
    if anchor is None:
        if _day(2000, month, day) is None:
            return None
        return Made("DATE", f"XXXX-{month:02d}-{day:02d}", relative=True, reason="no year, and no document time")
    candidates = [d for d in (_day(anchor.year + k, month, day) for k in range(-4, 5)) if d]
    weekday = found.words.get("weekday")
    if weekday:
        fitting = [d for d in candidates if d.isoweekday() == int(weekday.meaning) and (scene.story or abs((d - anchor).days) < _WEEKDAY_DAYS)]
        if chosen := nearest(fitting, anchor, 0):
            return Made("DATE", chosen.isoformat(), relative=True, reason="the nearest year in which the weekday fits")
    chosen, why = choose(scene, found, candidates, anchor)
    return Made("DATE", chosen.isoformat(), relative=True, reason=why) if chosen else None


def choose(scene: Scene, found: Found, candidates: list[date], anchor: date) -> tuple[date | None, str]:
    """Choose among the years of a day or month: by cues and distance in news; in a narrative the story goes on from its last date."""
    begun = scene.range_start(found.start, "D" if "day" in found.words else "M")
    if begun:
        return next((d for d in candidates if d >= begun.first), None), f"the range has begun on {begun.value}"
    if scene.story:
        return _in_story(candidates, scene.story), f"the story goes on from {scene.story.value}"
    sign, why = scene.direction.at(found.start, found.end)
    return nearest(candidates, anchor, sign or (0 if "day" in found.words else UNSAID)), why


def _option_year(scene: Scene, direction: Word | None) -> int | None:
    anchor = scene.reference()
    if anchor is None:
        return None
    return anchor.year + (int(direction.meaning) if direction else 0)


def _in_story(candidates: list[date], said: Said) -> date | None:
    """Choose the year of a day or month in a narrative: that of the date said last, unless the next one is much nearer.

    "In January" after December is the next year's; "in October" after December looks back rather than ten months on.
    """

    def cost(day: date) -> float:
        years = day.year - said.first.year
        return abs((day - said.first).days) * (1.0 if years == 0 else _NEXT_YEAR if years > 0 else _YEAR_BEFORE)

    within = [d for d in candidates if said.first <= d <= said.last]
    return within[0] if within else min(candidates, key=cost, default=None)


def make_day_of_month(scene: Scene, found: Found) -> Made | None:
    """Value a bare day of the month, "on the 11th": in the month said last, else the reference's."""
    behind = scene.tokens.starts[found.end] if found.end < len(scene.tokens) else 0
    if behind and scene.tokens.text[behind : behind + 2].istitle():
        return None  # "the 7th Cavalry"
    said, anchor, day = scene.last_said("D M"), scene.reference(), number_of(found.words["day"])
    base = said.first if said else anchor
    chosen = _day(base.year, base.month, day) if base and day else None
    return Made("DATE", chosen.isoformat(), relative=True, reason="a day of the month spoken of") if chosen else None


def make_month(scene: Scene, found: Found) -> Made | None:
    """Value a month, with a year, a direction ("last May") or neither."""
    words = found.words
    month = number_of(words["month"])
    if month is None:
        return None
    year = year_of(words.get("year"), scene.day)
    if year is not None:
        return Made("DATE", f"{year:04d}-{month:02d}", reason="month and year")
    anchor = scene.reference()
    if anchor is None:
        return Made("DATE", f"XXXX-{month:02d}", relative=True, reason="no year, and no document time")
    direction = words.get("direction")
    if direction and found.option("year"):
        return Made("DATE", f"{anchor.year + int(direction.meaning):04d}-{month:02d}", relative=True, reason=f"{direction.key!r} year")
    return _month_by_direction(scene, found, month, anchor, direction)


def _month_by_direction(scene: Scene, found: Found, month: int, anchor: date, direction: Word | None) -> Made | None:
    this = anchor.replace(day=1)
    candidates = [date(anchor.year + k, month, 1) for k in (-1, 0, 1)]
    if direction and direction.meaning != "0":
        sign = int(direction.meaning)
        chosen = nearest([d for d in candidates if (d - this).days * sign > 0], this, sign)
        why = f"{direction.key!r} before it"
    elif direction:
        chosen, why = date(anchor.year, month, 1), f"{direction.key!r} before it: the month of this year"
    else:
        chosen, why = choose(scene, found, candidates, this)
    return Made("DATE", value_of(chosen, "M"), relative=True, reason=why) if chosen else None


def make_numeric(scene: Scene, found: Found) -> Made | None:
    """Value a date in digits: "2021-04-23", "04/05/2021" (month first unless that is impossible), "12.03.2021" (day first), "20210423"."""
    words = found.words["date"].key
    if (dotted := DOTTED.fullmatch(words)) and int(dotted[2]) <= MONTHS_OF_YEAR:
        words = f"{dotted[3]}-{int(dotted[2]):02d}-{int(dotted[1]):02d}"
    if words.isdigit():
        words = f"{words[:4]}-{words[4:6]}-{words[6:]}"
    day = parse_absolute(words.partition("t")[0], scene.grammar.language)
    if day is None:
        return None
    _, _, clock = words.partition("t")
    if clock:
        return Made("TIME", f"{day.isoformat()}T{clock[:5]}", reason="an ISO date and time")
    return Made("DATE", day.isoformat(), reason="a numeric date")


def make_weekday(scene: Scene, found: Found) -> Made | None:
    """Value a weekday, with or without last, next, this; with a part of the day it is a TIME."""
    weekday, anchor = int(found.words["weekday"].meaning), scene.reference()
    if anchor is None:
        return Made("DATE", f"XXXX-WXX-{weekday}", relative=True, reason="a weekday, and no document time")
    chosen, why = _weekday_of(scene, found, weekday, anchor)
    return Made("DATE", chosen.isoformat(), relative=True, reason=why)


def _weekday_of(scene: Scene, found: Found, weekday: int, anchor: date) -> tuple[date, str]:
    direction = found.words.get("direction")
    ahead = (weekday - anchor.isoweekday()) % 7
    if direction and direction.meaning == "-1":
        return anchor - timedelta((-ahead) % 7 or 7), f"{direction.key!r}: the latest before the reference"
    if direction and direction.meaning == "1":
        return anchor + timedelta(ahead or 7), f"{direction.key!r}: the first behind the reference"
    begun = scene.range_start(found.start, "D")
    if begun and not direction and abs((begun.first - anchor).days) < 14:
        return begun.first + timedelta((weekday - begun.first.isoweekday()) % 7), f"the range has begun on {begun.value}"
    if scene.story and not direction:
        return anchor + timedelta(ahead), f"the story goes on from {scene.story.value}"
    if not direction and (told := _told_week(scene, found, weekday, anchor)):
        return told, "the article is telling of that earlier day"
    if ahead == 0 and not direction:
        return anchor, "the weekday of the reference is that very day"
    sign, why = scene.direction.at(found.start, found.end, strong=not direction)
    if direction and sign == 0:
        sign, why = 1, f"{direction.key!r}: the coming one"
    if sign > 0:
        return anchor + timedelta(ahead), why
    return anchor - timedelta(7 - ahead), why if sign else "a bare weekday in news is past"


def _told_week(scene: Scene, found: Found, weekday: int, anchor: date) -> date | None:
    """Return the day that a bare weekday takes up again: the article's order of events overrules the nearest reading.

    The day said last, shortly before, bears the same weekday and lies one to two weeks back ("on Friday, October 30 ... on Friday").
    """
    said = scene.latest.get("D")
    if said is None or said.first.isoweekday() != weekday or found.start - said.index > _TELLING:
        return None
    return said.first if 7 <= (anchor - said.first).days <= 13 else None


def make_weekday_of_week(scene: Scene, found: Found) -> Made | None:
    """Value a weekday of a named week: "Friday last week", "Monday of next week"."""
    weekday, anchor, direction = int(found.words["weekday"].meaning), scene.reference(), found.words["direction"]
    if anchor is None:
        return Made("DATE", f"XXXX-WXX-{weekday}", relative=True, reason="a weekday, and no document time")
    day = anchor + timedelta(weekday - anchor.isoweekday() + 7 * int(direction.meaning))
    return Made("DATE", day.isoformat(), relative=True, reason=f"{direction.key!r} week")
