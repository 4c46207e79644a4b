"""Values of expressions that name a longer stretch of the calendar: years, decades, centuries, quarters, halves, seasons.

Here: one function for each such `make` name of the rules. Not here: days, months and weekdays (calendar_makers.py), stretches counted from
another day (relative_makers.py).
"""

from __future__ import annotations

from datetime import date, timedelta

from dateline.timex.calendar_makers import choose
from dateline.timex.reading import number_of, year_of
from dateline.timex.recognise import Found
from dateline.timex.scene import Made, Scene
from dateline.timex.values import SEASON_MONTHS, add_months, interval_of

_HALF_SEASON = timedelta(45)


def make_year(scene: Scene, found: Found) -> Made | None:
    """Value a year in digits or words; the second of a pair may be two digits in the first's century ("1972-74")."""
    word, first = found.words.get("year"), number_of(found.words.get("paired"))
    year = year_of(word, scene.day)
    if first and word and word.number is not None and word.number < 100:
        year = first - first % 100 + int(word.number)
    return Made("DATE", f"{year:04d}", reason="a year") if year else None


def make_fiscal_year(scene: Scene, found: Found) -> Made | None:
    """Value a fiscal year, filed under the calendar year whose number it bears."""
    return make_year(scene, found)


def make_decade(scene: Scene, found: Found) -> Made | None:
    """Value a decade: "the 1980s", "the '80s", "the nineties"."""
    word = found.words["decade"]
    if word.cls == "decade_word":
        return Made("DATE", f"19{int(word.meaning)}", reason="a decade, of the last century by custom")
    number = number_of(word)
    if number is None:
        return None
    pivot = scene.day.year if scene.day else 1999
    if number < 100:
        number = max((number + c for c in (1900, 2000) if number + c <= pivot + 9), default=1900 + number)
    return Made("DATE", f"{number // 10:03d}", reason="a decade")


def make_century(_scene: Scene, found: Found) -> Made | None:
    """Value a century by its ordinal: the 20th century is the years that begin with 19."""
    number = number_of(found.words["ordinal"])
    return Made("DATE", f"{number - 1:02d}", reason="a century by its number") if number and 1 < number < 31 else None


def make_before_christ(scene: Scene, found: Found) -> Made | None:
    """Value a year or century before our era: BC0490, BC04. No calendar days are given for them."""
    century, year, month = number_of(found.words.get("century")), number_of(found.words.get("year")), number_of(found.words.get("month"))
    if century:
        return Made("DATE", f"BC{century - 1:02d}", reason="before our era")
    if not year or year > 9999 or (found.option("story") and not scene.before_christ):
        return None
    scene.before_christ = year
    return Made("DATE", f"BC{year:04d}" + (f"-{month:02d}" if month else ""), reason="before our era")


def make_year_of_our_lord(_scene: Scene, found: Found) -> Made | None:
    """Value a year marked as one of our era, however early: "AD 70"."""
    year = number_of(found.words["year"])
    return Made("DATE", f"{year:04d}", reason="a year") if year and year < 2200 else None


def make_quarter(scene: Scene, found: Found) -> Made | None:
    """Value a quarter or half by its ordinal, with a year, a direction to a year, or neither (the latest that has begun)."""
    words = found.words
    unit = found.option("unit", "Q")
    number = number_of(words["ordinal"]) if "ordinal" in words else 2 if unit == "H" else None  # "the last half"
    if number is None or not 1 <= number <= (4 if unit == "Q" else 2):
        return None
    year = year_of(words.get("year"), scene.day)
    if year is not None:
        current = scene.day is None or year >= scene.day.year - 1
        return Made("DATE", f"{year:04d}-{unit}{number}", reason="its year is named", period=unit if current else "")
    anchor = scene.reference()
    if anchor is None:
        return Made("DATE", f"XXXX-{unit}{number}", relative=True, reason="no year, and no document time")
    if "direction" in words:
        return Made(
            "DATE",
            f"{anchor.year + int(words['direction'].meaning):04d}-{unit}{number}",
            relative=True,
            reason="its year is named from the document time",
            period=unit,
        )
    return _reported_quarter(scene, found, number, unit, anchor)


def _reported_quarter(scene: Scene, found: Found, number: int, unit: str, anchor: date) -> Made:
    months = 3 if unit == "Q" else 6
    begins = date(anchor.year, (number - 1) * months + 1, 1)
    sign, why = scene.direction.at(found.start, found.end)
    year = anchor.year
    if begins > anchor and (begins - anchor).days > 150 and sign <= 0:
        year, why = year - 1, "it has not begun this year: last year's"
    elif add_months(begins, months) <= anchor and (anchor - begins).days > 300 and sign > 0:
        year += 1
    value = f"{year:04d}-{unit}{number}"
    days = interval_of(value)
    ended = days is not None and days[1] < anchor
    return Made("DATE", value, relative=True, reason=why, period=unit if sign <= 0 or ended else "")


def make_season(scene: Scene, found: Found) -> Made | None:
    """Value a season, with a year, a direction ("last fall") or neither."""
    words = found.words
    season = words["season"].meaning
    year = year_of(words.get("year"), scene.day)
    if year is not None:
        return Made("DATE", f"{year:04d}-{season}", reason="season and year")
    anchor = scene.reference()
    if anchor is None:
        return Made("DATE", f"XXXX-{season}", relative=True, reason="no year, and no document time")
    starts = [date(anchor.year + k, SEASON_MONTHS[season], 1) for k in (-2, -1, 0, 1, 2)]
    direction = words.get("direction")
    if direction:
        chosen, why = _season_by_direction(starts, anchor, int(direction.meaning)), f"{direction.key!r} before it"
    else:
        middle, why = choose(scene, found, [d + _HALF_SEASON for d in starts], anchor)
        chosen = middle - _HALF_SEASON if middle else starts[2]
    return Made("DATE", f"{chosen.year:04d}-{season}", relative=True, reason=why)


def _season_by_direction(starts: list[date], anchor: date, sign: int) -> date:
    """Return the start of the last season that has ended, of the running or this year's, or of the next that has not begun."""
    if sign < 0:
        return max(d for d in starts if add_months(d, 3) <= anchor)
    if sign > 0:
        return min(d for d in starts if d > anchor)
    return next((d for d in starts if d <= anchor < add_months(d, 3)), starts[2])
