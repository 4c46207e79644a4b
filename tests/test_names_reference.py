"""Whom a word denotes: the cases of tests/cases/references.jsonl, parsed by the default model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.names.article import name_article
from dateline.names.reference import refer
from dateline.nlp import DEFAULT_MODEL, build_nlp
from dateline.notes import KEY, Notes
from dateline.records import Article, DocumentTime
from dateline.resources import resources_for

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "references.jsonl").read_text(encoding="utf-8").splitlines()]
RESOURCES = resources_for()


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_nlp(DEFAULT_MODEL)


def read(nlp: Language, text: str, **known: str) -> tuple[Doc, Notes]:
    doc = nlp(text, disable=[name for name in nlp.pipe_names if name.startswith("dateline_")])
    notes = Notes(Article("case", text, **known), DocumentTime(None, "none"), sentences=[(s.start_char, s.end_char) for s in doc.sents])
    doc.user_data[KEY] = notes
    notes.names = name_article(doc, notes, RESOURCES)
    return doc, notes


def head(doc: Doc, word: str, nth: int) -> Token:
    return [t for t in doc if t.text == word][nth - 1]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_whom_the_word_denotes(nlp: Language, case: dict[str, object]) -> None:
    known = {k: str(case[k]) for k in ("source", "byline") if k in case}
    doc, notes = read(nlp, str(case["text"]), **known)
    found = refer(doc, head(doc, str(case["head"]), int(case.get("nth", 1))), notes, RESOURCES)  # type: ignore[call-overload]
    assert [n.name for n in found] == case["names"]


def test_every_token_gets_an_answer(nlp: Language) -> None:
    for case in CASES:
        doc, notes = read(nlp, str(case["text"]))
        for token in doc:
            assert all(n.name for n in refer(doc, token, notes, RESOURCES))
