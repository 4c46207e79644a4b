"""The one row that the reports of an event agree on: best date, place, status, participants, content, evidence.

Every choice is a vote of independent sources, weighed by the basis of the date and the confidence of the extraction, with ties broken by
fixed rules and at last by report id. Here: `canonical_event`. Not here: titles (titles.py), confidence (confidence.py), which reports belong
together (clusters.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from dateline.records import CanonicalEvent, Content, Event, Participant, Place, Report
from dateline.resolve.actors import SAME, Actor, is_person, make_actor, relation
from dateline.resolve.confidence import article_count, event_confidence, report_quality
from dateline.resolve.text import Lexicon
from dateline.resolve.titles import title_of

_V = TypeVar("_V", bound=Hashable)
_PRECISION = {"day": 1.0, "range": 0.9, "week": 0.5, "month": 0.3, "quarter": 0.2, "year": 0.15, "vague": 0.1, "none": 0.0}
_BASIS = {"explicit": 4.0, "relative": 3.0, "event": 3.0, "published": 1.0, "none": 0.0}
_SETTLED = ("occurred", "ongoing", "cancelled", "denied")
_STATUS_RANK = ("occurred", "ongoing", "cancelled", "denied", "planned", "possible")
_LEAST_TELLING, _TITLE_LENGTH = 1500, 90  # weight of the words that a title has room for
_MOST_DAYS = 7  # of a gathering whose range is taken over the single day within it
_RANGE_SHARE = 1 / 3


def canonical_event(event_id: str, reports: Sequence[Report], known: Lexicon) -> CanonicalEvent:
    """Make the event of its reports, which may come in any order."""
    ordered = sorted(reports, key=_reading_order)
    dated = _best_dated(ordered)
    fullest = max(ordered, key=lambda r: (report_quality(r.event), len(r.event.evidence), r.report_id)).event
    draft = replace(
        fullest,
        type=_type(ordered),
        start=dated.start,
        end=dated.end,
        precision=dated.precision,
        basis=dated.basis,
        date_text=dated.date_text,
        status=_status(ordered),
        place=_best_place(ordered),
        participants=_participants(ordered, known),
        content=_content(fullest, ordered, known),
        cameo=_most_specific([r.event.cameo for r in ordered]),
        plover=fullest.plover or next((r.event.plover for r in ordered if r.event.plover), None),
        confidence=event_confidence(ordered),
        rules=tuple(sorted({rule for r in ordered for rule in r.event.rules})),
    )
    finished = replace(draft, title=title_of(draft, ordered, known))
    return CanonicalEvent(event_id, finished, tuple(sorted(reports, key=lambda r: r.report_id)), article_count(reports), _history(ordered))


def _content(fullest: Event, reports: Sequence[Report], known: Lexicon) -> Content | None:
    """Return the fullest report's content; where its first words say little ("you all"), the most telling among the reports'."""
    found = [c for c in (fullest.content, *(r.event.content for r in reports)) if c is not None]
    if not found or _telling(found[0], known) >= _LEAST_TELLING:
        return found[0] if found else None
    return max(found, key=lambda c: _telling(c, known))


def _telling(content: Content, known: Lexicon) -> int:
    return sum(known.telling(c) for c in set(known.read(content.text[:_TITLE_LENGTH])))


def _type(reports: Sequence[Report]) -> str:
    """Return the type that most reports give; a summit that as many call a meeting is a summit."""
    found = [r.event.type for r in reports]
    return max(sorted(set(found), reverse=True), key=found.count)


def _reading_order(report: Report) -> tuple[date, str]:
    return (report.published or date.max, report.report_id)


def _vote(reports: Sequence[Report], value: Callable[[Event], _V | None], weight: Callable[[Event], float]) -> dict[_V, float]:
    """Sum the weights of each value, a near-duplicate group voting once for each."""
    best: dict[tuple[_V, str], float] = {}
    for report in reports:
        found = value(report.event)
        if found is not None:
            key = (found, report.duplicate_group or f"{report.source}/{report.key.doc_id}")
            best[key] = max(best.get(key, 0.0), weight(report.event))
    totals: dict[_V, float] = defaultdict(float)
    for (found, _), points in sorted(best.items(), key=lambda item: repr(item[0])):
        totals[found] += points
    return totals


def _best_dated(reports: Sequence[Report]) -> Event:
    """Return the report's event whose date the most and best dated sources give."""
    totals = _vote(reports, _days, lambda e: _BASIS[e.basis] * _PRECISION[e.precision] * (0.5 + 0.5 * e.confidence))
    if not totals:
        return reports[0].event
    chosen = min(totals, key=lambda d: (-round(totals[d], 6), _length(d), d[0] or d[1] or date.max, d[1] or date.max))
    if reports[0].event.type in ("summit", "meeting"):
        chosen = _whole_range(chosen, totals)
    return max((r.event for r in reports if _days(r.event) == chosen), key=lambda e: (_BASIS[e.basis], e.confidence, e.precision))


def _whole_range(chosen: tuple[date | None, date | None], totals: dict[tuple[date | None, date | None], float]) -> tuple[date | None, date | None]:
    """Prefer the days of a gathering as a whole to the one day of it that most sources name, where enough of them give the whole."""
    wider = [
        d for d in totals if d != chosen and d[0] and d[1] and chosen[0] and chosen[1] and d[0] <= chosen[0] and chosen[1] <= d[1] and _length(d) <= _MOST_DAYS
    ]
    enough = [d for d in wider if totals[d] >= _RANGE_SHARE * totals[chosen] and _length(d) < _MOST_DAYS]
    return min(enough, key=lambda d: (-round(totals[d], 6), d[0] or date.max, d[1] or date.max)) if enough else chosen


def _days(event: Event) -> tuple[date | None, date | None] | None:
    return (event.start, event.end) if event.start or event.end else None


def _length(days: tuple[date | None, date | None]) -> int:
    return (days[1] - days[0]).days + 1 if days[0] and days[1] else 10_000


def _status(reports: Sequence[Report]) -> str:
    """Return what became of it: the last settled word by day of publication, else ongoing plans; on one day the most sources decide."""
    settled = [r for r in reports if r.event.status in _SETTLED] or list(reports)
    last = max(_published(r) for r in settled)
    totals = _vote([r for r in settled if _published(r) == last], lambda e: e.status, report_quality)
    if "occurred" in {r.event.status for r in settled} and set(totals) <= {"ongoing"}:
        return "occurred"
    return min(totals, key=lambda s: (-round(totals[s], 6), _STATUS_RANK.index(s)))


def _published(report: Report) -> date:
    return report.published or date.min


def _history(reports: Sequence[Report]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for report in sorted(reports, key=lambda r: (_published(r), _STATUS_RANK.index(r.event.status), r.report_id)):
        if not found or found[-1][1] != report.event.status:
            found.append((report.published.isoformat() if report.published else "", report.event.status))
    return tuple(found)


def _best_place(reports: Sequence[Report]) -> Place | None:
    places = [r.event.place for r in reports if r.event.place]
    if not places:
        return None
    totals = _vote(reports, lambda e: (e.place.name, e.place.country) if e.place else None, report_quality)
    chosen = min(totals, key=lambda p: (-round(totals[p] * (1.0 if p[1] else 0.7), 6), p[0], p[1] or ""))
    same = [p for p in places if (p.name, p.country) == chosen]
    best = max(same, key=lambda p: (sum(v is not None for v in (p.venue, p.admin, p.latitude)), p.venue or "", p.admin or ""))
    return replace(best, venue=best.venue or next((p.venue for p in same if p.venue), None))


def _participants(reports: Sequence[Report], known: Lexicon) -> tuple[Participant, ...]:
    """Return the participants of all reports, each once under the fullest name, the most often named first; roles by majority."""
    groups: list[tuple[Actor, list[Participant]]] = []
    for report in reports:
        for participant in report.event.participants:
            actor = make_actor(participant, (), known)
            home = next((g for g in groups if relation(g[0], actor, known) == SAME and not (is_person(g[0]) ^ is_person(actor))), None)
            if home:
                home[1].append(participant)
            else:
                groups.append((actor, [participant]))
    ranked = sorted(groups, key=lambda g: (-len(g[1]), g[0].key))
    return tuple(sorted((_one_participant(members) for _, members in ranked), key=lambda p: _ROLE_ORDER.get(p.role, 9)))


_ROLE_ORDER = {"speaker": 0, "party": 1, "host": 2, "mediator": 3, "addressee": 4}


def _one_participant(members: Sequence[Participant]) -> Participant:
    names = sorted({m.name for m in members}, key=lambda n: (-len(n.split()), -sum(m.name == n for m in members), n))
    roles = sorted({m.role for m in members}, key=lambda r: (-sum(m.role == r for m in members), _ROLE_ORDER.get(r, 9)))
    kind = next((m.kind for m in members if m.kind), None)
    country = next((m.country for m in members if m.country), None)
    return Participant(names[0], roles[0], kind, country)


def _most_specific(codes: Sequence[str | None]) -> str | None:
    known = [c for c in codes if c]
    return max(known, key=lambda c: (len(c), sum(k == c for k in known), c)) if known else None
