"""The tests that trigger rules may name in `needs` and `forbids`, each answering one question about a candidate's clause.

Here: `TESTS`, name to function, and `holds`, which reads "test:argument|other". A test takes the reading, the trigger's token and the
argument (a word set's name, a comma list, or a pattern). The functions are dateline.events.verb_tests and .noun_tests; participants
(dateline.events.frames) come later in the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from spacy.tokens import Token

from dateline.events import noun_tests as noun
from dateline.events import verb_tests as verb
from dateline.events.reading import Reading
from dateline.events.syntax import agents, is_passive, is_verb

Test = Callable[[Reading, Token, str], bool]


def holds(reading: Reading, token: Token, condition: str) -> bool:
    """Say whether one of the condition's alternatives is true of the token."""
    for alternative in alternatives(condition):
        name, _, argument = alternative.partition(":")
        if TESTS[name](reading, token, argument):
            return True
    return False


@cache
def alternatives(condition: str) -> tuple[str, ...]:
    """Return the tests of which one must hold: split at "|", but not inside a pattern: everything after "next:" up to an alternative that is a test's name."""
    parts: list[str] = []
    for piece in condition.split("|"):
        if parts and piece.partition(":")[0] not in TESTS:
            parts[-1] += "|" + piece
        else:
            parts.append(piece)
    return tuple(parts)


def _next(reading: Reading, token: Token, argument: str) -> bool:
    rest = reading.text[token.idx + len(token) : token.idx + len(token) + 80].lstrip()
    return re.match(argument, rest, re.IGNORECASE) is not None


TESTS: dict[str, Test] = {
    "clause": verb.has_clause,
    "clause_before": verb.reports_before,
    "quoted": verb.is_quoted,
    "quoted_object": verb.quotes_behind,
    "object": verb.has_object,
    "object_person": verb.object_is_actor,
    "object_human": verb.object_is_human,
    "object_place": verb.object_is_place,
    "object_complement": verb.has_object_complement,
    "prep": verb.has_preposition,
    "prep_in": noun.takes_preposition_in,
    "prep_place": verb.goes_to_place,
    "attended": noun.is_attended,
    "particle": verb.has_particle,
    "infinitive": verb.has_infinitive,
    "asks": verb.asks_somebody,
    "gerund": verb.has_gerund,
    "as": lambda r, t, _a: verb.has_preposition(r, t, "as"),
    "agent": lambda _r, t, _a: bool(agents(t)),
    "passive": lambda _r, t, _a: is_passive(t),
    "passive_without_agent": verb.is_passive_without_agent,
    "singular_subject": verb.has_singular_subject,
    "one_has_agreed": verb.one_has_agreed,
    "plural_subject": verb.has_plural_subject,
    "counterpart": verb.has_counterpart,
    "subject_in": verb.subject_among,
    "subject_nobody": verb.subject_is_nobody,
    "not_performative": verb.is_not_performative,
    "modifier": noun.has_modifier,
    "governor": noun.governed_by,
    "signed_after": noun.is_signed_after,
    "between_and": noun.is_between,
    "possessor": noun.has_possessor,
    "by_name": noun.is_by_name,
    "instrument": noun.is_instrument,
    "named_instrument": noun.is_named_instrument,
    "plural_generic": noun.is_plural_generic,
    "internal": noun.is_internal,
    "mountain": noun.is_mountain,
    "named_event": noun.is_named_event,
    "next": _next,
    "to_thing": verb.speaks_to_thing,
    "speak_to_person": verb.speaks_to_person,
    "participle": lambda _r, t, _a: t.tag_ == "VBG" and t.dep_ == "advcl",
    "present": lambda _r, t, _a: t.tag_ in {"VBP", "VBZ", "VB"},
    "verb": lambda _r, t, _a: is_verb(t),
}
