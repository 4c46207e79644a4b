"""One article as the event rules read it: the Doc with its notes, names by offset, quotations and resources.

Here: `Reading`, built by each component for its call and thrown away after. Not here: any rule. Names come from notes.names; what a pronoun
or description refers to comes from dateline.names.reference.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from spacy.tokens import Doc, Token

from dateline.events.lexicon import Lexicon, lexicon_of
from dateline.events.quotes import find_quotes, quote_at
from dateline.names.reference import refer
from dateline.notes import Name, Notes, notes_of
from dateline.records import Timex
from dateline.resources import Resources
from dateline.timex.ranges import spans_of_days

WE_THE = re.compile(r"(?:^|\n)[^\S\n]*[“\"]?We, (?:the )?(?=[A-Z])")


class Reading:
    """Look-ups that several rules share, over one Doc."""

    def __init__(self, doc: Doc, resources: Resources) -> None:
        self.doc = doc
        self.resources = resources
        self.notes: Notes = notes_of(doc)
        self.lexicon: Lexicon = lexicon_of(resources)
        self.text = self.notes.article.text
        self.quotes = find_quotes(self.text)
        self._names = sorted(self.notes.names, key=lambda n: (n.start, -n.end))
        self._starts = [n.start for n in self._names]
        self._sentence_starts = [start for start, _ in self.notes.sentences]
        self._dates: list[Timex] | None = None
        self._referred: dict[int, list[Name]] = {}

    @cached_property
    def joint_issuers(self) -> list[Name]:
        """Whom "we" denotes in a joint release that says so: "We, the foreign ministers of Chile and Peru, reaffirm"; empty elsewhere."""
        match = WE_THE.search(self.text)
        if match is None:
            return []
        verb = next((t for t in self.doc if t.idx >= match.end() and t.tag_ in {"VBP", "VBD", "MD"}), None)
        end = verb.idx if verb is not None else self.sentence_span(self.sentence_of(match.start()))[1]
        held = [n for n in self.names_within(match.end(), end) if n.kind in {"state", "person", "organisation"} and not n.media]
        top = [n for n in held if not any(o is not n and o.start <= n.start and n.end <= o.end for o in held)]
        named = {n.name: n for n in reversed(top)}
        return sorted(named.values(), key=lambda n: n.start) if len(named) > 1 else []

    @property
    def dates(self) -> list[Timex]:
        """The time expressions that can date an event, ranges joined; worked out once."""
        if self._dates is None:
            self._dates = spans_of_days(self.text, self.notes.timexes, resources=self.resources)
        return self._dates

    def name_at(self, token: Token) -> Name | None:
        """Return the longest name that covers the token."""
        place = bisect_right(self._starts, token.idx)
        found = [n for n in self._names[max(0, place - 4) : place] if n.start <= token.idx < n.end]
        return max(found, key=lambda n: n.end - n.start) if found else None

    def names_within(self, start: int, end: int) -> list[Name]:
        """Return the names that lie in the characters [start, end), in order."""
        first = bisect_right(self._starts, start - 1)
        return [n for n in self._names[first : bisect_right(self._starts, end)] if n.end <= end]

    def refer(self, token: Token) -> list[Name]:
        """Return who the phrase headed by the token is: a name, a pronoun's or description's antecedent, or nobody known."""
        if token.i not in self._referred:
            self._referred[token.i] = refer(self.doc, token, self.notes, self.resources)
        return self._referred[token.i]

    def sentence_of(self, offset: int) -> int:
        """Return the index of the sentence that holds the character."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def sentence_span(self, index: int) -> tuple[int, int]:
        """Return the sentence's offsets; of the whole text where no sentences are known."""
        return self.notes.sentences[index] if self.notes.sentences else (0, len(self.text))

    def quote_around(self, token: Token) -> tuple[int, int] | None:
        """Return the quotation that the token stands in."""
        return quote_at(self.quotes, token.idx)

    def paragraph_of(self, offset: int) -> int:
        """Return where the paragraph of the character begins."""
        return self.text.rfind("\n", 0, offset) + 1
