"""Whether it happened: reads status from tense, modality, negation and cue words, and drops what is only wished for or supposed.

Here: `status_of`, over the cues of status.jsonl, and the component `dateline_status` (sets mention.status, prunes notes.mentions). A cue's kind
says where it stands: an auxiliary of the trigger's verb, a governor ("plans to meet", "called for talks"), a predicate ("ready to meet"), a
governor of nouns only, a modifier ("the upcoming summit"), an adverb, a conjunction, or an implicative governor, which means that it did happen
("went on to say").
Dates after the document time make an event planned only later, in dateline.events.merging. Next: dateline.events.content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.events.inflection import verb_forms
from dateline.events.noun_tests import phrase_words
from dateline.events.reading import Reading
from dateline.events.syntax import NONE, auxiliaries, is_negated, is_verb, subjects_of, verb_of
from dateline.notes import Mention
from dateline.resources import Resources, resources_for

DROPPED = frozenset({"wished", "generic", "hypothetical"})
UNREAL = frozenset({"possible", "denied", "cancelled"})
SAYINGS = frozenset({"statement"})
FIRST_PERSON_AIMS = frozenset({"like", "want", "wish"})  # "I would like to thank"
HOPING = ("hope", "hoping", "wish")
INFLECTED = frozenset({"governor", "governor_noun", "implicative"})
NONFINITE = frozenset({"xcomp", "advcl", "acl", "ccomp", "relcl", "pcomp"})


@dataclass(frozen=True, slots=True)
class StatusCue:
    """Words that give a status where they stand as `kind` says. Governors are inflected as verbs; other words are taken as they are."""

    id: str
    kind: str
    words: tuple[str, ...]
    status: str  # one of records.STATUSES, or "wished", "generic", "hypothetical": no event
    example: str
    counter_example: str


@cache
def _cues(resources: Resources) -> dict[str, dict[str, StatusCue]]:
    index: dict[str, dict[str, StatusCue]] = {}
    for cue in resources.rules("status.jsonl", StatusCue):
        words = {f for w in cue.words for f in verb_forms(w, resources)} if cue.kind in INFLECTED else set(cue.words)
        for word in words:
            index.setdefault(cue.kind, {}).setdefault(word, cue)
    return index


def status_of(reading: Reading, mention: Mention) -> str:
    """Return the status of the mention, or one of DROPPED."""
    token = reading.doc[mention.token]
    cues = _cues(reading.resources)
    noun = not is_verb(token) and token.lower_ != "according"
    verb = verb_of(token, reading.lexicon.sets) if noun else token
    if noun:
        undone = cues["governor_noun"].get(verb.lower_) if verb is not None and token.dep_ == "dobj" else None
        if undone is not None and undone.status in UNREAL:
            return undone.status  # "cancelled a planned meeting"
        for word in phrase_words(token):
            if cue := cues["modifier"].get(word.lower_):
                return cue.status
        if token.dep_ == "pobj" and token.head.lower_ in {"at", "during"}:
            return "occurred"  # what is not done at a summit does not undo the summit
    if verb is None:
        return "occurred"
    if noun and token.dep_ in {"dobj", "nsubjpass", "nsubj"} and any(c.dep_ == "det" and c.lower_ in NONE for c in token.children):
        return "generic" if mention.type in SAYINGS else "denied"  # "made no comment", "reached no agreement"
    if noun and mention.type == "agreement" and token.dep_ == "nsubj" and not _is_its_deed(reading, verb):
        return "occurred"  # "the agreement between A and B will ease trade"
    return _verb_status(verb, token, mention, cues)


def _is_its_deed(reading: Reading, verb: Token) -> bool:
    """Say whether a verb tells how an accord comes about, is in force or ends."""
    sets = reading.lexicon.sets
    return verb.lower_ in sets["joining_verbs"] | sets["passing_verbs"] | sets["force_verbs"] | sets["holding_verbs"] or verb.dep_ in {"xcomp", "acomp"}


def _verb_status(verb: Token, token: Token, mention: Mention, cues: dict[str, dict[str, StatusCue]]) -> str:
    if verb != token and (cue := cues["governor_noun"].get(verb.lower_) or _wish(verb, cues)):
        coming = _infinitive(verb, mention, cues) if cue.status == "ongoing" and any(t.lower_ == "to" for t in auxiliaries(verb)) else ""
        return coming if coming in {"planned", "possible"} else cue.status  # "agreed to resume talks" has them still to come
    if any(c.dep_ == "advmod" and c.lower_ in cues["adverb"] for c in verb.children):
        return "generic"
    for step in _clause_chain(verb):
        if any(c.dep_ == "mark" and c.lower_ in cues["conjunction"] for c in step.children):
            return "hypothetical"
    if is_negated(verb):
        return "generic" if mention.type in SAYINGS else "denied"
    words = [t.lower_ for t in auxiliaries(verb)]
    if "would" in words and verb.dep_ == "ccomp" and mention.type not in SAYINGS and verb.head.lower_.startswith(HOPING):
        return "wished"  # "hoped that they would meet"
    for word in words:
        if cue := cues["auxiliary"].get(word):
            return _modal(cue, verb, mention)
    if verb.tag_ == "VB" or "to" in words:
        return _infinitive(verb, mention, cues)
    if mention.type in {"meeting", "summit"} and verb.tag_ == "VBG" and any(w in {"is", "are", "'re", "'s"} for w in words):
        return "ongoing"
    return "occurred"


def _wish(verb: Token, cues: dict[str, dict[str, StatusCue]]) -> StatusCue | None:
    """Return the cue of a governor whose noun object is only wished for, offered or planned ("called for talks", "proposed talks")."""
    cue = cues["governor"].get(verb.lower_)
    return cue if cue is not None and cue.id != "status.refuse" else None


def _modal(cue: StatusCue, verb: Token, mention: Mention) -> str:
    if mention.type not in SAYINGS:
        return cue.status
    if cue.id == "status.would" and any(s.lower_ in {"i", "we"} for s in subjects_of(verb)):
        return "occurred"  # "I would urge", "we would like to thank"
    return "planned" if cue.status == "planned" and cue.id != "status.would" else "hypothetical"


def _clause_chain(verb: Token) -> Iterator[Token]:
    """Yield the verb and the verbs that it is a non-finite part of or is joined to."""
    yield verb
    for _ in range(4):
        if verb.dep_ not in {"xcomp", "conj"} or verb.head == verb:
            return
        verb = verb.head
        yield verb


def _infinitive(verb: Token, mention: Mention, cues: dict[str, dict[str, StatusCue]]) -> str:
    """Return the status that the governor of an infinitive gives; a purpose ("flew to Oslo to meet") has that of its main verb."""
    below, governor = verb, verb.head
    for _ in range(5):
        if governor == below:
            break
        if below.dep_ in NONFINITE | {"conj", "dobj", "attr", "prep", "pobj", "acomp"}:
            if mention.type in SAYINGS and governor.lower_ in FIRST_PERSON_AIMS and any(s.lower_ in {"i", "we"} for s in subjects_of(governor)):
                return "occurred"
            if cue := cues["governor"].get(governor.lower_) or cues["predicate"].get(governor.lower_):
                unwilled = {"planned": "denied", "possible": "wished"} if is_negated(governor) else {}
                return unwilled.get(cue.status, cue.status)
            if governor.lower_ in {"is", "are", "was", "were", "be"} and below.dep_ == "xcomp":
                return "planned"
            if governor.lower_ in cues["implicative"]:
                return _purpose(governor, mention, cues)
        below, governor = governor, governor.head
    return "hypothetical" if mention.type in SAYINGS else "possible"


def _purpose(governor: Token, mention: Mention, cues: dict[str, dict[str, StatusCue]]) -> str:
    """Return the status of an aim: its main verb's; what somebody will say on a trip that is only planned is no saying."""
    if not is_verb(governor):
        return "occurred"
    status = _verb_status(governor, governor, mention, cues)
    if mention.type in SAYINGS and status != "occurred" and governor.lower_ not in FIRST_PERSON_AIMS:
        return "hypothetical"
    return status if status not in DROPPED or governor.tag_ == "VB" else "occurred"


class Status:
    """The component `dateline_status`."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Read the status of each mention."""
        reading = Reading(doc, self.resources)
        kept = []
        for mention in reading.notes.mentions:
            status = status_of(reading, mention)
            if status not in DROPPED and not (mention.type in SAYINGS and status in UNREAL):
                mention.status = status
                kept.append(mention)
        reading.notes.mentions = kept
        return doc


@Language.factory("dateline_status", default_config={"language": "en", "overlay": None})
def make_status(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> Status:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return Status(resources_for(language, overlay))
