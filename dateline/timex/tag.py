"""Tags a text's time expressions: the one function that the component, the command and the document time use.

Here: `tag_text`. Not here: the steps (tokens.py, recognise.py, normalise.py), ranges for dating events (ranges.py).
"""

from __future__ import annotations

from datetime import date

from dateline.records import DocumentTime, Timex
from dateline.resources import Resources
from dateline.timex.direction import Direction
from dateline.timex.grammar import grammar_of
from dateline.timex.normalise import normalise
from dateline.timex.recognise import find
from dateline.timex.scene import COUNTABLE, Scene
from dateline.timex.tokens import tokenise


def tag_text(text: str, document_time: DocumentTime, *, domain: str = "news", resources: Resources) -> list[Timex]:
    """Return the time expressions of `text` in order, none overlapping, offsets into `text`.

    Args:
        text: any text; never altered.
        document_time: what "today" means. With no day known relative expressions keep an underspecified value (XXXX) and no days.
        domain: "news" counts from the document time, "narrative" from the last date that the text has said.
        resources: the language's rules.
    """
    grammar = grammar_of(resources)
    tokens = tokenise(text, grammar.lexicon)
    scene = Scene(tokens, grammar, Direction(tokens, grammar.lexicon), _anchor(document_time), domain, document_time.day is not None)
    return normalise(scene, find(tokens, grammar, domain))


def _anchor(document_time: DocumentTime) -> date | None:
    """Return the document time, or the middle of its span: good enough for weeks and coarser units.

    A year at the very ends of the calendar cannot be counted from and is as good as unknown.
    """
    first, last = document_time.first_day, document_time.last_day
    day = document_time.day or first or last
    if not document_time.day and first and last:
        day = first + (last - first) // 2
    return day if day and day.year in COUNTABLE else None
