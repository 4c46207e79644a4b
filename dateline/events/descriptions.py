"""Speakers whom no table and no recogniser knows, but whose own phrase tells them apart (GUIDELINE rulings 8 and 13).

Here: `describe`: bodies ("the provincial police force"), offices ("the mayor of Yartsevo") and proper names that were not recognised. Not here:
known names (dateline.names). "Officials", "sources", "experts" alone stay nobody.
"""

from __future__ import annotations

from spacy.tokens import Token

from dateline.events.noun_tests import phrase_words
from dateline.events.reading import Reading
from dateline.events.syntax import prepositional
from dateline.names.bodies import country_within
from dateline.names.tables import gazetteer_for
from dateline.notes import Name

DESCRIBING = frozenset({"amod", "compound", "poss", "nmod"})
COMPANY_OF_ONE = 2  # capitalised words: fewer are taken for an organisation's short name, more for a person unless a body word is among them


def describe(reading: Reading, token: Token, *, speaks: bool) -> list[Name]:
    """Return the body, the office or the unknown name that the phrase headed by `token` describes; empty for a common noun."""
    body = _body(reading, token)
    if body or not speaks:
        return body or _office(reading, token)
    return _office(reading, token) or _proper_name(reading, token)


def _body(reading: Reading, token: Token) -> list[Name]:
    """Return a body that its phrase describes well enough to be told apart: "local police", "the provincial police force"."""
    if token.lower_ not in reading.lexicon.sets["institutions"]:
        return []
    words = [t for t in phrase_words(token) if t.tag_ not in {"DT", "PRP$", "CD"} and t.dep_ in DESCRIBING]
    if any(t.lower_ in gazetteer_for(reading.resources).lists["outlet"] for t in words):
        return []
    of = [t for t in prepositional(token, {"of"}) if t.right_edge.i - token.i < 8]
    if not words and not of and token.lower_ != "police":
        return []
    return [_name(reading, words[0] if words else token, of[0].right_edge if of else token, "organisation")]


def _office(reading: Reading, token: Token) -> list[Name]:
    """Return an office with the place or body that it is of: "the mayor of Yartsevo", "the Health Minister for the Biobio Region"."""
    if token.lower_ not in reading.lexicon.sets["offices"]:
        return []
    of = next((t for t in prepositional(token, {"of", "for"}) if t.tag_ in {"NNP", "NNPS"}), None)
    if of is None:
        owner = next((t for t in token.children if t.dep_ == "poss" and t.tag_ in {"NNP", "NNPS"}), None)
        return [_name(reading, reading.doc[owner.left_edge.i], token, "office")] if owner is not None and token.tag_ == "NN" else []
    first = next((t for t in phrase_words(token) if t.dep_ in DESCRIBING), token)
    return [_name(reading, first, of, "group" if token.tag_ == "NNS" else "office")]


def _proper_name(reading: Reading, token: Token) -> list[Name]:
    """Return a name in capitals that was not recognised as one; never a news outlet's, a day's or a place's."""
    if token.tag_ not in {"NNP", "NNPS"} or reading.name_at(token) is not None or not token.text[:1].isupper() or len(token) < 3:
        return []
    first = token
    while first.i > 0 and (left := first.nbor(-1)).tag_ in {"NNP", "NNPS"} and left.text[:1].isupper() and left.sent_start != 1:
        first = left
    found = _name(reading, first, token, "organisation")
    if gazetteer_for(reading.resources).is_title(found.text):
        return []
    words = found.text.lower().split()
    if gazetteer_for(reading.resources).lists["outlet"].intersection(words) or any(t.start < found.end and found.start < t.end for t in reading.notes.timexes):
        return []
    person = token.i - first.i + 1 >= COMPANY_OF_ONE and not any(t.dep_ == "det" for t in token.children)
    body = any(w in reading.lexicon.sets["institutions"] | reading.lexicon.sets["unions"] for w in words)
    return [_name(reading, first, token, "person" if person and not body else "organisation")]


def _name(reading: Reading, first: Token, last: Token, kind: str) -> Name:
    start, end = first.idx, last.idx + len(last)
    text = " ".join(reading.text[start:end].split())
    return Name(start, end, text, text, kind, country_within(reading.doc, reading.notes, start, end))
