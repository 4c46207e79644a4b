"""When two reports of meetings, summits or agreements are one.

A country and a month never suffice: both sides must agree, and the day or the place with it. Here: `judge_meetings`, `judge_summits`,
`judge_agreements`, and how far two lists of parties are the same. Not here: sayings (statements.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dateline.resolve import actors as relations
from dateline.resolve.actors import Actor
from dateline.resolve.passages import likeness
from dateline.resolve.profile import Profile
from dateline.resolve.text import Lexicon
from dateline.resolve.verdicts import Reason, Verdict, date_reason, place_reason, refused, topic_reason

MEETING_THRESHOLD, SUMMIT_THRESHOLD, AGREEMENT_THRESHOLD = 6.0, 5.0, 6.0
PERSON_POINTS, SIDE_POINTS, SIDES_MOST = 2.5, 1.5, 6.0
RIVAL_POINTS = -2.0  # other people of the same country
STRANGER_POINTS = -1.0  # each has parties that the other lacks
SERIES_POINTS = 3.0
CONTENT_POINTS, ACCORD_CONTENT_POINTS = 3.0, 5.0
LEAST_CONTENT, LEAST_ACCORD = 0.3, 0.2  # the latter: the same parties can sign two accords on a day
LEAST_UNNAMED = 0.5  # where one report names no party


@dataclass(frozen=True, slots=True)
class Parties:
    """How two lists of parties agree: people in both, sides (countries, organisations) in both, people of one country who differ, and strangers to both."""

    people: int
    sides: int
    rivals: int
    strangers: int
    alone: bool  # one of the lists has a single party or none


def compare_parties(one: Profile, other: Profile, lexicon: Lexicon) -> Parties:
    """Pair the parties of two reports, each at most once, the closest first."""
    rest = list(other.actors)
    people = 0
    sides: set[str] = set()
    unmatched: list[Actor] = []
    for actor in one.actors:
        partner = next((b for b in rest if relations.relation(actor, b, lexicon) == relations.SAME), None)
        if partner is None:
            unmatched.append(actor)
            continue
        rest.remove(partner)
        people += relations.is_person(actor) or relations.is_person(partner)
        sides.add(_side(actor, partner))
    leftover, strangers, rivals = list(rest), 0, 0
    for actor in unmatched:
        kin = next((b for b in leftover if relations.relation(actor, b, lexicon) in (relations.OWN_STATE, relations.SPEAKS_FOR)), None)
        kin = kin or next((b for b in other.actors if relations.relation(actor, b, lexicon) == relations.OWN_STATE), None)
        if kin is not None:
            sides.add(_side(actor, kin))
            leftover = [b for b in leftover if b is not kin]
        elif any(relations.is_person(b) and relations.is_person(actor) and actor.country and actor.country == b.country for b in leftover):
            rivals += actor.country is not None and f"c:{actor.country}" not in sides
        else:
            strangers += 1
    others = sum(1 for b in leftover if not (b.country and f"c:{b.country}" in sides))
    return Parties(people, len(sides), rivals, min(strangers, others), min(len(one.actors), len(other.actors)) < 2)


def judge_meetings(one: Profile, other: Profile, lexicon: Lexicon) -> Verdict:
    """Compare two reports of meetings."""
    if _remote_against_present(one, other):
        return refused("a call and a meeting in person")
    parties = compare_parties(one, other, lexicon)
    if parties.rivals and not parties.people:
        return refused("other people of the same countries")
    return _judge_gathering(one, other, lexicon, parties, threshold=MEETING_THRESHOLD, weight=CONTENT_POINTS)


def judge_agreements(one: Profile, other: Profile, lexicon: Lexicon) -> Verdict:
    """Compare two reports of accords; stages that are dated apart are separate events."""
    here, there = _stages(one), _stages(other)
    if here and there and not here & there and not _same_start(one, other):
        return refused("other stages of an accord, dated apart")
    parties = compare_parties(one, other, lexicon)
    verdict = _judge_gathering(one, other, lexicon, parties, threshold=AGREEMENT_THRESHOLD, weight=ACCORD_CONTENT_POINTS)
    return replace(verdict, reasons=(*verdict.reasons, Reason("same stage", 1.0))) if here & there else verdict


def judge_summits(one: Profile, other: Profile, lexicon: Lexicon) -> Verdict:
    """Compare two reports of summits: what it is called after, with the place or the day."""
    if one.series and other.series and not one.series & other.series:
        return refused("summits of other names")
    basics = _date_and_place(one, other)
    if isinstance(basics, str):
        return refused(basics)
    if _conflict(basics):
        return refused("other places")
    parties = compare_parties(one, other, lexicon)
    reasons = [*basics, *_party_reasons(parties, cap=3.0)]
    named = bool(one.series & other.series)
    if named:
        reasons.append(Reason("same series: " + ", ".join(sorted(one.series & other.series)), SERIES_POINTS))
    topic = topic_reason(one, other)
    if topic:
        reasons.append(topic)
    there_and_then = {"same day", "same place"} <= {r.text for r in basics}
    return Verdict(tuple(r for r in reasons if r.points), SUMMIT_THRESHOLD, named or parties.sides >= 2 or there_and_then)


def _judge_gathering(one: Profile, other: Profile, lexicon: Lexicon, parties: Parties, *, threshold: float, weight: float) -> Verdict:
    basics = _date_and_place(one, other)
    if isinstance(basics, str):
        return refused(basics)
    content = _content(one, other, lexicon)
    reasons = [*basics, *_party_reasons(parties, cap=SIDES_MOST), Reason("same subject", round(weight * content, 6))]
    topic = topic_reason(one, other)
    if topic:
        reasons.append(topic)
    settled = any(r.text in ("same place", "same day") for r in basics)
    remote = "remote" in one.cues and "remote" in other.cues
    reasons += [Reason("both by telephone or video", 1.0)] if remote else []
    pair = parties.people >= 2 and (remote or (one.firm and other.firm))
    both = parties.sides >= 2 and (settled or pair or content >= LEAST_CONTENT)
    lone = parties.sides == 1 and parties.alone and settled and content >= LEAST_CONTENT
    unnamed = not (one.actors and other.actors) and settled and content >= LEAST_UNNAMED
    return Verdict(tuple(r for r in reasons if r.points), threshold, (both or lone or unnamed) and (one.type != "agreement" or content >= LEAST_ACCORD))


def _date_and_place(one: Profile, other: Profile) -> list[Reason] | str:
    date = date_reason(one, other)
    if isinstance(date, str):
        return date
    place = place_reason(one, other)
    if isinstance(place, str):
        return place
    return [date, *([place] if place else [])]


def _conflict(basics: list[Reason]) -> bool:
    return any(r.text == "other places of one country" for r in basics)


def _party_reasons(parties: Parties, *, cap: float) -> list[Reason]:
    points = PERSON_POINTS * parties.people + SIDE_POINTS * max(0, parties.sides - parties.people)
    return [
        Reason(f"{parties.people} people and {parties.sides} sides in both", min(cap, points)),
        Reason("other people of one country", RIVAL_POINTS * parties.rivals),
        Reason("each has parties that the other lacks", STRANGER_POINTS * parties.strangers),
    ]


def _content(one: Profile, other: Profile, lexicon: Lexicon) -> float:
    topic = one.topic | other.topic
    return max((likeness(a, b, lexicon, topic) for a in one.passages for b in other.passages), default=0.0)


def _side(a: Actor, b: Actor) -> str:
    country = a.country or b.country
    return f"c:{country}" if country else a.key


def _remote_against_present(one: Profile, other: Profile) -> bool:
    return ("remote" in one.cues and "in-person" in other.cues and "remote" not in other.cues) or (
        "remote" in other.cues and "in-person" in one.cues and "remote" not in one.cues
    )


def _stages(one: Profile) -> set[str]:
    return {c for c in one.cues if c.startswith("stage-")}


def _same_start(one: Profile, other: Profile) -> bool:
    return one.span is not None and other.span is not None and one.span.first == other.span.first
