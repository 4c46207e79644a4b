"""Tests of a verb's clause: what it reports, what it takes, who its subject is. Each answers one question about a candidate trigger.

Here: the tests themselves and `quotation_of`. Which name a rule calls them by is dateline.events.conditions; tests of noun phrases are
dateline.events.noun_tests.
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.syntax import OBJECTS, agents, children, conjuncts, is_passive, is_past_perfect, is_perfect, own_subjects, prepositional, subjects_of

QUOTE_GAP = 100  # characters between a saying verb and its quotation
PERSONS = frozenset({"person", "office", "organisation", "state", "group"})


def has_clause(_reading: Reading, token: Token, _argument: str = "") -> bool:
    """Say whether a clause is reported: "said that ...", or a clause without "that"."""
    if any(c.dep_ == "ccomp" for c in token.children):
        return True
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return following == "that" and token.nbor(1).dep_ == "mark"


def reports_before(_reading: Reading, token: Token, _argument: str = "") -> bool:
    """Say whether the reported clause stands before the verb: "Prices doubled, the bank's data indicated"."""
    return any(c.dep_ == "ccomp" and c.i < token.i for c in token.children)


def is_quoted(reading: Reading, token: Token, _argument: str = "") -> bool:
    """Say whether a quotation stands before or after the verb: '"...," said Dahl', 'Dahl said: "..."'."""
    found = quotation_of(reading, token)
    if found is None or found[1] <= token.idx:
        return found is not None
    between = reading.text[token.idx + len(token) : found[0]].strip()
    return not between or between.endswith((",", ":", "that", "as"))


def quotation_of(reading: Reading, token: Token) -> tuple[int, int] | None:
    """Return the quotation that stands beside the verb, None where none is near or the verb itself is quoted."""
    if reading.quote_around(token):
        return None
    begin, end = token.idx, token.idx + len(token)
    after = [q for q in reading.quotes if q[0] >= end and q[0] - end <= QUOTE_GAP and not _broken(reading.text[end : q[0]])]
    before = [q for q in reading.quotes if q[1] <= begin and begin - q[1] <= QUOTE_GAP and not _broken(reading.text[q[1] : begin])]
    if after and (not before or after[0][0] - end <= begin - before[-1][1] or re.search(r"[,:]\s*$", reading.text[end : after[0][0]])):
        return after[0]
    return before[-1] if before else None


def _broken(between: str) -> bool:
    return "\n" in between.strip("\n ") or re.search(r"[a-z\]\)][.!?]\s", between) is not None


def has_object(reading: Reading, token: Token, argument: str) -> bool:
    """Say whether the verb has an object, one of the word set where that is named; "the treaty signed" is one too."""
    found = [t for t in token.children if t.dep_ in OBJECTS or (t.dep_ == "nsubjpass" and is_passive(token))]
    if token.dep_ == "acl" and token.tag_ == "VBN":
        found.append(token.head)
    if token.dep_ == "relcl" and any(t.lower_ in {"which", "that"} for t in children(token, {"dobj", "nsubjpass"})):
        found.append(token.head)
    if not argument:
        return bool(found)
    words = reading.lexicon.sets[argument]
    return any(t.lower_ in words for f in found for t in conjuncts(f))


def object_is_actor(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the object is somebody who can act."""
    objects = [t for f in children(token, OBJECTS) for t in conjuncts(f)] + children(token, {"nsubjpass"})
    return any(n.kind in PERSONS and not n.media for t in objects for n in reading.refer(t))


def object_is_human(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the object is a person or office."""
    objects = [t for f in children(token, {*OBJECTS, "nsubjpass"}) for t in conjuncts(f)]
    return any(n.kind in {"person", "office"} for t in objects for n in reading.refer(t))


def object_is_place(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the object is a place or country."""
    objects = [t for f in children(token, OBJECTS) for t in conjuncts(f)]
    names = [reading.name_at(t) for t in objects]
    return any(n is not None and (n.place is not None or n.kind == "state") for n in names)


def goes_to_place(reading: Reading, token: Token, argument: str) -> bool:
    """Say whether one of the listed prepositions leads to a place or country."""
    names = [reading.name_at(t) for f in prepositional(token, set(argument.split(","))) for t in conjuncts(f)]
    return any(n is not None and (n.place is not None or n.kind == "state") for n in names)


def has_preposition(_reading: Reading, token: Token, argument: str) -> bool:
    """Say whether one of the listed words hangs on the verb as preposition, particle or adverb."""
    words = argument.split(",")
    return any(c.dep_ in {"prep", "agent", "dative", "prt", "advmod"} and c.lower_ in words for c in token.children)


def has_particle(_reading: Reading, token: Token, argument: str) -> bool:
    """Say whether the word follows as the verb's particle: "ruled out"."""
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return following == argument or any(c.dep_ == "prt" and c.lower_ == argument for c in token.children)


def has_infinitive(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether an infinitive follows: "threatened to leave"."""
    for child in token.children:
        if child.dep_ in {"xcomp", "ccomp", "advcl"} and any(c.tag_ == "TO" for c in child.children):
            return True
    following = token.nbor(1) if token.i + 1 < len(token.doc) else token
    return following.tag_ == "TO"


def asks_somebody(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether somebody is asked to do something."""
    if children(token, OBJECTS) and has_infinitive(reading, token, ""):
        return True
    return any(c.dep_ == "ccomp" and own_subjects(c) and any(t.tag_ == "TO" for t in c.children) for c in token.children)


def has_gerund(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a gerund follows: "denied firing"."""
    return any(c.dep_ in {"xcomp", "ccomp"} and c.tag_ == "VBG" for c in token.children)


def is_passive_without_agent(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the verb is a passive that names no doer."""
    return is_passive(token) and not agents(token)


def has_object_complement(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the object is called something: "called the vote a farce"."""
    labels = {c.dep_ for c in token.children}
    return bool(labels & {"oprd", "ccomp", "xcomp", "attr"}) or ("dobj" in labels and quotes_behind(reading, token, ""))


def quotes_behind(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a quotation follows the verb."""
    found = quotation_of(reading, token)
    return found is not None and found[0] >= token.idx


def subject_among(reading: Reading, token: Token, argument: str) -> bool:
    """Say whether the subject is a word of the set."""
    return any(s.lower_ in reading.lexicon.sets[argument] for s in subjects_of(token))


def is_plural(token: Token) -> bool:
    """Say whether the phrase headed by the token means several."""
    return len(conjuncts(token)) > 1 or token.tag_ in {"NNS", "NNPS"} or token.lower_ in {"they", "we", "both", "two", "sides", "them"}


def has_singular_subject(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether one alone does it."""
    return not any(is_plural(s) for s in subjects_of(token))


def one_has_agreed(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a single party "has agreed to" or "had agreed to": a clause of an accord, or background, not the accord."""
    names = [n for s in subjects_of(token) for n in reading.refer(s)]
    if any(n.kind == "organisation" and reading.lexicon.sets["unions"] & set(n.name.lower().split()) for n in names):
        return False  # a union of states agrees for several
    return has_singular_subject(reading, token, "") and (is_perfect(token) or is_past_perfect(token))


def has_plural_subject(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether several do it."""
    return any(is_plural(s) for s in subjects_of(token))


def has_counterpart(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the clause names whom somebody meets."""
    if prepositional(token, {"with", "between"}) or has_plural_subject(reading, token, ""):
        return True
    offices = reading.lexicon.sets["offices"]
    return any(reading.refer(t) or t.tag_ in {"NNS", "NNP"} or t.lower_ in offices for f in children(token, OBJECTS) for t in conjuncts(f))


def subject_is_nobody(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the verb has a subject that denotes nobody known."""
    found = agents(token) if is_passive(token) else subjects_of(token)
    return bool(found) and not any(reading.refer(t) for f in found for t in conjuncts(f))


def is_not_performative(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the verb is not one by which a release does what it says: "we recognize", "Japan honors"."""
    if token.tag_ not in {"VBP", "VBZ", "VB"}:
        return True
    names = [n for s in subjects_of(token) for n in reading.refer(s)]
    return not any(s.lower_ in {"i", "we"} for s in subjects_of(token)) and not any(n.kind == "state" for n in names)


def speaks_to_person(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether "to" leads to a person."""
    return any(n.kind == "person" for t in prepositional(token, {"to"}) for n in reading.refer(t))


def speaks_to_thing(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether "to" leads to what is no one: "spoke to the question"."""
    heads = prepositional(token, {"to"})
    return bool(heads) and not any(reading.refer(t) or t.tag_ in {"NNS", "PRP"} for t in heads)
