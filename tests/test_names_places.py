"""Where an event happens: the cases of tests/cases/places.jsonl, parsed by the default model, and what a summit passes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from dateline.events.places import PlaceReader, PlacesComponent
from dateline.names.article import name_article
from dateline.nlp import DEFAULT_MODEL, build_nlp
from dateline.notes import KEY, Mention, Notes
from dateline.records import Article, DocumentTime
from dateline.resources import resources_for

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "places.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_nlp(DEFAULT_MODEL)


def read(nlp: Language, text: str) -> tuple[Doc, Notes]:
    doc = nlp(text, disable=[name for name in nlp.pipe_names if name.startswith("dateline_")])
    notes = Notes(Article("case", text), DocumentTime(None, "none"), sentences=[(s.start_char, s.end_char) for s in doc.sents])
    doc.user_data[KEY] = notes
    notes.names = name_article(doc, notes, resources_for())
    return doc, notes


def mention(doc: Doc, word: str, kind: str) -> Mention:
    token = next(t for t in doc if t.text == word)
    return Mention(token.idx, token.idx + len(word), token.i, 0, kind, "test")


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_place_of_the_case(nlp: Language, case: dict[str, object]) -> None:
    doc, notes = read(nlp, str(case["text"]))
    place = PlaceReader(doc, notes, resources_for()).find(mention(doc, str(case["trigger"]), str(case["type"])))
    assert (None if place is None else [place.name, place.country]) == case["place"]
    assert place is None or place.venue == case.get("venue", place.venue)


def test_a_summit_passes_its_place_to_what_happens_on_its_sidelines(nlp: Language) -> None:
    doc, notes = read(nlp, "The summit was held in Madrid. On the sidelines of the summit, Kishida met Yoon.")
    summits = [t for t in doc if t.text == "summit"]
    met = next(t for t in doc if t.text == "met")
    notes.mentions = [Mention(t.idx, t.idx + len(t), t.i, k, "summit", "test") for k, t in enumerate(summits)]
    notes.mentions.append(Mention(met.idx, met.idx + 3, met.i, 1, "meeting", "test"))
    PlacesComponent("en", None)(doc)
    place = notes.mentions[-1].place
    assert place is not None
    assert place.country == "ES"


def test_an_earlier_place_is_kept(nlp: Language) -> None:
    doc, notes = read(nlp, "They met in Oslo.")
    found = mention(doc, "met", "meeting")
    notes.mentions = [found]
    PlacesComponent("en", None)(doc)
    first = found.place
    PlacesComponent("en", None)(doc)
    assert found.place is first
