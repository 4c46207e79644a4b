"""Look-ups for a name without an article."""

from __future__ import annotations

import pytest

from dateline.names.actors import Actor
from dateline.names.lookup import canonical_actor, country_code, find_place, kind_and_country
from dateline.resources import resources_for

R = resources_for()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Japan", "JP"),
        ("the U.K.", "GB"),
        ("USA", "US"),
        ("DEU", "DE"),
        ("FR", "FR"),
        ("Dutch", "NL"),
        ("Türkiye", "TR"),
        ("Republic of Korea", "KR"),
        ("Kyiv", None),
        ("nobody", None),
    ],
)
def test_country_code(name: str, code: str | None) -> None:
    assert country_code(name, resources=R) == code


@pytest.mark.parametrize(
    ("name", "hint", "found", "country"),
    [
        ("Kiev", None, "Kyiv", "UA"),
        ("Kyiv", None, "Kyiv", "UA"),
        ("Paris", None, "Paris", "FR"),
        ("Paris, Texas", None, "Paris", "US"),
        ("Perth", "GB", "Perth", "GB"),
        ("Vilnius, Lithuania", None, "Vilnius", "LT"),
        ("Washington", None, "Washington", "US"),
        ("Georgia", None, "Georgia", "GE"),
        ("Georgia", "US", "Georgia", "US"),
        ("Belgium", None, "Belgium", "BE"),
        ("the Kremlin", None, "Kremlin", "RU"),
        ("Köln", None, "Cologne", "DE"),
        ("Fremantle", None, "Fremantle", "AU"),
        ("Hotel Miramar in Madrid", None, "Madrid", "ES"),
    ],
)
def test_find_place(name: str, hint: str | None, found: str, country: str) -> None:
    place = find_place(name, hint, resources=R)
    assert place is not None
    assert (place.name, place.country) == (found, country)


def test_washington_without_context_is_the_capital() -> None:
    place = find_place("Washington", resources=R)
    assert place is not None
    assert place.admin == "District of Columbia"


def test_an_unknown_place_is_none() -> None:
    assert find_place("Nowhereville", resources=R) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NATO", ("organisation", None)),
        ("Japan", ("state", "JP")),
        ("Emmanuel Macron", ("person", "FR")),
        ("Zelensky", ("person", "UA")),
        ("German foreign ministry", ("organisation", "DE")),
        ("NSW Government", ("organisation", "AU")),
        ("African leaders", ("group", None)),
        ("Prime Minister of Japan", ("office", "JP")),
        ("Caroline Hartwell", ("person", None)),
        ("BBC", ("organisation", "GB")),
        ("Zzyzx", (None, None)),
    ],
)
def test_kind_and_country(name: str, expected: tuple[str | None, str | None]) -> None:
    assert kind_and_country(name, resources=R) == expected


@pytest.mark.parametrize(
    ("name", "kind", "country", "actor"),
    [
        ("Joseph R. Biden, Jr.", "person", "US", Actor("Joe Biden", "person", "US")),
        ("Biden", "person", "US", Actor("Joe Biden", "person", "US")),
        ("Volodymyr Zelensky", "person", "UA", Actor("Volodymyr Zelenskyy", "person", "UA")),
        ("U.K.", "state", None, Actor("United Kingdom", "state", "GB")),
        ("Moscow", "state", None, Actor("Russia", "state", "RU")),
        ("IAEA", "organisation", None, Actor("International Atomic Energy Agency", "organisation", None)),
        ("Jane Q. Nobody", "person", "CA", Actor("Jane Q. Nobody", "person", "CA")),
        ("Clinton", "person", "US", Actor("Clinton", "person", "US")),
        ("Scott Morrison", "person", "US", Actor("Scott Morrison", "person", "US")),
    ],
)
def test_canonical_actor(name: str, kind: str, country: str | None, actor: Actor) -> None:
    assert canonical_actor(name, kind, country, resources=R) == actor
