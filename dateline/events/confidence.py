"""How sure an event is: the probability that an analyst reading the article would sign that it is reported there.

Here: `features_of`, what is known of an event's making, and `confidence_of`, a logistic model over it. The weights are data (confidence.tsv),
fitted by tools/fit_confidence.py on whether extracted events were in the gold, and on nothing else of it; a feature without a weight counts
nothing. Next: nothing; this is the last step.
"""

from __future__ import annotations

import math
from functools import cache

from dateline.events.reading import Reading
from dateline.notes import Mention
from dateline.records import Event
from dateline.resources import Resources

LONG = 45  # words; longer sentences are parsed worse
PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "who", "both", "his", "her", "their", "its"})
WEAK_RULES = frozenset(
    {
        "statement.confirm_object",
        "statement.call_it",
        "statement.question",
        "statement.speak_about",
        "statement.address",
        "statement.issue_noun",
        "statement.noun_of",
        "statement.continue_quote",
        "statement.agree_that",
        "statement.rule",
        "agreement.agree_to",
        "agreement.noun",
        "meeting.speak",
        "meeting.discuss",
        "meeting.conference",
        "meeting.travel",
    }
)
STRONG_SAYINGS = frozenset({"statement.say", "statement.tell", "statement.announce", "statement.warn", "statement.condemn", "statement.urge", "statement.deny"})


def confidence_of(event: Event, mentions: list[Mention], reading: Reading) -> float:
    """Return the probability, to two decimals, never 0 or 1."""
    weights = _weights(reading.resources)
    score = sum(weights.get(name, 0.0) * value for name, value in features_of(event, mentions, reading).items())
    return min(0.99, max(0.01, round(1 / (1 + math.exp(-score)), 2)))


@cache
def _weights(resources: Resources) -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in resources.table("confidence.tsv")}


def features_of(event: Event, mentions: list[Mention], reading: Reading) -> dict[str, float]:
    """Return what speaks for or against the event, each 0..1."""
    first = mentions[0]
    main = [p for p in event.participants if p.role != "addressee"]
    begin, end = reading.sentence_span(first.sentence)
    found = {
        "bias": 1.0,
        f"type_{event.type}": 1.0,
        f"basis_{event.basis}": 1.0,
        "several_mentions": min(1.0, math.log2(len(mentions)) / 2),
        "not_occurred": float(event.status != "occurred"),
        "strong_saying": float(any(m.rule in STRONG_SAYINGS for m in mentions)),
        "weak_rules": float(all(m.rule in WEAK_RULES for m in mentions)),
        "noun": float(all(not _is_verbal(m.rule, reading) for m in mentions)),
        "person": float(any(p.kind == "person" for p in main)),
        "named": float(bool(main) and all(_is_named(p.mentions, reading) for p in main)),
        "alone": float(event.type != "statement" and len(main) < 2),
        "placed": float(event.place is not None),
        "content": float(event.content is not None),
        "long_sentence": float(reading.text.count(" ", begin, end) > LONG),
        "lead": float(first.sentence < 2),
        "quoted": float(reading.quote_around(reading.doc[first.token]) is not None),
    }
    return {name: value for name, value in found.items() if value}


def _is_verbal(rule: str, reading: Reading) -> bool:
    return reading.lexicon.rule_of[rule].pos == "verb"


def _is_named(mentions: tuple[tuple[int, int], ...], reading: Reading) -> bool:
    """Say whether one of the mentions is a name, not a pronoun or description."""
    words = [reading.text[start:end] for start, end in mentions if start >= 0]
    return any(word[:1].isupper() and word.lower() not in PRONOUNS for word in words)
