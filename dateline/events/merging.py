"""One event per real-world event: gathers the article's mentions and makes the final records.

Here: `merge`, with one gathering rule for each kind of event (GUIDELINE: one statement per speaker and day; rulings 3 to 6 and 18), and the
component `dateline_merging` (sets notes.events). Not here: events of different articles (dateline.resolve). A mention marked weak joins an
event found before or is dropped. Next: dateline.events.titles and dateline.events.confidence, used here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from dateline.events.clusters import Cluster, days_agree, places_agree
from dateline.events.confidence import confidence_of
from dateline.events.joining import JOINS, UNREAL, same_gathering
from dateline.events.occasions import carry_on, date_accords, date_sayings, date_sidelines
from dateline.events.phrases import voice_of
from dateline.events.pruning import drop_occasions, named_later, own_words
from dateline.events.reading import Reading
from dateline.events.titles import title_of
from dateline.names.byline import first_person
from dateline.notes import Mention
from dateline.records import Event, Evidence
from dateline.resources import Resources, resources_for


def merge(reading: Reading) -> list[Event]:
    """Return the article's events, in the order of their first evidence."""
    mentions = sorted(reading.notes.mentions, key=lambda m: (m.start, m.end))
    sayings = [m for m in mentions if m.type == "statement"]
    clusters = _again(_promoted(_gathered(m for m in mentions if m.type != "statement")))
    _name_summits(clusters)
    date_sidelines(reading, clusters)
    date_accords(reading, clusters)
    date_sayings(reading, sayings, clusters)
    carry_on(reading, sayings)
    said = _gathered(own_words(reading, sayings))
    clusters = drop_occasions(clusters)
    clusters += named_later(reading, _one_voice(reading, _one_issuer(reading, said)))
    events = [_event(reading, c) for c in clusters if _stands(c)]
    return sorted(events, key=lambda e: (e.evidence[0].start, e.type))


def _one_issuer(reading: Reading, said: list[Cluster]) -> list[Cluster]:
    """Join what a release says as "we" and as its country on one day: one event with both as speakers (GUIDELINE ruling 8)."""
    issuer = first_person(reading.notes.article, reading.resources)
    if issuer is None or issuer.kind != "person":
        return said
    own = next((c for c in said if c.names("speaker") == {issuer.name}), None)
    kept = []
    for cluster in said:
        speakers = [p for p in cluster.participants if p.role == "speaker"]
        home = len(speakers) == 1 and speakers[0].kind == "state" and speakers[0].country == issuer.country
        if own is not None and home and cluster.days == own.days:
            own.mentions += cluster.mentions
        else:
            kept.append(cluster)
    return kept


def _one_voice(reading: Reading, said: list[Cluster]) -> list[Cluster]:
    """Join what an organisation and its named spokesperson say on one day (GUIDELINE ruling 8)."""
    kept: list[Cluster] = []
    for cluster in said:
        voices = {voice_of(reading, name) for name in cluster.names("speaker")} - {None}
        home = next((c for c in said if c is not cluster and len(voices) == 1 and c.names("speaker") == voices and c.days == cluster.days), None)
        if home is None:
            kept.append(cluster)
        else:
            home.mentions += cluster.mentions
    return kept


def _name_summits(clusters: list[Cluster]) -> None:
    """Take "a summit in Madrid" for one of the organisation whose other summit the article is about."""
    known = next((c for c in clusters if c.mentions[0].type == "summit" and _stands(c)), None)
    if known is None:
        return
    parties = [p for p in known.participants if p.kind == "organisation"][:1]
    for cluster in clusters:
        first = cluster.mentions[0]
        if first.type == "summit" and not _stands(cluster) and first.place is not None and parties:
            first.participants = parties
            first.notes.pop("weak", None)


def _stands(cluster: Cluster) -> bool:
    """Say whether the mentions are enough for an event: weak ones alone are not, nor is a saying still to come on no known day."""
    if all("weak" in m.notes for m in cluster.mentions):
        return False
    first = cluster.mentions[0]
    return first.type != "statement" or first.status != "planned" or cluster.dated is not None


def _gathered(mentions: Iterable[Mention]) -> list[Cluster]:
    clusters: list[Cluster] = []
    for mention in mentions:
        joins = JOINS.get(mention.type, same_gathering)
        home = next((c for c in reversed(clusters) if joins(c, mention)), None)
        if home is None:
            clusters.append(Cluster([mention]))
        else:
            home.mentions.append(mention)
    return clusters


def _again(clusters: list[Cluster]) -> list[Cluster]:
    """Join clusters that agree now that all their mentions are known (a date or counterpart that came late)."""
    kept: list[Cluster] = []
    for cluster in clusters:
        for other in kept:
            if _same_cluster(other, cluster):
                other.mentions += cluster.mentions
                break
        else:
            kept.append(cluster)
    return kept


def _same_cluster(a: Cluster, b: Cluster) -> bool:
    first, second = a.mentions[0], b.mentions[0]
    if first.type != second.type or (first.status in UNREAL) != (second.status in UNREAL):
        return False
    if first.type == "statement":
        return a.names("speaker") == b.names("speaker") and a.days == b.days
    return a.names() == b.names() and len(a.names()) > 1 and days_agree(a.days, b.days) and places_agree(a.place, b.place)


def _promoted(clusters: list[Cluster]) -> list[Cluster]:
    """Join a meeting that is a summit told in other words ("NATO leaders met in Riga") to that summit."""
    summits = [c for c in clusters if c.mentions[0].type == "summit"]
    kept = []
    for cluster in clusters:
        home = next((s for s in summits if cluster.mentions[0].type == "meeting" and _is_the_summit(s, cluster)), None)
        if home is None:
            kept.append(cluster)
        else:
            home.mentions += cluster.mentions
    return kept


def _is_the_summit(summit: Cluster, meeting: Cluster) -> bool:
    organisations = {p.name for p in meeting.participants if p.kind == "organisation"}
    return (
        bool(organisations & summit.names())
        and len(meeting.names()) == len(organisations)
        and days_agree(summit.days, meeting.days)
        and places_agree(summit.place, meeting.place)
    )


def _event(reading: Reading, cluster: Cluster) -> Event:
    mentions = sorted(cluster.mentions, key=lambda m: (m.start, m.end))
    first = next((m for m in mentions if "weak" not in m.notes), mentions[0])
    dated = cluster.dated
    participants = tuple(p for p in cluster.participants if p.role != "addressee" or first.type == "statement")
    event = Event(
        type=first.type,
        start=dated.first_day if dated else None,
        end=dated.last_day if dated else None,
        precision=dated.precision if dated else "none",
        basis=dated.basis if dated else "none",
        status=_status(reading, cluster, first),
        participants=participants,
        evidence=tuple(_evidence(reading, m) for m in _distinct(mentions)),
        place=cluster.place,
        content=first.content or next((m.content for m in mentions if m.content), None),
        plover=first.plover or next((m.plover for m in mentions if m.plover), None),
        cameo=max((m.cameo for m in mentions if m.cameo), key=len, default=None),
        rules=tuple(sorted({r for m in mentions for r in m.rules})),
        date_text=dated.date_text if dated else None,
    )
    return _finished(reading, event, mentions)


def _finished(reading: Reading, event: Event, mentions: list[Mention]) -> Event:
    return replace(event, title=title_of(event), confidence=confidence_of(event, mentions, reading))


def _distinct(mentions: list[Mention]) -> list[Mention]:
    seen: dict[tuple[int, int], Mention] = {(m.start, m.end): m for m in reversed(mentions)}
    return [seen[key] for key in sorted(seen)]


def _status(reading: Reading, cluster: Cluster, first: Mention) -> str:
    """Return the status of the event: that of its first full mention; planned where it begins after the document time."""
    limit = reading.notes.document_time.last_day or reading.notes.document_time.day
    start, _ = cluster.days
    if limit and start and start > limit and first.status in {"occurred", "ongoing"}:
        return "planned"
    return first.status


def _evidence(reading: Reading, mention: Mention) -> Evidence:
    first, last = reading.sentence_span(mention.sentence)
    return Evidence(mention.start, mention.end, reading.text[mention.start : mention.end], (first, last), reading.text[first:last])


class Merging:
    """The component `dateline_merging`: sets notes.events."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Merge the mentions into events."""
        reading = Reading(doc, self.resources)
        reading.notes.events = merge(reading)
        return doc


@Language.factory("dateline_merging", default_config={"language": "en", "overlay": None})
def make_merging(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> Merging:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return Merging(resources_for(language, overlay))
