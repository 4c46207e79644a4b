"""People named with a title: "Prime Minister Fumio Kishida of Japan", "South Korean President Yoon", "Ambassador to the UN Linda Greene".

Here: `Person` (one mention of a person), `titled_people`. The name is without its title; the country is the one that the title's own words give.
Not here: names without titles, and which mentions are one person (dateline.names.people).
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.names.scan import Hit, Scan
from dateline.names.tables import Entry

PREPOSITIONS = frozenset(("of", "for", "to", "at", "on"))
INTERNATIONAL = frozenset(("intergovernmental", "court", "forum", "civil"))  # classes of organisations whose people are filed under no country
LINKS = frozenset(("and", "&", "the", "of", "for", "to", "-"))


@dataclass(slots=True)
class Person:
    """One mention of a person, words first..last - 1, with what the words around it say."""

    first: int
    last: int
    tokens: tuple[str, ...]
    country: str | None = None
    title: str = ""
    office: str = ""  # the title's class (offices.tsv)
    gender: str = ""
    title_first: int = -1  # where the title begins, or -1
    international: bool = False  # speaks for an organisation of no country
    organisation: str = ""
    written: str = ""  # the name as written, where the person does not stand in the article's text


@dataclass(slots=True)
class _Sight:
    """What has been seen while walking from a title to the name."""

    country: str | None = None
    organisation: Hit | None = None
    crossed: bool = False


def titled_people(scan: Scan) -> list[Person]:
    """Return the people named right after a title, in text order, with the country that the title's words name."""
    found: list[Person] = []
    for hit in scan.hits:
        title = hit.of("title")
        if title is None or (found and hit.first < found[-1].last) or (title.name == "PM" and fold_before(scan, hit.first).isdigit()):
            continue  # "2:02 P.M. EDT"
        person = _after(scan, hit)
        if person is None:
            continue
        person.title_first, person.gender = hit.first, title.gender
        person.office = title.detail
        if title.detail != "honorific":
            _look_left(scan, hit.first, person)
        _look_right(scan, person)
        if person.country is None and title.country:
            person.country = title.country
        person.title = _full_title(scan, hit, title.name)
        if found and found[-1].first == person.first:
            found[-1] = _joined(found[-1], person)
        else:
            found.append(person)
    return found


def tokens_of(scan: Scan, first: int, last: int) -> tuple[str, ...]:
    """Return the words of a name as the text has them, without stops and commas."""
    return tuple(t for t in scan.words.texts[first:last] if t not in (",", "."))


def _joined(outer: Person, inner: Person) -> Person:
    """Return one person for two titles before one name ("Prime Minister Dr Mahathir"): the first title, what either knows."""
    outer.country = outer.country or inner.country
    outer.gender = outer.gender or inner.gender
    outer.first, outer.last, outer.tokens = inner.first, inner.last, inner.tokens
    return outer


def _after(scan: Scan, title: Hit) -> Person | None:
    """Return the person named after a title, over its complement ("of Foreign Affairs and Trade", "of Japan,")."""
    words, k, sight = scan.words, title.last, _Sight()
    complement, preposition = False, ""
    while k < len(words) and k - title.last < 14 and (words.joined(k) or k == title.last):
        fold_k, hit = words.folds[k], scan.beginning(k)
        other = hit.of("title") if hit else None
        if other is not None and hit is not None and (words.texts[k][0].isupper() or not complement):
            k = hit.last
        elif fold_k in PREPOSITIONS and k + 1 < len(words):
            complement, preposition, k = True, fold_k, k + 1
        elif complement and (fold_k in LINKS or _portfolio(scan, k)):
            k += 1
        elif complement and hit is not None and hit.of("country", "demonym", "organisation", "place") and not _person_only(hit):
            _note(sight, hit, of=preposition == "of")
            k = hit.last
        elif complement and fold_before(scan, k) in LINKS and (end := _field(scan, k)) > k:
            k = end
        elif fold_k == "," and not sight.crossed:
            sight.crossed, k = True, k + 1
        elif fold_k in ("-", "elect", "designate") and k == title.last:
            k += 1
        else:
            break
    if k >= len(words):
        return None
    return _named(scan, k, title, sight, complement)


def _full_title(scan: Scan, hit: Hit, title: str) -> str:
    """Return a title with the words of rank and field right before it: "First Vice Foreign Minister", "Former President"."""
    k = hit.first
    while k > 0 and scan.words.joined(k) and k - 1 not in scan.holding and scan.words.texts[k - 1].isalpha() and _between(scan, k - 1):
        k -= 1
    return scan.words.span(k, hit.last) if k < hit.first else title


def fold_before(scan: Scan, k: int) -> str:
    """Return the folded word before word `k`; empty at the text's start."""
    return scan.words.folds[k - 1] if k > 0 else ""


def _field(scan: Scan, k: int) -> int:
    """Return the end of a field of office that no list knows ("for Global Health Diplomacy"): up to a given name inside the run, or its end."""
    last = scan.run(k)
    return next((j for j in range(k + 1, last) if scan.words.folds[j] in scan.given), last)


def _portfolio(scan: Scan, k: int) -> bool:
    """Say whether word `k` belongs to a minister's field, or is the comma in a list of fields."""
    folds, fields = scan.words.folds, scan.lists["portfolio"]
    return folds[k] in fields or (folds[k] == "," and k + 1 < len(folds) and folds[k + 1] in fields)


def _named(scan: Scan, k: int, title: Hit, sight: _Sight, complement: bool) -> Person | None:
    last = scan.run(k, 3 if scan.in_caps(k) else 6)
    k = next((j for j in range(k, last) if (h := scan.beginning(j)) is not None and h.of("person") is not None), k)
    hit = scan.beginning(k)
    person = hit.of("person") if hit else None
    if hit is not None and person is not None:
        last = max(last, hit.last)
    elif hit is not None and hit.of("country", "organisation", "demonym", "medium", "title"):
        return None
    tokens = tokens_of(scan, k, last)
    if not tokens or not any(len(t) > 1 for t in tokens):
        return None
    if sight.crossed and person is None and len(tokens) < 2:
        return None
    if complement and sight.country is None and sight.organisation is None and len(tokens) < 2 and title.last == k - 2:
        return None
    body = sight.organisation.of("organisation") if sight.organisation else None
    international = sight.country is None and body is not None and body.detail in INTERNATIONAL
    return Person(k, last, tokens, sight.country, international=international, organisation=body.name if body else "")


def _person_only(hit: Hit) -> bool:
    return hit.of("person") is not None


def _note(sight: _Sight, hit: Hit, *, of: bool) -> None:
    """Keep what a title's complement names; only "of" makes it whom the title serves: an envoy for Yemen, an ambassador to Japan do not."""
    entry = hit.of("country", "demonym", "organisation", "place")
    if entry is None:
        return
    if entry.country and sight.country is None:
        sight.country = entry.country if of else None
    elif entry.sort == "organisation" and sight.organisation is None:
        sight.organisation = hit


def _look_left(scan: Scan, at: int, person: Person) -> None:
    """Take the country or organisation that stands before a title: "South Korean", "Japan's", "the NATO", "White House"."""
    words, k = scan.words, at - 1
    while k >= 0 and at - k < 10 and words.joined(k + 1):
        hit = scan.holding.get(k)
        entry = hit.of("demonym", "country", "organisation", "place") if hit else None
        if entry is not None and hit is not None:
            person.title_first = hit.first
            _describe(person, entry)
            if entry.sort in ("demonym", "country") or person.country:
                return
            k = hit.first - 1
        elif words.folds[k] == ")" and k > 2 and (inside := scan.holding.get(k - 1)) is not None and words.folds[inside.first - 1] == "(":
            k = inside.first - 2  # "Republic of Korea (ROK) Foreign Minister"
        elif _between(scan, k):
            k -= 1
        else:
            return


def _between(scan: Scan, k: int) -> bool:
    """Say whether word `k` may stand between a country and a title; "and" only after another title or its field ("Trade and Foreign Minister")."""
    word = scan.words.folds[k]
    if word == "and" and k > 0:
        before = scan.holding.get(k - 1)
        return _portfolio(scan, k - 1) or (before is not None and before.of("title") is not None)
    if word in ("for", "of") and k > 0:
        return scan.words.folds[k - 1] in scan.lists["institution"]  # "German Ministry for Climate Action State Secretary"
    return (
        word in scan.lists["modifier"]
        or word in scan.lists["portfolio"]
        or word in scan.lists["institution"]
        or word in ("-", "'", "’", "s", "central", "supreme")
    )


def _describe(person: Person, entry: Entry) -> None:
    if entry.country and person.country is None:
        person.country = entry.country
    elif entry.sort == "organisation" and not entry.country and entry.detail in INTERNATIONAL:
        person.international = True
    if entry.sort == "organisation" and not person.organisation:
        person.organisation = entry.name


def _look_right(scan: Scan, person: Person) -> None:
    """Take the country after a name: "Kishida of Japan", "Kishida (Japan)"."""
    words, k = scan.words, person.last
    if k + 1 >= len(words) or words.folds[k] not in ("of", "("):
        return
    k += 1
    while k < len(words) and words.folds[k] in ("the", "republic"):
        k += 1
    hit = scan.beginning(k) if k < len(words) else None
    entry = hit.of("country", "organisation") if hit else None
    if entry is not None and entry.country:
        person.country = entry.country
