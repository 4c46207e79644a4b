"""Cuts a text into tokens and gives each the code that the date grammar matches on.

Here: `Tokens` and `tokenise`, one linear pass: words, numbers, clock and calendar notations, punctuation, with spelled-out numbers
("twenty-two", "nineteen ninety-seven") joined into one token that carries its value. Not here: the patterns over the codes (grammar.py),
finding matches (recognise.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dateline.timex.lexicon import BREAK, OTHER, SHAPE_CODES, Lexicon

_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-]))"
    r"|(?P<numeric>\d{4}/\d{1,2}/\d{1,2}(?![\w/])|\d{1,2}([/.-])\d{1,2}\3(?:\d{4}|\d{2})(?![\w/]))"
    r"|(?P<fraction>[1-9]/[2-9](?![\d/])|[½¼¾])"
    r"|(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?P<ampm>[AaPp][Mm]\b)?(?![\d:])"
    r"|(?P<named>(?:(?P<q>Q[1-4])|(?P<h>H[12])|(?P<fy>FY(?:20)?\d\d))(?!\w))"
    r"|(?P<digits>\d+(?:,\d{3})*(?P<decimal>\.\d+)?)(?P<suffix>[^\W\d_]*)"
    r"|(?P<word>[^\W\d_]+)|(?P<possessive>['’]s(?!\w))|(?P<gap>\n[^\S\n]*\n\s*)|(?P<mark>\S)"
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})
_DASHES = "-–—‐‑"
YEARS = range(1000, 2200)
MODERN = range(1700, 2051)  # years that need no preposition to be one


@dataclass(slots=True)
class Tokens:
    """The tokens of one text as parallel lists; `codes` is what patterns match, `numbers` the value of number tokens, else None."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    numbers: list[float | None] = field(default_factory=list)
    code_list: list[str] = field(default_factory=list)
    codes: str = ""

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, start: int, end: int, key: str, code: str, number: float | None = None) -> None:
        """Append one token."""
        self.starts.append(start)
        self.ends.append(end)
        self.keys.append(key)
        self.code_list.append(code)
        self.numbers.append(number)

    def words(self, start: int, end: int) -> str:
        """Return the text from token `start` to token `end` (exclusive)."""
        return self.text[self.starts[start] : self.ends[end - 1]]


def tokenise(text: str, lexicon: Lexicon) -> Tokens:
    """Cut `text` into coded tokens. Linear in its length; no text raises."""
    tokens = Tokens(text)
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word":
            word = match[0]
            key = word.lower()
            tokens.add(start, end, key, lexicon.code_of(word, key))
        elif match["mark"] is not None:
            _add_mark(tokens, start, end, match["mark"], lexicon)
        elif match["gap"] is not None:
            tokens.add(start, end, "\n", BREAK)
        elif match["possessive"] is not None:
            tokens.add(start, end, "'s", lexicon.codes.get("'s", OTHER))
        else:
            _add_number(tokens, match, lexicon)
    joined = _SpelledNumbers(tokens, lexicon).join()
    joined.codes = "".join(joined.code_list)
    return joined


def _add_mark(tokens: Tokens, start: int, end: int, mark: str, lexicon: Lexicon) -> None:
    key = mark.translate(_QUOTES)
    text = tokens.text
    if key in _DASHES:
        glued = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
        tokens.add(start, end, "-", lexicon.codes.get("-", OTHER) if glued and key in "-‐‑" else SHAPE_CODES["dash"])
    else:
        tokens.add(start, end, key, lexicon.codes.get(key, OTHER))


def _add_number(tokens: Tokens, match: re.Match[str], lexicon: Lexicon) -> None:
    start, end = match.span()
    key = match[0].lower()
    for name in ("iso", "numeric"):
        if match[name] is not None:
            tokens.add(start, end, key, SHAPE_CODES[name])
            return
    if match["fraction"] is not None:
        tokens.add(start, end, key, SHAPE_CODES["fraction"])
        return
    if match["named"] is not None:
        kind = "quarter_name" if match["q"] else "half_name" if match["h"] else "fiscal_name"
        tokens.add(start, end, key, SHAPE_CODES[kind], int(key.lstrip("qhfy")))
        return
    if match["clock"] is not None:
        tokens.add(start, end, key, SHAPE_CODES["clock_ampm" if match["ampm"] else "clock"])
        return
    name, number = _classify(match["digits"], match["decimal"], match["suffix"].lower(), lexicon)
    glued = start > 0 and (tokens.text[start - 1] in "_@&=" or tokens.text[start - 1].isalpha())
    before = tokens.code_list[-1] if tokens.code_list else ""
    if before in lexicon.classes.get("money", ()) or glued or (tokens.text[end : end + 1] in "%_=" and tokens.text[end : end + 1]):
        name = "blocked"
    tokens.add(start, end, key, SHAPE_CODES[name], number)


def _classify(digits: str, decimal: str | None, suffix: str, lexicon: Lexicon) -> tuple[str, float | None]:
    if decimal and len(decimal) == 3 and len(digits) <= 5 and float(digits) < 24:
        clock = ("clock_suffix", suffix) in lexicon.meaning
        return ("clock_ampm" if clock else "dotted" if not suffix else "blocked"), float(digits)
    if decimal or "," in digits or len(digits) > 8:
        return ("big" if not suffix else "blocked"), (float(digits.replace(",", "")) if len(digits) < 12 else None)
    number = int(digits)
    if suffix:
        return _suffixed(digits, number, suffix, lexicon), number
    if len(digits) == 4 and number in YEARS:
        return ("modern" if number in MODERN else "year4"), number
    if len(digits) == 8:
        return "digits8", number
    if len(digits) > 3:
        return ("military4" if len(digits) == 4 and number < 2400 and number % 100 < 60 else "big"), number
    for name, top in (("n12", 12), ("n24", 24), ("n31", 31), ("n59", 59), ("n99", 99)):
        if number <= top:
            return ("n59" if number == 0 else name), number
    return "n999", number


def _suffixed(digits: str, number: int, suffix: str, lexicon: Lexicon) -> str:
    if ("ordinal_suffix", suffix) in lexicon.meaning and number < 1000:
        return "ordinal_digit"
    if ("decade_suffix", suffix) in lexicon.meaning and number % 10 == 0:
        return "decade4" if len(digits) == 4 else "decade2" if len(digits) == 2 else "blocked"
    if ("clock_suffix", suffix) in lexicon.meaning and 1 <= number <= 12:
        return "clock12"
    return "blocked"


class _SpelledNumbers:
    """Joins runs of number words into one token with a value: cardinals, ordinals ("twenty-first") and years ("nineteen ninety-seven")."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self.tokens, self.meaning, self.hyphen = tokens, lexicon.meaning, lexicon.codes.get("-")
        self.classes = {name: lexicon.classes.get(name, set()) for name in ("cardinal", "tens", "multiplier", "ordinal", "half_word")}
        self.starters = self.classes["cardinal"] | self.classes["tens"] | self.classes["multiplier"]
        self.joining = {key for (cls, key) in lexicon.meaning if cls == "number_joiner"}

    def join(self) -> Tokens:
        old, new, at = self.tokens, Tokens(self.tokens.text), 0
        while at < len(old):
            if old.code_list[at] in self.starters:
                end, code, number = self._read(at)
                if end > at + 1:
                    text = old.text[old.starts[at] : old.ends[end - 1]]
                    new.add(old.starts[at], old.ends[end - 1], text.lower(), code, number)
                    at = end
                    continue
                old.numbers[at] = number
            new.add(old.starts[at], old.ends[at], old.keys[at], old.code_list[at], old.numbers[at])
            at += 1
        return new

    def _value(self, cls: str, at: int) -> int | None:
        if at < len(self.tokens) and self.tokens.code_list[at] in self.classes[cls]:
            return int(self.meaning[cls, self.tokens.keys[at]])
        return None

    def _small(self, at: int) -> tuple[int, int | None, bool]:
        """Read a number below 100 at `at`: (end, value or None, whether it ended in an ordinal)."""
        tens = self._value("tens", at)
        if tens is None:
            value = self._value("cardinal", at)
            return (at, None, False) if value is None else (at + 1, value, False)
        skip = at + 2 if at + 1 < len(self.tokens) and self.tokens.keys[at + 1] == "-" else at + 1
        unit = self._value("cardinal", skip)
        if unit is not None and unit < 10:
            return skip + 1, tens + unit, False
        ordinal = self._value("ordinal", skip)
        if ordinal is not None and ordinal < 10:
            return skip + 1, tens + ordinal, True
        return at + 1, tens, False

    def _read(self, at: int) -> tuple[int, str, float]:
        end, value, ordinal = self._small(at)
        total = value or 1
        if ordinal:
            return end, SHAPE_CODES["spelled_ordinal"], total
        skip = end + 1 if end < len(self.tokens) and self.tokens.keys[end] == "-" else end
        if 10 < total < 22:  # a spelled year: nineteen ninety-seven, nineteen oh five
            low_end, low, low_ordinal = self._small(skip)
            if low is not None and low >= 10 and not low_ordinal:
                return low_end, SHAPE_CODES["spelled_year"], total * 100 + low
        end, total = self._multiply(end, total)
        is_year = total in range(1900, 2100) and end > at + 1
        return end, SHAPE_CODES["spelled_year" if is_year else "spelled"], total

    def _multiply(self, end: int, total: int) -> tuple[int, int]:
        for _ in range(2):
            factor = self._value("multiplier", end)
            if factor is None:
                break
            end, total = end + 1, total * factor
            skip = end + 1 if end < len(self.tokens) and self.tokens.keys[end] in self.joining else end
            low_end, low, ordinal = self._small(skip)
            if low is not None and not ordinal and self._value("multiplier", low_end) is None:
                end, total = low_end, total + low
        return end, total
