"""Every mention of a person in an article: with a title, from the table, by a given name, by spaCy's entities, then by surname alone.

Here: `find_people`, which also fills the article's cast. Not here: titles (dateline.names.titles), whether two mentions are one person
(dateline.names.people), their countries (dateline.names.origins).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dateline.names.byline import written_people
from dateline.names.origins import read_origins
from dateline.names.people import Cast, Figure, parts_of, stem
from dateline.names.scan import Scan
from dateline.names.tables import Gazetteer
from dateline.names.titles import Person, titled_people, tokens_of
from dateline.notes import Notes
from dateline.resources import Resources

if TYPE_CHECKING:
    from spacy.tokens import Span


def find_people(entities: Sequence[Span], scan: Scan, gazetteer: Gazetteer, cast: Cast, notes: Notes, resources: Resources) -> list[tuple[Person, Figure]]:
    """Return the mentions of people with whom they denote, in text order, and fill the cast: full names first, then surnames."""
    for person in written_people(notes.article, resources):
        cast.enter(person, person.written or " ".join(person.tokens))
    people = _distinct(
        [*titled_people(scan), *_table_people(scan, gazetteer), *_given_people(scan, gazetteer), *_apposed_people(scan), *_entity_people(entities, scan)]
    )
    read_origins(scan, people, gazetteer)
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
        if last - k > 1 and len(tokens := tokens_of(scan, k, last)) > 1 and len(tokens[-1]) > 1 and not is_company(scan, k, last):
            found.append(Person(k, last, tokens))
            at = last
    return found


def _apposed_people(scan: Scan) -> list[Person]:
    """Find untitled full names that a description follows: "Greta Moll, a German lawyer"."""
    found, words = [], scan.words
    for k in range(2, len(words) - 3):
        if words.texts[k] != "," or words.folds[k + 1] not in ("a", "an", "the") or not words.joined(k + 1):
            continue
        first = k - 1
        while first > 0 and k - first < 4 and words.joined(first) and scan.name_like(first - 1) and first - 1 not in scan.holding:
            first -= 1
        if k - first < 2 or not scan.name_like(first) or scan.run(first) != k or is_company(scan, first, k - 1) or scan.in_caps(first):
            continue
        described = any(words.folds[j] in scan.lists["role"] or _titled(scan, j) for j in range(k + 2, min(k + 8, len(words))))
        if described and not scan.lists["instrument"].intersection(words.folds[first:k]):
            found.append(Person(first, k, tokens_of(scan, first, k)))
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
        if (
            hit is not None
            and hit.of("person") is None
            and (hit.of("country", "organisation", "demonym", "medium", "title") or last - first == 1 or hit.last - hit.first > 1)
        ):
            continue
        last = max(first, min(scan.run(first, 5), max(last, first + 1)))
        tokens = tokens_of(scan, first, last)
        if tokens and len(tokens[-1]) > 1 and not is_company(scan, first, last):
            found.append(Person(_from_left(scan, first), last, tokens_of(scan, _from_left(scan, first), last)))
    return found


def _titled(scan: Scan, k: int) -> bool:
    hit = scan.holding.get(k)
    return hit is not None and hit.of("title") is not None


def _surnames(scan: Scan, cast: Cast, people: list[Person]) -> list[tuple[Person, Figure]]:
    """Find the later mentions by one part of a name that nothing else found."""
    parts = {p for f in cast.figures for p in (f.parts[-1], f.parts[0]) if len(p) > 2}
    stems = {stem(p) for p in parts if len(p) > 5}
    taken = {k for p in people for k in range(p.first, p.last)}
    found = []
    for k, word in enumerate(scan.words.folds):
        if (word not in parts and (len(word) < 6 or stem(word) not in stems)) or k in taken or not scan.name_like(k):
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


def _from_left(scan: Scan, first: int) -> int:
    """Return where a name really begins, if spaCy cut its first word off: a capitalised word in mid-sentence right before it."""
    k = first - 1
    if k < 1 or not scan.words.joined(first) or not scan.words.joined(k) or not scan.words.texts[k].isalpha() or not scan.words.texts[k][0].isupper():
        return first
    mid = scan.words.texts[k - 1][0].islower() or scan.words.texts[k - 1] == ","
    return k if mid and scan.name_like(k) and k not in scan.holding and len(scan.words.texts[k]) > 1 else first


def is_company(scan: Scan, first: int, last: int) -> bool:
    """Say whether a run of capitalised words is a company or an institution by one of its words, or by the one after it."""
    return bool(scan.lists["company"].intersection(scan.words.folds[first + 1 : last + 1]))


def _written(scan: Scan, person: Person) -> str:
    name = " ".join(scan.words.span(person.first, person.last).split())
    return name.title() if name.isupper() and max(map(len, person.tokens)) > 3 else name
