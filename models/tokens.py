"""The words of a text as both databases index them: folded, [a-z0-9]+, one English stemmer, unique and sorted.

Made here, in Python, because FTS5 and Postgres stem, fold and split differently (6 of 14 queries disagreed; "F-16" had 23 hits against none).
Queries go through the same function. Names of actors are looked up by `folded_words`, which knows every script. Not here: the index
(migrations/versions/0002_search_index.py) and the search itself (search.py).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile("[a-z0-9]+")
# Letters and digits of any script; Han and kana, which are written without blanks, one by one, so that a part of a name is found.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_UNDECOMPOSED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i", "’": "", "'": ""})
_stemmer = snowballstemmer.stemmer("english")
LONGEST = 64  # a longer run is no word; it is cut, in texts and in queries alike
MOST = 40_000  # distinct words kept of one text: Postgres holds at most 1 MB in one index entry


@lru_cache(maxsize=30_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))[:LONGEST]


def fold(text: str) -> str:
    """Return the text in lower case without accents or apostrophes: "Erdoğan’s" becomes "erdogans"."""
    lowered = text.casefold().translate(_UNDECOMPOSED)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def folded_words(text: str) -> str:
    """Return the words of a name in any script, folded but not stemmed, in order: "Recep Tayyip Erdoğan" becomes "recep tayyip erdogan".

    >>> folded_words("Øystein Кишида"), folded_words("岸田 文雄")
    ('oystein кишида', '岸 田 文 雄')
    """
    return " ".join(_NAME_WORD.findall(fold(text)))


def tokens(text: str) -> list[str]:
    """Return the distinct words of a text, sorted.

    >>> tokens("Kishida's talks in Vilnius; F-16s talk")
    ['16s', 'f', 'in', 'kishida', 'talk', 'vilnius']
    """
    return sorted({_stem(word) for word in _WORD.findall(fold(text))})[:MOST]
