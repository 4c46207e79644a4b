"""Tables of the work itself: load (the ledger), quarantine, check_result and the writer's name.

A load's row is written in the same transaction as its rows, so a row that says "done" is proof. Not here: who may write (lock.py), what a
load does (load.py).
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table

from models.columns import CleanText, FiniteFloat, UtcDateTime, closed, metadata

COUNTS = (
    "articles_new",
    "articles_revised",
    "articles_unchanged",
    "articles_quarantined",
    "articles_skipped",
    "articles_duplicate",
    "articles_forgotten",
    "reports_written",
    "events_new",
    "events_changed",
    "events_removed",
)
LOAD_STATUSES = ("running", "done", "failed", "interrupted")
SEVERITIES = ("warn", "error")

load = Table(
    "load",
    metadata,
    Column("load_id", Integer, primary_key=True),
    Column("flow_run_id", CleanText),
    Column("command", CleanText),
    Column("status", CleanText, nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    *[Column(name, Integer, nullable=False) for name in COUNTS],
    Column("extractor_version", CleanText),
    Column("model", CleanText),
    Column("lexicon_version", CleanText),
    Column("message", CleanText, comment="why it failed"),
    closed("status", LOAD_STATUSES),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Integer, primary_key=True),
    Column("item_key", CleanText, nullable=False, unique=True, comment="hash of stage, source and item"),
    Column("stage", CleanText, nullable=False),
    Column("code", CleanText, nullable=False),
    Column("message", CleanText, nullable=False),
    Column("source", CleanText),
    Column("item", CleanText, nullable=False),
    Column("article_id", CleanText, index=True, comment="where the item is a known article; no foreign key: it may never have been stored"),
    Column("payload", CleanText, comment="what a retry needs: the article as one JSON line"),
    Column("attempts", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    closed("stage", ("ingest", "extract", "resolve", "load")),
)

check_result = Table(
    "check_result",
    metadata,
    Column("check_id", Integer, primary_key=True),
    Column("load_id", Integer, ForeignKey("load.load_id"), index=True),
    Column("name", CleanText, nullable=False, index=True),
    Column("severity", CleanText, nullable=False),
    Column("passed", Boolean(create_constraint=False), nullable=False),
    Column("value", FiniteFloat),
    Column("threshold", FiniteFloat),
    Column("message", CleanText, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    closed("severity", SEVERITIES),
)

writer = Table(
    "writer",
    metadata,
    Column("writer_id", Integer, primary_key=True, autoincrement=False),
    Column("host", CleanText, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("command", CleanText, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    CheckConstraint("writer_id = 1", name="single"),
    comment="Who writes, for people. The lock itself is the operating system's or Postgres's (lock.py).",
)
