"""The spaCy component `dateline_names`: fills notes.names with every resolved name of the article.

Here: the order of the steps and spaCy's entities, which are believed only where the tables and the article itself say nothing. Not here: the
steps (dateline.names.scan, .titles, .people, .sense), descriptions and pronouns (dateline.names.reference). Next comes dateline.events.triggers.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.names.article import name_article
from dateline.notes import notes_of
from dateline.resources import Resources, resources_for


class NamesComponent:
    """Callable Doc -> Doc. Picklable: holds the language and the overlay, not the tables."""

    def __init__(self, language: str, overlay: str | None) -> None:
        self.language, self.overlay = language, overlay

    @property
    def resources(self) -> Resources:
        """The resources, read once a process."""
        return resources_for(self.language, self.overlay)

    def __call__(self, doc: Doc) -> Doc:
        """Set notes.names."""
        notes = notes_of(doc)
        notes.names = name_article(doc, notes, self.resources)
        return doc


@Language.factory("dateline_names", default_config={"language": "en", "overlay": None})
def make_names(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> NamesComponent:  # noqa: ARG001 - spaCy's factory signature
    """Make the component for `nlp.add_pipe("dateline_names")`."""
    return NamesComponent(language, overlay)
