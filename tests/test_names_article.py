"""Names of an article: the cases of tests/cases/names.jsonl, on a blank pipeline, so that the tables and rules are under test, not the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from dateline.names.article import name_article
from dateline.names.byline import first_person
from dateline.notes import KEY, Name, Notes
from dateline.records import Article, DocumentTime
from dateline.resources import resources_for

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "names.jsonl").read_text(encoding="utf-8").splitlines()]
BLANK = spacy.blank("en")
RESOURCES = resources_for()


def names_of(text: str, **known: str) -> tuple[Doc, list[Name]]:
    doc = BLANK.make_doc(text)
    notes = Notes(Article("case", text, **known), DocumentTime(None, "none"))
    doc.user_data[KEY] = notes
    notes.names = name_article(doc, notes, RESOURCES)
    return doc, notes.names


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_names_of_the_case(case: dict[str, object]) -> None:
    known = {k: str(case[k]) for k in ("title", "source", "byline") if k in case}
    _, names = names_of(str(case["text"]), **known)
    found = {(n.text, n.name, n.kind, n.country) for n in names}
    for wanted in case["names"]:  # type: ignore[attr-defined]
        assert tuple(wanted) in found, found
    for absent in case.get("absent", []):  # type: ignore[attr-defined]
        assert not [n for n in names if n.text == absent], absent


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_offsets_are_those_of_the_text(case: dict[str, object]) -> None:
    text = str(case["text"])
    _, names = names_of(text)
    assert all(text[n.start : n.end] == n.text for n in names)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Prime Minister", "President", "of", "Japan", "(", ")", "U.S.", "Kishida", ",", "’s", "the", "\n", "AU", "-"])).map(" ".join)
)
def test_arbitrary_text_raises_nothing_and_keeps_offsets(text: str) -> None:
    _, names = names_of(text)
    assert all(text[n.start : n.end] == n.text and n.text for n in names)


def test_media_are_marked_and_mouthpieces_are_not() -> None:
    _, names = names_of("Xinhua said so; Reuters reported it.")
    assert {n.text: n.media for n in names} == {"Xinhua": False, "Reuters": True}


@pytest.mark.parametrize(
    ("source", "byline", "name", "kind", "country"),
    [
        ("Prime Minister of Australia (Menzies, Robert)", None, "Robert Menzies", "person", "AU"),
        ("US Department of State", "Antony J. Blinken, Secretary of State", "Antony J. Blinken", "person", "US"),
        ("US Department of State", "Office of the Spokesperson", "United States", "state", "US"),
        ("The White House", None, "United States", "state", "US"),
        ("Swiss Federal Council", None, "Switzerland", "state", "CH"),
    ],
)
def test_first_person_is_the_byline_or_the_government_of_the_source(source: str, byline: str | None, name: str, kind: str, country: str) -> None:
    found = first_person(Article("a", "", source=source, byline=byline), RESOURCES)
    assert found is not None
    assert (found.name, found.kind, found.country, found.start, found.end) == (name, kind, country, -1, -1)


@pytest.mark.parametrize("source", [None, "Wikinews", "Reuters", "BBC News", "The Lakeside Courier"])
def test_news_media_have_no_first_person(source: str | None) -> None:
    assert first_person(Article("a", "", source=source, byline="Jane Roe"), RESOURCES) is None
