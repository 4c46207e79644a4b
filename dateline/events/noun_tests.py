"""Tests of a noun's phrase and of the verb that governs it. Each answers one question about a candidate trigger.

Here: the tests themselves and `phrase_words`. Which name a rule calls them by is dateline.events.conditions; tests of a verb's clause are
dateline.events.verb_tests.
"""

from __future__ import annotations

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.syntax import agents, children, governing_verb, prepositional

UNDER = frozenset({"under", "per", "despite", "since"})
BESIDE = UNDER | {"on", "about", "over", "for", "against", "from"}  # what these lead to is not what the verb reaches
REACHED = frozenset({"joining_verbs", "passing_verbs"})


def phrase_words(noun: Token) -> list[Token]:
    """Return the words of the noun phrase that stand before its head."""
    return [t for t in noun.doc[noun.left_edge.i : noun.i] if t.dep_ not in {"punct", "case"}]


def has_modifier(_reading: Reading, token: Token, argument: str) -> bool:
    """Say whether one of the listed words stands close before the noun in its phrase."""
    words = set(argument.split(","))
    return any(t.lower_.rstrip("s'’") in words or t.lower_ in words for t in phrase_words(token)[-4:])


def governed_by(reading: Reading, token: Token, argument: str) -> bool:
    """Say whether the noun is subject or object of a verb of the word set."""
    verb = governing_verb(token)
    if verb is None or token.dep_ == "compound":
        return False
    return verb.lower_ in reading.lexicon.sets[argument] and _close(token, verb, BESIDE if argument in REACHED else UNDER)


def _close(noun: Token, verb: Token, apart: frozenset[str]) -> bool:
    """Say whether the noun is the verb's own subject, object or prepositional object, not part of another phrase."""
    while noun.dep_ in {"conj", "appos", "compound"} and noun.head != verb:
        noun = noun.head
    if noun.dep_ == "pobj" and noun.head.head == verb:
        return noun.head.lower_ not in apart
    return noun.head == verb and noun.dep_ in {"dobj", "nsubj", "nsubjpass", "attr", "oprd", "dative", "npadvmod", "conj", "appos"}


def is_signed_after(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a participle or relative clause says that the accord was reached: "the treaty signed in May"."""
    return any(c.dep_ in {"acl", "relcl"} and c.lower_ in reading.lexicon.sets["joining_verbs"] for c in token.children)


def is_named_instrument(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a capitalised accord is only named, with no act: "The Free Trade Agreement between A and B is an example"."""
    return token.text[:1].isupper() and not governed_by(reading, token, "joining_verbs") and not is_signed_after(reading, token, "")


def is_between(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether "between" names the parties of an accord that is not merely talked about ("discussed the agreement between A and B")."""
    return bool(prepositional(token, {"between"})) and not is_topic(reading, token, "")


def is_topic(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the noun is what something else is about: "talks on the treaty", "discussed the treaty"."""
    noun = token
    while noun.dep_ in {"conj", "appos"} and noun.head != noun:
        noun = noun.head
    if noun.dep_ == "pobj":
        return noun.head.lower_ in BESIDE
    return noun.dep_ in {"dobj", "nsubjpass"} and noun.head.lower_ in reading.lexicon.sets["topic_verbs"]


def has_possessor(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a name possesses the noun: "Japan's warning"."""
    return any(reading.refer(c) for c in children(token, {"poss"}) if c.tag_ != "PRP$")


def is_by_name(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether "by" or "from" names whose it is."""
    verb = governing_verb(token)
    drawn = prepositional(verb, {"by", "from"}) if verb is not None and verb.lower_ in reading.lexicon.sets["drawing_verbs"] else []
    made = [t for c in children(token, {"acl"}) for t in agents(c)]
    return any(reading.refer(t) for t in [*prepositional(token, {"by", "from"}), *drawn, *made])


def is_instrument(_reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the accord is only named, as what something is done under, by or after."""
    if token.dep_ == "compound":
        return True
    return token.dep_ == "pobj" and token.head.lower_ in {"under", "per", "within", "pursuant", "despite", "by", "from", "of", "after", "before"}


def is_plural_generic(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the noun means no particular event: "any talks", bare "summits"."""
    if token.tag_ != "NNS" or token.lower_ in reading.lexicon.sets["plural_events"]:
        return any(t.lower_ in reading.lexicon.sets["no_particular"] for t in token.children if t.dep_ in {"det", "amod"})
    return not prepositional(token, {"with", "between", "to"}) and not children(token, {"poss"})


def is_internal(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the gathering is that of one body alone: "cabinet meeting"."""
    words = reading.lexicon.sets["internal_bodies"]
    if any(t.lower_ in words for t in phrase_words(token)[-3:]):
        return True
    return any(t.lower_ in words for t in prepositional(token, {"of"}))


def is_mountain(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the summit is a mountain's."""
    peaks = reading.lexicon.sets["peaks"]
    return any(t.lower_ in peaks for head in prepositional(token, {"of"}) for t in head.subtree)


def is_named_event(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether the noun ends a name in capitals: "the Munich Security Conference"."""
    return (token.text[:1].isupper() and token.i > 0 and token.nbor(-1).text[:1].isupper()) or reading.name_at(token) is not None


def is_attended(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether somebody goes to the event or something happens at it; a name in a list is neither."""
    if token.dep_ == "pobj":
        return token.head.lower_ in {"at", "during", "in"}
    return governed_by(reading, token, "holding_verbs")


def takes_preposition_in(reading: Reading, token: Token, argument: str) -> bool:
    """Say whether "of" behind the noun names a word of the set: "signing of the treaty"."""
    words = reading.lexicon.sets[argument]
    return any(t.lower_ in words for t in prepositional(token, {"of"}))
