"""Gives the expressions found in a text their values, from left to right, and makes Timex records of them.

Here: the table of makers, joining a clock time with its day, narrowing by "early" and "late", and `normalise`. Not here: the makers
themselves (calendar_makers.py, period_makers.py, relative_makers.py, time_makers.py, holidays.py), finding expressions (recognise.py). Next: tag.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from dateline.errors import ConfigurationError
from dateline.records import Timex
from dateline.timex import calendar_makers, holidays, period_makers, relative_makers, time_makers
from dateline.timex.recognise import Found, Word
from dateline.timex.scene import Made, Scene
from dateline.timex.values import interval_of, precision_of

Maker = Callable[[Scene, Found], Made | None]
MAKERS: dict[str, Maker] = {
    name.removeprefix("make_"): maker
    for module in (calendar_makers, period_makers, relative_makers, time_makers, holidays)
    for name, maker in vars(module).items()
    if name.startswith("make_")
}
_DAY_WORDS = {"weekday", "day", "deictic"}  # kept words that make an expression a day
_LINKS_MAX = 3  # tokens between a clock time and its day: ",", "on", a time zone


def normalise(scene: Scene, found: list[Found]) -> list[Timex]:
    """Return the expressions with their values; those that turn out to have none are left out."""
    timexes: list[Timex] = []
    parts = [part for one in found for part in _parts(scene, one)]
    last: tuple[Found, Made] | None = None
    for one, following in zip_longest(parts, parts[1:]):
        made = maker_of(one)(scene, one)
        if made is None:
            continue
        scene.remember(one.start, one.end, made)
        day_follows = following is not None and following.start <= one.end + 1 and bool(following.words.keys() & _DAY_WORDS)
        joined = _join(scene, last, (one, made), day_follows) if last else None
        if joined:
            one, made = joined
            timexes.pop()
        timexes.append(_timex(scene, one, made))
        last = (one, made)
    return timexes


def _parts(scene: Scene, found: Found) -> list[Found]:
    """Split a pair ("11 and 12 July", "1972-74", "Monday and Tuesday") into its two expressions; each keeps what both share.

    The rule's option `pair` names the kept word that differs; its second is kept under that name + "2".
    The second expression finds the first's word under "paired".
    """
    name = found.option("pair")
    if not name:
        return [found]
    shared = {k: w for k, w in found.words.items() if not k.endswith("2")}
    own = {k.removesuffix("2"): w for k, w in found.words.items() if k.endswith("2")}
    left_end = max(_end_of(scene, shared[k]) for k in own if k in shared)
    start = min(w.index for w in own.values())
    if left_end > start:
        return [found]
    left = Found(found.start, left_end, found.compiled, shared, found.core, found.prefix)
    common = {k: w for k, w in shared.items() if k != "weekday"}  # the first day's weekday is not the second's
    right = Found(start, found.end, found.compiled, common | own | {"paired": found.words[name]}, start, found.prefix)
    return [left, right]


def _end_of(scene: Scene, word: Word) -> int:
    """Return the token behind a kept word, its abbreviating full stop included."""
    stop = scene.grammar.lexicon.classes.get("full_stop", set())
    end = word.index + 1
    return end + 1 if word.cls in ("mon", "wkd") and scene.tokens.code_list[end : end + 1] and scene.tokens.code_list[end] in stop else end


def maker_of(found: Found) -> Maker:
    """Return the function that a rule names. Raises ConfigurationError where there is none."""
    name = found.compiled.rule.make
    if name not in MAKERS:
        raise ConfigurationError(f"Cannot use date rule {found.rule}: unknown make {name!r}. Known: {', '.join(sorted(MAKERS))}.", code="resources")
    return MAKERS[name]


def _join(scene: Scene, before: tuple[Found, Made], behind: tuple[Found, Made], day_follows: bool) -> tuple[Found, Made] | None:
    """Join a day and a time of day that stand together ("10 p.m. Wednesday", "Friday evening", "noon on May 3") into one TIME."""
    (first, first_made), (second, second_made) = before, behind
    gap = range(first.end, second.start)
    links = scene.grammar.lexicon.classes.get("time_link", set())
    if len(gap) > _LINKS_MAX or any(scene.tokens.code_list[i] not in links for i in gap):
        return None
    if first_made.type == "TIME" and _is_day(second_made) and first.option("joins", "yes") == "yes":
        time, day = first_made, second_made
    elif (
        not day_follows
        and _is_day(first_made)
        and second_made.type == "TIME"
        and second.option("joins", "yes") == "yes"
        and (not gap or second.option("clock") or "clock" in second.words)
    ):
        time, day = second_made, first_made
    else:
        return None
    value = day.value.partition("T")[0] + "T" + time.value.partition("T")[2]
    whole = Found(first.start, second.end, second.compiled if time is second_made else first.compiled, first.words | second.words, first.core, first.prefix)
    return whole, Made("TIME", value, relative=day.relative, reason=day.reason)


def _is_day(made: Made) -> bool:
    return made.type == "DATE" and len(made.value) == 10 and made.value[4] == "-"


def _timex(scene: Scene, found: Found, made: Made) -> Timex:
    tokens = scene.tokens
    start, end = tokens.starts[found.start], tokens.ends[found.end - 1]
    days = interval_of(made.value) if made.type in ("DATE", "TIME") else None
    first, last = days or (None, None)
    precision = precision_of(made.value) if days else ("vague" if made.value.endswith("_REF") else "none")
    timex = Timex(start, end, tokens.text[start:end], made.type, made.value, first, last, precision, found.rule, made.relative, made.reason)
    return _narrow(timex, found.prefix.get("part", "") or found.option("part_of_unit"))


def _narrow(timex: Timex, part: str) -> Timex:
    """Narrow the days of a month by "early" (1-10), "mid" (11-20) or "late" (21 to the end), as the guideline has it. The value stays."""
    if timex.first_day is None or timex.last_day is None or timex.precision != "month":
        return timex
    first, last = timex.first_day, timex.last_day
    ends: dict[str, tuple[date, date]] = {
        "early": (first, first.replace(day=10)),
        "mid": (first.replace(day=11), first.replace(day=20)),
        "late": (first.replace(day=21), last),
        "week-1": (first, first.replace(day=7)),
        "week-2": (first.replace(day=8), first.replace(day=14)),
        "week-3": (first.replace(day=15), first.replace(day=21)),
        "week-last": (last - timedelta(6), last),
    }
    if part not in ends:
        return timex
    return replace(timex, first_day=ends[part][0], last_day=ends[part][1], precision="range")
