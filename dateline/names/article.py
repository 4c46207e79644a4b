"""All names of one article: people, then institutions, then whatever else the tables know, then spaCy's own entities for the rest.

Here: `name_article`, the order in which the parts of this package have their say; the longest reading of a stretch of words wins. Not here:
the parts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dateline.names.acronyms import defined_acronyms
from dateline.names.antecedents import CAST, MAIN, TITLED
from dateline.names.appearances import find_people, is_company
from dateline.names.byline import home_country
from dateline.names.institutions import institutions
from dateline.names.origins import settle_countries
from dateline.names.people import Cast, Figure
from dateline.names.scan import Scan
from dateline.names.sense import Sense
from dateline.names.tables import Gazetteer, gazetteer_for
from dateline.names.titles import Person
from dateline.notes import Name, Notes
from dateline.records import Place
from dateline.resources import Resources

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


def name_article(doc: Doc, notes: Notes, resources: Resources) -> list[Name]:
    """Return every resolved name of the article, by start; spans of people and institutions may hold shorter ones."""
    gazetteer = gazetteer_for(resources)
    scan = Scan(notes.article.text, gazetteer)
    home = home_country(notes.article, resources)
    sense = Sense(scan, gazetteer, doc, home)
    cast = Cast(gazetteer.nicknames)
    entities = doc.ents
    mentions = find_people(entities, scan, gazetteer, cast, notes, resources)
    settle_countries(cast, gazetteer, home, scan, sense.main)
    names = [_person_name(scan, person, figure) for person, figure in mentions]
    taken = {k for person, _ in mentions for k in range(person.first, person.last)}
    names += _companies(scan, gazetteer, taken, sense.main)
    names += _institutions(scan, mentions, gazetteer, sense.main)
    names += [n for hit in scan.hits if not taken.intersection(range(hit.first, hit.last)) for n in [sense.decide(hit)] if n is not None]
    names = _with_acronyms(scan, names, sense.main)
    names += _entities(entities, scan, names, sense.main)
    doc.user_data[CAST] = [(f.name, f.country, f.gender, tuple(sorted(f.titles)), f.organisation) for f in cast.figures]
    doc.user_data[MAIN] = sense.main
    doc.user_data[TITLED] = [_titled_span(scan, person) for person, _ in mentions if person.title_first >= 0]
    return sorted(dict.fromkeys(names), key=lambda n: (n.start, -n.end))


def _with_acronyms(scan: Scan, names: list[Name], main: str | None) -> list[Name]:
    """Return the names with those that the article's own acronyms give; a use of an acronym loses what the tables made of it."""
    text, starts, ends = scan.words.text, scan.words.starts, scan.words.ends
    for each in defined_acronyms(scan):
        begin, end = starts[each.first], ends[each.last - 1]
        known = next((n for n in names if n.start == begin and n.end == end and n.kind in ("organisation", "state")), None)
        if known is not None and known.kind == "state":
            continue  # "Republic of Korea (ROK)": the tables know better
        full = known or Name(begin, end, text[begin:end], " ".join(text[begin:end].split()), "organisation", main)
        used = {starts[k] for k in each.uses}
        if any(n.name == full.name for n in names if n.start in used):
            continue
        names = [n for n in names if n.start not in used and not (n.start >= begin and n.end <= end)]
        names += [full, *(Name(starts[k], ends[k], text[starts[k] : ends[k]], full.name, full.kind, full.country) for k in each.uses)]
    return names


def _companies(scan: Scan, gazetteer: Gazetteer, taken: set[int], main: str | None) -> list[Name]:
    """Return the companies whose names begin like a person's: "James Hardie Industries"."""
    found = []
    for k, word in enumerate(scan.words.folds):
        if word in gazetteer.given and k not in taken and k not in scan.holding and scan.name_like(k):
            last = scan.run(k)
            if last - k > 1 and is_company(scan, k, last):
                start, end = scan.words.starts[k], scan.words.ends[last - 1]
                found.append(Name(start, end, scan.words.text[start:end], scan.words.span(k, last), "organisation", main))
    return found


def _titled_span(scan: Scan, person: Person) -> tuple[int, int]:
    """Return the offsets where a person's title begins and where the name begins."""
    return scan.words.starts[person.title_first], scan.words.starts[person.first]


def _person_name(scan: Scan, person: Person, figure: Figure) -> Name:
    start, end = scan.words.starts[person.first], scan.words.ends[person.last - 1]
    return Name(start, end, scan.words.text[start:end], figure.name, "person", figure.country)


def _institutions(scan: Scan, mentions: list[tuple[Person, Figure]], gazetteer: Gazetteer, main: str | None) -> list[Name]:
    ends = {p.last: f.country for p, f in mentions}
    found = []
    for each in institutions(scan, ends, main):
        start, end = scan.words.starts[each.first], scan.words.ends[each.last - 1]
        text = scan.words.text[start:end]
        if each.government and each.country:
            country = gazetteer.country_names[each.country]
            found.append(Name(start, end, text, country, "state", each.country))
        elif each.name is not None:
            found.append(Name(start, end, text, each.name, "organisation", each.country))
    return found


def _entities(entities: Sequence[Span], scan: Scan, names: list[Name], main: str | None) -> list[Name]:
    """Return spaCy's organisations and places that touch nothing found so far."""
    held = [False] * (len(scan.words.text) + 1)
    for name in names:
        held[name.start : name.end] = [True] * (name.end - name.start)
    found = []
    for entity in entities:
        if entity.label_ not in ("ORG", "GPE", "LOC", "FAC") or any(held[entity.start_char : entity.end_char]):
            continue
        read = _entity(entity, scan, main)
        if read is not None:
            found.append(read)
    return found


def _entity(entity: Span, scan: Scan, main: str | None) -> Name | None:
    first, last = scan.words.at(entity.start_char, entity.end_char)
    while first < last and scan.words.folds[first] == "the":
        first += 1
    while last > first and (scan.words.folds[last - 1] == "s" or not scan.words.texts[last - 1][0].isalnum()):
        last -= 1
    hit = scan.beginning(first) if first < last else None
    if hit is not None and hit.of("title") is not None and hit.last >= last:
        return None
    if first >= last or not scan.words.texts[first][0].isupper() or scan.in_caps(first):
        return None
    if (last - first == 1 and scan.words.folds[first] in scan.lists["not_name"]) or scan.lists["instrument"].intersection(scan.words.folds[first:last]):
        return None
    start, end = scan.words.starts[first], scan.words.ends[last - 1]
    text = scan.words.text[start:end]
    if "\n" in text.strip():
        return None
    body = bool(scan.lists["institution"].intersection(scan.words.folds[first:last])) or is_company(scan, first, last)
    if (
        entity.label_ == "ORG"
        or (body and entity.label_ != "FAC")
        or (text.isupper() and text.isalpha() and len(text) < 8)
        or (entity.label_ == "GPE" and entity.root.dep_ in ("nsubj", "agent"))
    ):
        outlet = bool(scan.lists["outlet"].intersection(scan.words.folds[first:last]))
        return Name(start, end, text, " ".join(text.split()), "organisation", main, media=outlet)
    return Name(start, end, text, " ".join(text.split()), None, None, Place(" ".join(text.split())))
