"""The words of the date grammar: which code each bears and what it means in which class.

Here: `Lexicon`, made from timex_words.tsv, and the codes of numbers, which have shapes instead of spellings. A code is one character; the
codes of a text's tokens, side by side, are the string that the patterns match. Not here: the patterns (grammar.py), giving tokens their
codes (tokens.py).
"""

from __future__ import annotations

OTHER, BREAK = "\x01", "\x02"  # a word that no pattern knows, and the gap between paragraphs
_SHAPES = (
    *("n12", "n24", "n31", "n59", "n99", "n999"),  # whole numbers up to 12, 24 ...
    *("modern", "year4", "military4", "digits8", "big", "dotted", "fraction"),  # 1985, 1648, 0930, 20210423, 1,500, 3.30, 1/2
    *("spelled", "spelled_year", "spelled_ordinal", "ordinal_digit", "decade4", "decade2"),  # twenty-two, nineteen ten, twenty-first, 3rd, 1980s, 80s
    *("clock", "clock_ampm", "clock12", "iso", "numeric"),  # 7:15, 7:15pm, 7pm, 2021-04-23, 4/23/2021
    *("quarter_name", "half_name", "fiscal_name", "dash", "blocked"),  # Q3, H1, FY22, a dash that joins nothing, $48 and 5% and F16
)
SHAPE_CODES = {name: chr(0xF000 + number) for number, name in enumerate(_SHAPES)}
_SMALL = _SHAPES[:6]
_CLASSES = {name: (name,) for name in _SHAPES} | {
    "day": _SMALL[:3],
    "hour": _SMALL[:2],
    "month_number": _SMALL[:1],
    "yy": _SMALL[:5],
    "number": (*_SMALL, "year4", "modern", "big", "dotted", "spelled", "spelled_year"),
    "year": ("year4", "modern"),
    "military": ("year4", "modern", "military4"),
    "ordinal": ("ordinal_digit", "spelled_ordinal"),
}
_ALSO = {"number": ("cardinal", "tens", "multiplier"), "ordinal": ("ordinal",)}  # word classes that join a class of shapes


class Lexicon:
    """Words, their codes and their meanings. A word that begins with a capital in the table counts only with a capital."""

    def __init__(self, rows: tuple[dict[str, str], ...]) -> None:
        self.codes: dict[str, str] = {}
        self.capital: dict[str, str] = {}
        self.meaning: dict[tuple[str, str], str] = {}  # (class, lower-case word) -> value
        self.classes: dict[str, set[str]] = {name: {SHAPE_CODES[c] for c in codes} for name, codes in _CLASSES.items()}
        for row in rows:
            word, cls = row["word"], row["class"]
            self.meaning[cls, word.lower()] = row["value"]
            self.classes.setdefault(cls, set()).add(self.code(word))
        for name, others in _ALSO.items():
            for other in others:
                self.classes[name] |= self.classes.get(other, set())

    def code(self, word: str) -> str:
        """Return the code of a literal word, giving it one if it has none."""
        table = self.capital if word[:1].isupper() else self.codes
        key = word.lower()
        if key not in table:
            table[key] = chr(0xE000 + len(self.codes) + len(self.capital))
        return table[key]

    def code_of(self, text: str, key: str) -> str:
        """Return the code of a word as it stands in a text (`key` is its lower case)."""
        if text[:1].isupper() and key in self.capital:
            return self.capital[key]
        return self.codes.get(key, OTHER)
