"""Indexes from which counts over everything are answered alone, without visiting the rows."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_event_start_date", "event")
    op.create_index("ix_event_start_date", "event", ["start_date", "end_date", "event_type", "status"])
    op.create_index("ix_event_date_precision", "event", ["event_type", "date_precision", "status"])
    op.drop_index("ix_report_event_id", "report")
    op.create_index("ix_report_event_id", "report", ["event_id", "article_id", "start_date"])
    op.create_index("ix_report_article_id", "report", ["article_id", "event_id"])


def downgrade() -> None:
    op.drop_index("ix_report_article_id", "report")
    op.drop_index("ix_report_event_id", "report")
    op.create_index("ix_report_event_id", "report", ["event_id"])
    op.drop_index("ix_event_date_precision", "event")
    op.drop_index("ix_event_start_date", "event")
    op.create_index("ix_event_start_date", "event", ["start_date", "end_date"])
