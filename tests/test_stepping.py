"""The model's components stepped from Python annotate as spaCy's own loop does."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from dateline.chunks import ChunkedPipeline
from dateline.nlp import DEFAULT_MODEL
from dateline.stepping import annotate

TEXTS = [
    "Foreign Minister Lea Brandt of Norland met Prime Minister Omar Haddad in Lisbon on Tuesday, her office said.",
    '"We shall sign it," she told reporters; the treaty, agreed in March, covers 14 countries and 2.5 billion euros.',
    "Talks.",
    "The African Union and the Kivu Peace Forum will hold a summit in Nairobi next week, according to Radio Kivu.",
] * 20


@pytest.fixture(scope="module")
def model() -> Language:
    return spacy.load(DEFAULT_MODEL)


def annotation(doc: Doc) -> list[tuple[str, int, str, int, str]]:
    return [(t.tag_, t.head.i, t.dep_, t.ent_iob, t.ent_type_) for t in doc]


@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_same_annotation_as_spacy(model: Language, batch_size: int) -> None:
    with model.select_pipes(enable=["tok2vec", "tagger", "parser", "ner"]):
        expected = list(model.pipe(TEXTS))
        docs = [model.make_doc(text) for text in TEXTS]
        for _, component in model.pipeline:
            docs = annotate(docs, component, batch_size=batch_size)
    assert [annotation(d) for d in docs] == [annotation(d) for d in expected]
    assert any(d.ents for d in docs)


def test_components_that_step_otherwise_run_as_they_are(model: Language) -> None:
    docs = annotate([model.make_doc(""), model.make_doc("Talks began.")], model.get_pipe("ner"), batch_size=8)
    assert [len(d) for d in docs] == [0, 3]
    assert annotate(docs, lambda doc: doc, batch_size=8) == docs


def test_the_chunked_pipeline_runs_every_component_of_the_model(model: Language) -> None:
    pipeline = ChunkedPipeline(model, None)
    assert pipeline.model == [component for name, component in model.pipeline if name != "senter"]
