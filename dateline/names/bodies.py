"""Ministries and forces named without their country: "a foreign ministry spokesman in Berlin", "local police".

Here: `bare_body`, for dateline.names.reference, and `country_within`. Not here: institutions named with their country
(dateline.names.institutions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.names.antecedents import MAIN
from dateline.names.tables import Gazetteer
from dateline.names.words import fold
from dateline.notes import Name, Notes

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

LONGEST = 8  # words of "the police of the northern province"
DESCRIBING = ("amod", "compound", "nmod")


def bare_body(doc: Doc, token: Token, notes: Notes, gazetteer: Gazetteer) -> Name | None:
    """Return the ministry or force that a head is, or that its spokesman speaks for, where no country stands in its phrase; else None.

    A ministry is the one of that field which the article names with its country, else that of the country of the city it speaks from
    ("in Berlin"), else of the article's main country.
    """
    head = _body_head(token, gazetteer.lists["ministry"] | gazetteer.lists["force"])
    if head is None:
        return None
    words = [t for t in head.lefts if t.dep_ in DESCRIBING]
    if any(n.start <= t.idx < n.end for t in words for n in notes.names):
        return None
    phrase = " ".join(t.text for t in (*words, head))
    if fold(head.text) in gazetteer.lists["ministry"]:
        return _ministry(doc, token, head, phrase, notes) if words else None
    if not words and head.i != token.i:
        return None
    of = next((c.right_edge for c in head.children if c.dep_ == "prep" and c.lower_ == "of" and c.right_edge.i - head.i < LONGEST), head)
    start, end = (words[0].idx if words else head.idx), of.idx + len(of.text)
    text = " ".join(notes.article.text[start:end].split())
    return Name(start, end, notes.article.text[start:end], text, "organisation", _seat(token, notes) or country_within(doc, notes, start, end))


def country_within(doc: Doc, notes: Notes, start: int, end: int) -> str | None:
    """Return the country that a stretch of text names, else the article's main one: where a body that nothing else tells is filed."""
    named = next((n.country for n in notes.names if n.start >= start and n.end <= end and n.country), None)
    main: str | None = doc.user_data.get(MAIN)
    return named or main


def _body_head(token: Token, bodies: frozenset[str]) -> Token | None:
    """Return the body's word: the token itself, or the compound of a spokesman or official ("foreign ministry spokesman")."""
    if fold(token.text) in bodies:
        return token
    if not token.lower_.startswith(("spokes", "official", "source", "statement")):
        return None
    return next((t for t in token.lefts if t.dep_ in DESCRIBING and fold(t.text) in bodies), None)


def _ministry(doc: Doc, token: Token, head: Token, phrase: str, notes: Notes) -> Name | None:
    known = next((n for n in notes.names if n.kind == "organisation" and n.name.casefold().endswith(phrase.casefold())), None)
    if known is not None:
        return known
    country = _seat(token, notes) or _seat(head, notes) or doc.user_data.get(MAIN)
    return Name(head.idx, head.idx + len(head.text), head.text, phrase, "organisation", country)  # the country is inferred, so no part of the name


def _seat(token: Token, notes: Notes) -> str | None:
    """Return the country of the place in a head's own "in" phrase: "a spokesman in Berlin"."""
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "in":
            for place in child.children:
                found = next((n.country for n in notes.names if n.start <= place.idx < n.end and n.place is not None), None)
                if found is not None:
                    return found
    return None
