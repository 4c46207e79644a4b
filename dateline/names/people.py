"""Which mentions are one person: "Kishida", "Mr Kishida" and "Fumio Kishida"; family names that come first; initials; spelling variants.

Here: `Cast`, an article's people, filled with mentions and asked for the fullest form and the country of each. Two people who share a surname
stay two: a bare surname then goes to the one named last before it. Not here: finding mentions (dateline.names.titles, .component).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dateline.names.titles import Person
from dateline.names.words import fold

INITIALS = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,3}")  # two or three capitals without a vowel
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


@dataclass(slots=True)
class Figure:
    """One person of the article: the fullest name, its folded parts, and what all mentions say of them."""

    name: str
    parts: tuple[str, ...]
    country: str | None = None
    gender: str = ""
    international: bool = False
    titles: set[str] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    organisation: str = ""
    seen: list[int] = field(default_factory=list)  # the word indices of the mentions


class Cast:
    """The people of one article, in order of appearance."""

    def __init__(self, nicknames: Mapping[str, str]) -> None:
        self.figures: list[Figure] = []
        self.nicknames = nicknames

    def enter(self, person: Person, name: str) -> Figure:
        """Record a mention and return whom it denotes: a figure known by a compatible name, or a new one."""
        parts = parts_of(person.tokens)
        figure = self.find(parts, person.country)
        if figure is None:
            figure = Figure(name, parts)
            self.figures.append(figure)
        elif _fullness(parts, name) > _fullness(figure.parts, figure.name):
            figure.name, figure.parts = name, parts
        self._learn(figure, person)
        return figure

    def find(self, parts: tuple[str, ...], country: str | None = None, *, at: int | None = None) -> Figure | None:
        """Return the figure that a name's parts denote; where several fit equally, the one named last before word `at`. None if nobody does."""
        fitting = [f for f in self.figures if _compatible(parts, f.parts, self.nicknames) and not (country and f.country and country != f.country)]
        if not fitting:
            return None
        best = max(_closeness(parts, f.parts) for f in fitting)
        return max((f for f in fitting if _closeness(parts, f.parts) == best), key=lambda f: _recency(f, at))

    def _learn(self, figure: Figure, person: Person) -> None:
        figure.country = figure.country or person.country
        figure.gender = figure.gender or person.gender
        figure.international = figure.international or (person.international and not person.country)
        figure.organisation = figure.organisation or person.organisation
        if person.title:
            figure.titles.add(person.title)
            figure.offices.add(person.office)
        figure.seen.append(person.first)


def parts_of(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folded parts of a name without signs and suffixes."""
    found: list[str] = []
    for token in tokens:
        part = fold(token)
        if INITIALS.fullmatch(token):
            found.extend(part)  # "PJ Keating" is "P J Keating"
        elif part and part[0].isalnum() and part not in SUFFIXES:
            found.append(part)
    return tuple(found)


def _fullness(parts: tuple[str, ...], name: str) -> tuple[int, int, bool, int]:
    """Rank two forms of one name: written-out parts first, then initials, then small letters, then length ("Zelenskyy")."""
    return sum(len(p) > 1 for p in parts), len(parts), not name.isupper(), len(name)


def _compatible(one: tuple[str, ...], other: tuple[str, ...], nicknames: Mapping[str, str]) -> bool:
    """Say whether two names can be one person's: equal surnames and no clash of given names, or one part of the other."""
    if not one or not other:
        return False
    if len(one) > len(other):
        one, other = other, one
    if len(one) == 1:
        return _same_part(one[0], other[-1]) or (len(other) > 1 and one[0] in other)
    if set(one) <= set(other):
        return True
    if _same_part(one[-1], other[-1]):
        return _given_fit(one[0], other[0], nicknames)
    return len(one[0]) > 1 and one[0] == other[0] and _near(one[-1], other[-1])


def _given_fit(one: str, other: str, nicknames: Mapping[str, str]) -> bool:
    if one == other or nicknames.get(one, one) == nicknames.get(other, other):
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return _same_part(one, other)


def _same_part(one: str, other: str) -> bool:
    """Say whether two words are one name in two spellings ("Zelensky", "Zelenskyy"): equal, or one edit apart in six letters or more."""
    if one == other:
        return True
    return min(len(one), len(other)) >= 6 and stem(one) == stem(other)


def stem(part: str) -> str:
    """Return a surname without the ending that transliterations differ in: "Zelensky", "Zelenskyy", "Zelenskiy"."""
    return part.rstrip("iyj")


def _near(one: str, other: str) -> bool:
    """Say whether two words beside an equal given name are one surname misspelt: one edit apart in six letters or more."""
    return _same_part(one, other) or (min(len(one), len(other)) >= 6 and one[0] == other[0] and _one_edit(one, other))


def _one_edit(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    k = 0
    while k < len(one) and one[k] == other[k]:
        k += 1
    return one[k:] == other[k + 1 :] or (len(one) == len(other) and one[k + 1 :] == other[k + 1 :])


def _recency(figure: Figure, at: int | None) -> tuple[int, int]:
    """Rank a figure for a surname at word `at`: named before it, the nearer the better; else the first to be named after it."""
    before = [k for k in figure.seen if at is None or k <= at]
    return (1, max(before)) if before else (0, -min(figure.seen, default=0))


def _closeness(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Rank how well a name fits a figure: the same, all parts shared, the surname, a part."""
    if one == other:
        return 4
    if len(one) > 1 and set(one) <= set(other):
        return 3
    if one[-1] == other[-1]:
        return 2
    return 1
