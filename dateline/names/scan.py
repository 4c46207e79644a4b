"""One pass over a text: every place where a form of the name tables stands, without deciding yet what it means there.

Here: `Hit` and `scan`, and the small tests on the words around a hit that titles, people and senses share. Not here: what a hit means
(dateline.names.sense), people's names that no table knows (dateline.names.titles, dateline.names.people).
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.names.tables import UNCOUNTED, Entry, Gazetteer
from dateline.names.words import Words

NUMERALS = frozenset(["II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XXIII", "Jr", "Sr"])


@dataclass(slots=True)
class Hit:
    """Words first..last - 1 are a form that can stand for any of `entries`."""

    first: int
    last: int
    entries: tuple[Entry, ...]

    def of(self, *sorts: str) -> Entry | None:
        """Return the first entry of one of these sorts, in the order of the sorts; None if there is none."""
        return next((e for s in sorts for e in self.entries if e.sort == s), None)


class Scan:
    """The words of a text, the hits in order, and which hit holds or begins at a word."""

    __slots__ = ("_gazetteer", "caps", "given", "hits", "holding", "lists", "words")

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.words = Words(text)
        self.lists = gazetteer.lists
        self.given = gazetteer.given
        self._gazetteer = gazetteer
        self.caps = _caps_lines(self.words)
        self.hits: list[Hit] = []
        self.holding: dict[int, Hit] = {}
        index = 0
        while index < len(self.words):
            found = gazetteer.find(self.words, index)
            if found is None or self._only_a_word(index, found[0]):
                index += 1
                continue
            hit = Hit(index, *found)
            self.hits.append(hit)
            for k in range(index, hit.last):
                self.holding[k] = hit
            index = hit.last

    def beginning(self, index: int) -> Hit | None:
        """Return the hit that begins at word `index`."""
        hit = self.holding.get(index)
        return hit if hit is not None and hit.first == index else None

    def name_like(self, index: int) -> bool:
        """Say whether word `index` can be part of a person's name by its looks: a capital, and no word that never is one."""
        words = self.words
        if not words.texts[index][0].isupper():
            return False
        if words.folds[index] not in self.lists["not_name"]:
            return True
        after = index + 1  # "Bill Hammons", "April Jones", but not "the Bill" or "in April"
        return words.folds[index] in self.given and after < len(words) and words.joined(after) and words.texts[after][0].isupper() and after not in self.holding

    def surname(self, index: int) -> Entry | None:
        """Return the one person of the tables who bears word `index` as a surname; None if it is none, or several bear it."""
        return self._gazetteer.surname(self.words.texts[index], None) if self.name_like(index) else None

    def run(self, index: int, longest: int = 6) -> int:
        """Return the index after the run of name-like words that begins at `index`; `index` itself where none does."""
        words, k = self.words, index
        while k < len(words) and k - index < longest + 4 and (k == index or words.joined(k)):
            if k > index and words.texts[k] == "," and k + 1 < len(words) and words.texts[k + 1] in ("Jr", "Sr"):
                k += 2
            elif (k > index and self._sign(k)) or self._part(k, index):
                k += 1
            else:
                break
        while (k > index and words.texts[k - 1] in ("-", "'", "’", ",")) or (k > index and words.texts[k - 1].islower() and len(words.texts[k - 1]) > 1):
            k -= 1
        return k

    def _sign(self, k: int) -> bool:
        """Say whether word `k` is a hyphen or apostrophe inside a name, or the stop of an initial or of "Jr."."""
        words = self.words
        if words.texts[k] in ("-", "'", "’"):
            return self._tight(k) and words.texts[k + 1] not in ("s", "S")
        return words.texts[k] == "." and (len(words.texts[k - 1]) == 1 or words.texts[k - 1] in NUMERALS) and words.starts[k] == words.ends[k - 1]

    def _part(self, k: int, index: int) -> bool:
        words = self.words
        text = words.texts[k]
        if text.islower():
            after = k + 1 < len(words) and (words.texts[k + 1][0].isupper() or words.texts[k + 1] in self.lists["particle"] or words.texts[k + 1] == "-")
            return text in self.lists["particle"] and after and (k > index or text in ("al", "el", "von", "van", "de", "bin")) and words.joined(k + 1)
        if not self.name_like(k):
            return False
        hit = self.holding.get(k)
        return hit is None or k == index or hit.of("person") is not None or (hit.of("place") is not None and hit.of("country", "organisation") is None)

    def _tight(self, k: int) -> bool:
        words = self.words
        return k + 1 < len(words) and words.starts[k] == words.ends[k - 1] and words.ends[k] == words.starts[k + 1]

    def _only_a_word(self, first: int, last: int) -> bool:
        return last == first + 1 and self.words.folds[first] in UNCOUNTED and self.in_caps(first) and self.words.texts[first].isalpha()

    def in_caps(self, index: int) -> bool:
        """Say whether word `index` stands in a line without small letters, where capitals tell nothing."""
        return index in self.caps


def _caps_lines(words: Words) -> frozenset[int]:
    """Return the indices of the words in lines that are written in capitals throughout (three words or more)."""
    found: set[int] = set()
    at = 0
    for line in words.text.split("\n"):
        if line.isupper() and line.count(" ") >= 2:
            found.update(range(*words.at(at, at + len(line))))
        at += len(line) + 1
    return frozenset(found)
