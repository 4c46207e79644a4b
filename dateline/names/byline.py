"""Who "I" and "we" are in an article: the person or government of its byline or source (GUIDELINE ruling 8).

Here: `first_person`. Not here: whether a sentence stands in a quotation (dateline.events decides; a quoted "I" is the one quoted).
"""

from __future__ import annotations

from dateline.notes import Name
from dateline.records import Article
from dateline.resources import Resources


def first_person(article: Article, resources: Resources) -> Name | None:
    """Return whom "I" or "we" denotes outside quotations, with start = end = -1; None where the byline names nobody."""
    return None
