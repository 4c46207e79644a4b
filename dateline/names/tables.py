"""The name tables in memory: what a form of words can stand for, found by its folded words.

Here: `Entry`, `Gazetteer` (countries, demonyms, capitals, organisations, media, people, places, titles) and `gazetteer_for`. The tables are
resources/<language>/*.tsv; an overlay adds rows. Not here: which of several entries is meant in a text (dateline.names.sense), and the plain
look-ups for other layers (dateline.names.lookup).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dateline.names.words import Words, capitals_fit, fold
from dateline.records import Place
from dateline.resources import Resources

SORTS = ("country", "demonym", "organisation", "medium", "person", "place", "title")
PLURAL = ("n", "i", "t", "r", "k", "e", "b", "c")  # "Americans", "Iraqis", "Kuwaitis", "Serbs"; not "Chinese", "British", "French"
NO_PLURAL = ("ese", "ish", "nch", "Swiss", "Czechoslovak", "Lao")
UNCOUNTED = {"us", "who", "quad", "it", "is", "in", "am", "ap", "rt", "ft", "times"}  # in an all-caps line these are words


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a form of words can stand for. `weight` is a place's population; `detail` the table's own class of it."""

    form: str
    name: str
    sort: str  # one of SORTS
    country: str | None = None
    place: Place | None = None
    weight: int = 0
    detail: str = ""
    gender: str = ""
    nouns: tuple[str, ...] = ()


class Gazetteer:
    """All tables of one language, by folded words. Built once a process; read-only afterwards."""

    def __init__(self, resources: Resources) -> None:
        self.forms: dict[tuple[str, ...], tuple[tuple[tuple[str, ...], Entry], ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self.country_names: dict[str, str] = {}
        self.adjectives: dict[str, str] = {}
        self.capitals: dict[str, str] = {}
        self.historic: set[str] = set()
        self.iso3: dict[str, str] = {}
        self.lists = {row["list"]: frozenset(row["words"].split()) for row in resources.table("name_words.tsv")}
        self._surnames: dict[str, list[Entry]] = {}
        self.nicknames = {row["name"]: row["full"] for row in resources.table("nicknames.tsv")}
        self.given = {row["name"]: row["gender"] for row in resources.table("given_names.tsv")}
        forms: dict[tuple[str, ...], list[tuple[tuple[str, ...], Entry]]] = {}
        for entry in self._entries(resources):
            words = Words(entry.form)
            forms.setdefault(tuple(words.folds), []).append((tuple(words.texts), entry))
            if entry.sort == "person" and len(words) > 1:
                bearers = self._surnames.setdefault(words.folds[0 if entry.detail == "first" else -1], [])
                if all(b.name != entry.name for b in bearers):
                    bearers.append(entry)
        for key, entries in forms.items():
            self.forms[key] = tuple(sorted(entries, key=lambda pair: (pair[1].detail != "capital", -pair[1].weight)))
            lengths = self._lengths.get(key[0], ())
            if len(key) not in lengths:
                self._lengths[key[0]] = tuple(sorted({*lengths, len(key)}, reverse=True))

    def find(self, words: Words, index: int) -> tuple[int, tuple[Entry, ...]] | None:
        """Return the longest entry whose form begins at word `index`: the index after it and what it can stand for; None if there is none."""
        lengths = self._lengths.get(words.folds[index])
        if lengths is None:
            return None
        size = len(words.folds)
        for length in lengths:
            end = index + length
            if end > size:
                continue
            entries = self.forms.get(tuple(words.folds[index:end]))
            if entries is None:
                continue
            fitting = _distinct(e for form, e in entries if _fits(e, form, words.texts[index:end]))
            if fitting and (length == 1 or all(words.joined(k) for k in range(index + 1, end)) or _wrapped(words, index, end)):
                return end, fitting
        return None

    def get(self, form: str) -> tuple[Entry, ...]:
        """Return what a whole form can stand for, whatever its capitals; empty where it is unknown."""
        words = Words(form)
        if words.folds[:1] == ["the"] and tuple(words.folds) not in self.forms:
            words.folds.pop(0)
        return _distinct(e for _, e in self.forms.get(tuple(words.folds), ()))

    def is_title(self, word: str) -> bool:
        """Say whether one word is a title ("Queen", "Pope")."""
        return any(e.sort == "title" for e in self.get(word))

    def surname(self, surname: str, country: str | None) -> Entry | None:
        """Return the one person of the table who bears a surname, of this country where one is given; None if nobody or several do."""
        found = [e for e in self._surnames.get(fold(surname), ()) if country in (None, e.country)]
        return found[0] if len(found) == 1 else None

    def _entries(self, resources: Resources) -> Iterator[Entry]:
        for row in resources.table("countries.tsv"):
            yield from self._country(row)
        for row in resources.table("organisations.tsv"):
            for form in _forms(row):
                nouns = tuple(filter(None, row["nouns"].split("|")))
                yield Entry(form.removeprefix("the "), row["name"], "organisation", row["country"] or None, detail=row["class"], nouns=nouns)
        for row in resources.table("media.tsv"):
            for form in _forms(row):
                yield Entry(form, row["name"], "medium", row["country"] or None, detail="mouthpiece" if row["mouthpiece"] == "yes" else "")
        for row in resources.table("people.tsv"):
            for form in _forms(row):
                yield Entry(form, row["name"], "person", row["country"] or None, detail=row["family"], gender=row["gender"], nouns=(row["office"],))
        for row in resources.table("places.tsv"):
            place = _place(row)
            for form in _forms(row):
                yield Entry(form, row["name"], "place", place.country, place, int(row["population"] or 0), row["kind"])
        for row in resources.table("offices.tsv"):
            yield Entry(row["title"], row["title"], "title", row["country"] or None, detail=row["class"] if row["alone"] == "yes" else "", gender=row["gender"])

    def _country(self, row: dict[str, str]) -> Iterator[Entry]:
        name, code = row["name"], row["country"]
        self.country_names[code] = name
        self.iso3[row["iso3"]] = code
        if row["historic"] == "yes":
            self.historic.add(code)
        place = Place(name, country=code)
        for form in _forms(row):
            yield Entry(form.removeprefix("the "), name, "country", code, place)
        demonyms = list(filter(None, row["demonyms"].split("|")))
        if demonyms:
            self.adjectives[code] = demonyms[0]
        for demonym in demonyms:
            yield Entry(demonym, name, "demonym", code)
            if demonym.endswith(PLURAL) and not demonym.endswith(NO_PLURAL):
                yield Entry(demonym + "s", name, "demonym", code, detail="people")
        for capital in filter(None, row["capitals"].split("|")):
            self.capitals[capital] = code


def gazetteer_for(resources: Resources) -> Gazetteer:
    """Return the gazetteer of these resources, built once for each."""
    cache = resources._cache
    key = ("gazetteer", Gazetteer)
    if key not in cache:
        cache[key] = Gazetteer(resources)
    found: Gazetteer = cache[key]
    return found


def _forms(row: dict[str, str]) -> Iterable[str]:
    return dict.fromkeys(filter(None, (row["name"], *row["aliases"].split("|"))))


def _place(row: dict[str, str]) -> Place:
    latitude, longitude = (float(row[c]) if row[c] else None for c in ("latitude", "longitude"))
    return Place(row["name"], admin=row["admin"] or None, country=row["country"] or None, latitude=latitude, longitude=longitude)


def _fits(entry: Entry, form: tuple[str, ...], texts: list[str]) -> bool:
    if entry.sort == "title" and (len(texts) > 1 or entry.detail not in ("honorific", "military", "royal", "church")):
        return True  # "prime minister", "president": in any case
    return all(capitals_fit(f, t) for f, t in zip(form, texts, strict=True))


def _distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry for each thing, however many of its forms fit."""
    found = tuple(entries)
    if len(found) < 2:
        return found
    return tuple({(e.name, e.sort, e.country, e.place): e for e in found}.values())


def _wrapped(words: Words, start: int, end: int) -> bool:
    """Say whether the words are parted by single line ends only (hard-wrapped text)."""
    return "\n\n" not in words.text[words.starts[start] : words.ends[end - 1]]
