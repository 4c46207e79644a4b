"""Who a pronoun or "the two leaders" goes back to, by recency, gender, number and grammatical function. No model, no world knowledge.

Here: `pronoun`, `pair`, and the order of earlier names that both use. Not here: descriptions of one ("the prime minister": dateline.names.reference).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from dateline.notes import Name, Notes

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

CAST = "dateline_cast"  # key in doc.user_data: what dateline.names.article knows of the article's people
TITLED = "dateline_titled"  # key in doc.user_data: where each titled person's title and name begin
MAIN = "dateline_main_country"  # key in doc.user_data: the country that the article names most often, or None
MASCULINE, FEMININE = ("he", "him", "his", "himself"), ("she", "her", "hers", "herself")
PLURAL, NEUTER = ("they", "them", "their", "themselves", "both"), ("it", "its", "itself")
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "both": 2, "pair": 2, "duo": 2}
SUBJECTS = ("nsubj", "nsubjpass")
NEAR = 3  # sentences back that a pronoun may reach
FAR = 8


def pronoun(doc: Doc, token: Token, notes: Notes) -> list[Name]:
    """Return the antecedents of a third-person pronoun; empty for other words and where nothing fits within NEAR sentences."""
    word = token.text.casefold()
    if word in MASCULINE or word in FEMININE:
        wanted = "m" if word in MASCULINE else "f"
        genders = {name: gender for name, _, gender, _, _ in doc.user_data.get(CAST, ())}
        return _nearest(doc, token, notes, lambda n: n.kind == "person" and genders.get(n.name, "") in ("", wanted), NEAR)[:1]
    if word in NEUTER:
        found = _nearest(doc, token, notes, lambda n: n.kind in ("organisation", "state") and not n.media, NEAR)[:1]
        return found if word != "it" or token.dep_ not in SUBJECTS or (found and _may_act(doc, found[0])) else []
    if word in PLURAL:
        subject = _nearest(doc, token, notes, lambda n: n.kind in ("organisation", "state", "person", "group") and not n.media, NEAR)
        return _coordinated(doc, subject[0], notes) if subject else []
    return []


def pair(token: Token, doc: Doc, notes: Notes, *, states: bool, count: int) -> list[Name]:
    """Return the `count` people, or states, that "the two leaders" or "both sides" goes back to: those coordinated or named last before it.

    States that a sentence is about come after those that act in it: in "Sullivan met Hecker to discuss Russia and Iran", neither is a side.
    """
    found = _last_named(token, doc, notes, states=states, count=count, acting=states) or _last_named(token, doc, notes, states=states, count=count)
    if states and not found:
        return pair(token, doc, notes, states=False, count=count) if _persons(token, notes) >= count else []
    return found


def _last_named(token: Token, doc: Doc, notes: Notes, *, states: bool, count: int, acting: bool = False) -> list[Name]:
    """Return the `count` names of the kind that stand nearest before the token, in text order; none where there are fewer."""
    kinds = ("state", "organisation") if states else ("person",)
    found: list[Name] = []
    for name in _earlier(token, notes, FAR):
        if name.kind in kinds and not name.media and name.name not in {f.name for f in found} and (not acting or _acts(doc, name)):
            found.append(name)
        if len(found) == count:
            return sorted(found, key=lambda n: n.start)
    return []


def _acts(doc: Doc, name: Name) -> bool:
    """Say whether a name is a side of its clause: subject, object or "with" whom, itself or as what describes one; True where nothing was parsed."""
    head = _phrase_head(doc, name)
    if head is None:
        return True
    if any(t.dep_ in ("advcl", "acl") and any(c.tag_ == "TO" for c in t.lefts) for t in head.ancestors):
        return False  # "met to discuss relations with Iran"
    return head.dep_ in (*SUBJECTS, "dobj", "ROOT") or (head.dep_ == "pobj" and head.head.text.casefold() in ("with", "between", "by", "to", "from", "of"))


def countries(token: Token, doc: Doc, notes: Notes, names: Mapping[str, str], *, count: int) -> list[Name]:
    """Return the `count` countries that "the two countries" goes back to: named as such, or of the people and bodies named; then the article's main one."""
    acting = _last_named(token, doc, notes, states=True, count=count, acting=True)
    found = {n.country: n for n in reversed(acting) if n.kind == "state" and n.country}
    named = [n for n in _earlier(token, notes, FAR) if n.country in names and n.kind and not n.media]
    for name in sorted(named, key=lambda n: not _acts(doc, n)):
        if name.country and len(found) < count:
            found.setdefault(name.country, Name(token.idx, token.idx + len(token.text), token.text, names[name.country], "state", name.country))
    main = doc.user_data.get(MAIN)
    if len(found) == count - 1 and isinstance(main, str) and main in names:
        found.setdefault(main, Name(token.idx, token.idx + len(token.text), token.text, names[main], "state", main))
    return sorted(found.values(), key=lambda n: n.start) if len(found) == count else []


def subject_of(doc: Doc, name: Name) -> bool:
    """Say whether a name is the subject of its clause; False where the sentence was not parsed."""
    span = doc.char_span(name.start, name.end, alignment_mode="expand")
    return span is not None and span.root.dep_ in SUBJECTS


def _may_act(doc: Doc, name: Name) -> bool:
    """Say whether a name can be what a subject "it" goes back to: itself a subject or what one belongs to, or in a sentence that was not parsed."""
    head = _phrase_head(doc, name)
    if head is None:
        return True
    return head.dep_ in (*SUBJECTS, "pobj", "ROOT") and not (head.dep_ == "pobj" and head.head.text.casefold() not in ("to", "by"))


def _phrase_head(doc: Doc, name: Name) -> Token | None:
    """Return the head of the phrase that a name belongs to ("Japan" in "Japan's ministers" gives "ministers"); None where nothing was parsed."""
    span = doc.char_span(name.start, name.end, alignment_mode="expand")
    if span is None or not span.root.dep_:
        return None
    head = span.root
    while head.dep_ in ("compound", "poss", "amod", "nmod", "conj", "appos") and head.head != head:
        head = head.head
    return head


def _persons(token: Token, notes: Notes) -> int:
    return len({n.name for n in _earlier(token, notes, FAR) if n.kind == "person"})


def _earlier(token: Token, notes: Notes, reach: int) -> Iterator[Name]:
    """Yield the names before a token, the nearest first, from its own and the `reach` sentences before it."""
    begins = [a for a, _ in notes.sentences if a <= token.idx]
    limit = begins[-reach - 1] if len(begins) > reach else 0
    for name in reversed(notes.names):
        if name.end <= token.idx and name.start >= limit:
            yield name


def _nearest(doc: Doc, token: Token, notes: Notes, fits: Callable[[Name], bool], reach: int) -> list[Name]:
    """Return the fitting names of the nearest sentence that has any: its subjects first, then in text order."""
    begins = [a for a, _ in notes.sentences if a <= token.idx] or [0]
    fitting = [n for n in _earlier(token, notes, reach) if fits(n)]
    for begin in reversed(begins):
        here = [n for n in fitting if n.start >= begin]
        if here:
            return sorted(here, key=lambda n: (not subject_of(doc, n), n.start))
    return sorted(fitting, key=lambda n: n.start)


def _coordinated(doc: Doc, first: Name, notes: Notes) -> list[Name]:
    """Return a name with those coordinated to it ("Biden and Kishida"); alone where it is an organisation or a state."""
    span = doc.char_span(first.start, first.end, alignment_mode="expand")
    if span is None:
        return [first]
    joined = [n for t in span.root.conjuncts for n in notes.names if n.start <= t.idx < n.end and n.kind is not None]
    return [first, *joined] if joined or first.kind != "person" else []
