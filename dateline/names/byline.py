"""Who "I" and "we" are in an article: the person or government of its byline or source (GUIDELINE ruling 8).

Here: `first_person`, `written_people` (people that title, byline and source name) and `home_country`, the state whose government publishes the
source. Not here: whether a sentence stands in a quotation (dateline.events decides; a quoted "I" is the one quoted).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dateline.names.scan import Scan
from dateline.names.tables import Gazetteer, gazetteer_for
from dateline.names.titles import Person, titled_people, tokens_of
from dateline.notes import Name
from dateline.records import Article
from dateline.resources import Resources

INVERTED = re.compile(r"\(([^(),]+), ([^(),]+)\)")  # "Prime Minister of Australia (Menzies, Robert)"


def first_person(article: Article, resources: Resources) -> Name | None:
    """Return whom "I" or "we" denotes outside quotations, with start = end = -1; None where the byline names nobody."""
    people = _source_people(article, resources)
    home = home_country(article, resources)
    if people:
        name = people[0].written or " ".join(people[0].tokens)
        return Name(-1, -1, "", name, "person", people[0].country or home)
    if home is not None:
        return Name(-1, -1, "", gazetteer_for(resources).country_names[home], "state", home)
    return None


def home_country(article: Article, resources: Resources) -> str | None:
    """Return the country whose government publishes the article's source ("US Department of State", "The White House"); None for news media."""
    return _home(article.source, gazetteer_for(resources)) if article.source else None


@lru_cache(maxsize=4096)
def _home(source: str, gazetteer: Gazetteer) -> str | None:
    scan = Scan(source, gazetteer)
    for hit in scan.hits:
        if hit.of("medium") is not None:
            return None
        entry = hit.of("organisation", "country", "demonym")
        if entry is not None and entry.country and (entry.sort != "organisation" or entry.detail in ("government", "parliament", "military")):
            return entry.country if _official(source, entry.sort, gazetteer) else None
    return None


def written_people(article: Article, resources: Resources) -> list[Person]:
    """Return the people whom byline, source and title name, in that order, for the fullest form of their names."""
    found = _source_people(article, resources)
    if article.title:
        scan = Scan(article.title, gazetteer_for(resources))
        for hit in scan.hits:
            entry = hit.of("person")
            if entry is not None and hit.of("country", "place", "organisation") is None:
                found.append(Person(-1, -1, tokens_of(scan, hit.first, hit.last), entry.country, gender=entry.gender, international=not entry.country))
    return found


def _official(source: str, sort: str, gazetteer: Gazetteer) -> bool:
    """Say whether a source is a government's: it bears an institution's name, or a country's with an office."""
    return sort == "organisation" or _begins(source, gazetteer.lists["official_source"])


def _begins(text: str, beginnings: Iterable[str]) -> bool:
    """Say whether a word of the text begins with one of `beginnings`."""
    return any(word.startswith(tuple(beginnings)) for word in re.findall(r"[^\W\d_]+", text.casefold()))


def _title_after(scan: Scan, k: int) -> str:
    """Return the title that follows a byline's name: "Antony J. Blinken, Secretary of State"."""
    return next((e.name for h in scan.hits if h.first >= k for e in [h.of("title")] if e is not None), "")


def _source_people(article: Article, resources: Resources) -> list[Person]:
    gazetteer = gazetteer_for(resources)
    found: list[Person] = []
    home = home_country(article, resources)
    if article.byline and not _begins(article.byline.split(",")[0], gazetteer.lists["byline_office"]):
        scan = Scan(re.sub(r"^\s*by\s+", "", article.byline, flags=re.IGNORECASE), gazetteer)
        titled = titled_people(scan)
        last = scan.run(0)
        if titled:
            titled[0].written = scan.words.span(titled[0].first, titled[0].last)
            found.append(titled[0])
        elif last > 1 and home is not None:
            found.append(Person(-1, -1, tokens_of(scan, 0, last), home, title=_title_after(scan, last), written=scan.words.span(0, last)))
    inverted = INVERTED.search(article.source or "")
    if inverted is not None:
        tokens = (*inverted.group(2).split(), *inverted.group(1).split())
        title = next((e.name for h in Scan(article.source or "", gazetteer).hits for e in [h.of("title")] if e is not None), "")
        found.append(Person(-1, -1, tokens, home, title=title, office="head" if title else ""))
    for person in found:
        person.first = person.last = -1
    return found
