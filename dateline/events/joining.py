"""When a further mention belongs to an event found before: one test for each kind of event.

Here: `JOINS`, event type to test (GUIDELINE: one statement per speaker and day; rulings 3 to 6 and 18). A mention marked weak ("the talks",
"they discussed") names too few participants to stand alone. Next: dateline.events.merging, which applies the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dateline.events.clusters import Cluster, days_agree, days_of, places_agree
from dateline.notes import Mention

NEAR = 3  # sentences over which a bare "they discussed" refers back
SAME_SUMMIT = timedelta(days=10)  # two summits of one organisation lie further apart
VISITS = frozenset({"meeting.visit", "meeting.travel", "meeting.visit_noun"})  # a visit and the talks on it are one (ruling 4)
UNREAL = frozenset({"denied", "cancelled"})
FAR = 8  # sentences over which "the accord" refers back
REFERRING = frozenset({"agreement.noun", "agreement.signing", "agreement.force"})
Joins = Callable[[Cluster, Mention], bool]


def same_statement(cluster: Cluster, mention: Mention) -> bool:
    """Say whether both are sayings of the same speakers on the same day."""
    first = cluster.mentions[0]
    if first.type != "statement" or (first.status == "planned") != (mention.status == "planned"):
        return False
    speakers = frozenset(p.name for p in mention.participants if p.role == "speaker")
    return cluster.names("speaker") == speakers and cluster.days == days_of(mention)


def same_accord(cluster: Cluster, mention: Mention) -> bool:
    """Say whether both are one accord at one stage: its parties, days and words agree."""
    first, last = cluster.mentions[0], cluster.mentions[-1]
    if first.type != "agreement" or not days_agree(cluster.days, days_of(mention)):
        return False
    if last.sentence == mention.sentence and mention.start - last.end < 80:
        return True
    if first.status in UNREAL and mention.status not in UNREAL:
        return False
    names = frozenset(p.name for p in mention.participants)
    undated = mention.first_day is None and mention.last_day is None
    if mention.notes.get("definite") and undated and mention.type == "agreement" and mention.rule in REFERRING and _share_country(cluster, mention):
        return mention.sentence - last.sentence <= FAR
    if not names and ("weak" in mention.notes or mention.notes.get("definite")):
        return mention.sentence - last.sentence <= 2 * NEAR
    known = cluster.names()
    if not names or not (names <= known or known <= names):
        return False
    close = mention.sentence - last.sentence <= 1 and not mention.notes.get("indefinite")
    return min(len(names), len(known)) > 1 or names == known or close or bool(mention.notes.get("definite"))


def _share_country(cluster: Cluster, mention: Mention) -> bool:
    named = {p.country for p in mention.participants} - {None}
    return not named or bool(named & {p.country for p in cluster.participants})


def same_summit(cluster: Cluster, mention: Mention) -> bool:
    """Say whether both are one summit: of the same organisations, about the same days, no other place."""
    if cluster.mentions[0].type != "summit" or not places_agree(cluster.place, mention.place):
        return False
    known, named = _organisations(*cluster.mentions), _organisations(mention)
    if _called_apart(cluster, mention):
        return False
    if known and named:
        return bool(known & named) and _close(cluster, mention)
    return not mention.notes.get("indefinite") and days_agree(cluster.days, days_of(mention))


def _called_apart(cluster: Cluster, mention: Mention) -> bool:
    """Say whether the two bear names, one "Summit of the Americas" and the other somebody else's summit, or share no party though both have some."""
    proper = {m.notes.get("named") for m in cluster.mentions} | {mention.notes.get("named")}
    if len(proper - {None}) > 1 or (None in proper and len(proper) > 1 and (cluster.names() or mention.participants)):
        return True
    others = {p.name for p in mention.participants}
    if not (cluster.names() and others) or cluster.names() & others:
        return False
    return not mention.notes.get("definite") or (bool(_organisations(mention)) and not _organisations(*cluster.mentions) and len(cluster.names()) > 1)


def _organisations(*mentions: Mention) -> frozenset[str]:
    return frozenset(p.name for m in mentions for p in m.participants if p.kind == "organisation")


def _close(cluster: Cluster, mention: Mention) -> bool:
    first, other = cluster.days[0], mention.first_day
    return days_agree(cluster.days, days_of(mention)) or (first is not None and other is not None and abs(first - other) <= SAME_SUMMIT)


def same_gathering(cluster: Cluster, mention: Mention) -> bool:
    """Say whether both are one meeting: shared counterparts, no other day or place."""
    first, last = cluster.mentions[0], cluster.mentions[-1]
    if first.type != mention.type:
        return False
    if _on_the_trip(cluster, mention):
        return True
    if not days_agree(cluster.days, days_of(mention)) or not places_agree(cluster.place, mention.place):
        return False
    if (first.status in UNREAL) != (mention.status in UNREAL):
        return False
    names = frozenset(p.name for p in mention.participants)
    if mention.start == last.start:
        return False  # "separate meetings with A and B"
    if last.sentence == mention.sentence and mention.start - last.end < 100 and (names <= cluster.names() or cluster.names() <= names):
        return True
    if last.sentence == mention.sentence and names & cluster.names() and VISITS & {last.rule, mention.rule}:
        return True
    if mention.notes.get("definite") and names <= cluster.names():
        return True
    if "weak" in mention.notes:
        return (names <= cluster.names() and bool(names)) or (not names and mention.sentence - last.sentence <= NEAR)
    if last.sentence == mention.sentence and names and names <= cluster.names():
        return True
    return len(names & cluster.names()) >= 2 or names == cluster.names()


def _on_the_trip(cluster: Cluster, mention: Mention) -> bool:
    """Say whether an undated meeting takes place at a stop of the trip: a trip with undated stops is one event (ruling 4)."""
    if not any(m.rule in VISITS and m.type == "meeting" for m in cluster.mentions) or mention.first_day or mention.last_day or "apart" in mention.notes:
        return False
    travellers = {p.name for p in cluster.participants if p.role == "party" and p.kind in {"person", "office"}}
    if not travellers & {p.name for p in mention.participants}:
        return False
    stops = {p.country for p in cluster.participants if p.role == "host"} | {m.place.country for m in cluster.mentions if m.place}
    there = {p.country for p in mention.participants if p.name not in travellers} | ({mention.place.country} if mention.place else set())
    return bool((stops & there) - {None})


JOINS: dict[str, Joins] = {"statement": same_statement, "agreement": same_accord, "summit": same_summit, "meeting": same_gathering}
