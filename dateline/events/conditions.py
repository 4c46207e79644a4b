"""The tests that trigger rules may name in `needs` and `forbids`, each answering one question about a candidate's clause.

Here: `TESTS`, name to function, and `holds`, which reads "test:argument|other". A test takes the reading, the trigger's token and the
argument (a word set's name, a comma list, or a pattern). Not here: participants (dateline.events.frames), which come later in the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.syntax import (
    OBJECTS,
    agents,
    children,
    conjuncts,
    governing_verb,
    is_passive,
    is_past_perfect,
    is_perfect,
    is_verb,
    own_subjects,
    prepositional,
    subjects_of,
)

Test = Callable[[Reading, Token, str], bool]
QUOTE_GAP = 100  # characters between a saying verb and its quotation
SINGULAR = frozenset({"NN", "NNP"})
PERSONS = frozenset({"person", "office", "organisation", "state", "group"})


def holds(reading: Reading, token: Token, condition: str) -> bool:
    """Say whether one of the condition's alternatives is true of the token."""
    for alternative in _alternatives(condition):
        name, _, argument = alternative.partition(":")
        if TESTS[name](reading, token, argument):
            return True
    return False


def _alternatives(condition: str) -> list[str]:
    """Split at "|", but not inside a pattern: everything after "next:" up to an alternative that is a test's name."""
    parts: list[str] = []
    for piece in condition.split("|"):
        if parts and piece.partition(":")[0] not in TESTS:
            parts[-1] += "|" + piece
        else:
            parts.append(piece)
    return parts


def has_clause(_reading: Reading, token: Token, _argument: str = "") -> bool:
    """Say whether a clause is reported: "said that ...", or a clause without "that"."""
    if any(c.dep_ == "ccomp" for c in token.children):
        return True
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return following == "that" and token.nbor(1).dep_ == "mark"


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


def _has_object(reading: Reading, token: Token, argument: str) -> bool:
    found = [t for t in token.children if t.dep_ in OBJECTS or (t.dep_ == "nsubjpass" and is_passive(token))]
    if token.dep_ == "acl" and token.tag_ == "VBN":
        found.append(token.head)
    if token.dep_ == "relcl" and any(t.lower_ in {"which", "that"} for t in children(token, {"dobj", "nsubjpass"})):
        found.append(token.head)
    if not argument:
        return bool(found)
    words = reading.lexicon.sets[argument]
    return any(t.lower_ in words for f in found for t in conjuncts(f))


def _object_person(reading: Reading, token: Token, _argument: str) -> bool:
    objects = [t for f in children(token, OBJECTS) for t in conjuncts(f)] + children(token, {"nsubjpass"})
    return any(n.kind in PERSONS and not n.media for t in objects for n in reading.refer(t))


def _object_human(reading: Reading, token: Token, _argument: str) -> bool:
    objects = [t for f in children(token, {*OBJECTS, "nsubjpass"}) for t in conjuncts(f)]
    return any(n.kind in {"person", "office"} for t in objects for n in reading.refer(t))


def _object_place(reading: Reading, token: Token, _argument: str) -> bool:
    objects = [t for f in children(token, OBJECTS) for t in conjuncts(f)]
    names = [reading.name_at(t) for t in objects]
    return any(n is not None and (n.place is not None or n.kind == "state") for n in names)


def _prep_place(reading: Reading, token: Token, argument: str) -> bool:
    names = [reading.name_at(t) for f in prepositional(token, set(argument.split(","))) for t in conjuncts(f)]
    return any(n is not None and (n.place is not None or n.kind == "state") for n in names)


def _preposition(_reading: Reading, token: Token, argument: str) -> bool:
    words = argument.split(",")
    return any(c.dep_ in {"prep", "agent", "dative", "prt", "advmod"} and c.lower_ in words for c in token.children)


def _preposition_in(reading: Reading, token: Token, argument: str) -> bool:
    words = reading.lexicon.sets[argument]
    return any(t.lower_ in words for t in prepositional(token, {"of"}))


def _attended(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether somebody goes to the event or something happens at it; a name in a list is neither."""
    if token.dep_ == "pobj":
        return token.head.lower_ in {"at", "during", "in"}
    return _governor(reading, token, "holding_verbs")


def _particle(_reading: Reading, token: Token, argument: str) -> bool:
    following = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return following == argument or any(c.dep_ == "prt" and c.lower_ == argument for c in token.children)


def _infinitive(_reading: Reading, token: Token, _argument: str) -> bool:
    for child in token.children:
        if child.dep_ in {"xcomp", "ccomp", "advcl"} and any(c.tag_ == "TO" for c in child.children):
            return True
    following = token.nbor(1) if token.i + 1 < len(token.doc) else token
    return following.tag_ == "TO"


def _asks(reading: Reading, token: Token, _argument: str) -> bool:
    if children(token, OBJECTS) and _infinitive(reading, token, ""):
        return True
    return any(c.dep_ == "ccomp" and own_subjects(c) and any(t.tag_ == "TO" for t in c.children) for c in token.children)


def _gerund(_reading: Reading, token: Token, _argument: str) -> bool:
    return any(c.dep_ in {"xcomp", "ccomp"} and c.tag_ == "VBG" for c in token.children)


def _passive_without_agent(_reading: Reading, token: Token, _argument: str) -> bool:
    return is_passive(token) and not agents(token)


def _object_complement(reading: Reading, token: Token, _argument: str) -> bool:
    labels = {c.dep_ for c in token.children}
    return bool(labels & {"oprd", "ccomp", "xcomp", "attr"}) or ("dobj" in labels and _quoted_object(reading, token, ""))


def _quoted_object(reading: Reading, token: Token, _argument: str) -> bool:
    found = quotation_of(reading, token)
    return found is not None and found[0] >= token.idx


def _subject_in(reading: Reading, token: Token, argument: str) -> bool:
    return any(s.lower_ in reading.lexicon.sets[argument] for s in subjects_of(token))


def is_plural(token: Token) -> bool:
    """Say whether the phrase headed by the token means several."""
    return len(conjuncts(token)) > 1 or token.tag_ in {"NNS", "NNPS"} or token.lower_ in {"they", "we", "both", "two", "sides", "them"}


def _singular_subject(_reading: Reading, token: Token, _argument: str) -> bool:
    return not any(is_plural(s) for s in subjects_of(token))


def _one_has_agreed(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a single party "has agreed to" or "had agreed to": a clause of an accord, or background, not the accord."""
    return _singular_subject(reading, token, "") and (is_perfect(token) or is_past_perfect(token))


def _plural_subject(_reading: Reading, token: Token, _argument: str) -> bool:
    return any(is_plural(s) for s in subjects_of(token))


def _counterpart(reading: Reading, token: Token, _argument: str) -> bool:
    if prepositional(token, {"with", "between"}) or _plural_subject(reading, token, ""):
        return True
    return any(reading.refer(t) or t.tag_ in {"NNS", "NNP"} for f in children(token, OBJECTS) for t in conjuncts(f))


def _subject_nobody(reading: Reading, token: Token, _argument: str) -> bool:
    found = agents(token) if is_passive(token) else subjects_of(token)
    return bool(found) and not any(reading.refer(t) for f in found for t in conjuncts(f))


def _not_performative(reading: Reading, token: Token, _argument: str) -> bool:
    if token.tag_ not in {"VBP", "VBZ", "VB"}:
        return True
    names = [n for s in subjects_of(token) for n in reading.refer(s)]
    return not any(s.lower_ in {"i", "we"} for s in subjects_of(token)) and not any(n.kind == "state" for n in names)


def phrase_words(noun: Token) -> list[Token]:
    """Return the words of the noun phrase that stand before its head."""
    return [t for t in noun.doc[noun.left_edge.i : noun.i] if t.dep_ not in {"punct", "case"}]


def _modifier(_reading: Reading, token: Token, argument: str) -> bool:
    words = set(argument.split(","))
    return any(t.lower_.rstrip("s'’") in words or t.lower_ in words for t in phrase_words(token)[-4:])


def _governor(reading: Reading, token: Token, argument: str) -> bool:
    verb = governing_verb(token)
    if verb is None or token.dep_ == "compound":
        return False
    return verb.lower_ in reading.lexicon.sets[argument] and _close(token, verb)


def _close(noun: Token, verb: Token) -> bool:
    """Say whether the noun is the verb's own subject, object or prepositional object, not part of another phrase."""
    while noun.dep_ in {"conj", "appos", "compound"} and noun.head != verb:
        noun = noun.head
    if noun.dep_ == "pobj" and noun.head.head == verb:
        return noun.head.lower_ not in {"under", "per", "despite", "since"}
    return noun.head == verb and noun.dep_ in {"dobj", "nsubj", "nsubjpass", "attr", "oprd", "dative", "npadvmod", "conj", "appos"}


def _signed_after(reading: Reading, token: Token, _argument: str) -> bool:
    return any(c.dep_ in {"acl", "relcl"} and c.lower_ in reading.lexicon.sets["joining_verbs"] for c in token.children)


def _named_instrument(reading: Reading, token: Token, _argument: str) -> bool:
    """Say whether a capitalised accord is only named, with no act: "The Free Trade Agreement between A and B is an example"."""
    return token.text[:1].isupper() and not _governor(reading, token, "joining_verbs") and not _signed_after(reading, token, "")


def _between(_reading: Reading, token: Token, _argument: str) -> bool:
    return bool(prepositional(token, {"between"}))


def _possessor(reading: Reading, token: Token, _argument: str) -> bool:
    return any(reading.refer(c) for c in children(token, {"poss"}) if c.tag_ != "PRP$")


def _by_name(reading: Reading, token: Token, _argument: str) -> bool:
    verb = governing_verb(token)
    drawn = prepositional(verb, {"by", "from"}) if verb is not None and verb.lower_ in reading.lexicon.sets["drawing_verbs"] else []
    made = [t for c in children(token, {"acl"}) for t in agents(c)]
    return any(reading.refer(t) for t in [*prepositional(token, {"by", "from"}), *drawn, *made])


def _instrument(_reading: Reading, token: Token, _argument: str) -> bool:
    if token.dep_ == "compound":
        return True
    return token.dep_ == "pobj" and token.head.lower_ in {"under", "per", "within", "pursuant", "despite", "by", "from", "of", "after", "before"}


def _plural_generic(_reading: Reading, token: Token, _argument: str) -> bool:
    if token.lower_ in {"talks", "negotiations", "discussions", "consultations", "meetings"} or token.tag_ != "NNS":
        return any(t.lower_ in {"any", "every", "future"} for t in token.children if t.dep_ in {"det", "amod"})
    return not prepositional(token, {"with", "between", "to"}) and not children(token, {"poss"})


def _internal(reading: Reading, token: Token, _argument: str) -> bool:
    words = reading.lexicon.sets["internal_bodies"]
    if any(t.lower_ in words for t in phrase_words(token)[-3:]):
        return True
    return any(t.lower_ in words for t in prepositional(token, {"of"}))


def _mountain(_reading: Reading, token: Token, _argument: str) -> bool:
    peaks = {"mountain", "mount", "mt", "mt.", "hill", "peak", "everest", "k2", "volcano"}
    return any(t.lower_ in peaks for head in prepositional(token, {"of"}) for t in head.subtree)


def _named_event(reading: Reading, token: Token, _argument: str) -> bool:
    return (token.text[:1].isupper() and token.i > 0 and token.nbor(-1).text[:1].isupper()) or reading.name_at(token) is not None


def _next(reading: Reading, token: Token, argument: str) -> bool:
    rest = reading.text[token.idx + len(token) : token.idx + len(token) + 80].lstrip()
    return re.match(argument, rest, re.IGNORECASE) is not None


def _speaks_to_person(reading: Reading, token: Token, _argument: str) -> bool:
    return any(n.kind == "person" for t in prepositional(token, {"to"}) for n in reading.refer(t))


def _speaks_to_thing(reading: Reading, token: Token, _argument: str) -> bool:
    heads = prepositional(token, {"to"})
    return bool(heads) and not any(reading.refer(t) or t.tag_ in {"NNS", "PRP"} for t in heads)


TESTS: dict[str, Test] = {
    "clause": has_clause,
    "quoted": is_quoted,
    "quoted_object": _quoted_object,
    "object": _has_object,
    "object_person": _object_person,
    "object_human": _object_human,
    "object_place": _object_place,
    "object_complement": _object_complement,
    "prep": _preposition,
    "prep_in": _preposition_in,
    "prep_place": _prep_place,
    "attended": _attended,
    "particle": _particle,
    "infinitive": _infinitive,
    "asks": _asks,
    "gerund": _gerund,
    "as": lambda r, t, _a: _preposition(r, t, "as"),
    "agent": lambda _r, t, _a: bool(agents(t)),
    "passive": lambda _r, t, _a: is_passive(t),
    "passive_without_agent": _passive_without_agent,
    "singular_subject": _singular_subject,
    "one_has_agreed": _one_has_agreed,
    "plural_subject": _plural_subject,
    "counterpart": _counterpart,
    "subject_in": _subject_in,
    "subject_nobody": _subject_nobody,
    "not_performative": _not_performative,
    "modifier": _modifier,
    "governor": _governor,
    "signed_after": _signed_after,
    "between_and": _between,
    "possessor": _possessor,
    "by_name": _by_name,
    "instrument": _instrument,
    "named_instrument": _named_instrument,
    "plural_generic": _plural_generic,
    "internal": _internal,
    "mountain": _mountain,
    "named_event": _named_event,
    "next": _next,
    "to_thing": _speaks_to_thing,
    "speak_to_person": _speaks_to_person,
    "present": lambda _r, t, _a: t.tag_ in {"VBP", "VBZ", "VB"},
    "verb": lambda _r, t, _a: is_verb(t),
}
