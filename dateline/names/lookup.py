"""Look-ups in the name tables for layers that have a name and no article: resolving, sources, the database.

Here: `country_code`, `find_place`, `kind_and_country`, `canonical_actor`. Not here: names inside a text (dateline.names.component), the tables
themselves (dateline.names.tables).
"""

from __future__ import annotations

from dataclasses import replace

from dateline.names.actors import Actor
from dateline.names.people import parts_of
from dateline.names.scan import Hit, Scan
from dateline.names.sense import CAPITAL
from dateline.names.tables import Entry, Gazetteer, gazetteer_for
from dateline.records import Place
from dateline.resources import Resources

OFFICES = ("head", "minister", "deputy", "spokesperson", "diplomat", "legislator", "official", "judge", "military", "party")


def country_code(name: str, *, resources: Resources) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country's name, alias, code or demonym; None where it is none.

    >>> from dateline.resources import resources_for
    >>> country_code("the U.K.", resources=resources_for()), country_code("JPN", resources=resources_for())
    ('GB', 'JP')
    """
    gazetteer = gazetteer_for(resources)
    if len(name) == 2 and name.isupper() and name in gazetteer.country_names:
        return name
    for entry in gazetteer.get(name):
        if entry.sort in ("country", "demonym") and entry.country:
            return entry.country
    return gazetteer.iso3.get(name.upper()) if len(name) == 3 else None


def find_place(name: str, country_hint: str | None = None, *, resources: Resources) -> Place | None:
    """Return the place of a name: the one in `country_hint`, else the capital, else the largest; None where the tables have none.

    "Paris, Texas" and "Vilnius, Lithuania" give their own hint.
    """
    gazetteer = gazetteer_for(resources)
    head, _, tail = name.partition(",")
    within = tail.strip()
    whole = [e for e in gazetteer.get(name) if e.place is not None]
    entries = whole or [e for e in gazetteer.get(head) if e.place is not None]
    hint = country_hint or (country_code(within, resources=resources) if within else None)
    if within and not whole:
        state = next((e.name for e in gazetteer.get(within) if e.detail == "state"), None)
        entries = [e for e in entries if e.place and (e.country == hint or e.place.admin == state)] or entries
    elif hint is not None:
        entries = [e for e in entries if e.country == hint] or entries
    if not entries:
        return _inner_place(name, resources)
    return max(entries, key=lambda e: (e.sort == "country", e.weight * (CAPITAL if e.detail == "capital" else 1))).place


def _inner_place(name: str, resources: Resources) -> Place | None:
    """Return the last place named inside a longer one, with the whole as its venue: "IFEMA convention center in Madrid"."""
    scan = Scan(name, gazetteer_for(resources))
    found = [p for hit in scan.hits if hit.last - hit.first < len(scan.words) for p in [next((e.place for e in hit.entries if e.place), None)] if p]
    return replace(found[-1], venue=name) if found else None  # a hit's first entry is its capital or largest town


def kind_and_country(name: str, *, resources: Resources) -> tuple[str | None, str | None]:
    """Return kind and country of a name as far as the name alone tells; (None, None) where it tells nothing."""
    gazetteer = gazetteer_for(resources)
    entries = gazetteer.get(name)
    for sort, kind in (("country", "state"), ("organisation", "organisation"), ("medium", "organisation"), ("person", "person"), ("demonym", "state")):
        entry = next((e for e in entries if e.sort == sort), None)
        if entry is not None:
            return kind, entry.country
    return _by_parts(name, gazetteer)


def canonical_actor(name: str, kind: str | None = None, country: str | None = None, *, resources: Resources) -> Actor:
    """Return the actor that a participant is, by the reviewed tables; a name they do not know is its own actor.

    A country given with a person's name must agree with the table's: two people who share a surname stay two.
    """
    gazetteer = gazetteer_for(resources)
    sorts = {"person": ("person",), "state": ("country", "demonym"), "organisation": ("organisation", "medium")}
    wanted = sorts.get(kind or "", ("country", "organisation", "medium", "person"))
    for entry in gazetteer.get(name):
        if entry.sort in wanted and (entry.sort != "person" or country in (None, entry.country)):
            return Actor(entry.name, kind or _kind(entry), entry.country or (country if entry.sort == "person" else None))
    if kind in (None, "state") and name in gazetteer.capitals:
        code = gazetteer.capitals[name]
        return Actor(gazetteer.country_names[code], "state", code)
    if kind == "person":
        known = gazetteer.surname(name, country)
        if known is not None:
            return Actor(known.name, "person", known.country)
    return Actor(name, kind, country)


def _kind(entry: Entry) -> str:
    return {"country": "state", "demonym": "state", "person": "person"}.get(entry.sort, "organisation")


def _by_parts(name: str, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    """Tell kind and country from the words inside a name: "German foreign ministry", "NSW Government", "Yvette Cooper"."""
    scan = Scan(name, gazetteer)
    country = next((e.country for h in scan.hits for e in [_placing(h)] if e is not None and e.country), None)
    folds = set(scan.words.folds)
    if folds & gazetteer.lists["collective"]:
        return "group", country
    if folds & gazetteer.lists["institution"] or folds & gazetteer.lists["government"]:
        return "organisation", country
    title = next((h for h in scan.hits if h.of("title") is not None), None)
    if title is not None and (title.last == len(scan.words) or _only_a_post(scan, title)):
        return "office", country
    tokens = parts_of(tuple(scan.words.texts))
    if len(tokens) > 1 and tokens[0] in gazetteer.given:
        return "person", None
    known = gazetteer.surname(name, None)
    if known is not None:
        return "person", known.country
    return None, country


def _only_a_post(scan: Scan, title: Hit) -> bool:
    """Say whether a title is followed by nothing but what it is of: "Prime Minister of Japan"."""
    after = range(title.last, len(scan.words))
    return title.first == 0 and all(
        k in scan.holding or scan.words.folds[k] in ("of", "for", "the", "and") or scan.words.folds[k] in scan.lists["portfolio"] for k in after
    )


def _placing(hit: Hit) -> Entry | None:
    return hit.of("country", "demonym", "organisation", "place")
