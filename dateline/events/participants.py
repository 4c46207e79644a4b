"""Who takes part: turns the phrase heads that a frame names into participants, and drops mentions without the ones they need.

Here: the component `dateline_participants` (sets mention.participants, prunes notes.mentions). A media outlet is no speaker. A mention whose
rule is anaphoric ("the talks", "they discussed") may lack participants: it is kept as `weak` for dateline.events.merging to join to an event
found before, or to drop. Next: dateline.events.places and dateline.events.status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.events.frames import FRAMES
from dateline.events.lexicon import TriggerRule
from dateline.events.noun_tests import phrase_words
from dateline.events.phrases import names_of, person_before, speaks_jointly, works_for_media
from dateline.events.reading import Reading
from dateline.events.requirements import meets, stands_in_title
from dateline.events.syntax import conjuncts, prepositional
from dateline.events.unnamed import other_side, parties_told
from dateline.events.verb_tests import quotation_of
from dateline.names.antecedents import subject_of
from dateline.names.tables import gazetteer_for
from dateline.notes import Mention, Name
from dateline.records import Participant
from dateline.resources import Resources, resources_for

PERSONS = frozenset({"person", "office"})
DESCRIBER = re.compile(r"(?:\s*\([A-Z.]+\))?(?:’s|'s)?\s+(?:[A-Z][\w.-]*\s+|(?:of|and|for)\s+){0,8}")
GOES_ON = 2  # sentences
LABEL = re.compile(r"(?:^|\n)\s*([A-Z][\w .'’-]{1,40}):\s*$")


def read_participants(reading: Reading, mention: Mention, rule: TriggerRule, parties: Sequence[Name] = ()) -> list[Participant]:
    """Return who takes part in the mention, each once, in the order of the frame; `parties` are those of the meeting told of before."""
    found: dict[str, Participant] = {}
    trigger = reading.doc[mention.token]
    beside = person_before(reading, trigger) if rule.frame == "speech" and not speaks_jointly(reading, trigger) else None
    if beside is not None:
        found[beside.name] = Participant(beside.name, "speaker", beside.kind, beside.country, ((beside.start, beside.end),))
    for token, role in FRAMES[rule.frame](reading, trigger):
        if role == "speaker" and (beside is not None or works_for_media(reading, token)):
            continue
        for name in _denoted(reading, mention, token, parties, speaks=role == "speaker"):
            if name.kind is None or name.media:
                continue
            _add(found, name, role, _span(reading, token, name))
    if rule.frame in {"visit", "visit_noun"} and not any(p.role == "host" for p in found.values()):
        for state in _visited(reading, rule, trigger):
            if state.country in {p.country for p in found.values()}:
                continue
            _add(found, state, "host", (state.start, state.end))
    if rule.type == "meeting" and len(found) == 1 and "two" in rule.requires:
        for name in other_side(reading, mention, rule, next(iter(found.values()))):
            _add(found, name, "party", (name.start, name.end))
    return without_describers(reading, list(found.values()))


def _visited(reading: Reading, rule: TriggerRule, trigger: Token) -> list[Name]:
    """Return the countries of the cities visited, where nobody else is named as host (GUIDELINE ruling 18)."""
    countries = gazetteer_for(reading.resources).country_names
    goals = [reading.name_at(t) for t, role in FRAMES[rule.frame](reading, trigger) if role == "host"]
    cities = [n for n in goals if n is not None and n.kind is None and n.place is not None and n.place.country in countries]
    return [Name(n.start, n.end, n.text, countries[str(n.country)], "state", n.country) for n in cities if n.country in countries]


def _denoted(reading: Reading, mention: Mention, token: Token, parties: Sequence[Name], *, speaks: bool) -> list[Name]:
    quoting = _quoting(reading, mention, token)
    if quoting is None and (labelled := _label(reading, token)) is not None:
        return labelled
    if quoting is not None:
        return [n for t, role in FRAMES["speech"](reading, quoting) if role == "speaker" for n in names_of(reading, t, parties, speaks=True)]
    return _going_on(reading, mention, token) or names_of(reading, token, parties, speaks=speaks)


def _quoting(reading: Reading, mention: Mention, token: Token) -> Token | None:
    """Return the verb that quotes the "I" or "we" of a quotation; None outside quotations and where nobody is said to speak it."""
    quoted = reading.quote_around(token) if token.lower_ in {"i", "we"} else None
    if quoted is None:
        return None
    sayings = [m for m in reading.notes.mentions if m.type == "statement" and m is not mention and not quoted[0] <= m.start < quoted[1]]
    verbs = (reading.doc[m.token] for m in sayings if reading.lexicon.rule_of[m.rule].frame == "speech")
    return next((v for v in verbs if quotation_of(reading, v) == quoted), None)


def _label(reading: Reading, token: Token) -> list[Name] | None:
    """Return who a transcript's label ("Berg: ...") gives a quoted "I" to; None where the word is not quoted or nothing labels it."""
    quoted = reading.quote_around(token) if token.lower_ in {"i", "we"} else None
    match = LABEL.search(reading.text, max(0, quoted[0] - 60), quoted[0]) if quoted else None
    return None if match is None else [n for n in reading.names_within(match.start(1), match.end(1)) if n.kind == "person"][:1]


def without_describers(reading: Reading, participants: list[Participant]) -> list[Participant]:
    """Leave out a state that only describes a person behind it: "Republic of Moldova (RM) Foreign Minister Anna Rusu" is one party."""
    people = [span[0] for p in participants if p.kind == "person" for span in p.mentions]

    def describes(p: Participant) -> bool:
        ends = [span[1] for span in p.mentions]
        return p.kind == "state" and any(0 < start - end < 70 and DESCRIBER.fullmatch(reading.text[end:start]) for start in people for end in ends)

    return [p for p in participants if not describes(p)]


def _going_on(reading: Reading, mention: Mention, token: Token) -> list[Name]:
    """Return the last speaker where "he said" goes on from that saying, as long as the pronoun fits."""
    if token.lower_ not in {"he", "she"} or reading.lexicon.rule_of[mention.rule].frame != "speech":
        return []
    earlier = [m for m in reading.notes.mentions if m.type == "statement" and m.start < mention.start and m.participants]
    if not earlier or mention.sentence - earlier[-1].sentence > GOES_ON:
        return []
    speakers = [p for p in earlier[-1].participants if p.role == "speaker"]
    if len(speakers) != 1 or not _fits(reading, token, speakers[0], earlier[-1]) or _other_subject(reading, token, speakers[0], earlier[-1]):
        return []
    p = speakers[0]
    return [Name(token.idx, token.idx + len(token), token.text, p.name, p.kind, p.country)]


def _other_subject(reading: Reading, token: Token, speaker: Participant, earlier: Mention) -> bool:
    """Say whether somebody else has become what the text is about since the earlier saying."""
    after = reading.sentence_span(earlier.sentence)[1]
    return any(n.kind == "person" and n.name != speaker.name and subject_of(reading.doc, n) for n in reading.names_within(after, token.idx))


def _fits(reading: Reading, token: Token, speaker: Participant, mention: Mention) -> bool:
    if speaker.kind in PERSONS:
        gender = next((g for n, _, g, _, _ in reading.doc.user_data.get("dateline_cast", ()) if n == speaker.name), "")
        return gender in {"", "m" if token.lower_ == "he" else "f"}
    start = speaker.mentions[0][0]
    head = next((t for t in FRAMES[reading.lexicon.rule_of[mention.rule].frame](reading, reading.doc[mention.token]) if t[0].idx == start), None)
    return head is not None and head[0].tag_ == "NN"  # "a US official", filed as the United States


def _span(reading: Reading, token: Token, name: Name) -> tuple[int, int]:
    here = reading.name_at(token)
    if here is not None and here.name == name.name:
        return here.start, here.end
    return token.idx, token.idx + len(token)


def _add(found: dict[str, Participant], name: Name, role: str, span: tuple[int, int]) -> None:
    known = found.get(name.name)
    if known is None:
        found[name.name] = Participant(name.name, role, name.kind, name.country, (span,))
    elif span not in known.mentions:
        found[name.name] = Participant(known.name, known.role, known.kind, known.country, (*known.mentions, span))


def stops(reading: Reading, mention: Mention) -> list[Mention]:
    """Return one mention for each stop of a trip whose stops are dated apart (GUIDELINE ruling 4); any other mention as it is."""
    hosts = [p for p in mention.participants if p.role == "host"]
    if len(hosts) < 2 or mention.type != "meeting":
        return [mention]
    dated = [(p, t) for p in hosts for t in reading.dates if 0 < t.start - p.mentions[0][1] <= 12]
    if len(dated) < 2:
        return [mention]
    others = [p for p in mention.participants if p.role != "host"]
    return [
        replace(mention, participants=[*others, p], rules=list(mention.rules), notes={**mention.notes, "timex": str(t.start), "apart": "1"}) for p, t in dated
    ]


def separate(reading: Reading, mention: Mention) -> list[Mention]:
    """Return one mention for each counterpart of "separate meetings with A and B" (GUIDELINE ruling 17); any other mention as it is."""
    token = reading.doc[mention.token]
    words = {t.lower_ for t in phrase_words(token)[-3:]} | {c.lower_ for c in token.children}
    if mention.type != "meeting" or not words & {"separate", "separately", "individual"}:
        return [mention]
    counterparts = {n.name for t in prepositional(token, {"with"}) for c in conjuncts(t) for n in names_of(reading, c)}
    own = [p for p in mention.participants if p.name not in counterparts]
    others = [p for p in mention.participants if p.name in counterparts]
    if not own or len(others) < 2:
        return [mention]
    return [replace(mention, participants=[*own, other], rules=list(mention.rules), notes=dict(mention.notes)) for other in others]


class Participants:
    """The component `dateline_participants`."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Read the participants of each mention."""
        reading = Reading(doc, self.resources)
        kept: list[Mention] = []
        parties: list[Name] = []
        for mention in reading.notes.mentions:
            rule = reading.lexicon.rule_of[mention.rule]
            if stands_in_title(reading, mention):
                continue
            mention.participants = read_participants(reading, mention, rule, parties)
            if rule.id == "meeting.noun" and not mention.participants:
                mention.participants = parties_told(reading, mention, kept, parties)
            if mention.type == "meeting" and len(mention.participants) > 1:
                parties = [Name(*p.mentions[0], "", p.name, p.kind, p.country) for p in mention.participants]
            if all(meets(r, reading, mention) for r in rule.requires):
                kept += [part for each in separate(reading, mention) for part in stops(reading, each)]
            elif rule.anaphoric:
                mention.notes["weak"] = "1"
                kept.append(mention)
        reading.notes.mentions = kept
        return doc


@Language.factory("dateline_participants", default_config={"language": "en", "overlay": None})
def make_participants(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> Participants:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return Participants(resources_for(language, overlay))
