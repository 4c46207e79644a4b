"""How each kind of trigger names its participants: one frame a kind, each reading roles off the trigger's own clause.

Here: `FRAMES`, the functions that rules name as `frame`; each returns (phrase head, role) pairs. Who a head is comes from
dateline.names.reference through the reading. Next: dateline.events.participants, which makes records.Participant of them.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Token

from dateline.events.noun_tests import phrase_words
from dateline.events.reading import Reading
from dateline.events.syntax import (
    OBJECTS,
    agents,
    children,
    conjuncts,
    governing_verb,
    is_negated,
    is_passive,
    is_verb,
    own_subjects,
    prepositional,
    subjects_of,
)
from dateline.events.verb_tests import is_plural, quotation_of

Roles = list[tuple[Token, str]]
Frame = Callable[[Reading, Token], Roles]
BACK = 60  # words over which "it" goes back to an accord
TALKERS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})


def _all(heads: list[Token], role: str) -> Roles:
    return [(token, role) for head in heads for token in conjuncts(head)]


def speech(reading: Reading, verb: Token) -> Roles:
    """Who says it, and to whom: subject or agent, and the person told."""
    passive = is_passive(verb)
    speakers = agents(verb) if passive else subjects_of(_past_medium(verb))
    if not passive:
        speakers = _inverted(reading, verb, speakers) or speakers or _nearest_left(reading, verb)
    told = children(verb, OBJECTS if not passive else {"nsubjpass"}) + prepositional(verb, {"to", "on", "upon"})
    things = reading.lexicon.sets["things"]  # "called it a matter of health" tells nobody
    return _all(speakers, "speaker") + [(t, "addressee") for t, _ in _all(told, "addressee") if t not in speakers and t.lower_ not in things]


def _past_medium(verb: Token) -> Token:
    """Return the clause's verb for a participle that the parse hung on a medium: "posted a message on Twitter blaming" is the poster's."""
    if verb.dep_ == "acl" and verb.head.dep_ == "pobj" and verb.head.head.lower_ in {"on", "via"}:
        return governing_verb(verb) or verb
    return verb


def _inverted(reading: Reading, verb: Token, found: list[Token]) -> list[Token]:
    """'"...," said Dahl': the speaker stands right after the verb, whatever the parse makes of it."""
    if verb.tag_ not in {"VBD", "VBZ", "VBN"} or any(s.i > verb.i for s in found):
        return []
    quoted = quotation_of(reading, verb)
    before = verb.nbor(-1) if verb.i else verb
    if before.text not in {",", '"', "”", "''"} and not (quoted and quoted[1] <= verb.idx <= quoted[1] + 3):
        return []
    if found and before.text == "," and not quoted:
        return []
    for token in verb.doc[verb.i + 1 : verb.i + 12]:
        if token.is_punct or token.tag_ in {"IN", "TO"} or is_verb(token):
            break
        if token.tag_ in TALKERS and token.dep_ not in {"compound", "poss", "amod", "nmod"}:
            return [token]
    return []


def _nearest_left(reading: Reading, verb: Token) -> list[Token]:
    """Return the name or pronoun just before a finite verb whose subject the parse has lost."""
    if verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return []
    for i in range(verb.i - 1, max(-1, verb.i - 8), -1):
        token = verb.doc[i]
        if is_verb(token) or token.text in {".", ";", '"', "”", "\n"}:
            break
        if token.tag_ in {"NNP", "PRP"} and (reading.name_at(token) or token.tag_ == "PRP"):
            return [token]
    return []


def according(_reading: Reading, token: Token) -> Roles:
    """Return the object of "according to"."""
    heads = [t for c in token.children if c.lower_ == "to" for t in children(c, {"pobj", "pcomp"})]
    return _all(heads, "speaker")


def speech_noun(reading: Reading, noun: Token) -> Roles:
    """Whose statement: the possessor, "by" or "from" whom, or the subject of "issued"."""
    found = _all(children(noun, {"poss"}) + prepositional(noun, {"by", "from"}), "speaker")
    made = [c for c in children(noun, {"acl"}) if c.lower_ in reading.lexicon.sets["issue_verbs"]]
    found += [(t, r) for c in made for t, r in _all(agents(c), "speaker")]
    verb = governing_verb(noun)
    if not found and verb is not None and verb.lower_ in reading.lexicon.sets["drawing_verbs"]:
        return _all(prepositional(verb, {"from", "by"}), "speaker")
    if not found and verb is not None:
        found = _all(agents(verb) if is_passive(verb) else subjects_of(verb), "speaker")
    return [(t, r) for t, r in found if t != noun]


def joint(reading: Reading, verb: Token) -> Roles:
    """Who meets: subject, object, and whoever stands with "with", "between" or "alongside"."""
    heads = subjects_of(verb) if not is_passive(verb) else agents(verb) + children(verb, {"nsubjpass"})
    heads = heads or _nearest_left(reading, verb)
    others = children(verb, OBJECTS) + prepositional(verb, {"with", "between", "to", "alongside", "and"})
    others += [t for o in others for t in prepositional(o, {"with"})]
    return _all(heads, "party") + [(t, "party") for t, _ in _all(others, "party")]


def leaders(_reading: Reading, verb: Token) -> Roles:
    """Whose leaders meet: the organisation before or after "leaders"."""
    heads = subjects_of(verb)
    inside = [t for h in heads for t in [*phrase_words(h), *prepositional(h, {"of", "from"})]]
    inside += [t for o in inside for t in prepositional(o, {"of"})]
    return [(t, "party") for t in inside] + _all(prepositional(verb, {"with"}), "party")


def talk(reading: Reading, verb: Token) -> Roles:
    """Who talks with whom: subject, "with", "between", "to"; the object is the topic."""
    heads = subjects_of(verb) if not is_passive(verb) else agents(verb)
    heads = heads or _nearest_left(reading, verb)
    links = {"with", "between"} if verb.lower_[:4] in {"disc", "nego", "cons"} else {"with", "between", "to"}
    alone = not any(is_plural(s) for s in heads)  # "the leaders discussed relations with Chile": Chile is a topic
    others = prepositional(verb, links) or [t for o in children(verb, OBJECTS) if alone for t in prepositional(o, {"with"})]
    return _all(heads, "party") + _all(others, "party")


def visit(_reading: Reading, verb: Token) -> Roles:
    """Who travels, and whom or where they visit."""
    to = children(verb, OBJECTS) + prepositional(verb, {"to"})
    return _all(subjects_of(verb) if not is_passive(verb) else agents(verb), "party") + _stops(to)


def _stops(heads: list[Token]) -> Roles:
    """Return the places of a trip and the countries named behind them: "to Lagos, Nigeria; and Accra, Ghana"."""
    found = _all(heads, "host")
    known = {t for t, _ in found}
    return found + [(t, "host") for h, _ in found for t in h.subtree if t.tag_ == "NNP" and t.dep_ in {"appos", "conj", "npadvmod"} and t not in known]


def visit_noun(reading: Reading, noun: Token) -> Roles:
    """Whose visit, to whom: possessor, "by", "of", or the subject of "made a visit"."""
    found = _all(children(noun, {"poss"}) + prepositional(noun, {"by", "of", "from"}), "party")
    verb = governing_verb(noun)
    if not found and verb is not None:
        found = _all(subjects_of(verb), "party")
    modifiers = [(t, "party") for t in phrase_words(noun) if t.dep_ in {"amod", "compound", "nmod"}]
    goals = prepositional(noun, {"to"})
    if not goals and verb is not None and noun.dep_ == "pobj" and noun.head.head == verb and verb.lower_ in reading.lexicon.sets["arriving"]:
        goals = prepositional(verb, {"in", "at", "to"})  # "arrived in Amman on a visit"
    return found + modifiers + _stops(goals)


def host(_reading: Reading, verb: Token) -> Roles:
    """Who receives whom."""
    if is_passive(verb):
        return _all(agents(verb), "host") + _all(children(verb, {"nsubjpass"}), "party")
    return _all(subjects_of(verb), "host") + _all(children(verb, OBJECTS), "party")


def gathering(reading: Reading, noun: Token) -> Roles:
    """Whose talks: possessors, modifiers ("US-China talks", "NATO summit"), "between", "with", "of", and who holds or attends them."""
    found = _all(children(noun, {"poss"}), "party")
    found += [(t, "party") for t in phrase_words(noun) if t.dep_ in {"amod", "compound", "nmod", "poss"} or t.tag_ in {"NNP", "NNPS"}]
    found += _all(prepositional(noun, {"with", "between", "of", "among", "and", "for"} | ({"on", "upon"} if noun.lower_ == "call" else set())), "party")
    found += [(t, "host") for c in children(noun, {"acl"}) if c.lower_ in {"hosted", "chaired"} for t in agents(c)]
    found += [r for c in children(noun, {"relcl", "acl"}) if c.lower_ in reading.lexicon.sets["holding_verbs"] for r in _held(noun, c)]
    noun = _measured(reading, noun)
    verb = governing_verb(noun)
    if verb is not None and noun.dep_ == "pobj" and noun.head.lower_ in {"after", "following"} and noun.head.head == verb:
        joint_subject = [t for s in subjects_of(verb) for t in conjuncts(s)]
        found += [(t, "party") for t in joint_subject] if len(joint_subject) > 1 or prepositional(noun, {"with"}) else []
    if verb is not None and _holds(reading, noun, verb) and not (is_negated(verb) and noun.dep_ == "pobj"):
        if is_passive(verb):
            found += _all(agents(verb), "host" if verb.lower_ == "hosted" else "party")
        else:
            role = "host" if verb.lower_ in {"host", "hosts", "hosted", "hosting"} else "party"
            found += _all([s for s in subjects_of(verb) if s != noun], role)
        found += _all(prepositional(verb, {"with", "between"}), "party")
        found += _all([t for o in children(verb, OBJECTS) for t in prepositional(o, {"with", "between"})], "party")
    return found


def _measured(reading: Reading, noun: Token) -> Token:
    """Return the "round" of "a round of talks", the noun on which the clause hangs; the noun itself elsewhere."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lower_ in reading.lexicon.sets["measures"]:
        return noun.head.head
    return noun


def _held(noun: Token, verb: Token) -> Roles:
    """Return who holds the talks in "talks that Berg held with Vogel"."""
    heads = [s for s in (agents(verb) if is_passive(verb) else own_subjects(verb)) if s != noun]
    return _all(heads, "party") + _all(prepositional(verb, {"with", "between"}), "party")


def _holds(reading: Reading, noun: Token, verb: Token) -> bool:
    """Say whether the noun is the verb's object or subject, or what its subject attends ("met for talks", "arrived for a summit")."""
    if verb.lower_ not in reading.lexicon.sets["holding_verbs"]:
        return noun.dep_ == "pobj" and noun.head.lower_ in {"in", "during"} and noun.head.head == verb and bool(prepositional(noun, {"with"}))
    if noun.dep_ in {"dobj", "nsubjpass", "conj", "attr"}:
        return True
    if noun.head.lower_ == "for" and verb.lower_ in reading.lexicon.sets["wishing"]:
        return False  # "plan for the summit"
    return noun.dep_ == "pobj" and noun.head.lower_ in {"in", "at", "for", "to", "into", "on"} and noun.head.head == verb


def accord(reading: Reading, verb: Token) -> Roles:
    """Who signs or agrees, with whom."""
    heads = agents(verb) if is_passive(verb) else subjects_of(verb)
    objects = children(verb, {*OBJECTS, "nsubjpass"}) if not is_passive(verb) else children(verb, {"nsubjpass"})
    if verb.dep_ == "acl" and is_passive(verb):
        objects.append(verb.head)
    inside = [t for o in objects for t in prepositional(o, {"with", "between"})]
    inside += [t for o in objects for c in o.children if c.dep_ == "acl" for t in prepositional(c, {"with", "between"})]
    if verb.lower_ in reading.lexicon.sets["brokering"]:
        return _all(heads, "mediator") + _all(prepositional(verb, {"with", "between"}) + inside, "party")
    behalf = [t for b in prepositional(verb, {"on"}) if b.lower_ == "behalf" for t in prepositional(b, {"of"})]
    return _all(heads + behalf, "party") + _all(prepositional(verb, {"with", "between"}) + inside, "party")


def accord_noun(reading: Reading, noun: Token) -> Roles:
    """Whose accord: "between", "with", possessors, modifiers, and who signs or reaches it."""
    found = _all(children(noun, {"poss"}) + prepositional(noun, {"between", "with", "of", "by"}), "party")
    found += [(t, "party") for t in phrase_words(noun) if t.dep_ in {"amod", "compound", "nmod"}]
    verb = governing_verb(noun)
    acts = reading.lexicon.sets["joining_verbs"] | reading.lexicon.sets["passing_verbs"] | reading.lexicon.sets["force_verbs"]
    if verb is not None and verb.lower_ in acts and noun.dep_ in {"dobj", "nsubjpass", "pobj", "conj"}:
        found += [(t, r) for t, r in accord(reading, verb) if t != noun]
    for accord_named in prepositional(noun, {"of"}):  # "the signing of the treaty between"
        found += _all(prepositional(accord_named, {"between", "with"}), "party")
    for child in children(noun, {"acl", "relcl"}):
        found += [(t, r) for t, r in accord(reading, child) if t != noun]
    return found


def accord_of(reading: Reading, verb: Token) -> Roles:
    """Whose accord is in force: the parties of the accord that the subject names or, as "it", goes back to."""
    accords = reading.lexicon.sets["accords"]
    heads = subjects_of(verb)
    for head in heads:
        if head.lower_ in reading.lexicon.sets["referring"]:
            before = (t for t in reversed(verb.doc[max(0, verb.i - BACK) : head.i]) if t.lower_ in accords and t.dep_)
            accord_before = next(before, None)
            heads = [accord_before] if accord_before is not None else []
    return [r for h in heads if h.lower_ in accords for r in accord_noun(reading, h)]


FRAMES: dict[str, Frame] = {
    "speech": speech,
    "speech_noun": speech_noun,
    "according": according,
    "joint": joint,
    "leaders": leaders,
    "talk": talk,
    "visit": visit,
    "visit_noun": visit_noun,
    "host": host,
    "gathering": gathering,
    "accord": accord,
    "accord_noun": accord_noun,
    "accord_of": accord_of,
}
