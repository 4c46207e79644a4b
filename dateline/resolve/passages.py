"""What one sentence (or reported clause) says, in the form in which two of them are compared.

Here: `Passage` (weighted words, quoted words, counts, direction), how one is made of a text, and the comparisons: shared words, shared
quotation, opposite direction, differing counts. Not here: who says it (actors.py), whether two reports are one event (statements.py ...).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateline.resolve.text import Lexicon, words

_QUOTED = re.compile(r"“([^”]{2,400})(?:”|$)|\"([^\"]{2,400})(?:\"|$)|(?<!\w)[‘']([^‘’']{3,400})[’'](?!\w)")
_REACH, _MOST_HEADS, _HEAD_WEIGHT = 7, 2, 250  # words after a number in which what is counted stands, by up to two telling words
_BEFORE = 3  # words before a number that can name it where none after it does ("killing at least twelve")
_SMOOTHING = 1000  # the weight of one rare word
_BESIDE = 5  # words on either side of an opposite that can be what it is about
_TOLERANCE = 0.15  # hedged counts this near are one count


@dataclass(frozen=True, slots=True)
class Count:
    """A number and what it counts. `background`: in a clause about something else than the sentence's own news."""

    value: float
    heads: frozenset[str]
    hedged: bool
    background: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence's words, each once; `mass` is the sum of their weights."""

    concepts: frozenset[str]
    mass: int
    pairs: frozenset[tuple[str, str]]  # neighbouring words
    quoted: frozenset[tuple[str, str]]  # neighbouring words inside quotation marks
    counts: tuple[Count, ...]
    negated: bool
    poles: dict[str, frozenset[str]] = field(default_factory=dict)  # words that have an opposite, with the telling words beside them


def make_passage(text: str, lexicon: Lexicon, *, ignored: frozenset[str]) -> Passage:
    """Read a sentence; `ignored` are concepts that say nothing of the content (the speaker's name)."""
    concepts = lexicon.read(text)
    own = frozenset(c for c in concepts if lexicon.telling(c) and c not in ignored)
    quoted: set[tuple[str, str]] = set()
    for match in _QUOTED.finditer(text):
        quoted.update(itertools.pairwise(lexicon.concepts(words(next(g for g in match.groups() if g)))))
    return Passage(
        concepts=own,
        mass=sum(map(lexicon.weights.__getitem__, own)),
        pairs=frozenset(itertools.pairwise(concepts)),
        quoted=frozenset(quoted),
        counts=tuple(_counts(concepts, lexicon)),
        negated=any(lexicon.is_cue("negation", c) for c in concepts),
        poles=_poles(concepts, own, lexicon),
    )


def likeness(one: Passage, other: Passage, lexicon: Lexicon, topic: frozenset[str]) -> float:
    """Return how much of the shorter passage's content the other has, 0 to 1.

    Words of the story's `topic` (the titles) count a half; a smoothing of 1 keeps very short passages from being alike by one common word.
    """
    shared = one.concepts & other.concepts
    if not shared:
        return 0.0
    weight = lexicon.weights.__getitem__
    common = 2 * sum(map(weight, shared)) - sum(map(weight, shared & topic))
    here = 2 * one.mass - sum(map(weight, one.concepts & topic))
    there = 2 * other.mass - sum(map(weight, other.concepts & topic))
    return common / (min(here, there) + 2 * _SMOOTHING)


def shared_quotation(one: Passage, other: Passage, lexicon: Lexicon, topic: frozenset[str]) -> float:
    """Return the weight of word pairs that one of them quotes and the other repeats, quoted or not; 0 where neither quotes."""
    runs = (one.quoted & other.pairs) | (other.quoted & one.pairs)
    return sum(lexicon.weight(word) * (1 if word in topic else 2) for pair in runs for word in pair) / 4000


def opposed(one: Passage, other: Passage, lexicon: Lexicon) -> bool:
    """Say whether they use opposite words of one scale ("accepted", "rejected") of one thing, and neither uses both."""
    for pole, objects in one.poles.items():
        against = [p for p in lexicon.opposites[pole] if p in other.poles]
        if pole in other.poles or any(p in one.poles for p in against):
            continue
        if any(objects & other.poles[p] for p in against):
            return True
    return False


def _poles(concepts: tuple[str, ...], own: frozenset[str], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for i, concept in enumerate(concepts):
        if concept in lexicon.opposites:
            near = own & frozenset(concepts[max(0, i - _BESIDE) : i] + concepts[i + 1 : i + 1 + _BESIDE])
            found[concept] = found.get(concept, frozenset()) | near
    return found


def updated(one: Passage, other: Passage) -> bool:
    """Say whether the two count the same thing differently, in their own news rather than in background."""
    for a in one.counts:
        for b in other.counts:
            if a.heads & b.heads and not (a.background or b.background) and not _same_count(a, b):
                return not _recounted(a, one, other) and not _recounted(b, other, one)
    return False


def _recounted(count: Count, here: Passage, there: Passage) -> bool:
    return any(c.heads & count.heads and _same_count(c, count) for c in there.counts) and bool(here.counts)


def _same_count(a: Count, b: Count) -> bool:
    if a.value == b.value:
        return True
    return (a.hedged or b.hedged) and abs(a.value - b.value) <= _TOLERANCE * max(a.value, b.value)


def _counts(concepts: tuple[str, ...], lexicon: Lexicon) -> Iterable[Count]:
    if not any(c[0].isdigit() or c in lexicon.counts for c in concepts):
        return
    background = False
    i = 0
    while i < len(concepts):
        concept = concepts[i]
        if i and (lexicon.is_cue("background", concept) or _relative_that(concepts, i, lexicon)):
            background = True
        value = _value(concept, lexicon)
        if value is None:
            i += 1
            continue
        start = i
        while i + 1 < len(concepts) and concepts[i + 1] in lexicon.scales:
            value *= lexicon.scales[concepts[i + 1]]
            i += 1
        i += 1
        following = concepts[i : i + _REACH]
        if _is_calendar(value, concepts, start, following, lexicon):
            continue
        heads = _heads(following, lexicon) or _heads(concepts[max(0, start - _BEFORE) : start], lexicon)
        if heads:
            before = concepts[max(0, start - 2) : start]
            yield Count(value, heads, any(lexicon.is_cue("hedge", c) for c in before), background)


def _relative_that(concepts: tuple[str, ...], i: int, lexicon: Lexicon) -> bool:
    return concepts[i] == "that" and not lexicon.is_cue("attribution", concepts[i - 1])


def _heads(following: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    heads = []
    for concept in following:
        if concept in ("and", "or", "but") or _value(concept, lexicon) is not None or lexicon.is_cue("attribution", concept):
            break
        if not lexicon.is_cue("filler", concept) and lexicon.weight(concept) >= _HEAD_WEIGHT and not lexicon.is_cue("hedge", concept):
            heads.append(concept)
    return frozenset(heads[:_MOST_HEADS])


def _is_calendar(value: float, concepts: tuple[str, ...], start: int, following: tuple[str, ...], lexicon: Lexicon) -> bool:
    near = concepts[max(0, start - 1) : start] + following[:1]
    return any(lexicon.is_cue("month", c) or lexicon.is_cue("clock", c) for c in near) or (1900 <= value <= 2100 and value == int(value))


def _value(concept: str, lexicon: Lexicon) -> float | None:
    if concept[0].isdigit():
        return float(concept) if concept.isdigit() and len(concept) < 13 else None
    return lexicon.counts.get(concept)
