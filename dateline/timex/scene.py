"""What is known while a text's expressions are resolved from left to right: the reference day, and the dates said so far.

Here: `Made` (a value with its reason) and `Scene`. Not here: the makers that use them (calendar_makers.py, relative_makers.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dateline.timex.direction import Direction
from dateline.timex.grammar import Grammar
from dateline.timex.tokens import Tokens
from dateline.timex.values import interval_of, unit_of

UNKNOWN = "XXXX-XX-XX"
COUNTABLE = range(100, 9900)  # years from which the grammar counts, far enough from the calendar's ends that no step leaves it


@dataclass(frozen=True, slots=True)
class Made:
    """What an expression means: TIMEX3 type and value, and why. `anchors` is False for what no later expression may refer back to.

    `period` is the unit ("Q", "H", "Y") of the reporting period that the expression opens, if any: later comparisons are with its like.
    """

    type: str
    value: str
    relative: bool = False
    reason: str = ""
    anchors: bool = True
    period: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A date said earlier in the text: its first token and the one behind it, value, unit and days."""

    index: int
    end: int
    value: str
    unit: str
    first: date
    last: date


@dataclass(slots=True)
class Scene:
    """One text being resolved. `domain` "narrative" takes the last date said as the reference.

    `day` is the document time, or a day in its span where only a span is known (`exact` False), or None.
    """

    tokens: Tokens
    grammar: Grammar
    direction: Direction
    day: date | None
    domain: str
    exact: bool = True
    latest: dict[str, Said] = field(default_factory=dict)  # the date said last in each unit
    last: Said | None = None  # the date said last
    period: Said | None = None  # the reporting period spoken of
    period_unit: str = ""
    before_christ: int | None = None  # the year before our era that the story is in

    def remember(self, index: int, end: int, made: Made) -> None:
        """Keep a date for later expressions to refer back to."""
        days, unit = interval_of(made.value), unit_of(made.value)
        if days:
            self.before_christ = None
        if made.anchors and days and unit and days[0].year in COUNTABLE:
            self.last = self.latest[unit] = Said(index, end, made.value, unit, *days)
            if made.period and (self.day is None or days[0] <= self.day) and not self._is_background(self.last):
                self.period = self.last
        if made.period:
            self.period_unit = made.period

    def _is_background(self, said: Said) -> bool:
        """Tell whether a period is an earlier one of the kind already reported on ("after a flat second quarter")."""
        return self.period is not None and said.unit == self.period.unit and said.first < self.period.first

    def reference(self, *, exact: bool = False) -> date | None:
        """Return the day that "last week" counts from; with `exact` only where it is certain, as "yesterday" needs it."""
        if self.story:
            return self.story.first
        return None if exact and not self.exact else self.day

    def is_name(self, index: int) -> bool:
        """Tell whether a token is the later word of a capitalised name: "This Week", "USA Today"."""
        tokens = self.tokens
        if index == 0 or tokens.keys[index - 1] == "\n":
            return False
        return tokens.text[tokens.starts[index]].isupper() and tokens.text[tokens.starts[index - 1]].isupper()

    @property
    def story(self) -> Said | None:
        """The last date said where the domain is narrative, which then takes the document time's place."""
        return self.last if self.domain == "narrative" else None

    def range_start(self, start: int, unit: str) -> Said | None:
        """Return the date that a range ends from: said right before token `start` but for "to" or a dash ("from Friday to Monday")."""
        said = self.last
        if said is None or said.unit != unit or said.end != start - 1:
            return None
        code = self.tokens.code_list[start - 1]
        lexicon = self.grammar.lexicon
        return said if code in lexicon.classes.get("range_link", set()) | lexicon.classes["dash"] else None

    def last_said(self, units: str = "") -> Said | None:
        """Return the latest date said in one of `units` (all where empty)."""
        wanted = units.split() or list(self.latest)
        return max((self.latest[u] for u in wanted if u in self.latest), key=lambda s: s.index, default=None)
