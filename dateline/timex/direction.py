"""Which way an expression without a year or week points: back, on, or unknown, by the cheap cues beside it.

Here: `direction_at`, which reads the nearest verb or cue word of the clause (classes past_cue, future_cue, past_suffix ... of
timex_words.tsv), and `nearest`, which picks among candidate days. Not here: what is being resolved (normalise.py). No tagger is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dateline.timex.lexicon import BREAK, Lexicon
from dateline.timex.tokens import Tokens

NEAR = 4  # tokens within which a preposition such as "until" governs the expression
BEHIND = 0.5  # the size of a cue behind the expression
UNSAID = -0.3  # the sign of a month without any cue: 61 of 86 in annotated news are past
BESIDE = 2.0  # the size of a cue at most two tokens before the expression
AGAINST = 6.0  # how much farther a candidate against the cue must count
WINDOW = 14  # tokens looked at on either side; a clause of news text is seldom longer


class Direction:
    """Reads cues around the expressions of one text."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self.tokens = tokens
        classes = lexicon.classes
        self.past, self.future = classes.get("past_cue", set()), classes.get("future_cue", set())
        self.infinitive, self.auxiliary = classes.get("future_to", set()), classes.get("future_auxiliary", set())
        self.determiner, self.stop = classes.get("determiner", set()), classes.get("clause_end", set()) | {BREAK}
        self.full_stop, self.short = classes.get("full_stop", set()), classes.get("mon", set()) | classes.get("wkd", set()) | classes.get("abbreviation", set())
        self.was = classes.get("past_auxiliary", set())
        self.near = classes.get("near_cue", set())
        self.weak, self.governor = classes.get("weak_future", set()), classes.get("future_governor", set())
        self.suffixes = tuple(word for cls, word in lexicon.meaning if cls == "past_suffix")
        self.adjectival = tuple(word for cls, word in lexicon.meaning if cls == "not_past_prefix")
        self.not_past = {word for cls, word in lexicon.meaning if cls == "not_past"}

    def at(self, start: int, end: int, *, strong: bool = False) -> tuple[float, str]:
        """Return (sign, why) for the expression at tokens `start` to `end` (exclusive): below 0 back, 0 unknown, above 0 on.

        A cue right before the expression ("signed in March") has the size BESIDE, one behind it BEHIND, any other 1.

        With `strong` only clear futures count ("will", "is to", "payable"), not "would", "may" or any infinitive: weekdays of news are past.
        """
        for places, side in ((range(start - 1, max(-1, start - 1 - WINDOW), -1), "before"), (range(end, min(len(self.tokens), end + WINDOW)), "behind")):
            for index in places:
                if self._ends_clause(index):
                    break
                if self.tokens.code_list[index] in self.near and min(abs(index - start), abs(index - end)) > NEAR:
                    continue
                sign = self._sign(index, strong)
                if sign:
                    size = BEHIND if index >= end else BESIDE if start - 1 - index <= 2 else 1.0
                    return sign * size, f"{self.tokens.keys[index]!r} {side} it points {'back' if sign < 0 else 'on'}"
        return 0, "no cue of direction beside it"

    def closes(self, index: int) -> bool:
        """Tell whether a token ends the clause or is its verb: what stands before it is another phrase."""
        return self._ends_clause(index) or self.tokens.keys[index] == "," or self._sign(index, strong=False) != 0

    def _ends_clause(self, index: int) -> bool:
        """Tell whether a token ends the clause; a full stop behind "Nov", "U", "S" does not."""
        code = self.tokens.code_list[index]
        if code not in self.full_stop:
            return code in self.stop
        return index == 0 or not (self.tokens.code_list[index - 1] in self.short or len(self.tokens.keys[index - 1]) == 1)

    def _sign(self, index: int, strong: bool) -> int:
        code, key = self.tokens.code_list[index], self.tokens.keys[index]
        if strong and code in self.weak:
            return 0
        if code in self.future and not self._is_preposition(index):
            return -1 if self._is_past_auxiliary(index) else 1
        if code in self.infinitive and self._is_infinitive(index + 1):
            governed = index > 0 and self.tokens.code_list[index - 1] in self.governor
            if governed and self._is_past_auxiliary(index - 1):
                return -1  # "was due to expire"
            return 1 if governed or not strong else 0
        if code in self.past or self._is_regular_past(key):
            return 1 if not strong and self._made_future(index) else -1
        return 0

    def _is_regular_past(self, key: str) -> bool:
        return key.endswith(self.suffixes) and len(key) > 4 and key not in self.not_past and not key.startswith(self.adjectival)

    def _is_past_auxiliary(self, index: int) -> bool:
        """Tell whether "was", "had been" stand right before a cue, which turns it into a future seen from the past."""
        return any(self.tokens.code_list[i] in self.was for i in range(max(0, index - 2), index))

    def _is_preposition(self, index: int) -> bool:
        """Tell whether a cue is the head of "due to the storm", no future."""
        following = self.tokens.code_list[index + 1 : index + 2]
        return bool(following) and following[0] in self.infinitive and not self._is_infinitive(index + 2)

    def _is_infinitive(self, index: int) -> bool:
        if index >= len(self.tokens) or self.tokens.code_list[index] in self.determiner:
            return False
        return self.tokens.text[self.tokens.starts[index]].islower()

    def _made_future(self, index: int) -> bool:
        """Tell whether a participle stands under "will be", "to be", "would have"."""
        before = [self.tokens.code_list[i] for i in range(max(0, index - 3), index)]
        return any(code in self.auxiliary for code in before)


def nearest(candidates: Sequence[date], anchor: date, sign: float) -> date | None:
    """Return the candidate nearest to `anchor`, where one against `sign` counts AGAINST times its size as far; None without any.

    A cue is evidence, not proof: eleven days on beat 354 days back even beside a past participle.
    """
    return min(candidates, key=lambda d: abs((d - anchor).days) * max(1.0, -AGAINST * sign * ((d > anchor) - (d < anchor))), default=None)
