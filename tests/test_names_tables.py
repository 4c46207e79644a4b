"""The name tables themselves: every alias resolves to its row, no alias is ambiguous unless a context rule decides it, sources are named."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from dateline.names.tables import SORTS, gazetteer_for
from dateline.names.words import Words
from dateline.resources import SHIPPED, resources_for

RESOURCES = resources_for()
GAZETTEER = gazetteer_for(RESOURCES)
TABLES = ("countries", "organisations", "media", "people", "places", "offices", "given_names", "nicknames", "name_words")
# Forms that stand for things of several sorts, with the rule of dateline.names.sense that decides (all have a case in tests/cases/names.jsonl or below).
DECIDED = {frozenset(pair) for pair in [("country", "place"), ("country", "demonym"), ("organisation", "place"), ("person", "title"), ("medium", "place")]}


def forms(row: dict[str, str]) -> list[str]:
    return [f for f in (row["name"], *row["aliases"].split("|")) if f]


@pytest.mark.parametrize("table", ["countries", "organisations", "media", "people", "places"])
def test_every_alias_resolves_to_its_row(table: str) -> None:
    for row in RESOURCES.table(f"{table}.tsv"):
        for form in forms(row):
            assert row["name"] in {e.name for e in GAZETTEER.get(form.removeprefix("the "))}, form


@pytest.mark.parametrize("table", ["countries", "organisations", "media", "people", "places"])
def test_every_alias_is_found_in_a_text(table: str) -> None:
    for row in RESOURCES.table(f"{table}.tsv"):
        for form in forms(row):
            words = Words(form.removeprefix("the "))
            found = GAZETTEER.find(words, 0)
            assert found is not None, form
            assert found[0] == len(words), form


def test_no_alias_is_ambiguous_without_a_rule() -> None:
    for key, entries in GAZETTEER.forms.items():
        names = {(e.sort, e.name) for _, e in entries}
        sorts = {s for s, _ in names}
        if len(sorts) > 1:
            assert frozenset(sorts) in DECIDED, (key, names)
        elif sorts != {"place"} and sorts != {"title"}:  # places: by what follows, the article's countries, population; titles: one word in two spellings
            assert len(names) == 1, (key, names)


def test_no_alias_stands_twice_in_its_table() -> None:
    for table in ("countries", "organisations", "media", "people"):
        seen: dict[str, str] = {}
        for row in RESOURCES.table(f"{table}.tsv"):
            for form in forms(row):
                assert seen.setdefault(form, row["name"]) == row["name"], form


def test_codes_are_iso_3166() -> None:
    codes = {row["country"] for row in RESOURCES.table("countries.tsv")}
    assert all(len(c) == 2 and c.isupper() for c in codes)
    assert all(len(row["iso3"]) == 3 for row in RESOURCES.table("countries.tsv"))
    for table in ("organisations", "media", "people", "places", "offices"):
        missing = {row["country"] for row in RESOURCES.table(f"{table}.tsv")} - codes - {""}
        assert missing <= {
            "AI",
            "AX",
            "BL",
            "BQ",
            "CC",
            "GG",
            "IO",
            "MF",
            "MS",
            "PM",
            "SH",
            "SX",
            "TC",
            "TF",
            "WF",
            "YT",
            "SJ",
            "UM",
            "HM",
            "BV",
            "GS",
            "PN",
        }, (table, missing)


def test_places_have_coordinates_on_earth() -> None:
    for row in RESOURCES.table("places.tsv"):
        if row["kind"] == "continent":
            assert not row["country"]
            continue
        assert row["country"], row["name"]
        assert -90 <= float(row["latitude"]) <= 90, row["name"]
        assert -180 <= float(row["longitude"]) <= 180, row["name"]


def test_one_capital_at_most_a_country_beside_seats_of_government() -> None:
    capitals: dict[str, list[str]] = defaultdict(list)
    for row in RESOURCES.table("places.tsv"):
        if row["kind"] == "capital":
            capitals[row["country"]].append(row["name"])
    assert len(capitals) > 180
    assert {c: names for c, names in capitals.items() if len(names) > 1} == {"PS": ["East Jerusalem", "Ramallah"]}


@pytest.mark.parametrize("table", TABLES)
def test_tables_name_source_licence_and_review(table: str) -> None:
    head = "".join(line for line in (SHIPPED / "en" / f"{table}.tsv").read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#"))
    assert "Source:" in head
    assert "icence" in head
    assert "Reviewed: 20" in head


def test_the_shipped_places_stay_small() -> None:
    assert Path(SHIPPED / "en" / "places.tsv").stat().st_size < 2_000_000


def test_sorts_are_the_known_ones() -> None:
    assert {e.sort for entries in GAZETTEER.forms.values() for _, e in entries} == set(SORTS)


def test_an_overlay_adds_names(tmp_path: Path) -> None:
    (tmp_path / "organisations.tsv").write_text("name\taliases\tcountry\tclass\tnouns\nLake Compact Bureau\tLCB\tCH\tgovernment\tbureau\n", encoding="utf-8")
    overlaid = gazetteer_for(resources_for("en", str(tmp_path)))
    assert [e.name for e in overlaid.get("LCB")] == ["Lake Compact Bureau"]
    assert overlaid.get("NATO")


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("byline_office", "spokes", "anna"),
        ("official_source", "minist", "tribune"),
        ("outlet", "herald", "ministry"),
        ("voice", "spokeswoman", "critic"),
        ("body", "commission", "river"),
        ("group", "ministers", "tourists"),
        ("part_of_world", "nordic", "norwegian"),
        ("state_only", "countries", "parties"),
        ("seat", "embassy", "company"),
        ("ministry", "ministry", "minister"),
        ("force", "police", "crowd"),
        ("weekday", "friday", "march"),
        ("month", "mar", "fri"),
        ("institution_on", "commission", "ministry"),
        ("state_beside", "Atlanta", "Tbilisi"),
    ],
)
def test_a_word_list_holds_its_example_only(name: str, inside: str, outside: str) -> None:
    words = GAZETTEER.lists[name]
    assert inside in words
    assert outside not in words
