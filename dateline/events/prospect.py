"""What the bare text says of a rule before anything is parsed: the filter that keeps sentences in which a rule could fire.

Here: `SentenceFilter` and `may_fire`. It is derived from the rules themselves: a rule can only fire on one of its forms, and only where the
words that its tests look for are there. A test that has no entry in `SIGNS` asks nothing of the text. Not here: the tests, which read the
parse (dateline.events.conditions); whatever they would refuse, this may let through, but never the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from dateline.events.conditions import alternatives
from dateline.events.lexicon import Lexicon, TriggerRule, lexicon_of
from dateline.events.quotes import MARK
from dateline.events.verb_tests import QUOTE_GAP
from dateline.resources import Resources

WORD = re.compile(r"[^\W_]+")
COMPOUND = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)+")  # "co-host": one word to the lexicon, several or one to the tokenizer
LABEL = re.compile(r"\W*[A-Z][^\n]{1,60}:\s*")  # "SECRETARY BLINKEN:"
KEPT = 3  # the first sentences are always parsed: lead and dateline decide the report's day
LOOK_AHEAD = 80  # characters that the test "next" reads


@dataclass
class Sentence:
    """The characters [start, end) of an article, with the words in them."""

    text: str
    start: int
    end: int
    found: list[tuple[str, int, int]] = field(init=False)  # lower-case form and offsets, in order; compounds and their parts

    def __post_init__(self) -> None:
        matches = [m for pattern in (WORD, COMPOUND) for m in pattern.finditer(self.text, self.start, self.end)]
        self.found = sorted((m.group().lower(), m.start(), m.end()) for m in matches)

    @cached_property
    def words(self) -> frozenset[str]:
        """The lower-case forms in the sentence."""
        return frozenset(word for word, _, _ in self.found)

    @cached_property
    def quotes(self) -> bool:
        """Whether a quotation mark stands in the sentence or near enough to be its own."""
        return MARK.search(self.text, max(0, self.start - QUOTE_GAP), self.end + QUOTE_GAP) is not None

    def word_before(self, offset: int) -> str:
        """Return the word directly before the offset, blanks between, lower-case; "" where there is none."""
        match = re.search(r"([^\W_]+)[ \n\t]{1,3}$", self.text[max(self.start, offset - 30) : offset])
        return match.group(1).lower() if match else ""


Sign = Callable[[Lexicon, Sentence, int, str], bool]  # the lexicon, the sentence, where the form ends, the test's argument


def _of_set(lexicon: Lexicon, sentence: Sentence, _end: int, argument: str) -> bool:
    return not argument or not sentence.words.isdisjoint(lexicon.sets[argument]) or not _plain(lexicon.sets[argument])


@cache
def _plain(words: frozenset[str]) -> bool:
    """Say whether all words of the set are found by WORD or COMPOUND as the tokenizer finds them."""
    return all(WORD.fullmatch(word) or COMPOUND.fullmatch(word) for word in words)


def _listed(_lexicon: Lexicon, sentence: Sentence, _end: int, argument: str) -> bool:
    wanted = set(argument.split(","))
    return any(word in wanted or word.rstrip("s") in wanted for word in sentence.words)


def _quoted(_lexicon: Lexicon, sentence: Sentence, _end: int, _argument: str) -> bool:
    return sentence.quotes


def _next(_lexicon: Lexicon, sentence: Sentence, end: int, argument: str) -> bool:
    return re.match(argument, sentence.text[end : end + LOOK_AHEAD].lstrip(), re.IGNORECASE) is not None


def _word(*words: str) -> Sign:
    return lambda _lexicon, sentence, _end, _argument: not sentence.words.isdisjoint(words)


SIGNS: dict[str, Sign] = {
    "object": _of_set,
    "prep_in": _of_set,
    "subject_in": _of_set,
    "governor": _of_set,
    "signed_after": lambda lexicon, sentence, end, _argument: _of_set(lexicon, sentence, end, "joining_verbs"),
    "modifier": _listed,
    "prep": _listed,
    "prep_place": _listed,
    "particle": _listed,
    "quoted": _quoted,
    "quoted_object": _quoted,
    "next": _next,
    "infinitive": _word("to"),
    "asks": _word("to"),
    "as": _word("as"),
    "between_and": _word("between"),
    "speak_to_person": _word("to"),
    "gerund": lambda _lexicon, sentence, _end, _argument: any(word.endswith("ing") for word in sentence.words),
}


class SentenceFilter:
    """Says which sentences of an article must be parsed."""

    def __init__(self, resources: Resources) -> None:
        self._lexicon = lexicon_of(resources)

    def wanted(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[bool]:
        """Return for each sentence, characters [start, end) of the text, whether it must be parsed.

        Parsed are the first ones, those in which a rule could fire, and before such a one the label that names its speaker, or the sentence that
        its first word refers back to.
        """
        keep = [number < KEPT or may_fire(self._lexicon, text, start, end) for number, (start, end) in enumerate(sentences)]
        return [
            kept or (number + 1 < len(keep) and keep[number + 1] and self._carries(text, *sentences[number : number + 2])) for number, kept in enumerate(keep)
        ]

    def _carries(self, text: str, here: tuple[int, int], following: tuple[int, int]) -> bool:
        first = WORD.search(text, *following)
        return (first is not None and first.group().lower() in self._lexicon.sets["refers_back"]) or LABEL.fullmatch(text, *here) is not None


def may_fire(lexicon: Lexicon, text: str, start: int, end: int) -> bool:
    """Say whether a rule of the lexicon could fire in the characters [start, end) of the article's text."""
    sentence = Sentence(text, start, end)
    return any(
        _may_fire(lexicon, rule, sentence, word, begin, stop)
        for word, begin, stop in sentence.found
        if word in lexicon.forms
        for rule in (*lexicon.rules_for(word, verb=True), *lexicon.rules_for(word, verb=False))
    )


def _may_fire(lexicon: Lexicon, rule: TriggerRule, sentence: Sentence, word: str, begin: int, end: int) -> bool:
    if rule.pos == "verb" and not word.endswith(("ing", "ed")) and sentence.word_before(begin) in lexicon.sets["before_nouns"]:
        return False
    return all(any(_sign(lexicon, sentence, end, test) for test in alternatives(need)) for need in rule.needs)


def _sign(lexicon: Lexicon, sentence: Sentence, end: int, test: str) -> bool:
    name, _, argument = test.partition(":")
    return name not in SIGNS or SIGNS[name](lexicon, sentence, end, argument)
