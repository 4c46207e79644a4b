"""The spaCy component `dateline_timex`: time expressions into the working notes and into doc.spans["timexes"].

Here: the factory and the component, which finds (`find`) and writes (`set_annotations`) apart. Not here: the grammar (tag.py).
Next: dateline.names.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from dateline.notes import notes_of
from dateline.records import Timex
from dateline.resources import resources_for
from dateline.timex.tag import tag_text

SPANS = "timexes"


class TimexComponent:
    """Tags the Doc's text. Picklable: it carries only the names of its resources."""

    def __init__(self, language: str = "en", overlay: str | None = None) -> None:
        self.language, self.overlay = language, overlay

    def find(self, doc: Doc) -> list[Timex]:
        """Return the time expressions of the Doc's article, leaving the Doc as it is."""
        notes = notes_of(doc)
        return tag_text(notes.article.text, notes.document_time, domain=notes.domain, resources=resources_for(self.language, self.overlay))

    def set_annotations(self, doc: Doc, timexes: Sequence[Timex]) -> None:
        """Write the expressions to the notes and to doc.spans["timexes"] (spans widened to whole tokens)."""
        notes_of(doc).timexes = list(timexes)
        spans = (doc.char_span(t.start, t.end, label=t.type, alignment_mode="expand") for t in timexes)
        doc.spans[SPANS] = [span for span in spans if span is not None]

    def __call__(self, doc: Doc) -> Doc:
        """Find and write."""
        self.set_annotations(doc, self.find(doc))
        return doc


@Language.factory("dateline_timex", assigns=["doc.spans"], default_config={"language": "en", "overlay": None})
def make_timex(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> TimexComponent:  # noqa: ARG001 - spaCy's signature
    """Make the component."""
    return TimexComponent(language, overlay)
