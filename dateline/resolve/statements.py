"""When two reports of sayings are one saying.

Same quotation first, then same occasion, same proposition and its direction, then the day; speaker and day alone are never enough, and
differing counts on one topic are an update. Here: `judge_statements`. Not here: sentences compared (passages.py), actors (actors.py).
"""

from __future__ import annotations

from dateline.resolve import actors as relations
from dateline.resolve.days import MOST_FORGIVEN
from dateline.resolve.passages import Passage, likeness, opposed, shared_quotation, updated
from dateline.resolve.profile import Profile
from dateline.resolve.text import Lexicon
from dateline.resolve.verdicts import Reason, Verdict, date_reason, own_days, place_reason, refused, same_publisher, topic_reason

THRESHOLD = 5.0
SPEAKER_POINTS = {
    relations.SAME: 3.0,
    relations.SPEAKS_FOR: 2.0,
    relations.OWN_STATE: 2.0,
    relations.COMPATRIOT: 0.5,
    relations.UNKNOWN: 0.0,
}
QUOTATION_POINTS, QUOTATION_MOST = 1.5, 5.0
PROPOSITION_POINTS = 6.0
SECOND_PASSAGE = 0.3  # share of the second best pair of sentences
LEAST_PROPOSITION = {  # below, content alone does not join; the looser the tie of the speakers, the more content it takes
    relations.SAME: 0.22,
    relations.SPEAKS_FOR: 0.25,
    relations.OWN_STATE: 0.4,
    relations.COMPATRIOT: 0.4,
    relations.UNKNOWN: 0.45,
}
LEAST_QUOTATION = 1.0  # weight of the quoted words that both have
LONG_QUOTATION = 2.0  # a quotation that outweighs a differing count and forgives days
SAME_OCCASION, OTHER_OCCASION = 1.0, -2.0
LEAST_THERE = 0.07  # likeness where the same person speaks on one day in one place
LEAST_OF_ONE_SOURCE = 0.6  # likeness where one publisher tells both: its releases repeat its own formulas on every occasion
LEAST_OTHER_DAY = 0.33  # likeness of sayings a day apart
OTHER_COMPANY = -2.5  # each is said together with somebody who is not in the other
LEAST_BACKGROUND = 0.45  # between a state and its people where one of them is undated
_APART = (relations.DIFFERENT, relations.COMPATRIOT, relations.UNKNOWN)
_ORDER = (relations.SAME, relations.SPEAKS_FOR, relations.OWN_STATE, relations.COMPATRIOT, relations.UNKNOWN)


def judge_statements(one: Profile, other: Profile, lexicon: Lexicon) -> Verdict:
    """Compare two reports of sayings."""
    speaker = closest_speakers(one, other, lexicon)
    if speaker == relations.DIFFERENT:
        return refused("different speakers")
    topic = one.topic | other.topic
    quotation, likenesses, count_differs, contrary = _compare_passages(one, other, lexicon, topic)
    date = date_reason(one, other, extra=_extra_days(one, other, quotation))
    if isinstance(date, str):
        return refused(date)
    if count_differs and quotation < LONG_QUOTATION:
        return refused("differing counts: an update")
    proposition = likenesses[0] + SECOND_PASSAGE * likenesses[1]
    least = LEAST_PROPOSITION[speaker]
    if speaker == relations.OWN_STATE and (one.span is None) != (other.span is None):
        least = LEAST_BACKGROUND
    bases = {p.report.event.basis for p in (one, other)}
    if date.text != "same day" and one.firm and other.firm:
        least = max(least, LEAST_OTHER_DAY)
    if same_publisher(one, other):
        least = 1.0 if bases <= {"event", "relative"} and own_days(one, other) else max(least, LEAST_OF_ONE_SOURCE)
    occasion = _occasion(one, other)
    if occasion and occasion.points < 0 and max(proposition, quotation / 4) >= least:
        occasion = Reason(occasion.text, OTHER_OCCASION / 2)  # words of an occasion may belong to another clause
    setting = _setting(one, other)
    there = speaker == relations.SAME and date.text == "same day" and any(r.text == "same place" for r in setting) and proposition >= LEAST_THERE
    reasons = [
        Reason(f"speaker: {speaker}", SPEAKER_POINTS[speaker]),
        Reason(date.text, date.points / 2),
        Reason("same quotation", round(min(QUOTATION_MOST, QUOTATION_POINTS * quotation), 6)),
        Reason("same proposition", round(PROPOSITION_POINTS * min(1.0, proposition), 6)),
        *([occasion] if occasion else []),
        *([Reason("opposite direction", -4.0)] if contrary and quotation < LONG_QUOTATION else []),
        *([Reason("said in other company", OTHER_COMPANY)] if _other_company(one, other, lexicon) else []),
        *setting,
    ]
    joined_occasion = occasion is not None and occasion.points > 0 and proposition >= least / 2
    enough = quotation >= LEAST_QUOTATION or proposition >= least or joined_occasion or there
    return Verdict(tuple(r for r in reasons if r.points), THRESHOLD, enough)


def _other_company(one: Profile, other: Profile, lexicon: Lexicon) -> bool:
    """Say whether each has a speaker beside the one they share who is none of the other's: joint words of two meetings."""
    if min(len(one.actors), len(other.actors)) < 2:
        return False
    alone = [sum(all(relations.relation(a, b, lexicon) in _APART for b in there.actors) for a in here.actors) for here, there in ((one, other), (other, one))]
    return all(alone)


def closest_speakers(one: Profile, other: Profile, lexicon: Lexicon) -> str:
    """Return the closest relation between a speaker of the one and a speaker of the other; UNKNOWN where a report names none."""
    found = {relations.relation(a, b, lexicon) for a in one.actors for b in other.actors}
    if not found:
        return relations.UNKNOWN
    return next((r for r in _ORDER if r in found), relations.DIFFERENT)


def _compare_passages(one: Profile, other: Profile, lexicon: Lexicon, topic: frozenset[str]) -> tuple[float, tuple[float, float], bool, bool]:
    """Return the best shared quotation, the two best likenesses of different sentences, and whether the best pair counts or points differently."""
    pairs = []
    quotation = 0.0
    count_differs = False
    for i, a in enumerate(one.passages):
        for j, b in enumerate(other.passages):
            quotation = max(quotation, shared_quotation(a, b, lexicon, topic))
            count_differs = count_differs or updated(a, b)
            value = likeness(a, b, lexicon, topic)
            if len(a.concepts & b.concepts) == 1:
                value /= 2  # one word in common ("thank") is hardly content
            if value:
                pairs.append((value, i, j, _contrary(a, b, lexicon)))
    pairs.sort(key=lambda p: (-p[0], p[1], p[2]))
    if not pairs:
        return quotation, (0.0, 0.0), count_differs, False
    best, i, j, contrary = pairs[0]
    second = next((p[0] for p in pairs if p[1] != i and p[2] != j), 0.0)
    return quotation, (best, second), count_differs, contrary


def _contrary(a: Passage, b: Passage, lexicon: Lexicon) -> bool:
    return opposed(a, b, lexicon)


def _extra_days(one: Profile, other: Profile, quotation: float) -> int:
    """Return the days forgiven beyond what the bases forgive.

    Every pair of sayings is forgiven one (night and morning editions); a long quotation is repeated for days by papers that only give their own.
    """
    if quotation >= LONG_QUOTATION and "published" in (one.report.event.basis, other.report.event.basis):
        return MOST_FORGIVEN
    return 1 if one.span and other.span and not (one.span.forgives or other.span.forgives) else 0


def _occasion(one: Profile, other: Profile) -> Reason | None:
    here = {c for c in one.cues if c.startswith("occasion-")}
    there = {c for c in other.cues if c.startswith("occasion-")}
    if here & there:
        return Reason("same occasion", SAME_OCCASION)
    return Reason("other occasion", OTHER_OCCASION) if here and there else None


def _setting(one: Profile, other: Profile) -> list[Reason]:
    found = []
    place = place_reason(one, other)
    if isinstance(place, str):
        found.append(Reason(place, -1.5))
    elif place:
        found.append(Reason(place.text, place.points / 2))
    topic = topic_reason(one, other)
    return found + ([topic] if topic else [])
