"""What the kept words of a match stand for as numbers and years.

Here: `number_of`, `year_of`. Not here: what an expression means (the makers).
"""

from __future__ import annotations

from datetime import date

from dateline.timex.recognise import Word


def number_of(word: Word | None) -> int | None:
    """Return the whole number that a kept token stands for, by its digits, its spelling or its table value."""
    if word is None:
        return None
    if word.number is not None:
        return int(word.number)
    return int(word.meaning) if word.meaning.isdigit() else None


def year_of(word: Word | None, reference: date | None) -> int | None:
    """Return the year of a token: four digits, spelled out, or two digits in the century nearest to the reference (1900s without one)."""
    number = number_of(word)
    if number is None or number > 99:
        return number
    pivot = reference.year if reference else 1999
    return min((number + c for c in (1900, 2000)), key=lambda y: abs(y - pivot))
