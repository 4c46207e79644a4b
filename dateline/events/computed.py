"""Days that must be reckoned from another event: "two days after the ruling", "hours before the summit", "a week later".

Here: `reckoned`, which gives a mention the day of an earlier mention, moved by a length of time (GUIDELINE ruling 12: only from an event of ours that
has one day). Not here: lengths counted from the document time, which dateline.timex reads. Next: dateline.events.anchoring, which calls it for
mentions without an expression of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from spacy.tokens import Token

from dateline.events.reading import Reading
from dateline.events.report_day import Day, head_of
from dateline.events.syntax import ancestors, clause_verb, verb_of
from dateline.notes import Mention
from dateline.records import Timex

LENGTH = re.compile(r"P(?:(\d+)D|(\d+)W|T.*)")
NEAR = 12  # sentences


def reckoned(reading: Reading, mention: Mention, earlier: Sequence[Mention]) -> Day | None:
    """Return the day that a length of time beside the mention gives; None where it is counted from nothing that is known."""
    first, last = reading.sentence_span(mention.sentence)
    for timex in reading.notes.timexes:
        match = LENGTH.fullmatch(timex.value) if first <= timex.start < last and timex.type == "DURATION" else None
        link = _link(reading, timex) if match is not None else None
        if match is None or link is None or not _dates(reading, timex, mention):
            continue
        word, sign = link
        base = _base(reading, word, mention, earlier)
        if base is None:
            continue
        days = int(match.group(1) or 0) + 7 * int(match.group(2) or 0)
        day = _moved(base, sign * days)
        if day is not None:
            return Day(day, day, "day", "event", reading.text[timex.start : word.idx + len(word)])
    return None


def _link(reading: Reading, timex: Timex) -> tuple[Token, int] | None:
    """Return the "after" or "before" right behind the length, and its direction."""
    span = reading.doc.char_span(timex.start, timex.end, alignment_mode="expand")
    if span is None or not span[0].dep_ or span.end >= len(reading.doc):
        return None
    word = reading.doc[span.end]
    for name, sign in (("later", 1), ("sooner", -1)):
        if word.lower_ in reading.lexicon.sets[name]:
            return word, sign
    return None


def _dates(reading: Reading, timex: Timex, mention: Mention) -> bool:
    """Say whether the length hangs on the mention's own clause, or on that of a verb it is joined to."""
    head = head_of(reading, timex)
    verb = verb_of(reading.doc[mention.token], reading.lexicon.sets)
    if head is None or verb is None:
        return False
    own = clause_verb(head)
    while verb.dep_ == "conj" and verb != own and verb.head != verb:
        verb = verb.head
    return own == verb


def _base(reading: Reading, link: Token, mention: Mention, earlier: Sequence[Mention]) -> date | None:
    """Return the one day of the event that the words behind the link name."""
    named = [t for t in link.subtree if t.i > link.i] or [t for t in link.head.subtree if link.i < t.i < link.i + 8]
    words = {t.i for t in named if link in ancestors(t) or t.i > link.i}
    told = {r.id for t in named for verb in (True, False) for r in reading.lexicon.rules_for(t.lower_, verb=verb)}
    kinds = {r.type for t in named for r in reading.lexicon.rules_for(t.lower_, verb=False)} - {"statement"}
    for other in reversed(earlier):
        if other is mention or other.first_day is None or other.first_day != other.last_day or mention.sentence - other.sentence > NEAR:
            continue
        if other.token in words or other.type in kinds or other.rule in told:
            return other.first_day
    return None


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days)
    except OverflowError:
        return None
