"""Articles, reports and a simple resolver for tests of the database: no language, only what the tables need."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateline.records import Article, CanonicalEvent, Content, Event, Evidence, Extraction, Participant, Place, Problem, Report, Versions
from models.inputs import EventType, Extracted, Incoming, Resolving

VERSIONS = Versions("1", "small", "a")
TYPES = tuple(EventType(name) for name in ("summit", "meeting", "agreement", "statement"))
VILNIUS = Place("Vilnius", "LITEXPO", None, "LT", 54.687, 25.28)


@dataclass(frozen=True)
class Answer:
    events: tuple[CanonicalEvent, ...]
    redirects: tuple[tuple[str, str], ...] = ()


def make_event(
    kind: str = "meeting", day: date | None = date(2023, 7, 11), who: Sequence[str] = ("Kishida", "Yoon"), trigger: str = "met", at: int = 0
) -> Event:
    quote = f"{' and '.join(who)} {trigger} in Vilnius."
    return Event(
        type=kind,
        start=day,
        end=day,
        precision="day" if day else "none",
        basis="explicit" if day else "none",
        status="occurred",
        participants=tuple(Participant(name, "party", "person", None, ((at, at + len(name)),)) for name in who),
        evidence=(Evidence(at, at + len(trigger), trigger, (at, at + len(quote)), quote),),
        place=VILNIUS,
        content=Content(at, at + 3, quote[:3]),
        title=f"{kind} of {', '.join(who)}",
        plover="CONSULT",
        cameo="042",
        confidence=0.75,
        rules=("trigger.meet", "date.day"),
        date_text="11 July",
    )


def make_article(doc_id: str, text: str | None = None, *, published: str | None = "2023-07-12", source: str | None = "wire", **more: object) -> Article:
    return Article(doc_id=doc_id, text=text if text is not None else f"Text of {doc_id}.", published=published, source=source, title=f"Title {doc_id}", **more)  # type: ignore[arg-type]


def incoming(article: Article, *, signature: bytes | None = None, bands: tuple[str, ...] = ()) -> Incoming:
    key = f"{article.source}|{article.url or article.doc_id}"
    digest = hashlib.sha256(" ".join(article.text.split()).encode("utf-8", "replace")).hexdigest()
    return Incoming(hashlib.sha256(key.encode()).hexdigest()[:16], key, digest, article, signature=signature, bands=bands)


def extracted(one: Incoming, events: Sequence[Event], *, language: str = "en", error: Problem | None = None, skipped: Problem | None = None) -> Extracted:
    published = one.known_day
    found = Extraction(1, one.article.doc_id, published, "metadata" if published else "none", language, tuple(events), (), error, skipped)
    ids = tuple(hashlib.sha256(f"{one.article_key}|{e.type}|{e.evidence[0].start}".encode()).hexdigest()[:16] for e in events)
    return Extracted(one.article_id, found, ids)


def key_of(report: Report) -> str:
    event = report.event
    return f"{event.type}|{event.start}|{','.join(sorted(one.name for one in event.participants))}"


def blocking_keys(report: Report) -> frozenset[str]:
    return frozenset({key_of(report)})


def neighbourhood(seeds: Sequence[Report], fetch: Callable[[frozenset[str]], Sequence[Report]]) -> list[Report]:
    found = {one.report_id: one for one in seeds}
    found |= {one.report_id: one for one in fetch(frozenset(key_of(one) for one in seeds))}
    return [found[one] for one in sorted(found)]


def resolve(
    reports: Sequence[Report], *, known: Mapping[str, str], joined: Collection[tuple[str, str]] = (), parted: Collection[tuple[str, str]] = ()
) -> Answer:
    """Reports of one type, day and people are one event; pairs decided by hand come first."""
    group = {one.report_id: key_of(one) for one in reports}
    for a, b in parted:
        if group.get(a) == group.get(b) and a in group:
            group[b] += "|" + "parted"
    for a, b in joined:
        if a in group and b in group:
            old, new = max(group[a], group[b]), min(group[a], group[b])
            group = {one: new if home == old else home for one, home in group.items()}
    homes: dict[str, list[Report]] = {}
    for one in sorted(reports, key=lambda one: one.report_id):
        homes.setdefault(group[one.report_id], []).append(one)
    events, redirects, taken = [], [], set()
    for _home, held in sorted(homes.items()):
        ids = sorted({known[one.report_id] for one in held if one.report_id in known} - taken)
        event_id = ids[0] if ids else f"e{held[0].report_id}"
        taken.add(event_id)
        redirects += [(old, event_id) for old in ids[1:]]
        events.append(_canonical(event_id, held))
    alive = {one.event_id for one in events}
    return Answer(tuple(events), tuple((old, new) for old, new in redirects if old not in alive))


def _canonical(event_id: str, held: list[Report]) -> CanonicalEvent:
    groups = {one.duplicate_group or one.report_id for one in held}
    best = min(held, key=lambda one: (one.published is None, one.published or date.max, one.report_id))
    return CanonicalEvent(event_id, replace(best.event, confidence=min(1.0, 0.5 + 0.1 * len(groups))), tuple(held), len(groups))


RESOLVING = Resolving(blocking_keys, neighbourhood, resolve)
