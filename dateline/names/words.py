"""Cuts text into words for the name tables: the same way for an article and for the tables' own entries, independent of spaCy's tokens.

Here: `Words` (texts, offsets, folded forms), `fold` and the check of capitals. Not here: the tables (dateline.names.tables).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache

# Acronyms with stops ("U.S.", "P.R.C"), words with inner apostrophes ("N'Djamena", "Sana'a") but without the possessive, or one other sign.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W\d_]\.(?=[^\W\d_]\b(?!['’.]))|[^\W_]+(?:['’](?!s\b|S\b)[^\W_]+)*|[^\w\s]|_")
LIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʻ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "ı": "i", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word in lower case, without accents, and without the stops of an acronym.

    >>> fold("U.S."), fold("Erdoğan"), fold("Sana’a")
    ('us', 'erdogan', "sana'a")
    """
    plain = word.translate(LIKE)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = plain.casefold()
    return plain.replace(".", "") if len(plain) > 1 and "." in plain else plain


class Words:
    """The words of a text: parallel lists of the text, start and end of each, and the folded form."""

    __slots__ = ("ends", "folds", "starts", "text", "texts")

    def __init__(self, text: str) -> None:
        self.text = text
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in WORD.finditer(text):
            self.texts.append(match.group())
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.folds = [fold(t) for t in self.texts]

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Return the (first, last + 1) indices of the words that the offsets start..end touch."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def span(self, first: int, last: int) -> str:
        """Return the text from word `first` to the end of word `last` - 1."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def joined(self, index: int) -> bool:
        """Say whether word `index` follows the one before it on the same line."""
        return index > 0 and "\n" not in self.text[self.ends[index - 1] : self.starts[index]]


def capitals_fit(form: str, word: str) -> bool:
    """Say whether a word of the text may stand for a table's word, by its capitals: "Turkey" not for "turkey", "us" not for "US".

    >>> capitals_fit("NATO", "Nato"), capitals_fit("WHO", "Who"), capitals_fit("Turkey", "TURKEY"), capitals_fit("Turkey", "turkey")
    (True, False, True, False)
    """
    if not form[:1].isupper():
        return True
    if len(form) > 1 and form.isupper() and len(form.replace(".", "")) <= 3:
        return word.isupper()
    return word[:1].isupper()
