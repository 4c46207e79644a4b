"""When two reports of meetings, summits or agreements are one.

A country and a month never suffice: both sides must agree, and the day or the place with it. Here: `judge_meetings`, `judge_summits`,
`judge_agreements`, and how far two lists of parties are the same. Not here: sayings (statements.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dateline.resolve import actors as relations
from dateline.resolve.actors import Actor, organisation_tokens, side_of
from dateline.resolve.days import days_apart
from dateline.resolve.passages import likeness
from dateline.resolve.profile import Profile
from dateline.resolve.text import Lexicon
from dateline.resolve.verdicts import TOLD_TOGETHER, Reason, Verdict, date_reason, place_reason, refused, topic_reason

MEETING_THRESHOLD, SUMMIT_THRESHOLD, AGREEMENT_THRESHOLD = 6.0, 5.0, 6.0
PERSON_POINTS, SIDE_POINTS, SIDES_MOST = 2.5, 1.5, 6.0
RIVAL_POINTS = -2.0  # other people of the same country
STRANGER_POINTS = -1.0  # each has parties that the other lacks
SERIES_POINTS = 3.0
CONTENT_POINTS, ACCORD_CONTENT_POINTS = 3.0, 5.0
LEAST_CONTENT, LEAST_ACCORD = 0.3, 0.2  # the latter: the same parties can sign two accords on a day
LEAST_ACCORD_OF_ALL = 0.05  # where all parties and the day are the same
WHOLE_POINTS = 1.5
LEAST_UNNAMED = 0.5  # where one report names no party


@dataclass(frozen=True, slots=True)
class Parties:
    """How two lists of parties agree: people in both, sides (countries, organisations) in both, people of one country who differ, and strangers to both."""

    people: int
    sides: int
    rivals: int
    strangers: int
    alone: bool  # one of the lists has a single party or none
    whole: bool  # neither list has a party that the other lacks


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
            rivals += actor.country is not None and side_of(actor) not in sides
        else:
            strangers += 1
    others = sum(1 for b in leftover if not (b.country and side_of(b) in sides))
    alone = min(len(one.actors), len(other.actors)) < 2
    return Parties(people, len(sides), rivals, min(strangers, others), alone, not (rivals or strangers or others))


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


def judge_occasions(one: Profile, other: Profile, lexicon: Lexicon) -> Verdict:
    """Compare a summit with a meeting: one told under two names, where the days and the parties are the same.

    A meeting beside a summit stays its own event: it has fewer parties, or a day of the summit's days, and the summit has a name.
    """
    summit, meeting = (one, other) if one.type == "summit" else (other, one)
    basics = _date_and_place(one, other)
    if isinstance(basics, str):
        return refused(basics)
    parties = compare_parties(one, other, lexicon)
    if _conflict(basics) or parties.rivals or _remote_against_present(one, other):
        return refused("other places or parties")
    named = bool(summit.series & meeting.series)
    if not named and _beside(meeting, summit, lexicon):
        return refused("a meeting beside a summit")
    texts = {r.text for r in basics}
    same_days = summit.firm and _same_days(summit, meeting)
    then = same_days or ("same place" in texts and not (summit.firm or meeting.firm))
    reasons = [*basics, *_party_reasons(parties, cap=SIDES_MOST), Reason("same subject", round(CONTENT_POINTS * _content(one, other, lexicon), 6))]
    reasons += [r for r in (topic_reason(one, other),) if r]
    reasons += [Reason("same collective party", SIDE_POINTS)] if named else []
    enough = then and (named or (parties.whole and parties.sides >= 2))
    return Verdict(tuple(r for r in reasons if r.points), MEETING_THRESHOLD, enough)


def _beside(meeting: Profile, summit: Profile, lexicon: Lexicon) -> bool:
    """Say whether the summit is a known organisation's that does not take part in the meeting, or the meeting's own text names that summit."""
    known = any(organisation_tokens(name.replace("-", " "), lexicon) for name in summit.series if "-" in name or len(summit.series) == 1)
    said = {c for sentence in meeting.passages for c in sentence.concepts}
    return known or ("summit-word" in meeting.cues and bool(said & summit.series))


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
    if parties.whole and parties.people >= 2:
        reasons.append(Reason("the same people and no others", 2.0))
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
    alike = _told_alike(one, other, parties, basics)
    reasons += [Reason("the same parties and no others", WHOLE_POINTS)] if alike else []
    pair = parties.people >= 2 and (remote or (one.firm and other.firm and _overlap(one, other)))
    wide = parties.people >= 2 and _overlap(one, other) and any(r.text in ("same place", "same country") for r in basics)
    both = parties.sides >= 2 and (settled or pair or wide or alike or content >= LEAST_CONTENT)
    lone = parties.sides == 1 and parties.alone and settled and content >= LEAST_CONTENT
    unnamed = not (one.actors and other.actors) and settled and content >= LEAST_UNNAMED
    accord = one.type != "agreement" or content >= _least_accord(one, other, parties, {r.text for r in basics})
    return Verdict(tuple(r for r in reasons if r.points), threshold, (both or lone or unnamed) and accord)


def _least_accord(one: Profile, other: Profile, parties: Parties, basics: set[str]) -> float:
    """Return the likeness of subject that an accord needs: less, the more of its parties, day and place is the same."""
    if parties.sides < 2 or parties.strangers or parties.rivals or not _same_start(one, other):
        return LEAST_ACCORD
    return 0.0 if {"same day", "same place"} <= basics else LEAST_ACCORD_OF_ALL


def _told_alike(one: Profile, other: Profile, parties: Parties, basics: list[Reason]) -> bool:
    """Say whether an undated report names the very parties of another of the same days: three sides, or two who are yet to meet."""
    planned = {one.report.event.status, other.report.event.status} <= {"planned", "possible"}
    return basics[0].text == TOLD_TOGETHER and parties.whole and (parties.sides >= 3 or (parties.sides >= 2 and planned))


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
    return side_of(a if a.country or not b.country else b)


def _remote_against_present(one: Profile, other: Profile) -> bool:
    return ("remote" in one.cues and "in-person" in other.cues and "remote" not in other.cues) or (
        "remote" in other.cues and "in-person" in one.cues and "remote" not in one.cues
    )


def _stages(one: Profile) -> set[str]:
    return {c for c in one.cues if c.startswith("stage-")}


def _overlap(one: Profile, other: Profile) -> bool:
    return one.span is not None and other.span is not None and days_apart(one.span, other.span) == 0


def _same_days(one: Profile, other: Profile) -> bool:
    return one.span is not None and other.span is not None and (one.span.first, one.span.last) == (other.span.first, other.span.last)


def _same_start(one: Profile, other: Profile) -> bool:
    return one.span is not None and other.span is not None and one.span.first == other.span.first
