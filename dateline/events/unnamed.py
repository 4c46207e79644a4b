"""The other side of a meeting where the trigger's own clause does not name it.

Here: `other_side`, for a meeting with one named party ("talks with his Austrian counterpart", "with commercial banks"), and `parties_told`, for one
with none ("agreed after 12 hours of talks", "the next round of consultations"). Not here: what the clause names (dateline.events.frames).
Next: dateline.events.participants, which uses both.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from dateline.events.frames import FRAMES
from dateline.events.lexicon import TriggerRule
from dateline.events.noun_tests import phrase_words
from dateline.events.reading import Reading
from dateline.events.syntax import auxiliaries, prepositional, span_of, verb_of
from dateline.notes import Mention, Name
from dateline.records import Participant

BEHIND = frozenset({"after", "following", "of", "during", "at", "in"})
POSSESSIVE = frozenset({"his", "her", "their", "its"})


def other_side(reading: Reading, mention: Mention, rule: TriggerRule, party: Participant) -> list[Name]:
    """Return who meets the one party that is named: the owner of "his counterpart", or a group whose office tells it apart."""
    heads = [t for t, role in FRAMES[rule.frame](reading, reading.doc[mention.token]) if role == "party"]
    for head in heads:
        if head.lower_.startswith("counterpart"):
            return [n for n in _owner(reading, mention, head) if n.name != party.name]
    if party.kind not in {"person", "office", "state"}:
        return []
    groups = [h for h in heads if h.lower_ in reading.lexicon.sets["bargainers"] and h.tag_ == "NNS" and not reading.refer(h)]
    return [_group(reading, h) for h in groups[:1]]


def _owner(reading: Reading, mention: Mention, head: Token) -> list[Name]:
    """Return whose counterpart it is: the possessive's antecedent, else the one speaker of a saying before it in the sentence."""
    own = next((c for c in head.children if c.dep_ == "poss" and c.lower_ in POSSESSIVE), None)
    if own is None:
        return []
    found = reading.refer(own)[:1]
    if found:
        return found
    sayings = [m for m in reading.notes.mentions if m.type == "statement" and m.sentence == mention.sentence and m.start < mention.start]
    speakers = [p for m in sayings for p in m.participants if p.role == "speaker"]
    return [Name(own.idx, own.idx + len(own), own.text, p.name, p.kind, p.country) for p in speakers] if len(speakers) == 1 else []


def _group(reading: Reading, head: Token) -> Name:
    first = next((t for t in phrase_words(head) if t.tag_ not in {"DT", "PRP$", "CD"}), head)
    of = next((t for t in prepositional(head, {"of", "from"}) if t.right_edge.i - head.i < 5), None)
    start, end = first.idx, span_of(of, reading.doc)[1] if of is not None else head.idx + len(head)
    text = " ".join(reading.text[start:end].split())
    return Name(start, end, text, text, "group", None)


def parties_told(reading: Reading, mention: Mention, kept: Sequence[Mention], parties: Sequence[Name]) -> list[Participant]:
    """Return the parties of a meeting that names none: those of the accord that it led to, or of the round before it."""
    token = reading.doc[mention.token]
    nouns = [token, token.head.head] if token.dep_ == "pobj" else [token]
    words = {c.lower_ for noun in nouns for c in noun.children if c.i < noun.i}
    verb = verb_of(token, reading.lexicon.sets)
    coming = verb is not None and any(t.lower_ in {"will", "would"} for t in auxiliaries(verb)) and "definite" in mention.notes
    if len(parties) > 1 and (words & reading.lexicon.sets["further"] or coming):
        mention.notes["apart"] = "1"
        return [Participant(n.name, "party", n.kind, n.country, ((token.idx, token.idx + len(token)),)) for n in parties]
    if token.dep_ != "pobj" or token.head.lower_ not in BEHIND:
        return []
    for other in reversed(kept):
        if mention.sentence - other.sentence > 1:
            break
        sides = [p for p in other.participants if p.role == "party"]
        if other.type == "agreement" and len(sides) > 1 and other.status == "occurred":
            mention.notes["accord"] = str(other.start)
            return [Participant(p.name, "party", p.kind, p.country, ((token.idx, token.idx + len(token)),)) for p in sides]
    return []
