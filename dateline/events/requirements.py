"""What a rule requires of a mention's participants and of its words before it may stand as an event.

Here: `meets`, which reads a rule's `requires` (alternatives joined by "|"), `is_abroad`, and `stands_in_title`. Not here: who takes part
(dateline.events.participants, which asks).
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from dateline.events.frames import FRAMES
from dateline.events.phrases import TITLE
from dateline.events.reading import Reading
from dateline.events.syntax import is_passive, is_verb
from dateline.events.verb_tests import has_plural_subject
from dateline.notes import Mention

PERSONS = frozenset({"person", "office"})
AT_IT = frozenset({"at", "during", "to", "in", "after", "before"})
NAMED = re.compile(r"[A-Z]\w+ (?:of|on|for) (?:the )?[A-Z]\w+")  # "Summit of the Americas"


def meets(requirement: str, reading: Reading, mention: Mention) -> bool:
    """Say whether the participants satisfy one requirement of the rule; alternatives are joined by "|"."""
    return any(_meets(part, reading, mention) for part in requirement.split("|"))


def _is_union(reading: Reading, mention: Mention) -> bool:
    """Say whether one party is an organisation of states, whose own meeting is one of several parties ("the APEC meeting")."""
    frame = reading.lexicon.rule_of[mention.rule].frame
    if frame != "gathering" and not (frame == "joint" and has_plural_subject(reading, reading.doc[mention.token], "")):
        return False
    words = reading.lexicon.sets["unions"]
    return any(p.kind == "organisation" and words & set(p.name.lower().split()) for p in mention.participants)


def _meets(requirement: str, reading: Reading, mention: Mention) -> bool:
    roles = [p.role for p in mention.participants]
    if requirement == "speaker":
        return "speaker" in roles
    if requirement == "addressee":
        return "addressee" in roles
    if requirement == "party":
        return "party" in roles or "host" in roles
    if requirement == "two":
        return len(roles) >= 2 or _is_union(reading, mention)
    if requirement == "done":
        return _is_dated_deed(reading, mention)
    if requirement == "named":
        token = reading.doc[mention.token]
        there = token.dep_ == "pobj" and token.head.lower_ in AT_IT and token.head.head.tag_[:2] != "NN"
        match = NAMED.match(reading.text, mention.start) if there or token.dep_ != "pobj" or _is_beside(reading, token) else None
        if match is not None:
            mention.notes["named"] = match.group()
        return match is not None
    if requirement == "union":
        return any(p.kind == "organisation" for p in mention.participants)
    if requirement == "abroad":
        return is_abroad(reading, mention)
    if requirement == "officer":
        return any(p.kind in PERSONS for p in mention.participants)
    if requirement == "dated":
        first, last = reading.sentence_span(mention.sentence)
        return any(first <= t.start < last and t.first_day for t in reading.notes.timexes)
    return False


def _is_dated_deed(reading: Reading, mention: Mention) -> bool:
    """Say whether the text says when an accord was signed or reached, though not by whom: "an agreement signed in August 1983"."""
    token = reading.doc[mention.token]
    deeds = [token] if is_verb(token) else [c for c in token.children if c.dep_ in {"acl", "relcl"} and c.tag_ == "VBN"]
    span = (reading.doc[v.left_edge.i : v.right_edge.i + 1] for v in deeds if is_passive(v) and v.lower_ in reading.lexicon.sets["joining_verbs"])
    dated = any(s.start_char <= t.start < s.end_char and t.first_day for s in span for t in reading.notes.timexes)
    if dated:
        mention.notes["unsided"] = "1"
    return dated


def stands_in_title(reading: Reading, mention: Mention) -> bool:
    """Say whether the gathering only stands in somebody's title: "Special Adviser for the Lake Summit Ana Berg"."""
    token = reading.doc[mention.token]
    if token.dep_ != "pobj" or token.head.lower_ not in {"for", "to"} or token.head.head.tag_ != "NNP" or not token.text[:1].isupper():
        return False
    person = next((n for n in reading.names_within(mention.end, mention.end + 80) if n.kind == "person"), None)
    return person is not None and TITLE.fullmatch(reading.text[mention.end : person.start]) is not None


def _is_beside(reading: Reading, token: Token) -> bool:
    """Say whether something happens "on the margins of" the gathering."""
    return token.head.lower_ == "of" and token.head.head.lower_ in reading.lexicon.sets["beside_topics"]


def is_abroad(reading: Reading, mention: Mention) -> bool:
    """Say whether a visit crosses a border or has a person as host (GUIDELINE ruling 4)."""
    if any(p.role == "host" and p.kind in PERSONS for p in mention.participants):
        return True
    home = {p.country for p in mention.participants if p.role == "party"} - {None}
    hosts = [t for t, role in FRAMES[reading.lexicon.rule_of[mention.rule].frame](reading, reading.doc[mention.token]) if role == "host"]
    names = [n for n in map(reading.name_at, hosts) if n is not None]
    there = {n.country or (n.place.country if n.place else None) for n in names} - {None}
    return bool(there - home) or len([p for p in mention.participants if p.kind in PERSONS | {"state"}]) > 1
