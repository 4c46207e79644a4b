"""All tables in one place, for migrations and for code that walks over them. The definitions are in the three modules imported here."""

from __future__ import annotations

from models.columns import metadata
from models.tables_articles import article, article_band, near_duplicate, search_tokens, source, watermark
from models.tables_events import (
    actor,
    actor_alias,
    event,
    event_day,
    event_dyad,
    event_participation,
    event_redirect,
    event_type,
    evidence,
    hand_decision,
    participation,
    place,
    report,
    report_key,
)
from models.tables_ledger import check_result, load, quarantine, writer

__all__ = [
    "actor",
    "actor_alias",
    "article",
    "article_band",
    "check_result",
    "event",
    "event_day",
    "event_dyad",
    "event_participation",
    "event_redirect",
    "event_type",
    "evidence",
    "hand_decision",
    "load",
    "metadata",
    "near_duplicate",
    "participation",
    "place",
    "quarantine",
    "report",
    "report_key",
    "search_tokens",
    "source",
    "watermark",
    "writer",
]
