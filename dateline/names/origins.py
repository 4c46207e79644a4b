"""Which country a person is filed under, where no title says so: apposition, a description before the name, the table, the source, the article.

Here: `settle_countries`. The order is: what the article says (title, apposition, description), the reviewed table, the source's own government
for its officials, the state named last before the person, the article's main country. Not here: titles (dateline.names.titles).
"""

from __future__ import annotations

from dateline.names.people import Cast, Figure
from dateline.names.scan import Hit, Scan
from dateline.names.tables import Entry, Gazetteer
from dateline.names.titles import INTERNATIONAL, Person

HOME_OFFICES = frozenset(("deputy", "minister", "official", "spokesperson", "legislator", "diplomat", "military"))
WINDOW = 14  # words that an apposition may take
DESCRIPTION = 5  # words between "German" and the name in "German migration lawyer Jane Doe"
DETERMINERS = frozenset(("a", "an", "the", "his", "her", "its", "their", "one", "another"))
OPENS = frozenset((",", "(", "-", "–", "—"))
BODIES = frozenset(("alliance", "bloc", "agency", "organization", "organisation"))  # "the alliance's director" is of no country
CLOSES = frozenset((".", ";", ":", ")", "said", "says", "told", "who", "which", "and", "has", "was", "is", "will"))


def read_origins(scan: Scan, people: list[Person], gazetteer: Gazetteer) -> None:
    """Set the country of people whose apposition ("Weibl, a German spokesperson") or description ("Iranian activist Jane Doe") gives one."""
    for person in people:
        if len(person.tokens) > 1 and any(e.sort == "person" for e in gazetteer.get(" ".join(person.tokens))):
            continue  # the table knows better
        if person.country is None and not person.international:
            _described(scan, person)
        if person.country is None and not person.international:
            _apposed(scan, person)


def settle_countries(cast: Cast, gazetteer: Gazetteer, home: str | None, scan: Scan, main: str | None) -> None:
    """Give each figure without a country the table's, the source's for its officials, the state named last before it, or the `main` one."""
    for figure in cast.figures:
        figure.gender = figure.gender or gazetteer.given.get(figure.parts[0], "")
        if figure.country is not None or figure.international:
            continue
        known = known_person(figure, gazetteer)
        if known is not None:
            figure.country, figure.gender = known.country, known.gender or figure.gender
        elif home is not None and _foreign(figure, home):
            figure.country = _nearest(scan, figure, home) or home
        elif home is not None and figure.offices & HOME_OFFICES:
            figure.country = home
        else:
            figure.country = main


def _foreign(figure: Figure, home: str) -> bool:
    """Say whether an official of no stated country cannot be the source's own: its head would be in byline or table; the US has no ministers."""
    return "head" in figure.offices or (home == "US" and any("inister" in t or "Foreign" in t for t in figure.titles))


def _nearest(scan: Scan, figure: Figure, home: str) -> str | None:
    """Return the state other than `home` that is named last before a figure's first mention, else first after it."""
    at = min((k for k in figure.seen if k >= 0), default=0)
    found = [(h.first, e.country) for h in scan.hits for e in [h.of("country", "demonym")] if e is not None and e.country != home]
    before = [country for first, country in found if first < at]
    return before[-1] if before else (found[0][1] if found else None)


def known_person(figure: Figure, gazetteer: Gazetteer) -> Entry | None:
    """Return the table's person whom a figure's name denotes: the full name, or a surname that only one person of the table bears."""
    found = next((e for e in gazetteer.get(figure.name) if e.sort == "person"), None)
    if found is None and len(figure.parts) == 1:
        found = gazetteer.surname(figure.parts[0], None)
    return found


def _described(scan: Scan, person: Person) -> None:
    k, words = person.first - 1, scan.words
    while k >= 0 and person.first - k <= DESCRIPTION and words.joined(k + 1) and words.texts[k].islower() and k not in scan.holding:
        if words.folds[k] in ("of", "in", "by", "with", "and", "to", "the", "that", "as", "for", "from", "said", "told", "when", "where", "while"):
            return
        k -= 1
    hit = scan.holding.get(k)
    if hit is not None and words.joined(k + 1) and k >= 0:
        _take(person, hit.of("demonym", "organisation"))


def _apposed(scan: Scan, person: Person) -> None:
    words, k = scan.words, person.last
    if k >= len(words) or words.folds[k] not in OPENS:
        return
    k += 1
    if not _opens_description(scan, k):
        return
    role = False
    taken: Entry | None = None
    while k < len(words) and k - person.last < WINDOW and words.folds[k] not in CLOSES:
        if words.folds[k] == "," and (taken is not None or k - person.last > 8):
            break
        hit = scan.beginning(k)
        if hit is not None:
            role = role or hit.of("title") is not None
            taken = taken or _origin(scan, hit)
        role = role or words.folds[k] in scan.lists["role"]
        person.international = person.international or (role and taken is None and words.folds[k - 1] == "the" and words.folds[k] in BODIES)
        k += 1
    if role:
        _take(person, taken)


def _opens_description(scan: Scan, k: int) -> bool:
    """Say whether word `k`, after a name and a comma, can begin a description: "a", "the", "his", a country, a rank or a role; not "spoke"."""
    if k >= len(scan.words):
        return False
    word = scan.words.folds[k]
    return word in DETERMINERS or k in scan.holding or word in scan.lists["role"] or word in scan.lists["modifier"] or word in scan.lists["portfolio"]


def _origin(scan: Scan, hit: Hit) -> Entry | None:
    """Return the country or organisation of a hit in an apposition, unless it is a field of study ("a Japan expert")."""
    after = scan.words.folds[hit.last] if hit.last < len(scan.words) else ""
    if hit.of("country") is not None and after in scan.lists["role"]:
        return None
    return hit.of("demonym", "country", "organisation")


def _take(person: Person, entry: Entry | None) -> None:
    if entry is None:
        return
    if entry.country:
        person.country = entry.country
    elif entry.sort == "organisation" and entry.detail in INTERNATIONAL:
        person.international = True
