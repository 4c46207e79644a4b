"""Words as resolving compares them: folded, stemmed, synonyms made one, each with a static weight of rarity.

Here: `words`, `stem`, `Lexicon` (synonyms, opposites, cue words, rarity) read from resources/en/resolve_*. Weights never depend on the other
reports, so that adding an article changes nothing far away. Not here: what a report says (passages.py), who says it (actors.py).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

from dateline.resources import Resources, resources_for

_WORD = re.compile(r"[a-z0-9]+")
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d{3}\b)")
_NOT = re.compile(r"n['’]t\b")
_POSSESSIVE = re.compile(r"['’]s\b")
_RARE = 30.0  # of 10,000 texts: the floor of resolve_words.tsv
_STEMMER = snowballstemmer.stemmer("english")
_REMEMBERED = 20_000  # texts whose concepts are kept
_LIGHT = 120  # words lighter than this say nothing


@dataclass(frozen=True, slots=True)
class CueRule:
    """One line of resolve_lexicon.jsonl.

    `kind` says what the words are for: "same" (synonyms count as one word), "opposite" (`words` against `others`), "number", "count" and
    "scale" (`value` is what they stand for: "two", "one" where it is one of something, "million"), or the name of a cue list such as "attribution". Words may
    be phrases of up to three words.
    """

    id: str
    kind: str
    words: tuple[str, ...]
    example: str
    counter_example: str
    others: tuple[str, ...] = ()
    value: int = 0


def fold(text: str) -> str:
    """Return the text without accents, case, possessive endings and the commas inside numbers."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)) if not text.isascii() else text
    return _NUMBER_COMMA.sub("", _POSSESSIVE.sub("", _NOT.sub(" not", plain.casefold())))


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order; hyphens part words."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the English stem of a folded word; numbers stay as they are."""
    return str(_STEMMER.stemWord(word)) if not word[0].isdigit() else word


def _number_words(rules: Iterable[CueRule]) -> tuple[dict[str, str], frozenset[str]]:
    """Return what number words stand for, and those that a unit can follow ("twenty three")."""
    found = {word: str(rule.value) for rule in rules if rule.kind == "number" for word in rule.words}
    return found, frozenset(word for rule in rules if rule.kind == "number" and rule.id.startswith("number-tens") for word in rule.words)


class _Weights(dict[str, int]):
    """The weight of every concept asked for; what the table does not list is rare."""

    def __init__(self, shares: dict[str, float]) -> None:
        super().__init__()
        self._shares = shares

    def __missing__(self, concept: str) -> int:
        rarity = _rarity(self._shares.get(concept, _RARE))
        self[concept] = rarity // 2 if concept.isdigit() else rarity
        return self[concept]


def _rarity(share: float) -> int:
    value = round(1000 * math.log(10_000 / min(10_000.0, max(share, _RARE))) / math.log(10_000 / _RARE))
    return value if value >= _LIGHT else 0


class Lexicon:
    """What resolving knows of English, read from the resources. Get it through `lexicon`."""

    def __init__(self, resources: Resources) -> None:
        rules = resources.rules("resolve_lexicon.jsonl", CueRule)
        self._shares = {row["stem"]: float(row["per_10000"]) for row in resources.table("resolve_words.tsv")}
        self.resources = resources
        self._numbers, self._tens = _number_words(rules)
        self._phrases: dict[tuple[str, ...], str] = {}
        self._special: set[str] = set(self._numbers)
        self._single: dict[str, str] = {}
        self.weights = _Weights(self._shares)
        self._telling: dict[str, int] = {}
        self._read: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            if rule.kind == "same":
                self._learn(f"={rule.id}", rule.words)
        for rule in rules:
            if rule.kind != "same":
                for entry in (*rule.words, *rule.others):
                    self._learn_phrase(entry)
        for row in resources.table("countries.tsv"):
            self._learn(f"@{row['country']}", (row["name"], *(w for column in ("aliases", "demonyms") for w in row[column].split("|") if w)))
        self.plain: dict[str, frozenset[str]] = {}  # the words of each cue list as written, for what is compared without stemming
        for rule in rules:
            self.plain[rule.kind] = self.plain.get(rule.kind, frozenset()) | frozenset(rule.words)
        self.counts = self._values("count", rules)
        self.scales = self._values("scale", rules)
        self.cues: dict[str, frozenset[str]] = {}
        self.opposites: dict[str, frozenset[str]] = {}
        for rule in rules:
            if rule.kind == "opposite":
                self._learn_opposites(rule)
            elif rule.kind != "same":
                self.cues[rule.kind] = self.cues.get(rule.kind, frozenset()) | self._concepts(rule.words)

    def concepts(self, tokens: Iterable[str]) -> list[str]:
        """Return the stems of folded words in order, each synonym or phrase (as listed, inflections and all) replaced by its rule's id."""
        row = list(tokens)
        single, special = self._single, self._special
        found: list[str] = []
        i = 0
        while i < len(row):
            word = row[i]
            if word in special:
                length, concept = self._special_at(row, i, found)
                i += length
                if concept:
                    found.append(concept)
                continue
            concept = single.get(word, "")
            if not concept:
                concept = single[word] = stem(word)
            found.append(concept)
            i += 1
        return found

    def _special_at(self, row: list[str], i: int, found: list[str]) -> tuple[int, str]:
        """Read a listed word, phrase or number; a unit after its ten ("twenty three") is added to what was found before, with no concept of its own."""
        for n in (3, 2, 1):
            known = self._phrases.get(tuple(row[i : i + n]))
            if known and i + n <= len(row):
                return n, known
        number = self._numbers.get(row[i])
        if number and found and len(number) == 1 and row[i - 1] in self._tens:
            found[-1] = str(int(found[-1]) + int(number))
            return 1, ""
        return 1, number or stem(row[i])

    def read(self, text: str) -> tuple[str, ...]:
        """Return the concepts of a text, in order."""
        found = self._read.get(text)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[text] = tuple(self.concepts(words(text)))
        return found

    def weight(self, concept: str) -> int:
        """Return how much sharing this word says, 0 to 1000: the logarithm of its rarity. Words of every other text return 0.

        Whole numbers, so that sums do not depend on the order of adding.
        """
        return self.weights[concept]

    def telling(self, concept: str) -> int:
        """Return the weight of a word in what is said: 0 for those that only attribute it."""
        known = self._telling.get(concept)
        if known is None:
            known = self._telling[concept] = 0 if self.is_cue("attribution", concept) else self.weight(concept)
        return known

    def is_cue(self, kind: str, concept: str) -> bool:
        """Say whether a concept is in the cue list `kind`."""
        found = self.cues.get(kind)
        return found is not None and concept in found

    def _learn(self, concept: str, entries: Iterable[str]) -> None:
        rarities = []
        for entry in entries:
            phrase = tuple(words(entry))
            if len(phrase) > 3 or phrase in self._phrases:
                continue
            self._phrases[phrase] = concept
            self._special.add(phrase[0])
            if len(phrase) == 1:
                rarities.append(_rarity(self._shares.get(stem(phrase[0]), _RARE)))
        self.weights[concept] = sum(rarities) // len(rarities) if rarities else 1000

    def _learn_phrase(self, entry: str) -> None:
        if len(words(entry)) > 1:
            self._learn(f"={'-'.join(words(entry))}", (entry,))

    def _learn_opposites(self, rule: CueRule) -> None:
        for here, there in ((rule.words, rule.others), (rule.others, rule.words)):
            for concept in self._concepts(here):
                self.opposites[concept] = self.opposites.get(concept, frozenset()) | self._concepts(there)

    def _values(self, kind: str, rules: Iterable[CueRule]) -> dict[str, int]:
        return {concept: rule.value for rule in rules if rule.kind == kind for concept in self._concepts(rule.words)}

    def _concepts(self, entries: Iterable[str]) -> frozenset[str]:
        return frozenset(self.concepts(words(entry))[0] for entry in entries)


@cache
def _lexicon(resources: Resources) -> Lexicon:
    return Lexicon(resources)


def lexicon(resources: Resources | None = None) -> Lexicon:
    """Return the lexicon of these resources (the shipped ones by default), built once a process."""
    return _lexicon(resources or resources_for())
