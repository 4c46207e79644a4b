"""All names of one article: people, then institutions, then whatever else the tables know, then spaCy's own entities for the rest.

Here: `name_article`, the order in which the parts of this package have their say; the longest reading of a stretch of words wins. Not here:
the parts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dateline.names.antecedents import CAST, TITLED
from dateline.names.byline import home_country, written_people
from dateline.names.institutions import institutions
from dateline.names.origins import read_origins, settle_countries
from dateline.names.people import Cast, Figure, parts_of
from dateline.names.scan import Scan
from dateline.names.sense import Sense
from dateline.names.tables import Gazetteer, gazetteer_for
from dateline.names.titles import Person, titled_people, tokens_of
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
    cast = Cast()
    entities = doc.ents
    mentions = _people(entities, scan, gazetteer, cast, notes, resources)
    settle_countries(cast, gazetteer, home, scan, sense.main)
    names = [_person_name(scan, person, figure) for person, figure in mentions]
    taken = {k for person, _ in mentions for k in range(person.first, person.last)}
    names += _companies(scan, gazetteer, taken, sense.main)
    names += _institutions(scan, mentions, gazetteer, sense.main)
    names += [n for hit in scan.hits if not taken.intersection(range(hit.first, hit.last)) for n in [sense.decide(hit)] if n is not None]
    names += _entities(entities, scan, names, sense.main)
    doc.user_data[CAST] = [(f.name, f.country, f.gender, tuple(sorted(f.titles)), f.organisation) for f in cast.figures]
    doc.user_data[TITLED] = [_titled_span(scan, person) for person, _ in mentions if person.title_first >= 0]
    return sorted(dict.fromkeys(names), key=lambda n: (n.start, -n.end))


def _people(entities: Sequence[Span], scan: Scan, gazetteer: Gazetteer, cast: Cast, notes: Notes, resources: Resources) -> list[tuple[Person, Figure]]:
    """Return the mentions of people with whom they denote, in text order, and fill the cast: full names first, then surnames."""
    for person in written_people(notes.article, resources):
        cast.enter(person, person.written or " ".join(person.tokens))
    people = _distinct([*titled_people(scan), *_table_people(scan, gazetteer), *_given_people(scan, gazetteer), *_entity_people(entities, scan)])
    read_origins(scan, people)
    full = [p for p in people if len(parts_of(p.tokens)) > 1]
    for person in full:
        cast.enter(person, _written(scan, person))
    single = [p for p in people if len(parts_of(p.tokens)) == 1]
    for person in single:
        cast.enter(person, _written(scan, person))
    found = [(p, f) for p in people for f in [cast.find(parts_of(p.tokens), p.country, at=p.first)] if f is not None]
    return sorted(found + _surnames(scan, cast, people), key=lambda pair: pair[0].first)


def _distinct(people: list[Person]) -> list[Person]:
    """Return the people in text order; of those that overlap the first given stays."""
    taken: set[int] = set()
    kept = []
    for person in people:
        span = range(person.first, person.last)
        if not taken.intersection(span):
            taken.update(span)
            kept.append(person)
    return sorted(kept, key=lambda p: p.first)


def _table_people(scan: Scan, gazetteer: Gazetteer) -> list[Person]:
    found = []
    for hit in scan.hits:
        entry = hit.of("person")
        if entry is not None and hit.of("country", "organisation", "place") is None:
            first = hit.first
            while first < hit.last - 1 and gazetteer.is_title(scan.words.texts[first]):
                first += 1  # "Queen Elizabeth", "Pope Francis": the table's form may begin with a title
            found.append(Person(first, hit.last, tokens_of(scan, first, hit.last), entry.country, gender=entry.gender, international=not entry.country))
    return found


def _given_people(scan: Scan, gazetteer: Gazetteer) -> list[Person]:
    """Find untitled full names by their given name: "Caroline Lucas"."""
    found, at = [], 0
    for k, fold_k in enumerate(scan.words.folds):
        if k < at or fold_k not in gazetteer.given or scan.in_caps(k) or not scan.name_like(k):
            continue
        hit = scan.holding.get(k)
        if hit is not None and (hit.of("place", "person") is None or (hit.last - hit.first > 1 and hit.of("person") is None)):
            continue  # "Alice Springs" is a town
        last = scan.run(k, 4)
        if last - k > 1 and len(tokens := tokens_of(scan, k, last)) > 1 and len(tokens[-1]) > 1 and not _company(scan, k, last):
            found.append(Person(k, last, tokens))
            at = last
    return found


def _entity_people(entities: Sequence[Span], scan: Scan) -> list[Person]:
    """Find people by spaCy's entities, cut to words that look like a name and hold nothing the tables know better."""
    found = []
    for entity in entities:
        if entity.label_ != "PERSON":
            continue
        first, last = scan.words.at(entity.start_char, entity.end_char)
        while first < last and (not scan.name_like(first) or _titled(scan, first)):
            first += 1
        if first >= last or scan.in_caps(first):
            continue
        hit = scan.holding.get(first)
        if hit is not None and hit.of("person") is None and (hit.of("country", "organisation", "demonym", "medium", "title") or last - first == 1):
            continue
        last = max(first, min(scan.run(first, 5), max(last, first + 1)))
        tokens = tokens_of(scan, first, last)
        if tokens and len(tokens[-1]) > 1 and not _company(scan, first, last):
            found.append(Person(_from_left(scan, first), last, tokens_of(scan, _from_left(scan, first), last)))
    return found


def _companies(scan: Scan, gazetteer: Gazetteer, taken: set[int], main: str | None) -> list[Name]:
    """Return the companies whose names begin like a person's: "James Hardie Industries"."""
    found = []
    for k, word in enumerate(scan.words.folds):
        if word in gazetteer.given and k not in taken and k not in scan.holding and scan.name_like(k):
            last = scan.run(k)
            if last - k > 1 and _company(scan, k, last):
                start, end = scan.words.starts[k], scan.words.ends[last - 1]
                found.append(Name(start, end, scan.words.text[start:end], scan.words.span(k, last), "organisation", main))
    return found


def _from_left(scan: Scan, first: int) -> int:
    """Return where a name really begins, if spaCy cut its first word off: a capitalised word in mid-sentence right before it."""
    k = first - 1
    if k < 1 or not scan.words.joined(first) or not scan.words.joined(k) or not scan.words.texts[k].isalpha() or not scan.words.texts[k][0].isupper():
        return first
    mid = scan.words.texts[k - 1][0].islower() or scan.words.texts[k - 1] == ","
    return k if mid and scan.name_like(k) and k not in scan.holding and len(scan.words.texts[k]) > 1 else first


def _company(scan: Scan, first: int, last: int) -> bool:
    """Say whether a run of capitalised words is a company or an institution by one of its words, or by the one after it."""
    return bool(scan.lists["company"].intersection(scan.words.folds[first + 1 : last + 1]))


def _titled(scan: Scan, k: int) -> bool:
    hit = scan.holding.get(k)
    return hit is not None and hit.of("title") is not None


def _surnames(scan: Scan, cast: Cast, people: list[Person]) -> list[tuple[Person, Figure]]:
    """Find the later mentions by one part of a name that nothing else found."""
    parts = {p for f in cast.figures for p in (f.parts[-1], f.parts[0]) if len(p) > 2}
    taken = {k for p in people for k in range(p.first, p.last)}
    found = []
    for k, word in enumerate(scan.words.folds):
        if word not in parts or k in taken or not scan.name_like(k):
            continue
        hit = scan.holding.get(k)
        if hit is not None and hit.of("country", "organisation", "demonym", "medium", "title"):
            continue
        if (
            k > 0
            and scan.words.joined(k)
            and scan.name_like(k - 1)
            and scan.words.texts[k - 1].isalpha()
            and scan.words.texts[k - 1][0].isupper()
            and k - 1 not in taken
        ):
            before = scan.holding.get(k - 1)
            if before is None and not scan.in_caps(k):
                continue
        person = Person(k, k + 1, (scan.words.texts[k],))
        figure = cast.find((word,), at=k)
        if figure is not None:
            figure.seen.append(k)
            found.append((person, figure))
    return found


def _titled_span(scan: Scan, person: Person) -> tuple[int, int]:
    """Return the offsets where a person's title begins and where the name begins."""
    return scan.words.starts[person.title_first], scan.words.starts[person.first]


def _person_name(scan: Scan, person: Person, figure: Figure) -> Name:
    start, end = scan.words.starts[person.first], scan.words.ends[person.last - 1]
    return Name(start, end, scan.words.text[start:end], figure.name, "person", figure.country)


def _written(scan: Scan, person: Person) -> str:
    name = " ".join(scan.words.span(person.first, person.last).split())
    return name.title() if name.isupper() and max(map(len, person.tokens)) > 3 else name


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
    body = bool(scan.lists["institution"].intersection(scan.words.folds[first:last])) or _company(scan, first, last)
    if (
        entity.label_ == "ORG"
        or (body and entity.label_ != "FAC")
        or (text.isupper() and text.isalpha() and len(text) < 8)
        or (entity.label_ == "GPE" and entity.root.dep_ in ("nsubj", "agent"))
    ):
        return Name(start, end, text, " ".join(text.split()), "organisation", main)
    return Name(start, end, text, " ".join(text.split()), None, None, Place(" ".join(text.split())))
