"""Spans of days for dating events: time expressions joined to ranges, and left open on a side where a word says so.

Here: `spans_of_days`. Not here: the expressions themselves (tag.py), which event a span dates (dateline.events.anchoring). TIMEX3 marks the
two ends of "from 11th to 12th July 2023" as two expressions, and "since June" as June; an event wants one range of days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from dateline.records import Timex
from dateline.resources import Resources
from dateline.timex.values import interval_of, move, precision_of, value_of

_LENGTH = re.compile(r"P(\d{1,4})([DWMY])")
_NEAR = 400  # characters within which the day that "two days later" counts from was said
_BACK = 40  # characters before an expression in which its preposition stands


@dataclass(frozen=True, slots=True)
class RangeRule:
    """How words make a range of expressions (timex_ranges.jsonl).

    `kind` "join": two expressions with `between` between them (and `before` before the first, where given) are the two ends of a range;
    with `adjacent` only where the second begins within a day of the first's end. "since" and "by" leave the range open behind or before.
    "later" and "earlier": a length of time with `between` behind it counts from the day said before it.
    `value` is what the example gives on `reference`: "first/last", an open side empty.
    """

    id: str
    kind: str
    example: str
    counter_example: str
    value: str
    between: str = ""
    before: str = ""
    adjacent: bool = False
    reference: str = "2023-07-12"


def spans_of_days(text: str, timexes: Sequence[Timex], *, resources: Resources) -> list[Timex]:
    """Return what can date an event: every expression with days, pairs joined and open sides opened, in order, none overlapping.

    For anchoring: call it once an article on `notes.timexes`, then take the span nearest to the trigger in its sentence; `first_day` and
    `last_day` go into the event as they are. A joined or open span has precision "range", covers the words of both ends (the preposition
    of an open one is outside), and `rule` names both rules. `first_day` None is open before ("by April 23"), `last_day` None open behind
    ("since June"). Weeks stay Monday-Sunday, "early July" is 1-10 and so on, as tag_text gives them. DURATION, SET, *_REF and what
    could not be placed are left out, for they date nothing.
    """
    spans: list[Timex] = []
    for timex in timexes:
        if timex.type == "DURATION" and spans and (later := _later(text, spans[-1], timex, resources)):
            spans.append(later)
            continue
        if timex.first_day is None and timex.last_day is None:
            continue
        joined = _joined(text, spans[-1], timex, resources) if spans else None
        if joined:
            spans[-1] = joined
        else:
            spans.append(timex)
    return [_opened(text, span, resources) for span in spans]


def _joined(text: str, first: Timex, second: Timex, resources: Resources) -> Timex | None:
    if (first.precision == "range" and "+" in first.rule) or first.end > second.start or second.start - first.end > _BACK:
        return None
    start, end = first.first_day, second.last_day
    if start is None or end is None or first.last_day is None or second.first_day is None or start > end or first.last_day > second.first_day:
        return None
    for rule, before, between in _compiled(resources):
        if rule.kind != "join" or not between.fullmatch(text[first.end : second.start]):
            continue
        if rule.before and not before.search(text[max(0, first.start - _BACK) : first.start]):
            continue
        if rule.adjacent and second.first_day - first.last_day > timedelta(1):
            continue
        value = f"{first.value}/{second.value}"
        words = text[first.start : second.end]
        relative = first.relative or second.relative
        return Timex(first.start, second.end, words, "DATE", value, start, end, "range", f"{first.rule}+{rule.id}", relative, second.reason)
    return None


def _later(text: str, said: Timex, length: Timex, resources: Resources) -> Timex | None:
    """Date "two days later" from the day said before it, where that stands near enough to be meant."""
    size = _LENGTH.fullmatch(length.value)
    if size is None or said.first_day is None or said.last_day != said.first_day or length.start - said.end > _NEAR:
        return None
    for rule, _, between in _compiled(resources):
        match = between.match(text, length.end) if rule.kind in ("later", "earlier") else None
        if match is None:
            continue
        try:
            day = move(said.first_day, size[2], int(size[1]) * (1 if rule.kind == "later" else -1))
        except (ValueError, OverflowError):
            return None
        value = value_of(day, size[2]) if size[2] != "W" else day.isoformat()
        first, last = interval_of(value) or (day, day)
        words, why = text[length.start : match.end()], f"counted from {said.value}"
        return Timex(length.start, match.end(), words, "DATE", value, first, last, precision_of(value), f"{length.rule}+{rule.id}", True, why)
    return None


def _opened(text: str, span: Timex, resources: Resources) -> Timex:
    for rule, before, _ in _compiled(resources):
        if rule.kind in ("since", "by") and before.search(text[max(0, span.start - _BACK) : span.start]):
            first, last = (span.first_day, None) if rule.kind == "since" else (None, span.last_day)
            return replace(span, precision="range", rule=f"{span.rule}+{rule.id}", first_day=first, last_day=last)
    return span


@lru_cache(maxsize=8)
def _compiled(resources: Resources) -> tuple[tuple[RangeRule, re.Pattern[str], re.Pattern[str]], ...]:
    rules = resources.rules("timex_ranges.jsonl", RangeRule)
    return tuple((rule, re.compile(rf"(?:{rule.before})\s*$", re.I), re.compile(rule.between, re.I)) for rule in rules)
