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

from dateline.events.place_phrases import DURING, LOCATIVE, TOWARD, beginnings, holds, phrases
from dateline.names.reference import names_at
from dateline.names.tables import gazetteer_for
from dateline.notes import Mention, Name, Notes, notes_of
from dateline.records import Place
from dateline.resources import Resources, resources_for

CARRIES = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "conj", "appos", "oprd", "dative", "nmod", "compound"})


class PlacesComponent:
    """Callable Doc -> Doc. Picklable: holds the language and the overlay, not the resources."""

    def __init__(self, language: str, overlay: str | None) -> None:
        self.language, self.overlay = language, overlay

    def __call__(self, doc: Doc) -> Doc:
        """Set the place of each mention whose clause names one."""
        notes = notes_of(doc)
        reader = PlaceReader(doc, notes, resources_for(self.language, self.overlay))
        for mention in notes.mentions:
            if mention.place is None:
                mention.place = reader.find(mention)
        for mention in notes.mentions:
            if mention.place is None:
                mention.place = reader.carried(mention)
        return doc


@Language.factory("dateline_places", default_config={"language": "en", "overlay": None})
def make_places(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> PlacesComponent:  # noqa: ARG001 - spaCy's factory signature
    """Make the component for `nlp.add_pipe("dateline_places")`."""
    return PlacesComponent(language, overlay)


class PlaceReader:
    """Reads where the events of one article happen; built for one Doc and thrown away after."""

    def __init__(self, doc: Doc, notes: Notes, resources: Resources) -> None:
        self.gazetteer = gazetteer_for(resources)
        lists = self.gazetteer.lists
        self.doc, self.notes = doc, notes
        self.words = {name: lists[f"place_{name}"] for name in ("occasion", "instrument", "speaking", "sideline")}
        self.travel = beginnings(lists["place_travel"])
        self.venue = re.compile(rf"\b(?:{'|'.join(sorted(lists['place_venue']))})\b", re.IGNORECASE)

    def find(self, mention: Mention) -> Place | None:
        """Return where the trigger's clause says the event happens; None where it does not say."""
        token = self.doc[mention.token]
        if mention.type == "statement":
            return self._best(self._said_at(token))
        return self._before_noun(token) or self._best(self._clause_places(token))

    def _best(self, places: Iterator[Place]) -> Place | None:
        """Return the first place; one that no table knows ("the Imperial Hotel") is the venue of the next that a table knows ("in Tokyo")."""
        places = (p for p in places if not self._is_region(p))
        first = next(places, None)
        if first is None or first.country is not None:
            return first
        known = next((p for p in places if p.country is not None), None)
        if known is None or known.venue is not None or not self.venue.search(first.name):
            return first if known is None else known
        return Place(known.name, first.name, known.admin, known.country, known.latitude, known.longitude)

    def _is_region(self, place: Place) -> bool:
        """Say whether a place is a part of the world, where nothing takes place: "the Summit of the Americas"."""
        if place.country is not None or place.latitude is not None:
            return False
        return any(e.detail in ("continent", "region") for e in self.gazetteer.get(place.name))

    def carried(self, mention: Mention) -> Place | None:
        """Return the place of the summit or meeting at which, or on the sidelines of which, the sentence puts this event."""
        token = self.doc[mention.token]
        governors = [token, *self._governors(token)]
        where = next((g.head.i for g in governors if g.dep_ == "relcl" and any(t.lower_ in ("where", "at", "which") for t in g.lefts)), None)
        spans = [{t.i for t in q.subtree} for g in governors for q in phrases(g, DURING) if not holds(q, token)]
        if mention.type != "statement":
            spans = [q for q in spans if any(self.doc[i].lower_ in self.words["sideline"] or self.travel.match(self.doc[i].text) for i in q)]
        for host in self.notes.mentions:
            if host is not mention and host.type in ("summit", "meeting") and (host.token == where or any(host.token in q for q in spans)):
                return host.place or self._only_place(host.type)
        return None

    def _governors(self, token: Token) -> Iterator[Token]:
        """Yield the verbs and nouns above a trigger noun in its own clause, and the journey that a trigger verb is the purpose of."""
        governor, previous = token.head, token
        if previous.dep_ == "pobj" and governor.lower_ in ("for", "at", "during", "on"):
            governor, previous = governor.head, governor  # "met in Niamey for a summit"
            if governor != previous and governor.tag_.startswith("V"):
                yield governor
            return
        while governor != previous and (previous.dep_ in CARRIES or (previous.dep_ in ("xcomp", "advcl", "relcl") and self.travel.match(governor.text))):
            if previous.tag_.startswith("V") and previous.dep_ == "conj":
                return
            yield governor
            governor, previous = governor.head, governor

    def _only_place(self, kind: str) -> Place | None:
        """Return the one place that the article's other mentions of this type have; None where there are several or none."""
        places = {m.place for m in self.notes.mentions if m.type == kind and m.place is not None}
        return places.pop() if len(places) == 1 else None

    def _before_noun(self, token: Token) -> Place | None:
        """Return the place of "the Madrid summit": a city right before the noun, never a country, which names a party."""
        for child in token.lefts:
            if child.dep_ in ("compound", "amod", "nmod", "poss"):
                for name in names_at(child, self.notes):
                    if name.kind is None and name.place is not None and name.end <= token.idx:
                        return name.place
        return None

    def _clause_places(self, token: Token) -> Iterator[Place]:
        """Yield the places in the phrases of the trigger, of its objects that are names, and of the verbs that govern it."""
        toward = self.travel.match(token.text) is not None
        if toward:
            yield from (p for child in token.children if child.dep_ == "dobj" for p in self._at(child, visited=True))
        if token.dep_ == "relcl" and any(t.lower_ == "where" for t in token.lefts):  # "travelled to Berlin, where he met"
            yield from (n.place for n in names_at(token.head, self.notes) if n.place is not None)
        for phrase in phrases(token, DURING | (TOWARD if toward else LOCATIVE)):
            if phrase.head.lower_ not in DURING - LOCATIVE or phrase.lower_ in self.words["sideline"] | self.words["occasion"]:
                yield from self._at(phrase)
        for child in token.children:
            yield from self._inside_names(child)
            if child.dep_ == "acl" and child.tag_ == "VBN":  # "the agreement, signed in Canberra"
                yield from (p for q in phrases(child, LOCATIVE) for p in self._at(q))
            if child.dep_ == "prep" and child.lower_ in ("for", "over"):  # "hosted him for dinner in Paris"
                yield from (
                    p for t in child.children if t.dep_ == "pobj" and t.lower_ in self.words["occasion"] for q in phrases(t, LOCATIVE) for p in self._at(q)
                )
        for governor in self._governors(token):
            toward = self.travel.match(governor.text) is not None
            for phrase in phrases(governor, TOWARD if toward else LOCATIVE):
                if not holds(phrase, token):
                    yield from self._at(phrase)

    def _inside_names(self, child: Token) -> Iterator[Place]:
        """Yield places that the parser hung on a party instead of the verb: "met with Chris Seed in Washington"."""
        parties = (
            [child]
            if child.dep_ in ("dobj", "nsubj", "conj")
            else [
                t
                for t in child.children
                if child.dep_ == "prep" and child.lower_ in ("with", "between", "by", "of") and (child.lower_ != "of" or t.lower_ in self.words["instrument"])
            ]
        )
        while parties:
            party = parties.pop()
            parties += [t for t in party.children if t.dep_ in ("conj", "appos")]
            if party.lower_ in self.words["instrument"]:
                yield from (p for t in party.subtree if t.dep_ == "prep" and t.lower_ == "in" for q in t.children if q.dep_ == "pobj" for p in self._city(q))
            if child.lower_ == "with" or any(n.kind is not None for n in names_at(party, self.notes)) or party.lower_ in self.words["occasion"]:
                for phrase in phrases(party, LOCATIVE - {"on"}):
                    yield from self._at(phrase)

    def _city(self, phrase: Token) -> Iterator[Place]:
        """Yield a phrase's place if it is a city: "signed the Treaty on Defence Cooperation in Sydney" is where, "the deal on arms in Asia" is not."""
        yield from (n.place for n in names_at(phrase, self.notes) if n.kind is None and n.place is not None and n.place.latitude is not None)

    def _at(self, phrase: Token, *, visited: bool = False) -> Iterator[Place]:
        """Yield the place that a phrase names: itself, with its venue ("the IFEMA center in Madrid"), or one inside it."""
        named = [n for n in names_at(phrase, self.notes) if n.place is not None]
        if named and (named[0].country is not None or named[0].kind is not None):
            yield _whole(named[0])
            return
        if any(n.kind == "person" for n in names_at(phrase, self.notes)) or (visited and not self.venue.search(phrase.text)):
            return
        held = [phrase, *(c for c in phrase.children if c.dep_ == "acl" and c.tag_ in ("VBN", "VBG"))]
        inner = next((p for h in held for q in phrases(h, LOCATIVE | {"of"}) for p in self._at(q)), None)
        own = next(
            (
                n
                for c in phrase.children
                if c.dep_ in ("compound", "poss", "appos", "nmod")
                for n in names_at(c, self.notes)
                if n.place is not None and n.kind is None
            ),
            None,
        )
        if inner is not None:
            yield self._with_venue(inner, phrase)
        elif named:
            yield _whole(named[0])  # a place that no table knows
        elif own is None and (housed := self._housed(phrase)) is not None:
            yield housed
        elif own is not None:
            yield self._with_venue(_whole(own), phrase)

    def _housed(self, phrase: Token) -> Place | None:
        """Return a building of a country: "in Argentina's National Congress"."""
        state = next((n for c in phrase.children if c.dep_ == "poss" for n in names_at(c, self.notes) if n.kind == "state"), None)
        if state is None or not self.venue.search(phrase.text):
            return None
        words = [t for t in phrase.doc[phrase.left_edge.i : phrase.i + 1] if t.idx >= state.end and t.dep_ != "case"]
        venue = phrase.doc[words[0].i : phrase.i + 1].text
        return Place(venue, venue, country=state.country)

    def _with_venue(self, place: Place, phrase: Token) -> Place:
        """Return a place with the phrase that holds it as its venue, where that reads like a building."""
        state = next((n.country for c in phrase.children if c.dep_ == "amod" for n in names_at(c, self.notes) if n.kind == "state"), None)
        if place.country is None and state is not None:
            place = Place(place.name, country=state)  # "the Egyptian resort of Dahab"
        if not self.venue.search(phrase.text) or place.venue is not None:
            return place
        words = [t for t in phrase.doc[phrase.left_edge.i : phrase.i + 1] if t.dep_ != "det"]
        venue = phrase.doc[words[0].i : phrase.i + 1].text
        return Place(place.name, venue, place.admin, place.country, place.latitude, place.longitude) if venue[:1].isupper() else place

    def _in_content(self, verb: Token, phrase: Token) -> bool:
        """Say whether what is said stands between the verb and a phrase: "called it a reprisal for the strikes in Kunduz" is not where it was said."""
        content = ("dobj", "ccomp", "oprd", "attr", "xcomp", "acomp")
        return any(
            verb.i < child.i < phrase.i
            and child.dep_ in content
            and child.lower_ not in self.words["occasion"]
            and not child.is_ancestor(phrase)
            and not self._is_told(verb, child)
            for child in verb.children
        )

    def _is_told(self, verb: Token, child: Token) -> bool:
        """Say whether an object is the audience or only "this": "told supporters in Kano that", "announced this in Geneva"."""
        behind = any(c.dep_ == "ccomp" and c.i > child.i for c in verb.children)
        return child.dep_ == "dobj" and (child.tag_ in ("PRP", "DT") or behind)

    def _said_at(self, token: Token) -> Iterator[Place]:
        """Yield where a saying was made: "in Berlin" right at its verb, "speaking in", "told reporters in", "at a news conference in"."""
        for child in token.children:
            if child.dep_ == "advcl" and child.lower_ in self.words["speaking"]:
                yield from self._said_at(child)
            if child.dep_ in ("dobj", "dative", "nsubj") and (child.lower_ in self.words["occasion"] or child.lower_.startswith("spokes")):
                yield from (p for q in phrases(child, LOCATIVE) if q.lower_ != "headquarters" for p in self._at(q))
        for phrase in phrases(token, DURING):
            if (phrase.head.lower_ == "on" and phrase.lower_ not in self.words["occasion"]) or self._in_content(token, phrase):
                continue
            named = [n for n in names_at(phrase, self.notes) if n.place is not None]
            if named or phrase.lower_ in self.words["occasion"] or self.venue.search(phrase.text):
                yield from self._at(phrase)


def _whole(name: Name) -> Place:
    """Return a name's place."""
    return name.place or Place(name.name, country=name.country)
