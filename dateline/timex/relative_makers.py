"""Values of expressions that count from another day: "yesterday", "last week", "two years ago", "that month", "a year earlier".

Here: one function for each `make` name of the rules that need the reference day or a date said before. Not here: calendar words
(calendar_makers.py, period_makers.py), durations, sets and clock times (time_makers.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dateline.timex.reading import number_of
from dateline.timex.recognise import Found
from dateline.timex.resolver import parse_relative
from dateline.timex.scene import UNKNOWN, Made, Said, Scene
from dateline.timex.time_makers import make_duration
from dateline.timex.values import DAYS_OF, MONTHS_OF, SEASON_MONTHS, add_months, move, value_of

_NEAR = 60  # tokens within which a quarter is still what a comparison is with
_COMPARED = 10  # tokens between "compared with" or "from" and "last year"
_LANDING = ("D", "W", "M", "Y", "E", "C")  # units that dateparser counts
_NO_REFERENCE = "relative, and no document time"


def _unknown(unit: str) -> Made:
    value = {"Y": "XXXX", "M": "XXXX-XX", "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "Q": "XXXX-QX"}.get(unit, UNKNOWN)
    return Made("DATE", value, relative=True, reason=_NO_REFERENCE, anchors=False)


def _before_christ(scene: Scene, unit: str, count: float) -> Made | None:
    """Return the year that lies `count` years on from the story's year before our era, if the story is in one."""
    if not scene.before_christ or unit not in ("Y", "E") or scene.before_christ <= count:
        return None
    scene.before_christ -= int(count) * (10 if unit == "E" else 1)
    return Made("DATE", f"BC{scene.before_christ:04d}", relative=True, reason="counted from the year before our era said last")


def _moved(anchor: date, unit: str, count: int, why: str) -> Made | None:
    if unit not in MONTHS_OF and unit not in DAYS_OF:
        return None
    try:
        return Made("DATE", value_of(move(anchor.replace(day=1) if unit in "MQHYEC" else anchor, unit, count), unit), relative=True, reason=why)
    except (ValueError, OverflowError):
        return None


def make_deictic(scene: Scene, found: Found) -> Made | None:
    """Yesterday, today, tomorrow."""
    if "deictic" in found.words and scene.is_name(found.words["deictic"].index):
        return None
    anchor = scene.reference(exact=True)
    if anchor is None:
        return _unknown("D")
    return _moved(anchor, "D", int(found.option("days") or found.words["deictic"].meaning), "counted in days from the reference")


def make_shifted(scene: Scene, found: Found) -> Made | None:
    """Value the last, this or next unit: "last week", "this year", "the coming month"."""
    unit = found.option("unit") or found.words["unit"].meaning
    if unit not in ("D", "W", "WE", "M", "Q", "H", "Y", "E", "C"):
        return None
    if "unit" in found.words and scene.is_name(found.words["unit"].index):
        return None
    count = int(found.option("count") or found.words["direction"].meaning)
    if (unit, count) == ("Y", -1) and _compares(scene, found):
        return make_year_earlier(scene, found)
    said = _antecedent(scene, unit) if scene.story else None
    anchor = said.first if said else scene.reference()
    if anchor is None:
        return _unknown(unit)
    return _moved(anchor, unit, count, f"{count:+d} {unit} from the reference")


def _compares(scene: Scene, found: Found) -> bool:
    """Tell whether "last year" ends a comparison with a quarter just spoken of: "rose to $5 million from $4 million last year"."""
    period, cues = scene.period, scene.grammar.lexicon.classes.get("comparison", set())
    if period is None or scene.period_unit != "Q" or found.start - period.index > _NEAR:
        return False
    for index in range(found.start - 1, max(-1, found.start - 1 - _COMPARED), -1):
        if scene.tokens.code_list[index] in cues:
            return True
        if scene.direction.closes(index):
            return False
    return False


def make_weekend(scene: Scene, found: Found) -> Made | None:
    """Value "the weekend": the one past, or the coming one where a clear future stands beside it."""
    anchor = scene.reference()
    if anchor is None:
        return _unknown("WE")
    sign, why = scene.direction.at(found.start, found.end, strong=True)
    running = anchor.isoweekday() > 5
    return _moved(anchor, "WE", 0 if running or sign > 0 else -1, why)


def make_ago(scene: Scene, found: Found) -> Made | None:
    """Value a number of units back or on: "two weeks ago", "in five years", "three days later"."""
    unit, sign = found.words["unit"].meaning, int(found.option("sign", "-1"))
    anchor = scene.reference()
    if found.option("when") == "future" and scene.direction.at(found.start, found.end)[0] <= 0:
        return make_duration(scene, found)
    if found.option("from") == "said":
        said = scene.last_said("D" if unit in "DW" else "") or scene.last_said()
        anchor = said.first if said else anchor
    number = _count(found)
    if found.option("from") == "said" and (number is None or unit in ("S", "MI", "H")):
        return make_duration(scene, found)
    if number is None or unit in ("S", "MI", "H"):
        return Made("DATE", "PAST_REF" if sign < 0 else "FUTURE_REF", reason="how many is not said")
    if found.option("from") == "said" and (ancient := _before_christ(scene, unit, sign * number)):
        return ancient
    if anchor is None:
        return _unknown(unit)
    if number != int(number):
        return _moved(anchor, "M", round(sign * number * 12), "counted in months") if unit == "Y" else None
    if sign < 0 and found.option("from") != "said" and unit in _LANDING and (landing := _landing(scene, found, anchor)):
        return Made("DATE", value_of(landing, unit), relative=True, reason="counted from the reference")
    return _moved(anchor, "W" if unit == "F" else unit, sign * int(number) * (2 if unit == "F" else 1), "counted from the reference")


def _landing(scene: Scene, found: Found, anchor: date) -> date | None:
    """Return where dateparser lands with the words from the number on; None for what it does not read ("a week or so ago")."""
    start = found.words["number"].index if "number" in found.words else found.core
    return parse_relative(scene.tokens.words(start, found.end), anchor, scene.grammar.language)


def _count(found: Found) -> float | None:
    """Return how many units are meant: 1 for an article, None for "several"."""
    word = found.words.get("number")
    if word is None:
        return float(found.option("number", "1"))
    if word.cls == "vague":
        return float(word.meaning) if word.meaning.isdigit() else None
    value = number_of(word) if word.number is None else word.number
    return None if value is None else float(value) + (0.5 if "half" in found.words else 0)


def make_year_earlier(scene: Scene, _found: Found) -> Made | None:
    """Value a comparison with the year before: "a year earlier" keeps the granularity of the period that is being compared."""
    said = scene.period
    if said and scene.period_unit == said.unit:
        value = value_of(add_months(said.first, -12), said.unit)
        return Made("DATE", value, relative=True, reason=f"the period compared is {said.value}", anchors=False)
    anchor = scene.reference()
    if anchor is None:
        return _unknown("Y")
    return _moved(anchor, "Y", -1, "a year back from the reference")


def make_anaphor(scene: Scene, found: Found) -> Made | None:
    """Value an expression that points to a date said before: "that day", "the same month", "the following year"."""
    unit, count = found.words["unit"].meaning if "unit" in found.words else "D", int(found.option("count", "0"))
    if ancient := _before_christ(scene, unit, count):
        return ancient
    said = _antecedent(scene, unit)
    if said is not None:
        return _moved(said.first, unit, count, f"it points to {said.value}")
    anchor = scene.reference()
    if anchor is None or found.option("alone") == "no":
        return _unknown(unit)
    return _moved(anchor, unit, count, "nothing said before: the reference")


def _antecedent(scene: Scene, unit: str) -> Said | None:
    finer = {"D": "D", "W": "W D", "WE": "WE D", "M": "M D W", "Q": "Q", "Y": "Y M D Q H S"}.get(unit, unit)
    return scene.last_said(finer)


def make_season_said(scene: Scene, found: Found) -> Made | None:
    """Value "that summer", "the following spring": the first such season that ends behind the date said last."""
    season, said = found.words["season"].meaning, scene.last_said()
    anchor = said.first if said else scene.reference()
    if anchor is None:
        return _unknown("Y")
    year = anchor.year if SEASON_MONTHS[season] + 2 >= anchor.month else anchor.year + 1
    return Made("DATE", f"{year:04d}-{season}", relative=True, reason=f"it points to {said.value}" if said else "the reference's own")


def make_period(scene: Scene, found: Found) -> Made | None:
    """Value the reporting period by discourse: "the quarter" is the one spoken of, else the latest that has ended."""
    unit, said, anchor = found.option("unit", "Q"), scene.period, scene.reference()
    begun = said and (anchor is None or (said.last if found.option("ended") else said.first) <= anchor)
    if said and begun and said.unit == unit:
        return Made("DATE", said.value, relative=True, reason=f"the period spoken of is {said.value}", period=unit)
    if anchor is None:
        return _unknown(unit)
    scene.period = None  # what was said of another period is over
    made = _moved(anchor, unit, -1, "the latest period that has ended")
    return replace(made, period=unit) if made else None


def make_year_end(scene: Scene, _found: Found) -> Made | None:
    """Value "year-end": the last day of the reference's own year."""
    anchor = scene.reference()
    return Made("DATE", f"{anchor.year:04d}-12-31", relative=True, reason="the year of the reference") if anchor else _unknown("D")


def make_year_of_reference(scene: Scene, _found: Found) -> Made | None:
    """Value "the year", "year-end", "the full year" of a report: the reference's own year."""
    anchor = scene.reference()
    return Made("DATE", f"{anchor.year:04d}", relative=True, reason="the year of the reference", period="Y") if anchor else _unknown("Y")


def make_period_of_year(scene: Scene, found: Found) -> Made | None:
    """Value the reporting period spoken of, in a named year: "the 1988 quarter"."""
    year = number_of(found.words["year"])
    said = scene.period
    if year is None or said is None or said.unit == "Y":
        return Made("DATE", f"{year:04d}", reason="its year is named") if year else None
    return Made("DATE", f"{year:04d}{said.value[4:]}", relative=True, reason=f"the period spoken of is {said.value}")


def make_ref(_scene: Scene, found: Found) -> Made | None:
    """Value a vague reference: PRESENT_REF, PAST_REF or FUTURE_REF."""
    return Made("DATE", found.option("value"), reason="vague by its wording", anchors=False)
