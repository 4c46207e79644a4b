"""What a form of the tables means where it stands: the city or the state that it stands for, the country or the US state, nobody.

Here: `Sense`, which decides a hit of dateline.names.scan by the words around it, the article's other names, population, and syntax where the
sentence was parsed. Not here: people (dateline.names.people), spaCy's entities (dateline.names.component).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dateline.names.scan import Hit, Scan
from dateline.names.tables import Entry, Gazetteer
from dateline.notes import Name
from dateline.records import Place

if TYPE_CHECKING:
    from spacy.tokens import Doc

SUBJECT = frozenset(("nsubj", "nsubjpass", "agent", "csubj"))
SMALL = 300_000
CAPITAL = 15  # a capital counts as so many times its people: Washington the city before the state, Victoria the state before Seychelles' capital
NATIONAL = frozenset(("parliament", "party", "government", "military", "police", "court"))


class Sense:
    """Decides what each hit of one article means."""

    def __init__(self, scan: Scan, gazetteer: Gazetteer, doc: Doc | None, home: str | None = None) -> None:
        self.scan = scan
        self.lists = gazetteer.lists
        self.gazetteer = gazetteer
        self.doc = doc
        self.countries: Counter[str] = Counter()
        self.seen: set[str] = set()
        self.main: str | None = None  # the country named most often
        for hit in scan.hits:
            entry = hit.of("country", "demonym", "organisation")
            if entry is not None and entry.country:
                self.countries[entry.country] += 1
            self.seen.update(e.name for e in hit.entries if e.sort == "place")

        if home is not None:
            self.countries[home] += 1
        if self.countries:
            self.main = self.countries.most_common(1)[0][0]

    def decide(self, hit: Hit) -> Name | None:
        """Return what a hit denotes, or None where it is no name there."""
        country, place = hit.of("country"), hit.of("place")
        medium, organisation = hit.of("medium"), hit.of("organisation")
        if medium is not None and not (organisation or country):
            return self._name(hit, medium.name, "organisation", medium.country, media=medium.detail != "mouthpiece")
        if country is not None and self._dateline(hit):
            return self._name(hit, country.name, None, country.country, country.place)
        if country is not None and not (place is not None and self._is_province(hit, country)):
            return self._name(hit, country.name, "state", country.country, country.place)
        if organisation is not None and not self._party_word(hit):
            return self._organisation(hit, organisation)
        if place is not None:
            return self._place(hit)
        demonym = hit.of("demonym")
        if demonym is not None and demonym.detail == "people" and self._before(hit) != "the":
            return None  # "Iraqis fled": people, no party; "the Saudis agreed" is their state
        if demonym is not None and hit.of("title") is None:
            return self._name(hit, demonym.name, "state", demonym.country)
        return None

    def _organisation(self, hit: Hit, entry: Entry) -> Name:
        """Return an organisation; a national one is of the country right before it ("Canadian House of Commons"), else of the article's main one."""
        venue = hit.of("place")
        place = venue.place if venue is not None else None
        if entry.detail not in NATIONAL:
            return self._name(hit, entry.name, "organisation", entry.country, place)
        before = self.scan.holding.get(hit.first - 1) if self._before(hit) else None
        own = before.of("demonym") if before is not None else None
        if before is not None and own is not None and own.country != entry.country:
            return self._name(Hit(before.first, hit.last, hit.entries), self.scan.words.span(before.first, hit.last), "organisation", own.country)
        return self._name(hit, entry.name, "organisation", entry.country or self.main, place)

    def best_place(self, hit: Hit) -> Place | None:
        """Return the place that a hit means: the one in the country or state named right after it, in a country of the article, or the largest."""
        places = [e for e in hit.entries if e.place is not None]
        if not places:
            return None
        after = self._named_after(hit)
        fitting = [e for e in places if after and after in (e.country, e.place.admin if e.place else None)]
        if not fitting and after is None:
            top = max(e.weight for e in places)
            fitting = [e for e in places if e.country in self.countries and e.weight * 6 >= top] if top < SMALL * 10 else []
        chosen = max(fitting or places, key=lambda e: e.weight * (CAPITAL if e.detail == "capital" else 1))
        if after and not fitting and len(after) == 2 and chosen.detail == "city" and chosen.weight < SMALL:
            return Place(chosen.name, country=after)
        return chosen.place

    def _place(self, hit: Hit) -> Name | None:
        place = self.best_place(hit)
        entry = next((e for e in hit.entries if e.place == place), hit.entries[0])
        if place is None or self._surname_like(hit, entry):
            return None
        text = self.scan.words.span(hit.first, hit.last)
        code = self.gazetteer.capitals.get(text) or self.gazetteer.capitals.get(entry.name)
        if text == "Brussels" and self.stands_for_state(hit):
            return self._name(hit, "European Union", "organisation", None)
        if code and place.country in (code, None) and self.stands_for_state(hit):
            return self._name(hit, self.gazetteer.country_names[code], "state", code)
        return self._name(hit, place.name, None, place.country, place)

    def stands_for_state(self, hit: Hit) -> bool:
        """Say whether a capital's name acts ("Moscow said", "between Washington and Beijing", "Tokyo's offer") rather than locates."""
        words, before, after = self.scan.words, self._before(hit), self._after(hit)
        if before in self.lists["locative"] or (after == "," and self._named_after(hit)) or self.scan.in_caps(hit.first) or self._dateline(hit):
            return False
        if after in ("'", "’") and hit.last + 2 < len(words):
            return words.folds[hit.last + 2] not in self.lists["city_like"]
        if after in self.lists["city_like"]:
            return False
        dep, head = self._syntax(hit)
        if dep in SUBJECT:
            return True
        if dep == "pobj":
            return head in ("between", "with", "by", "against")
        if dep == "conj" or (not dep and before == "and"):
            previous = self._previous_hit(hit)
            return (
                previous is not None and previous.of("country") is not None if previous is None or not previous.of("place") else self.stands_for_state(previous)
            )
        return before in ("between", "with", "by", "against") or after in self.lists["acting"]

    def _dateline(self, hit: Hit) -> bool:
        """Say whether a place opens a report ("Bern, 12.05.2022 -", "PARIS, March 3 -"): at a line's start, before a comma and a date."""
        words = self.scan.words
        opens = hit.first == 0 or not words.joined(hit.first)
        if not opens or self._after(hit) not in (",", "-", "–", "—", "(") or hit.last + 1 >= len(words):
            return False
        return words.folds[hit.last] != "," or words.texts[hit.last + 1][0].isdigit() or words.folds[hit.last + 1][:3] in self.lists["month"]

    def _is_province(self, hit: Hit, country: Entry) -> bool:
        """Say whether a form that is a country's and a province's name means the province ("Georgia" beside other US states)."""
        province = next((e for e in hit.entries if e.sort == "place" and e.detail == "state"), None)
        if province is None:
            return False
        before = self.scan.holding.get(hit.first - 2) if self._before(hit) == "," else None
        if before is not None and any(e.place is not None and e.place.admin == province.name for e in before.entries):
            return True
        return bool({name.replace(" ", "_") for name in self.seen} & self.lists["state_beside"]) and not self.seen & {
            place for place, code in self.gazetteer.capitals.items() if code == country.country
        }

    def _named_after(self, hit: Hit) -> str | None:
        """Return the country code or the state's name that follows after a comma: "Vilnius, Lithuania", "Paris, Texas"."""
        words = self.scan.words
        if hit.last + 1 < len(words) and words.folds[hit.last] in (",", "("):
            follower = self.scan.beginning(hit.last + 1)
            if follower is not None and words.joined(hit.last + 1):
                state = next((e for e in follower.entries if e.detail == "state"), None)
                country = follower.of("country")
                if state is not None and any(e.place is not None and e.place.admin == state.name for e in hit.entries):
                    return state.name
                return country.country if country else None
        return None

    def _surname_like(self, hit: Hit, entry: Entry) -> bool:
        """Say whether a town's name is more likely a person's here: beside another capitalised word, with no preposition before it."""
        words, k = self.scan.words, hit.first
        if hit.last - hit.first > 1 or self._before(hit) in self.lists["locative"]:
            return False
        if words.folds[k] in self.lists["weak_place"] and self._named_after(hit) is None:
            return True
        if entry.detail in ("capital", "continent", "region", "venue", "state"):
            return False
        beside = k > 0 and words.joined(k) and self.scan.name_like(k - 1) and self.scan.holding.get(k - 1) is None and words.texts[k - 1].isalpha()
        follows = hit.last < len(words) and words.joined(hit.last) and self.scan.name_like(hit.last) and self.scan.holding.get(hit.last) is None
        if (beside and not self.scan.in_caps(k)) or (follows and words.texts[hit.last][0].isalpha() and entry.weight < SMALL):
            return True
        return entry.weight < SMALL and self._before(hit) not in ("of", "to", "from", "and", ",", "") and self._named_after(hit) is None

    def _party_word(self, hit: Hit) -> bool:
        """Say whether an organisation's name is an ordinary word here ("Labor Day", "Solidarity" at a sentence start)."""
        words, k = self.scan.words, hit.first
        if hit.last - k > 1 or words.folds[k] not in self.lists["word_organisation"]:
            return False
        if words.folds[k] in ("labor", "labour") and not {"AU", "GB", "NZ"} & set(self.countries):
            return True
        beside = k > 1 and words.joined(k) and words.texts[k - 1][0].isupper() and (k - 1) not in self.scan.holding and words.texts[k - 2] not in (".", "!")
        return beside or self._after(hit) in ("day", "with", "market", "games")

    def _name(self, hit: Hit, name: str, kind: str | None, country: str | None, place: Place | None = None, *, media: bool = False) -> Name:
        words = self.scan.words
        start, end = words.starts[hit.first], words.ends[hit.last - 1]
        return Name(start, end, words.text[start:end], name, kind, country, place, media)

    def _before(self, hit: Hit) -> str:
        return self.scan.words.folds[hit.first - 1] if hit.first > 0 and self.scan.words.joined(hit.first) else ""

    def _after(self, hit: Hit) -> str:
        return self.scan.words.folds[hit.last] if hit.last < len(self.scan.words) and self.scan.words.joined(hit.last) else ""

    def _previous_hit(self, hit: Hit) -> Hit | None:
        return self.scan.holding.get(hit.first - 2) if hit.first >= 2 else None

    def _syntax(self, hit: Hit) -> tuple[str, str]:
        """Return the hit's dependency label and its head's word, in small letters; empty where the sentence was not parsed."""
        if self.doc is None:
            return "", ""
        words = self.scan.words
        span = self.doc.char_span(words.starts[hit.first], words.ends[hit.last - 1], alignment_mode="expand")
        if span is None or not span.root.dep_ or not span.root.tag_:
            return "", ""
        return span.root.dep_, span.root.head.text.casefold()
