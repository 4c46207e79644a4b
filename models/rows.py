"""Reports and events as rows, and back: what a record's fields are called in the tables.

Here: pure conversions and `read_reports`, which rebuilds `Report` records from their rows. A report read back equals the one written. Not here:
deciding what to write (articles.py, resolution.py).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, select

from dateline.records import BASES, KINDS, PRECISIONS, ROLES, STATUSES, Content, Event, Evidence, Participant, Place, Report, ReportKey
from models.bulk import rows_where
from models.columns import storable
from models.facts import ArticleFacts
from models.tables import article, evidence, participation, place, report

SEPARATOR = "; "


def hashed(prefix: str, *parts: object) -> str:
    """Return a short stable id of the parts."""
    return prefix + hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:16]


def place_row(found: Place) -> dict[str, Any]:
    """Return the row of `place`; the venue is not part of it, because it belongs to the report."""
    latitude, longitude = finite(found.latitude), finite(found.longitude)
    name = storable(found.name)
    return {
        "place_id": hashed("p", name, found.admin, found.country, latitude, longitude),
        "name": name,
        "admin": found.admin,
        "country_code": found.country,
        "latitude": latitude,
        "longitude": longitude,
    }


def finite(value: float | None) -> float | None:
    """Return the number, or None where it is none."""
    return value if value is not None and math.isfinite(value) else None


def account_row(event: Event) -> dict[str, Any]:
    """Return the columns that a report and an event share."""
    content = event.content
    return {
        "event_type": event.type,
        "title": clean(event.title),
        "start_date": event.start,
        "end_date": event.end,
        "date_precision": event.precision,
        "date_basis": event.basis,
        "date_text": clean(event.date_text),
        "status": event.status,
        "place_id": place_row(event.place)["place_id"] if event.place else None,
        "place_venue": clean(event.place.venue) if event.place else None,
        "content": clean(content.text) if content else None,
        "content_start": content.start if content else None,
        "content_end": content.end if content else None,
        "plover": event.plover,
        "cameo": event.cameo,
        "confidence": event.confidence,
        "rules": SEPARATOR.join(event.rules),
    }


def clean(value: str | None) -> str | None:
    """Return text as it will be read back."""
    return None if value is None else storable(value)


def report_row(report_id: str, article_id: str, position: int, event: Event, about: ArticleFacts) -> dict[str, Any]:
    """Return the row of `report`, not yet in an event."""
    extra = [list(pair) for pair in event.extra] or None
    named = {"report_id": report_id, "article_id": article_id, "position": position, "event_id": None}
    return {**named, "source": about.source, "published_on": about.published_on, "extra": extra, **account_row(event)}


def evidence_rows(report_id: str, event: Event) -> list[dict[str, Any]]:
    """Return the rows of `evidence`, in order."""
    return [
        {
            "report_id": report_id,
            "position": position,
            "trigger": one.text,
            "trigger_start": one.start,
            "trigger_end": one.end,
            "quote": one.quote,
            "sentence_start": one.sentence[0],
            "sentence_end": one.sentence[1],
        }
        for position, one in enumerate(event.evidence)
    ]


def participation_rows(report_id: str, event: Event, actor_ids: Mapping[Participant, str]) -> list[dict[str, Any]]:
    """Return the rows of `participation`, in order."""
    return [
        {
            "report_id": report_id,
            "position": position,
            "actor_id": actor_ids[one],
            "name": one.name,
            "role": one.role,
            "kind": one.kind,
            "country": one.country,
            "mentions": [list(mention) for mention in one.mentions],
        }
        for position, one in enumerate(event.participants)
    ]


def fault_of(event: Event, event_types: Collection[str]) -> str | None:
    """Return why the tables would refuse the event, or None. A fault is one article's, and must not fail its batch."""
    checks = (
        (event.type in event_types, f"its type {event.type!r} is not in the ontology ({', '.join(sorted(event_types))})"),
        (event.status in STATUSES, f"its status is {event.status!r}"),
        (event.precision in PRECISIONS, f"its precision is {event.precision!r}"),
        (event.basis in BASES, f"its basis is {event.basis!r}"),
        (event.start is None or event.end is None or event.start <= event.end, f"it ends on {event.end}, before it starts on {event.start}"),
        (math.isfinite(event.confidence) and 0 <= event.confidence <= 1, f"its confidence is {event.confidence}"),
        (all(one.role in ROLES and (one.kind is None or one.kind in KINDS) for one in event.participants), "a participant's role or kind is unknown"),
        (event.place is None or abs(finite(event.place.latitude) or 0) <= 90, "its place lies beyond the poles"),
        (event.place is None or abs(finite(event.place.longitude) or 0) <= 180, "its place lies beyond 180 degrees"),
    )
    return next((reason for holds, reason in checks if not holds), None)


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it stands in the database, with where it stands."""

    report: Report
    article_id: str
    event_id: str | None


def _selecting_reports() -> Select[Any]:
    twin = article.alias("twin")
    represents = exists(select(twin.c.article_id).where(twin.c.duplicate_of == article.c.article_id)).label("represents")
    named = (article.c.doc_id, article.c.title.label("article_title"), article.c.duplicate_of)
    located = (place.c.name.label("place_name"), place.c.admin, place.c.country_code, place.c.latitude, place.c.longitude)
    joined = report.join(article, article.c.article_id == report.c.article_id).outerjoin(place, place.c.place_id == report.c.place_id)
    return select(*report.c, *named, represents, *located).select_from(joined)


_REPORTS = _selecting_reports()


def read_reports(connection: Connection, report_ids: Collection[str]) -> dict[str, StoredReport]:
    """Return the stored reports among the ids."""
    found = list(rows_where(connection, _REPORTS, report.c.report_id, report_ids))
    ids = [row.report_id for row in found]
    proofs, people = _children(connection, ids)
    return {row.report_id: _stored(row, tuple(proofs[row.report_id]), tuple(people[row.report_id])) for row in found}


def _children(connection: Connection, report_ids: Collection[str]) -> tuple[dict[str, list[Evidence]], dict[str, list[Participant]]]:
    proofs: dict[str, list[Evidence]] = defaultdict(list)
    people: dict[str, list[Participant]] = defaultdict(list)
    ordered = select(evidence).order_by(evidence.c.report_id, evidence.c.position)
    for row in rows_where(connection, ordered, evidence.c.report_id, report_ids):
        sentence = (row.sentence_start, row.sentence_end)
        proofs[row.report_id].append(Evidence(row.trigger_start, row.trigger_end, row.trigger, sentence, row.quote))
    ordered = select(participation).order_by(participation.c.report_id, participation.c.position)
    for row in rows_where(connection, ordered, participation.c.report_id, report_ids):
        mentions = tuple((start, end) for start, end in row.mentions)
        people[row.report_id].append(Participant(row.name, row.role, row.kind, row.country, mentions))
    return proofs, people


def _stored(row: Row[Any], proofs: tuple[Evidence, ...], people: tuple[Participant, ...]) -> StoredReport:
    group = row.duplicate_of or (row.article_id if row.represents else None)
    key = ReportKey(row.doc_id, row.position)
    record = Report(row.report_id, key, event_of(row, proofs, people), row.source, row.published_on, row.article_title, group)
    return StoredReport(record, row.article_id, row.event_id)


def event_of(row: Any, proofs: tuple[Evidence, ...], people: tuple[Participant, ...]) -> Event:
    """Return the account in a row that has the columns of `report` (or `event`) and of `place`."""
    where = None
    if row.place_id is not None:
        where = Place(row.place_name, row.place_venue, row.admin, row.country_code, row.latitude, row.longitude)
    said = Content(row.content_start, row.content_end, row.content) if row.content is not None else None
    return Event(
        type=row.event_type,
        start=row.start_date,
        end=row.end_date,
        precision=row.date_precision,
        basis=row.date_basis,
        status=row.status,
        participants=people,
        evidence=proofs,
        place=where,
        content=said,
        title=row.title,
        plover=row.plover,
        cameo=row.cameo,
        confidence=row.confidence,
        rules=tuple(row.rules.split(SEPARATOR)) if row.rules else (),
        date_text=row.date_text,
        extra=tuple((name, value) for name, value in getattr(row, "extra", None) or ()),
    )
