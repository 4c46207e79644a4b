"""What commands show of the database: lists of events by filter, one event with everything behind it, one article.

Here: frozen records built from rows. Not here: printing them (flows), full-text search (search.py), free SQL (readonly.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, func, or_, select, true

from dateline.errors import UsageError
from dateline.records import Article, CanonicalEvent, Participant, Report
from models.lock import Writer
from models.planning import reading
from models.rows import event_of, read_reports
from models.tables import actor, article, event, event_participation, event_redirect, place, report
from models.tokens import folded_words

LONGEST = timedelta(days=400)  # an event that began longer before a window does not count as part of it


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list. Both days are included and an event counts when one of its days lies between them; undated ones then do not.

    `participant` is words of a name, in any case and without accents; several types or statuses are alternatives. `limit` None: all.
    """

    first_day: date | None = None
    last_day: date | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    participant: str | None = None
    country: str | None = None
    min_confidence: float | None = None
    limit: int | None = 100


@dataclass(frozen=True, slots=True)
class EventRow:
    """A row of v_events."""

    event_id: str
    event_type: str
    title: str | None
    start_date: date | None
    end_date: date | None
    date_precision: str
    date_basis: str
    start_year: int | None
    start_quarter: int | None
    start_month: int | None
    status: str
    place_name: str | None
    place_venue: str | None
    country_code: str | None
    latitude: float | None
    longitude: float | None
    participants: str
    article_count: int
    report_count: int
    confidence: float
    plover: str | None
    cameo: str | None
    first_reported: date | None
    last_reported: date | None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored. `article.text` is empty where only evidence sentences are kept (`has_text` False)."""

    article_id: str
    article: Article
    has_text: bool
    published_on: date | None
    published_basis: str
    language: str | None
    duplicate_of: str | None
    skipped: str | None
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event with all that is known of it. `redirected_from` is the id asked for, where that one was absorbed."""

    row: EventRow
    canonical: CanonicalEvent
    articles: tuple[StoredArticle, ...]
    redirected_from: str | None = None
    absorbed: tuple[str, ...] = ()

    @property
    def reports(self) -> tuple[Report, ...]:
        """Its reports, earliest published first."""
        return self.canonical.reports


_ANY_DAY = true()
_COLUMNS = tuple(event.c[one.name] for one in fields(EventRow))


def list_events(database: Engine | Writer, wanted: EventFilter | None = None) -> list[EventRow]:
    """Return the events that pass the filter, by first day and then id; undated ones last."""
    chosen = wanted or EventFilter()
    rows: list[EventRow] = []
    with reading(database) as connection:
        for days in _walks(chosen):
            left = None if chosen.limit is None else chosen.limit - len(rows)
            if left != 0:
                day = event.c.start_date.nulls_last() if days is _ANY_DAY else event.c.start_date
                found = _selecting().where(days, *_named(chosen)).order_by(day, event.c.event_id).limit(left)
                rows += [EventRow(*row) for row in connection.execute(found)]
    return rows


def count_events(database: Engine | Writer, wanted: EventFilter | None = None) -> int:
    """Return how many events pass the filter, its limit apart."""
    chosen = wanted or EventFilter()
    with reading(database) as connection:
        counted = [select(func.count()).select_from(event).where(days, *_named(chosen)) for days in _walks(chosen)]
        return sum(int(connection.execute(one).scalar_one()) for one in counted)


def _walks(wanted: EventFilter) -> list[ColumnElement[bool]]:
    """Return conditions on the days that exclude one another, in the order of the list: each is a walk along an index instead of a sort of everything.

    A participant's events are few and found by the participant, so there is nothing to walk along.
    """
    if wanted.participant is not None and wanted.first_day is None and wanted.last_day is None:
        return [_ANY_DAY]
    return _days(wanted.first_day, wanted.last_day) or [event.c.start_date.is_not(None), event.c.start_date.is_(None)]


def selected_ids(wanted: EventFilter) -> Select[Any]:
    """Return a SELECT of the ids of the events that pass the filter (its limit apart), to build statements over the views with."""
    return select(event.c.event_id).where(*_conditions(wanted))


def _selecting() -> Select[Any]:
    return select(*_COLUMNS)


def _conditions(wanted: EventFilter) -> list[ColumnElement[bool]]:
    days = _days(wanted.first_day, wanted.last_day)
    return [*([or_(*days)] if days else []), *_named(wanted)]


def _named(wanted: EventFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on all but the days."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.types:
        conditions.append(event.c.event_type.in_(wanted.types))
    if wanted.statuses:
        conditions.append(event.c.status.in_(wanted.statuses))
    if wanted.country is not None:
        conditions.append(event.c.country_code == wanted.country.upper())
    if wanted.min_confidence is not None:
        conditions.append(event.c.confidence >= wanted.min_confidence)
    if wanted.participant is not None:
        named = actor.c.folded.contains(f" {folded_words(wanted.participant)} ", autoescape=True)
        took = select(event_participation.c.event_id).join(actor, actor.c.actor_id == event_participation.c.actor_id).where(named)
        conditions.append(event.c.event_id.in_(took))
    return conditions


def _days(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Return what may hold of an event with a day in the window: it began before, begins in it, or its beginning is unknown and it ends in it."""
    if first is None and last is None:
        return []
    low, high = first or date.min, last or date.max
    reaching = and_(event.c.start_date < low, event.c.start_date >= max(date.min, _before(low)), event.c.end_date >= low)
    ending = and_(event.c.start_date.is_(None), event.c.end_date.between(low, high))
    return [reaching, event.c.start_date.between(low, high), ending]


def _before(day: date) -> date:
    return day - LONGEST if day - date.min > LONGEST else date.min


def get_event(database: Engine | Writer, event_id: str) -> EventDetail:
    """Return an event by its id, or by the id of one that it absorbed. UsageError where there is none."""
    with reading(database) as connection:
        asked, live = event_id, event_id
        row = connection.execute(_selecting().where(event.c.event_id == live)).first()
        if row is None:
            live = connection.scalar(select(event_redirect.c.event_id).where(event_redirect.c.old_id == event_id)) or ""
            row = connection.execute(_selecting().where(event.c.event_id == live)).first()
        if row is None:
            raise UsageError(f"There is no event {event_id!r}. `dateline events` lists what there is.", item=event_id)
        canonical = read_canonical(connection, live)
        articles = _articles(connection, [one.report_id for one in canonical.reports])
        absorbed = connection.scalars(select(event_redirect.c.old_id).where(event_redirect.c.event_id == live).order_by(event_redirect.c.old_id))
        return EventDetail(EventRow(*row), canonical, articles, asked if asked != live else None, tuple(absorbed))


def read_canonical(connection: Connection, event_id: str) -> CanonicalEvent:
    """Return a stored event as the record that resolving made of it; its evidence is that of its reports."""
    ids = list(connection.scalars(select(report.c.report_id).where(report.c.event_id == event_id)))
    reports = sorted((one.report for one in read_reports(connection, ids).values()), key=lambda one: (one.published or date.max, one.report_id))
    joined = event.outerjoin(place, place.c.place_id == event.c.place_id)
    row = connection.execute(select(*event.c, place.c.admin).select_from(joined).where(event.c.event_id == event_id)).one()
    history = tuple((day, status) for day, status in row.history)
    return CanonicalEvent(event_id, event_of(row, (), _people(connection, event_id)), tuple(reports), row.article_count, history)


def _people(connection: Connection, event_id: str) -> tuple[Participant, ...]:
    statement = select(actor.c.name, event_participation.c.role, actor.c.kind, actor.c.country).join(actor, actor.c.actor_id == event_participation.c.actor_id)
    rows = connection.execute(statement.where(event_participation.c.event_id == event_id).order_by(event_participation.c.role, actor.c.name))
    return tuple(Participant(row.name, row.role, row.kind, row.country) for row in rows)


def _articles(connection: Connection, report_ids: Sequence[str]) -> tuple[StoredArticle, ...]:
    told = select(report.c.article_id).where(report.c.report_id.in_(report_ids))
    statement = select(article).where(article.c.article_id.in_(told)).order_by(article.c.published_on.nulls_last(), article.c.article_id)
    return tuple(_stored(row) for row in connection.execute(statement))


def get_article(database: Engine | Writer, named: str) -> StoredArticle:
    """Return an article by its id, URL or doc_id, with its reports. UsageError where there is none, or more than one of that name."""
    with reading(database) as connection:
        any_name = or_(article.c.article_id == named, article.c.url == named, article.c.doc_id == named)
        rows = list(connection.execute(select(article).where(any_name).order_by(article.c.article_id).limit(3)))
        exact = [row for row in rows if row.article_id == named] or rows
        if not exact:
            raise UsageError(
                f"There is no article {named!r}. Name it by its id, URL or doc_id (`dateline sql 'SELECT article_id, url FROM v_articles'`).", item=named
            )
        if len(exact) > 1:
            raise UsageError(f"More than one article is called {named!r}: {', '.join(row.article_id for row in exact)}. Name one by its id.", item=named)
        ids = connection.scalars(select(report.c.report_id).where(report.c.article_id == exact[0].article_id))
        reports = sorted((one.report for one in read_reports(connection, list(ids)).values()), key=lambda one: one.key.index)
        return _stored(exact[0], tuple(reports))


def _stored(row: Row[Any], reports: tuple[Report, ...] = ()) -> StoredArticle:
    given = Article(row.doc_id, row.text or "", row.published, row.title, row.source, row.byline, row.url, row.language, row.guid, row.licence, row.given_basis)
    has_text = row.text is not None
    return StoredArticle(row.article_id, given, has_text, row.published_on, row.published_basis, row.language, row.duplicate_of, row.skipped, reports)
