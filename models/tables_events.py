"""Tables of what is reported: reports with evidence and participants, the events they agree on, actors and places.

A report is one article's account; an event is what reports agree on. Closed sets are CHECKed, event types are a table. Not here: articles
(tables_articles.py), the ledger (tables_ledger.py), the views (views.py).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table

from dateline.records import BASES, KINDS, PRECISIONS, ROLES, STATUSES
from models.columns import CleanText, FiniteFloat, UtcDateTime, closed, json_column, metadata

event_type = Table(
    "event_type",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("description", CleanText),
    Column("plover", CleanText),
    Column("cameo", CleanText),
)

actor = Table(
    "actor",
    metadata,
    Column("actor_id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False, index=True),
    Column("folded", CleanText, nullable=False, comment="the name's words, folded, with a space on either side, to search"),
    Column("kind", CleanText),
    Column("country", CleanText),
    Column("merged_into", CleanText, ForeignKey("actor.actor_id"), index=True, comment="set by hand; its events are the other's"),
    closed("kind", KINDS),
)

actor_alias = Table(
    "actor_alias",
    metadata,
    Column("alias", CleanText, primary_key=True, comment="folded name"),
    Column("actor_id", CleanText, ForeignKey("actor.actor_id"), nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    comment="Further names of actors, added by hand; the reviewed table is part of the library.",
)

place = Table(
    "place",
    metadata,
    Column("place_id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False, index=True),
    Column("admin", CleanText),
    Column("country_code", CleanText),
    Column("latitude", FiniteFloat),
    Column("longitude", FiniteFloat),
    CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
    CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
)


def _account_columns() -> list[Column[Any]]:
    """Return the columns that a report and an event have in common."""
    return [
        Column("event_type", CleanText, ForeignKey("event_type.name"), nullable=False),
        Column("title", CleanText),
        Column("start_date", Date),
        Column("end_date", Date),
        Column("date_precision", CleanText, nullable=False),
        Column("date_basis", CleanText, nullable=False),
        Column("date_text", CleanText, comment="the words that dated it"),
        Column("status", CleanText, nullable=False),
        Column("place_id", CleanText, ForeignKey("place.place_id"), index=True),
        Column("place_venue", CleanText),
        Column("content", CleanText),
        Column("content_start", Integer),
        Column("content_end", Integer),
        Column("plover", CleanText),
        Column("cameo", CleanText),
        Column("confidence", FiniteFloat, nullable=False),
        Column("rules", CleanText, nullable=False, comment="ids joined with '; '"),
    ]


def _account_checks() -> list[CheckConstraint]:
    """Return the CHECKs that a report and an event have in common."""
    return [
        closed("date_precision", PRECISIONS),
        closed("date_basis", BASES),
        closed("status", STATUSES),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("start_date <= end_date", name="days"),
    ]


event = Table(
    "event",
    metadata,
    Column("event_id", CleanText, primary_key=True),
    *_account_columns(),
    Column("start_year", Integer),
    Column("start_quarter", Integer),
    Column("start_month", Integer),
    Column("country_code", CleanText, comment="of the place"),
    Column("place_name", CleanText),
    Column("latitude", FiniteFloat),
    Column("longitude", FiniteFloat),
    Column("participants", CleanText, nullable=False, comment="names joined with '; ', by role then name"),
    Column("article_count", Integer, nullable=False),
    Column("report_count", Integer, nullable=False),
    Column("first_reported", Date),
    Column("last_reported", Date),
    Column("history", json_column(), nullable=False, comment="[published day or '', status] where the status changed"),
    Column("changed_at", UtcDateTime, nullable=False),
    *_account_checks(),
)
# Columns beyond those that are searched let a count be answered from the index alone: rows lie scattered, and a million of them take seconds to visit.
Index("ix_event_start_date", event.c.start_date, event.c.end_date, event.c.event_type, event.c.status, event.c.confidence)
Index("ix_event_event_type_start_date", event.c.event_type, event.c.start_date, event.c.end_date)
Index("ix_event_date_precision", event.c.event_type, event.c.date_precision, event.c.end_date, event.c.first_reported)
Index(
    "ix_event_event_type_status",
    event.c.event_type,
    event.c.status,
    event.c.event_id,
    event.c.start_year,
    event.c.start_quarter,
    event.c.date_precision,
)
Index("ix_event_status_start_date", event.c.status, event.c.start_date, event.c.end_date)
Index("ix_event_country_code_start_date", event.c.country_code, event.c.start_date)
Index("ix_event_start_year", event.c.start_year, event.c.start_quarter, event.c.event_type, event.c.country_code)

event_participation = Table(
    "event_participation",
    metadata,
    Column("event_id", CleanText, ForeignKey("event.event_id", ondelete="CASCADE"), primary_key=True),
    Column("actor_id", CleanText, ForeignKey("actor.actor_id"), primary_key=True),
    Column("role", CleanText, primary_key=True),
    Column("actor_name", CleanText),
    Column("actor_kind", CleanText),
    Column("actor_country", CleanText),
    Column("event_type", CleanText),
    Column("start_date", Date),
    closed("role", ROLES),
    sqlite_with_rowid=False,
    comment="Who takes part in an event, with what is asked of actor and event beside it (facts.py).",
)
Index("ix_event_participation_actor_id", event_participation.c.actor_id, event_participation.c.event_id, event_participation.c.role)

Index("ix_event_participation_actor_name", event_participation.c.actor_name, event_participation.c.start_date)
Index("ix_event_participation_start_date", event_participation.c.start_date, event_participation.c.event_type)

event_dyad = Table(
    "event_dyad",
    metadata,
    Column("event_id", CleanText, ForeignKey("event.event_id", ondelete="CASCADE"), primary_key=True),
    Column("actor_a", CleanText, primary_key=True),
    Column("actor_b", CleanText, primary_key=True),
    Column("event_type", CleanText, nullable=False),
    Column("start_year", Integer),
    Column("start_quarter", Integer),
    CheckConstraint("actor_a < actor_b", name="ordered"),
    sqlite_with_rowid=False,
    comment="Every two names in an event, once, as v_dyads counts them; written with the event (facts.py).",
)
_dyad = event_dyad.c
Index("ix_event_dyad_actor_a", _dyad.actor_a, _dyad.actor_b, _dyad.event_type, _dyad.start_year, _dyad.start_quarter)
Index("ix_event_dyad_actor_b", _dyad.actor_b, _dyad.actor_a)

event_day = Table(
    "event_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("event_id", CleanText, ForeignKey("event.event_id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
    comment="The days of an event, at most 31; written with the event.",
)

event_redirect = Table(
    "event_redirect",
    metadata,
    Column("old_id", CleanText, primary_key=True),
    Column("event_id", CleanText, ForeignKey("event.event_id", ondelete="CASCADE"), nullable=False, index=True),
    comment="Where an absorbed event's id leads.",
)

report = Table(
    "report",
    metadata,
    Column("report_id", CleanText, primary_key=True),
    Column("article_id", CleanText, ForeignKey("article.article_id"), nullable=False),
    Column("position", Integer, nullable=False, comment="index in the article's extraction, from 0"),
    Column("event_id", CleanText, ForeignKey("event.event_id")),
    *_account_columns(),
    Column("source", CleanText, comment="of the article (facts.py)"),
    Column("published_on", Date, comment="of the article (facts.py)"),
    Column("extra", json_column(), comment="pairs that extraction passes to resolving"),
    *_account_checks(),
)
Index("uq_report_article_id_position", report.c.article_id, report.c.position, unique=True)
Index("ix_report_event_id", report.c.event_id, report.c.start_date, report.c.end_date, report.c.source)
Index("ix_report_source", report.c.source, report.c.event_id)
Index("ix_report_status", report.c.status, report.c.event_id, report.c.published_on)
Index("ix_report_article_id", report.c.article_id, report.c.event_id)

report_key = Table(
    "report_key",
    metadata,
    Column("key", CleanText, primary_key=True, comment="reports that share one may be of one event"),
    Column("report_id", CleanText, ForeignKey("report.report_id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence",
    metadata,
    Column("report_id", CleanText, ForeignKey("report.report_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("trigger", CleanText, nullable=False),
    Column("trigger_start", Integer, nullable=False),
    Column("trigger_end", Integer, nullable=False),
    Column("quote", CleanText, nullable=False, comment="the sentence"),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
)

participation = Table(
    "participation",
    metadata,
    Column("report_id", CleanText, ForeignKey("report.report_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("actor_id", CleanText, ForeignKey("actor.actor_id"), nullable=False, index=True),
    Column("name", CleanText, nullable=False, comment="as the article names it"),
    Column("role", CleanText, nullable=False),
    Column("kind", CleanText),
    Column("country", CleanText),
    Column("mentions", json_column(), nullable=False),
    closed("role", ROLES),
    closed("kind", KINDS),
)

hand_decision = Table(
    "hand_decision",
    metadata,
    Column("report_a", CleanText, primary_key=True),
    Column("report_b", CleanText, primary_key=True),
    Column("verdict", CleanText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    closed("verdict", ("joined", "parted")),
    CheckConstraint("report_a < report_b", name="ordered"),
    comment="Merges and splits by hand; no foreign key, so that they outlive a re-extraction.",
)
