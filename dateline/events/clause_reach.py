"""How far a time expression's clause lies from a trigger's in the syntax.

Here: the tests that dateline.events.anchoring ranks expressions by: is it inside another phrase, does a clause lie between, which verbs share
their time. Not here: which expression wins.
"""

from __future__ import annotations

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.syntax import CLAUSES, ancestors, clause_verb, is_verb, own_subjects
from dateline.records import Timex

FAR = 99  # another clause's


def event_rank(verb: Token, own: Token, timex: Timex, token: Token) -> int:
    """Return how far an expression under the verb `own` stands from a meeting or accord under `verb`: 2 nearest, FAR unrelated."""
    if own in linked(verb):
        return 2
    if verb in linked(own):
        return 3
    if 0 < timex.start - token.idx < 40:
        return 5
    if own not in ancestors(verb) or verb.dep_ == "relcl":
        return FAR
    return 7 if verb.dep_ == "ccomp" else 6


def is_inside_phrase(chain: list[Token], verb: Token) -> bool:
    """Say whether the expression hangs on a noun ("airstrikes earlier this month"), not on the verb itself."""
    below = chain[: chain.index(verb)] if verb in chain else []
    return any(t.tag_ in {"NN", "NNS", "NNP", "NNPS"} for t in below[1:])


def crosses_clause(below: list[Token], token: Token) -> bool:
    """Say whether a clause of its own lies between the expression and the trigger."""
    return any(t.dep_ in {"ccomp", "relcl", "acl", "advcl", "xcomp", "pcomp"} and is_verb(t) for t in below) and token.dep_ in CLAUSES


def linked(verb: Token) -> list[Token]:
    """Return the verbs that this one shares its time with: those it is joined to, controlled by, or a participle of."""
    found: list[Token] = []
    while verb.dep_ in {"conj", "xcomp", "advcl", "acl", "parataxis", "pcomp"} and verb.head != verb:
        if verb.dep_ == "advcl" and own_subjects(verb):
            break
        verb = clause_verb(verb.head)
        if verb in found:
            break
        found.append(verb)
    return found


def leads(reading: Reading, timex: Timex, token: Token) -> bool:
    """Say whether the expression opens the sentence and no other verb stands between it and the trigger."""
    first, _ = reading.sentence_span(reading.sentence_of(timex.start))
    if timex.start - first > 12:
        return False
    return not any(is_verb(t) for t in reading.doc[: token.i] if timex.end <= t.idx < token.idx)
