"""Prepositional phrases as dateline.events.places reads them: the objects of a word's prepositions, also where the parser stacked them.

Here: pure functions over the parse. Not here: which phrase is a place (dateline.events.places).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

LOCATIVE = frozenset({"in", "at", "near", "outside", "aboard", "inside"})
DURING = LOCATIVE | {"on", "during"}
TOWARD = frozenset({"to", "in", "at", "into", "through", "around"})
NARROW = frozenset({"prep", "agent", "dative"})


def phrases(token: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    """Yield the objects of the token's own prepositional phrases, phrases stacked on one another included ("in July in Vilnius")."""
    for child in token.children:
        if child.dep_ in NARROW:
            if child.lower_ in prepositions:
                yield from (t for t in child.children if t.dep_ in ("pobj", "pcomp"))
            for inner in _stacked(child):
                if inner.lower_ in prepositions:
                    yield from (t for t in inner.children if t.dep_ == "pobj")


def _stacked(phrase: Token) -> Iterator[Token]:
    """Yield the prepositions that the parser hung on a time inside a phrase: "from 11th to 12th July 2023 in Vilnius"."""
    for child in phrase.children:
        if child.dep_ == "prep":
            yield child
        if child.dep_ == "prep" or child.ent_type_ in ("DATE", "TIME", "CARDINAL"):
            yield from _stacked(child)


def holds(phrase: Token, token: Token) -> bool:
    """Say whether a token stands inside the phrase headed by `phrase`."""
    return phrase == token or phrase.is_ancestor(token)


def beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of words that begin so; a $ in the list ends a whole word ("go$")."""
    return re.compile(rf"(?:{'|'.join(sorted(words))})", re.IGNORECASE)
