"""All tables of the event database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # ordered by code point on both databases
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("folded", TEXT, nullable=False, comment="the name's words, folded, with a space on either side, to search"),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("country", TEXT, nullable=True),
        sa.Column("merged_into", TEXT, nullable=True, comment="set by hand; its events are the other's"),
        sa.CheckConstraint("kind IN ('person', 'state', 'organisation', 'office', 'group')", name=op.f("ck_actor_kind")),
        sa.ForeignKeyConstraint(["merged_into"], ["actor.actor_id"], name=op.f("fk_actor_merged_into")),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_actor")),
    )
    op.create_index(op.f("ix_actor_merged_into"), "actor", ["merged_into"], unique=False)
    op.create_index(op.f("ix_actor_name"), "actor", ["name"], unique=False)
    op.create_table(
        "event_type",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=True),
        sa.Column("plover", TEXT, nullable=True),
        sa.Column("cameo", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_event_type")),
    )
    op.create_table(
        "hand_decision",
        sa.Column("report_a", TEXT, nullable=False),
        sa.Column("report_b", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('joined', 'parted')", name=op.f("ck_hand_decision_verdict")),
        sa.CheckConstraint("report_a < report_b", name=op.f("ck_hand_decision_ordered")),
        sa.PrimaryKeyConstraint("report_a", "report_b", name=op.f("pk_hand_decision")),
        comment="Merges and splits by hand; no foreign key, so that they outlive a re-extraction.",
    )
    op.create_table(
        "load",
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", TEXT, nullable=True),
        sa.Column("command", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("articles_new", sa.Integer(), nullable=False),
        sa.Column("articles_revised", sa.Integer(), nullable=False),
        sa.Column("articles_unchanged", sa.Integer(), nullable=False),
        sa.Column("articles_quarantined", sa.Integer(), nullable=False),
        sa.Column("articles_skipped", sa.Integer(), nullable=False),
        sa.Column("articles_duplicate", sa.Integer(), nullable=False),
        sa.Column("articles_forgotten", sa.Integer(), nullable=False),
        sa.Column("reports_written", sa.Integer(), nullable=False),
        sa.Column("events_new", sa.Integer(), nullable=False),
        sa.Column("events_changed", sa.Integer(), nullable=False),
        sa.Column("events_removed", sa.Integer(), nullable=False),
        sa.Column("extractor_version", TEXT, nullable=True),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("lexicon_version", TEXT, nullable=True),
        sa.Column("message", TEXT, nullable=True, comment="why it failed"),
        sa.CheckConstraint("status IN ('running', 'done', 'failed', 'interrupted')", name=op.f("ck_load_status")),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_load")),
    )
    op.create_index(op.f("ix_load_status"), "load", ["status"], unique=False)
    op.create_table(
        "place",
        sa.Column("place_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("admin", TEXT, nullable=True),
        sa.Column("country_code", TEXT, nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_place_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_place_longitude")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_name"), "place", ["name"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", sa.Integer(), nullable=False),
        sa.Column("item_key", TEXT, nullable=False, comment="hash of stage, source and item"),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("article_id", TEXT, nullable=True, comment="where the item is a known article; no foreign key: it may never have been stored"),
        sa.Column("payload", TEXT, nullable=True, comment="what a retry needs: the article as one JSON line"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('ingest', 'extract', 'resolve', 'load')", name=op.f("ck_quarantine_stage")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("item_key", name=op.f("uq_quarantine_item_key")),
    )
    op.create_index(op.f("ix_quarantine_article_id"), "quarantine", ["article_id"], unique=False)
    op.create_table(
        "search_tokens",
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("item_id", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("tokens", TEXT, nullable=False, comment="folded, stemmed, unique, sorted, joined by spaces"),
        sa.CheckConstraint("kind IN ('article', 'quote', 'title')", name=op.f("ck_search_tokens_kind")),
        sa.PrimaryKeyConstraint("search_id", name=op.f("pk_search_tokens")),
    )
    op.create_index("uq_search_tokens_kind_item_id", "search_tokens", ["kind", "item_id"], unique=True)
    op.create_table(
        "source",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
        comment="Where articles come from, as the article or the registry names it.",
    )
    op.create_table(
        "watermark",
        sa.Column("source", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", name=op.f("pk_watermark")),
        comment="How far a source was read: etag, last item, day.",
    )
    op.create_table(
        "writer",
        sa.Column("writer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("command", TEXT, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("writer_id = 1", name=op.f("ck_writer_single")),
        sa.PrimaryKeyConstraint("writer_id", name=op.f("pk_writer")),
        comment="Who writes, for people. The lock itself is the operating system's or Postgres's (lock.py).",
    )
    op.create_table(
        "actor_alias",
        sa.Column("alias", TEXT, nullable=False, comment="folded name"),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.actor_id"], name=op.f("fk_actor_alias_actor_id")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_actor_alias")),
        comment="Further names of actors, added by hand; the reviewed table is part of the library.",
    )
    op.create_index(op.f("ix_actor_alias_actor_id"), "actor_alias", ["actor_id"], unique=False)
    op.create_table(
        "article",
        sa.Column("article_id", TEXT, nullable=False),
        sa.Column("article_key", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("doc_id", TEXT, nullable=False),
        sa.Column("guid", TEXT, nullable=True),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("byline", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=True),
        sa.Column("licence", TEXT, nullable=True),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=True, comment="NULL where only evidence sentences are kept"),
        sa.Column("published", TEXT, nullable=True, comment="as the source gave it"),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_basis", TEXT, nullable=False),
        sa.Column("day", sa.Date(), nullable=True, comment="the day known before the text is read; decides who represents duplicates"),
        sa.Column("duplicate_of", TEXT, nullable=True),
        sa.Column("skipped", TEXT, nullable=True, comment="why it was recorded but not read, such as not_english"),
        sa.Column("signature", sa.LargeBinary(), nullable=True, comment="MinHash, as the caller made it"),
        sa.Column("raw_digest", TEXT, nullable=True, comment="sha256 of the bytes, where they are kept"),
        sa.Column("extractor_version", TEXT, nullable=True, comment="NULL: not extracted, or its reports are another's"),
        sa.Column("model", TEXT, nullable=True),
        sa.Column("lexicon_version", TEXT, nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("published_basis IN ('metadata', 'url', 'dateline', 'caption', 'text', 'none')", name=op.f("ck_article_published_basis")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["article.article_id"], name=op.f("fk_article_duplicate_of")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_article_source")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article")),
        sa.UniqueConstraint("article_key", name=op.f("uq_article_article_key")),
    )
    op.create_index(op.f("ix_article_digest"), "article", ["digest"], unique=False)
    op.create_index(op.f("ix_article_duplicate_of"), "article", ["duplicate_of"], unique=False)
    op.create_index(op.f("ix_article_published_on"), "article", ["published_on"], unique=False)
    op.create_index(op.f("ix_article_source"), "article", ["source"], unique=False)
    op.create_index("ix_article_versions", "article", ["extractor_version", "model", "lexicon_version"], unique=False)
    op.create_table(
        "check_result",
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("severity IN ('warn', 'error')", name=op.f("ck_check_result_severity")),
        sa.ForeignKeyConstraint(["load_id"], ["load.load_id"], name=op.f("fk_check_result_load_id")),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_check_result")),
    )
    op.create_index(op.f("ix_check_result_load_id"), "check_result", ["load_id"], unique=False)
    op.create_index(op.f("ix_check_result_name"), "check_result", ["name"], unique=False)
    op.create_table(
        "event",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("event_type", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("date_precision", TEXT, nullable=False),
        sa.Column("date_basis", TEXT, nullable=False),
        sa.Column("date_text", TEXT, nullable=True, comment="the words that dated it"),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("place_id", TEXT, nullable=True),
        sa.Column("place_venue", TEXT, nullable=True),
        sa.Column("content", TEXT, nullable=True),
        sa.Column("content_start", sa.Integer(), nullable=True),
        sa.Column("content_end", sa.Integer(), nullable=True),
        sa.Column("plover", TEXT, nullable=True),
        sa.Column("cameo", TEXT, nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("rules", TEXT, nullable=False, comment="ids joined with '; '"),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("start_quarter", sa.Integer(), nullable=True),
        sa.Column("start_month", sa.Integer(), nullable=True),
        sa.Column("country_code", TEXT, nullable=True, comment="of the place"),
        sa.Column("participants", TEXT, nullable=False, comment="names joined with '; ', by role then name"),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("first_reported", sa.Date(), nullable=True),
        sa.Column("last_reported", sa.Date(), nullable=True),
        sa.Column("history", JSON, nullable=False, comment="[published day or '', status] where the status changed"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("date_basis IN ('explicit', 'relative', 'event', 'published', 'none')", name=op.f("ck_event_date_basis")),
        sa.CheckConstraint("date_precision IN ('day', 'range', 'week', 'month', 'quarter', 'year', 'vague', 'none')", name=op.f("ck_event_date_precision")),
        sa.CheckConstraint("status IN ('occurred', 'ongoing', 'planned', 'possible', 'denied', 'cancelled')", name=op.f("ck_event_status")),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_event_confidence")),
        sa.CheckConstraint("start_date <= end_date", name=op.f("ck_event_days")),
        sa.ForeignKeyConstraint(["event_type"], ["event_type.name"], name=op.f("fk_event_event_type")),
        sa.ForeignKeyConstraint(["place_id"], ["place.place_id"], name=op.f("fk_event_place_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_country_code_start_date", "event", ["country_code", "start_date"], unique=False)
    op.create_index("ix_event_event_type_start_date", "event", ["event_type", "start_date"], unique=False)
    op.create_index(op.f("ix_event_place_id"), "event", ["place_id"], unique=False)
    op.create_index("ix_event_start_date", "event", ["start_date", "end_date"], unique=False)
    op.create_index("ix_event_start_year", "event", ["start_year", "start_quarter", "event_type", "country_code"], unique=False)
    op.create_index("ix_event_status_start_date", "event", ["status", "start_date"], unique=False)
    op.create_table(
        "article_band",
        sa.Column("band", TEXT, nullable=False),
        sa.Column("article_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name=op.f("fk_article_band_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("band", "article_id", name=op.f("pk_article_band")),
        comment="Locality-sensitive hash bands: articles that share one may be near-duplicates.",
    )
    op.create_index(op.f("ix_article_band_article_id"), "article_band", ["article_id"], unique=False)
    op.create_table(
        "event_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_event_day_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("day", "event_id", name=op.f("pk_event_day")),
        comment="The days of an event, at most 31; written with the event.",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_event_day_event_id"), "event_day", ["event_id"], unique=False)
    op.create_table(
        "event_participation",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.CheckConstraint("role IN ('speaker', 'addressee', 'party', 'host', 'mediator')", name=op.f("ck_event_participation_role")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.actor_id"], name=op.f("fk_event_participation_actor_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_event_participation_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "actor_id", "role", name=op.f("pk_event_participation")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_participation_actor_id", "event_participation", ["actor_id", "event_id", "role"], unique=False)
    op.create_table(
        "event_redirect",
        sa.Column("old_id", TEXT, nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_event_redirect_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_event_redirect")),
        comment="Where an absorbed event's id leads.",
    )
    op.create_index(op.f("ix_event_redirect_event_id"), "event_redirect", ["event_id"], unique=False)
    op.create_table(
        "near_duplicate",
        sa.Column("article_a", TEXT, nullable=False),
        sa.Column("article_b", TEXT, nullable=False),
        sa.CheckConstraint("article_a < article_b", name=op.f("ck_near_duplicate_ordered")),
        sa.ForeignKeyConstraint(["article_a"], ["article.article_id"], name=op.f("fk_near_duplicate_article_a"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_b"], ["article.article_id"], name=op.f("fk_near_duplicate_article_b"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_a", "article_b", name=op.f("pk_near_duplicate")),
        comment="Pairs found alike; groups are their connected components together with equal digests.",
    )
    op.create_index(op.f("ix_near_duplicate_article_b"), "near_duplicate", ["article_b"], unique=False)
    op.create_table(
        "report",
        sa.Column("report_id", TEXT, nullable=False),
        sa.Column("article_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="index in the article's extraction, from 0"),
        sa.Column("event_id", TEXT, nullable=True),
        sa.Column("event_type", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("date_precision", TEXT, nullable=False),
        sa.Column("date_basis", TEXT, nullable=False),
        sa.Column("date_text", TEXT, nullable=True, comment="the words that dated it"),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("place_id", TEXT, nullable=True),
        sa.Column("place_venue", TEXT, nullable=True),
        sa.Column("content", TEXT, nullable=True),
        sa.Column("content_start", sa.Integer(), nullable=True),
        sa.Column("content_end", sa.Integer(), nullable=True),
        sa.Column("plover", TEXT, nullable=True),
        sa.Column("cameo", TEXT, nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("rules", TEXT, nullable=False, comment="ids joined with '; '"),
        sa.Column("extra", JSON, nullable=True, comment="pairs that extraction passes to resolving"),
        sa.CheckConstraint("date_basis IN ('explicit', 'relative', 'event', 'published', 'none')", name=op.f("ck_report_date_basis")),
        sa.CheckConstraint("date_precision IN ('day', 'range', 'week', 'month', 'quarter', 'year', 'vague', 'none')", name=op.f("ck_report_date_precision")),
        sa.CheckConstraint("status IN ('occurred', 'ongoing', 'planned', 'possible', 'denied', 'cancelled')", name=op.f("ck_report_status")),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_report_confidence")),
        sa.CheckConstraint("start_date <= end_date", name=op.f("ck_report_days")),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name=op.f("fk_report_article_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_report_event_id")),
        sa.ForeignKeyConstraint(["event_type"], ["event_type.name"], name=op.f("fk_report_event_type")),
        sa.ForeignKeyConstraint(["place_id"], ["place.place_id"], name=op.f("fk_report_place_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_event_id"), "report", ["event_id"], unique=False)
    op.create_index(op.f("ix_report_place_id"), "report", ["place_id"], unique=False)
    op.create_index("uq_report_article_id_position", "report", ["article_id", "position"], unique=True)
    op.create_table(
        "evidence",
        sa.Column("report_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("trigger", TEXT, nullable=False),
        sa.Column("trigger_start", sa.Integer(), nullable=False),
        sa.Column("trigger_end", sa.Integer(), nullable=False),
        sa.Column("quote", TEXT, nullable=False, comment="the sentence"),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.report_id"], name=op.f("fk_evidence_report_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_evidence")),
    )
    op.create_table(
        "participation",
        sa.Column("report_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("actor_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False, comment="as the article names it"),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("country", TEXT, nullable=True),
        sa.Column("mentions", JSON, nullable=False),
        sa.CheckConstraint("kind IN ('person', 'state', 'organisation', 'office', 'group')", name=op.f("ck_participation_kind")),
        sa.CheckConstraint("role IN ('speaker', 'addressee', 'party', 'host', 'mediator')", name=op.f("ck_participation_role")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.actor_id"], name=op.f("fk_participation_actor_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.report_id"], name=op.f("fk_participation_report_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_participation")),
    )
    op.create_index(op.f("ix_participation_actor_id"), "participation", ["actor_id"], unique=False)
    op.create_table(
        "report_key",
        sa.Column("key", TEXT, nullable=False, comment="reports that share one may be of one event"),
        sa.Column("report_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.report_id"], name=op.f("fk_report_key_report_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "report_id", name=op.f("pk_report_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_report_key_report_id"), "report_key", ["report_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_report_key_report_id"), table_name="report_key")
    op.drop_table("report_key")
    op.drop_index(op.f("ix_participation_actor_id"), table_name="participation")
    op.drop_table("participation")
    op.drop_table("evidence")
    op.drop_index("uq_report_article_id_position", table_name="report")
    op.drop_index(op.f("ix_report_place_id"), table_name="report")
    op.drop_index(op.f("ix_report_event_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_near_duplicate_article_b"), table_name="near_duplicate")
    op.drop_table("near_duplicate")
    op.drop_index(op.f("ix_event_redirect_event_id"), table_name="event_redirect")
    op.drop_table("event_redirect")
    op.drop_index("ix_event_participation_actor_id", table_name="event_participation")
    op.drop_table("event_participation")
    op.drop_index(op.f("ix_event_day_event_id"), table_name="event_day")
    op.drop_table("event_day")
    op.drop_index(op.f("ix_article_band_article_id"), table_name="article_band")
    op.drop_table("article_band")
    op.drop_index("ix_event_status_start_date", table_name="event")
    op.drop_index("ix_event_start_year", table_name="event")
    op.drop_index("ix_event_start_date", table_name="event")
    op.drop_index(op.f("ix_event_place_id"), table_name="event")
    op.drop_index("ix_event_event_type_start_date", table_name="event")
    op.drop_index("ix_event_country_code_start_date", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_check_result_name"), table_name="check_result")
    op.drop_index(op.f("ix_check_result_load_id"), table_name="check_result")
    op.drop_table("check_result")
    op.drop_index("ix_article_versions", table_name="article")
    op.drop_index(op.f("ix_article_source"), table_name="article")
    op.drop_index(op.f("ix_article_published_on"), table_name="article")
    op.drop_index(op.f("ix_article_duplicate_of"), table_name="article")
    op.drop_index(op.f("ix_article_digest"), table_name="article")
    op.drop_table("article")
    op.drop_index(op.f("ix_actor_alias_actor_id"), table_name="actor_alias")
    op.drop_table("actor_alias")
    op.drop_table("writer")
    op.drop_table("watermark")
    op.drop_table("source")
    op.drop_index("uq_search_tokens_kind_item_id", table_name="search_tokens")
    op.drop_table("search_tokens")
    op.drop_index(op.f("ix_quarantine_article_id"), table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_index(op.f("ix_place_name"), table_name="place")
    op.drop_table("place")
    op.drop_index(op.f("ix_load_status"), table_name="load")
    op.drop_table("load")
    op.drop_table("hand_decision")
    op.drop_table("event_type")
    op.drop_index(op.f("ix_actor_name"), table_name="actor")
    op.drop_index(op.f("ix_actor_merged_into"), table_name="actor")
    op.drop_table("actor")
