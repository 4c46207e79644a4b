"""Events that date or place other events: sayings made at a summit, meetings on its sidelines (GUIDELINE rulings 1, 12 and 16).

Here: `date_sidelines`, `date_accords`, `date_sayings` and `carry_on`, which move days (and a place) from one cluster to mentions that the text
ties to it: "at the Madrid summit, Albanese said", "on the sidelines of the summit, Yoon met". Next: dateline.events.merging, which calls them
between gathering the events and gathering the sayings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from dateline.events.clusters import Cluster
from dateline.events.reading import Reading
from dateline.events.syntax import ancestors, clause_verb, is_past_perfect
from dateline.notes import Mention

SIDELINES = re.compile(r"\b(?:sidelines?|margins?|fringes?)\b", re.IGNORECASE)
AT = re.compile(
    r"\b(?:at|during|in|following|after|before|opening|ahead of)\s+(?:the|a|an|this|their|its|his|her|our)?\s*(?:[\w.'’-]+\s+){0,6}$", re.IGNORECASE
)
NEAR = 3  # sentences
TOLD = frozenset({"explicit", "relative", "event"})
BORROWED = frozenset({"published", "none"})


def date_sidelines(reading: Reading, clusters: list[Cluster]) -> None:
    """Give an undated meeting on the sidelines of a summit or conference that event's days, and its place where it has none."""
    for cluster in clusters:
        if cluster.dated is not None:
            continue
        for mention in cluster.mentions:
            first, last = reading.sentence_span(mention.sentence)
            if not SIDELINES.search(reading.text[first:last]):
                continue
            host = next((c for c in clusters if c is not cluster and _stands_in(c, mention.sentence)), None)
            if host is not None:
                _borrow(mention, host, place=True)
                break


def date_sayings(reading: Reading, sayings: Iterable[Mention], clusters: list[Cluster]) -> None:
    """Give sayings that have no day of their own the day of the gathering at which the sentence says they were made."""
    for mention in sayings:
        if mention.basis not in BORROWED and mention.notes.get("day") != "report":
            continue
        for cluster in clusters:
            if all("weak" in m.notes for m in cluster.mentions):
                continue
            occasion = next((m for m in cluster.mentions if m.sentence == mention.sentence and _is_at(reading, m, mention)), None)
            if occasion is not None:
                _borrow(mention, cluster, place=False)
                break


def date_accords(reading: Reading, clusters: list[Cluster]) -> None:
    """Give an undated accord that its parties reach at a dated meeting told of just before, or in the same sentence, that meeting's day."""
    for cluster in clusters:
        first = cluster.mentions[0]
        if first.type != "agreement" or cluster.dated is not None or first.status != "occurred" or is_past_perfect(clause_verb(reading.doc[first.token])):
            continue
        meeting = next((c for c in reversed(clusters) if _is_held_before(c, first)), None)
        if meeting is not None:
            _borrow(first, meeting, place=True)


def _is_held_before(cluster: Cluster, accord: Mention) -> bool:
    if cluster.mentions[0].type not in {"meeting", "summit"} or cluster.dated is None or cluster.mentions[0].status not in {"occurred", "ongoing"}:
        return False
    near = any(0 <= accord.sentence - m.sentence <= NEAR for m in cluster.mentions)
    countries = {p.country for p in cluster.participants} - {None}
    shared = cluster.names() & {p.name for p in accord.participants} or countries & {p.country for p in accord.participants}
    return near and bool(shared)


def carry_on(reading: Reading, sayings: list[Mention]) -> None:
    """Give an undated saying the day of the same speaker's saying before it in the paragraph: a quotation goes on from what it follows."""
    for earlier, mention in pairwise(sayings):
        same = _speakers(earlier) == _speakers(mention)
        if (
            same
            and mention.notes.get("day") == "report"
            and earlier.basis in TOLD
            and earlier.precision == "day"
            and mention.basis not in TOLD
            and _same_paragraph(reading, earlier, mention)
        ):
            mention.first_day, mention.last_day = earlier.first_day, earlier.last_day
            mention.precision, mention.basis, mention.date_text = earlier.precision, earlier.basis, earlier.date_text


def _speakers(mention: Mention) -> set[str]:
    return {p.name for p in mention.participants if p.role == "speaker"}


def _same_paragraph(reading: Reading, earlier: Mention, later: Mention) -> bool:
    return reading.paragraph_of(earlier.start) == reading.paragraph_of(later.start) or later.sentence - earlier.sentence <= 1


def _stands_in(cluster: Cluster, sentence: int) -> bool:
    return any(m.sentence == sentence for m in cluster.mentions)


def _is_at(reading: Reading, occasion: Mention, saying: Mention) -> bool:
    """Say whether the sentence puts the saying at the occasion: "at the summit" hangs on the saying, or on who speaks ("who, at the summit, ...")."""
    first, _ = reading.sentence_span(occasion.sentence)
    match = AT.search(reading.text[first : occasion.start])
    if occasion.type not in {"summit", "meeting"} or match is None:
        return False
    token, verb = reading.doc[occasion.token], reading.doc[saying.token]
    chain = list(ancestors(token))
    if verb in chain:
        return not any(t.dep_ in {"ccomp", "advcl", "xcomp", "acl", "relcl", "pcomp"} for t in chain[: chain.index(verb)])
    return match.start() == 0 and occasion.start < saying.start


def _borrow(mention: Mention, cluster: Cluster, *, place: bool) -> None:
    dated = cluster.dated
    mention.first_day, mention.last_day = cluster.days
    mention.precision = dated.precision if dated else "none"
    mention.basis = "event" if dated else "none"
    mention.date_text = dated.date_text if dated else None
    if place and mention.place is None:
        mention.place = cluster.place
