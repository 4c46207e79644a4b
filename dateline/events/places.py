"""Where events happen: the place that the trigger's own clause names.

Here: the component `dateline_places`, which sets mention.place. A meeting's, summit's or accord's place stands in a prepositional phrase of the
trigger or its clause ("met in Vilnius, Lithuania", "held talks at the White House"), before the noun ("the Madrid summit"), or is what is
visited ("visit to Belgium"). A saying has a place only where the text says where it was said ("told reporters in Tokyo"). Never the place a
party is from, never a dateline's. Not here: finding places (dateline.names). Next: dateline.events.status.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.names.reference import names_at
from dateline.notes import Mention, Name, Notes, notes_of
from dateline.records import Place

LOCATIVE = frozenset({"in", "at", "near", "outside", "aboard", "inside"})
DURING = LOCATIVE | {"on", "during"}
TOWARD = frozenset({"to", "in", "at", "into", "through", "around"})
TRAVEL = re.compile(
    r"^(?:visit|travel|trip|tour|journey|go$|goes|going|went|fl[iye]|flew|head|arriv|return|come|coming|came|mission|stop|pilgrim|land)", re.IGNORECASE
)
CARRIES = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "conj", "appos", "oprd", "dative", "nmod", "compound"})
NARROW = frozenset({"prep", "agent", "dative"})
OCCASIONS = frozenset(
    {"conference", "briefing", "interview", "speech", "reporters", "journalists", "summit", "meeting", "rally", "ceremony", "forum", "visit", "talks",
     "session", "event", "dinner", "opening", "lecture", "remarks", "audience", "trip", "stop", "crowd", "hearing", "tv", "television", "radio"}
)  # fmt: skip
INSTRUMENTS = frozenset({"treaty", "agreement", "accord", "pact", "memorandum", "deal", "declaration", "protocol", "convention", "contract", "communique"})
SIDELINES = frozenset({"sidelines", "margins", "sideline", "fringes"})
VENUES = re.compile(
    r"\b(?:palace|hotel|center|centre|hall|house|headquarters|airport|base|embassy|residence|castle|villa|resort|stadium|university|church|ministry"
    r"|parliament|congress|senate|assembly|knesset|chancellery|office|complex|club|lodge|ranch|retreat|island)\b",
    re.IGNORECASE,
)


class PlacesComponent:
    """Callable Doc -> Doc. Picklable: holds the language and the overlay, not the resources."""

    def __init__(self, language: str, overlay: str | None) -> None:
        self.language, self.overlay = language, overlay

    def __call__(self, doc: Doc) -> Doc:
        """Set the place of each mention whose clause names one."""
        notes = notes_of(doc)
        for mention in notes.mentions:
            if mention.place is None:
                mention.place = find_place_of(doc, mention, notes)
        for mention in notes.mentions:
            if mention.place is None:
                mention.place = carried_place(doc, mention, notes)
        return doc


@Language.factory("dateline_places", default_config={"language": "en", "overlay": None})
def make_places(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> PlacesComponent:  # noqa: ARG001 - spaCy's factory signature
    """Make the component for `nlp.add_pipe("dateline_places")`."""
    return PlacesComponent(language, overlay)


def find_place_of(doc: Doc, mention: Mention, notes: Notes) -> Place | None:
    """Return where the trigger's clause says the event happens; None where it does not say."""
    token = doc[mention.token]
    if mention.type == "statement":
        return _best(_said_at(token, notes))
    return _before_noun(token, notes) or _best(_clause_places(token, notes))


def _best(places: Iterator[Place]) -> Place | None:
    """Return the first place; one that no table knows ("the Imperial Hotel") is the venue of the next that a table knows ("in Tokyo")."""
    first = next(places, None)
    if first is None or first.country is not None:
        return first
    known = next((p for p in places if p.country is not None), None)
    if known is None or known.venue is not None or not VENUES.search(first.name):
        return first if known is None else known
    return Place(known.name, first.name, known.admin, known.country, known.latitude, known.longitude)


def carried_place(doc: Doc, mention: Mention, notes: Notes) -> Place | None:
    """Return the place of the summit or meeting at which, or on the sidelines of which, the sentence puts this event."""
    token = doc[mention.token]
    governors = [token, *_governors(token)]
    where = next((g.head.i for g in governors if g.dep_ == "relcl" and any(t.lower_ in ("where", "at", "which") for t in g.lefts)), None)
    phrases = [{t.i for t in q.subtree} for g in governors for q in _phrases(g, DURING) if not _holds(q, token)]
    if mention.type != "statement":
        phrases = [q for q in phrases if SIDELINES & {doc[i].lower_ for i in q}]
    for host in notes.mentions:
        if host is not mention and host.type in ("summit", "meeting") and (host.token == where or any(host.token in q for q in phrases)):
            return host.place or _only_place(host.type, notes)
    return None


def _governors(token: Token) -> Iterator[Token]:
    """Yield the verbs and nouns above a trigger noun in its own clause, and the journey that a trigger verb is the purpose of."""
    governor, previous = token.head, token
    if previous.dep_ == "pobj" and governor.lower_ in ("for", "at", "during", "on"):
        governor, previous = governor.head, governor  # "met in Niamey for a summit"
        if governor != previous and governor.tag_.startswith("V"):
            yield governor
        return
    while governor != previous and (previous.dep_ in CARRIES or (previous.dep_ in ("xcomp", "advcl", "relcl") and TRAVEL.match(governor.text))):
        if previous.tag_.startswith("V") and previous.dep_ == "conj":
            return
        yield governor
        governor, previous = governor.head, governor


def _only_place(kind: str, notes: Notes) -> Place | None:
    """Return the one place that the article's other mentions of this type have; None where there are several or none."""
    places = {m.place for m in notes.mentions if m.type == kind and m.place is not None}
    return places.pop() if len(places) == 1 else None


def _before_noun(token: Token, notes: Notes) -> Place | None:
    """Return the place of "the Madrid summit": a city right before the noun, never a country, which names a party."""
    for child in token.lefts:
        if child.dep_ in ("compound", "amod", "nmod", "poss"):
            for name in names_at(child, notes):
                if name.kind is None and name.place is not None and name.end <= token.idx:
                    return name.place
    return None


def _clause_places(token: Token, notes: Notes) -> Iterator[Place]:
    """Yield the places in the phrases of the trigger, of its objects that are names, and of the verbs that govern it."""
    toward = TRAVEL.match(token.text) is not None
    if toward:
        yield from (p for child in token.children if child.dep_ == "dobj" for p in _at(child, notes, visited=True))
    for phrase in _phrases(token, TOWARD if toward else LOCATIVE):
        yield from _at(phrase, notes)
    for child in token.children:
        yield from _inside_names(child, notes)
    for governor in _governors(token):
        toward = TRAVEL.match(governor.text) is not None
        for phrase in _phrases(governor, TOWARD if toward else LOCATIVE):
            if not _holds(phrase, token):
                yield from _at(phrase, notes)


def _holds(phrase: Token, token: Token) -> bool:
    return phrase == token or phrase.is_ancestor(token)


def _phrases(token: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    """Yield the objects of the token's own prepositional phrases, phrases stacked on one another included ("in July in Vilnius")."""
    for child in token.children:
        if child.dep_ in NARROW:
            if child.lower_ in prepositions:
                yield from (t for t in child.children if t.dep_ in ("pobj", "pcomp"))
            for inner in _stacked(child):
                if inner.lower_ in prepositions:
                    yield from (t for t in inner.children if t.dep_ == "pobj")


def _stacked(phrase: Token) -> Iterator[Token]:
    """Yield the prepositions that the parser hung on a time inside a phrase: "from 11th to 12th July 2023 in Vilnius"."""
    for child in phrase.children:
        if child.dep_ == "prep":
            yield child
        if child.dep_ == "prep" or child.ent_type_ in ("DATE", "TIME", "CARDINAL"):
            yield from _stacked(child)


def _inside_names(child: Token, notes: Notes) -> Iterator[Place]:
    """Yield places that the parser hung on a party instead of the verb: "met with Chris Seed in Washington"."""
    parties = (
        [child]
        if child.dep_ in ("dobj", "nsubj", "conj")
        else [t for t in child.children if child.dep_ == "prep" and child.lower_ in ("with", "between", "by")]
    )
    while parties:
        party = parties.pop()
        parties += [t for t in party.children if t.dep_ in ("conj", "appos")]
        if party.dep_ == "dobj" and party.lower_ in INSTRUMENTS:
            yield from (p for t in party.subtree if t.dep_ == "prep" and t.lower_ == "in" for q in t.children if q.dep_ == "pobj" for p in _city(q, notes))
        if any(n.kind is not None for n in names_at(party, notes)) or party.lower_ in ("talks", "meeting", "meetings", "discussions"):
            for phrase in _phrases(party, LOCATIVE - {"on"}):
                yield from _at(phrase, notes)


def _city(phrase: Token, notes: Notes) -> Iterator[Place]:
    """Yield a phrase's place if it is a city: "signed the Treaty on Defence Cooperation in Sydney" is where, "the deal on arms in Asia" is not."""
    yield from (n.place for n in names_at(phrase, notes) if n.kind is None and n.place is not None and n.place.latitude is not None)


def _at(phrase: Token, notes: Notes, *, visited: bool = False) -> Iterator[Place]:
    """Yield the place that a phrase names: itself, with its venue ("the IFEMA center in Madrid"), or one inside it."""
    named = [n for n in names_at(phrase, notes) if n.place is not None]
    if named and (named[0].country is not None or named[0].kind is not None):
        yield _whole(named[0])
        return
    if any(n.kind == "person" for n in names_at(phrase, notes)) or (visited and not VENUES.search(phrase.text)):
        return
    held = [phrase, *(c for c in phrase.children if c.dep_ == "acl" and c.tag_ in ("VBN", "VBG"))]
    inner = next((p for h in held for q in _phrases(h, LOCATIVE | {"of"}) for p in _at(q, notes)), None)
    own = next(
        (n for c in phrase.children if c.dep_ in ("compound", "poss", "appos", "nmod") for n in names_at(c, notes) if n.place is not None and n.kind is None),
        None,
    )
    if inner is not None:
        yield _with_venue(inner, phrase)
    elif named:
        yield _whole(named[0])  # a place that no table knows
    elif own is None and (housed := _housed(phrase, notes)) is not None:
        yield housed
    elif own is not None:
        yield _with_venue(_whole(own), phrase)


def _housed(phrase: Token, notes: Notes) -> Place | None:
    """Return a building of a country: "in Argentina's National Congress"."""
    state = next((n for c in phrase.children if c.dep_ == "poss" for n in names_at(c, notes) if n.kind == "state"), None)
    if state is None or not VENUES.search(phrase.text):
        return None
    words = [t for t in phrase.doc[phrase.left_edge.i : phrase.i + 1] if t.idx >= state.end and t.dep_ != "case"]
    venue = phrase.doc[words[0].i : phrase.i + 1].text
    return Place(venue, venue, country=state.country)


def _whole(name: Name) -> Place:
    """Return a name's place."""
    return name.place or Place(name.name, country=name.country)


def _with_venue(place: Place, phrase: Token) -> Place:
    """Return a place with the phrase that holds it as its venue, where that reads like a building."""
    if not VENUES.search(phrase.text) or place.venue is not None:
        return place
    words = [t for t in phrase.doc[phrase.left_edge.i : phrase.i + 1] if t.dep_ != "det"]
    venue = phrase.doc[words[0].i : phrase.i + 1].text
    return Place(place.name, venue, place.admin, place.country, place.latitude, place.longitude) if venue[:1].isupper() else place


def _said_at(token: Token, notes: Notes) -> Iterator[Place]:
    """Yield where a saying was made: "in Berlin" right at its verb, "speaking in", "told reporters in", "at a news conference in"."""
    for child in token.children:
        if child.dep_ == "advcl" and child.lower_ in ("speaking", "addressing", "talking", "appearing", "standing"):
            yield from _said_at(child, notes)
        if child.dep_ in ("dobj", "dative", "nsubj") and (child.lower_ in OCCASIONS or child.lower_.startswith("spokes")):
            yield from (p for q in _phrases(child, LOCATIVE) if q.lower_ != "headquarters" for p in _at(q, notes))
    for phrase in _phrases(token, DURING):
        if phrase.head.lower_ == "on" and phrase.lower_ not in OCCASIONS:
            continue
        named = [n for n in names_at(phrase, notes) if n.place is not None]
        if named or phrase.lower_ in OCCASIONS or VENUES.search(phrase.text):
            yield from _at(phrase, notes)
