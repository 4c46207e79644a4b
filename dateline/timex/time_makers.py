"""Values of clock times, parts of days, durations and recurring sets.

Here: one function for each such `make` name of the rules. Not here: days (calendar_makers.py, relative_makers.py); joining "10 p.m." with
"Wednesday" (normalise.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dateline.timex.calendar_makers import make_weekday
from dateline.timex.reading import number_of
from dateline.timex.recognise import Found, Word
from dateline.timex.scene import Made, Scene

_PER_DAY = {"S", "MI", "H"}
_LETTER = {"S": "S", "MI": "M", "H": "H", "D": "D", "W": "W", "M": "M", "Q": "Q", "Y": "Y", "E": "E", "C": "C", "WE": "WE", "F": "W", "NI": "D"}
_HALF = {"MI": "30S", "H": "30M", "D": "T12H", "M": "2W", "Y": "6M", "W": "3D"}  # half a unit, behind the whole ones
_OF_SET = {
    "D": "P1D",
    "W": "P1W",
    "M": "P1M",
    "Y": "P1Y",
    "Q": "P1Q",
    "H": "PT1H",
    "MI": "PT1M",
    "WE": "XXXX-WXX-WE",
    "E": "P1E",
    "S": "PT1S",
    "C": "P1C",
    "F": "P2W",
}


def make_clock(scene: Scene, found: Found) -> Made | None:
    """Value a clock time on the reference day: "7:15 p.m.", "1430 GMT", "noon"."""
    clock = clock_of(found)
    if clock is None:
        return None
    day = scene.reference(exact=True)
    if found.option("day") == "said" or scene.domain == "narrative":
        said = scene.last_said("D")
        day = said.first if said else day
    return Made("TIME", f"{day.isoformat() if day else 'XXXX-XX-XX'}T{clock}", relative=True, reason="a clock time of the reference day", anchors=False)


def clock_of(found: Found) -> str | None:
    """Return "HH:MM" (or "HH" where no minutes are said) of a clock expression, None where it is no time of day."""
    word = found.words.get("clock")
    if word is None:
        return found.option("clock") or None
    hour_text, _, rest = word.key.rstrip("apm.").replace(".", ":").partition(":")
    digits = "".join(c for c in hour_text if c.isdigit())
    if not digits and word.number is None and not word.meaning:
        return None
    hour = int(digits) if digits else int(number_of(word) or 0)
    minute = rest[:2]
    if found.option("military") == "yes":
        hour, minute = divmod(hour, 100)[0], f"{hour % 100:02d}"
    half = found.words["half"].meaning if "half" in found.words else word.key[-2:].upper() if word.key[-2:] in ("am", "pm") else ""
    if half == "PM" and hour < 12:
        hour += 12
    elif half == "AM" and hour == 12:
        hour = 0
    if hour > 24 or (minute and int(minute) > 59):
        return None
    return f"{hour:02d}:{minute or '00'}"


def make_daypart(scene: Scene, found: Found) -> Made | None:
    """Value a part of a day: "this morning", "Friday evening", "tonight"; the day is the reference's unless one stands in the match."""
    day = scene.reference(exact=True)
    part = found.option("part") or (found.words["daypart"].meaning if "daypart" in found.words else "")
    if found.option("day") == "said":
        said = scene.last_said("D")
        day = said.first if said else day
    if day and found.option("days"):
        day += timedelta(int(found.option("days")))
    prefix = day.isoformat() if day else "XXXX-XX-XX"
    return Made("TIME", f"{prefix}T{part}", relative=True, reason="a part of the reference day", anchors=False)


def amount(number: Word | None, unit: str, half: bool = False) -> str | None:
    """Return the TIMEX3 duration of a number of units; X where the number is vague; "a minute and a half" is PT1M30S."""
    letter = _LETTER.get(unit)
    text = _number_text(number)
    if letter is None or text is None:
        return None
    tail = _HALF.get(unit) if half else ""
    if tail is None:
        return None
    if unit == "E" and text.isdigit() and text != "1":
        return f"P{10 * int(text)}Y"  # TimeBank's way: two decades are twenty years
    if unit in _PER_DAY:
        return f"PT{text}{letter}{tail}"
    return f"P{text}{letter}{tail}"


def _number_text(number: Word | None) -> str | None:
    if number is None:
        return "1"
    if number.cls == "vague":
        return number.meaning
    value = number.number if number.number is not None else number_of(number)
    return None if value is None else f"{int(value)}" if value == int(value) else f"{value:g}"


def make_duration(_scene: Scene, found: Found) -> Made | None:
    """Value a number of units: "two years", "a 10-hour", "several months", "the past 18 months"."""
    words = found.words
    number = words.get("number")
    if "half" in words and number is None and found.option("whole") != "one":
        return _half(words["unit"].meaning)
    if found.option("number") == "X":
        value: str | None = "PTX" + _LETTER[words["unit"].meaning] if words["unit"].meaning in _PER_DAY else "PX" + _LETTER.get(words["unit"].meaning, "X")
    else:
        value = amount(number, words["unit"].meaning, half="half" in words)
    months = value in ("P3M", "P6M", "P9M", "P12M")
    return Made("DURATION", value, reason="a length of time", period="Y" if months else "") if value else None


def _half(unit: str) -> Made | None:
    tail = _HALF.get(unit)
    return Made("DURATION", ("PT" if unit in _PER_DAY else "P") + tail, reason="half a unit") if tail else None


def make_duration_year(_scene: Scene, _found: Found) -> Made | None:
    """Value a year of account: "the year ended March 31"; later comparisons with "a year earlier" are with a year."""
    return Made("DURATION", "P1Y", reason="a length of time", period="Y")


def make_set(_scene: Scene, found: Found) -> Made | None:
    """Value a recurring time: "daily", "every week", "each July", "Mondays"."""
    words = found.words
    if found.option("value"):
        return Made("SET", found.option("value"), reason="recurring")
    value = None
    if "unit" in words:
        count = amount(words.get("number"), words["unit"].meaning)
        value = count if "number" in words else _OF_SET.get(words["unit"].meaning)
    elif "weekday" in words:
        value = f"XXXX-WXX-{words['weekday'].meaning}" + (f"T{words['daypart'].meaning}" if "daypart" in words else "")
    elif "month" in words:
        value = f"XXXX-{int(words['month'].meaning):02d}"
    elif "season" in words:
        value = f"XXXX-{words['season'].meaning}"
    elif "daypart" in words:
        value = f"XXXX-XX-XXT{words['daypart'].meaning}"
    return Made("SET", value, reason="recurring") if value else None


def make_deictic_daypart(scene: Scene, found: Found) -> Made | None:
    """Value a part of a day counted from the reference: "yesterday morning", "last night"."""
    words = found.words
    count = int(found.option("days") or words["deictic"].meaning)
    part = found.option("part") or words["daypart"].meaning
    anchor = scene.reference(exact=True)
    day = (anchor + timedelta(count)).isoformat() if anchor else "XXXX-XX-XX"
    return Made("TIME", f"{day}T{part}", relative=True, reason="counted in days from the reference")


def make_weekday_daypart(scene: Scene, found: Found) -> Made | None:
    """Value a part of a weekday: "Friday evening", "Saturday night"."""
    day = make_weekday(scene, found)
    return replace(day, type="TIME", value=f"{day.value}T{found.words['daypart'].meaning}") if day else None
