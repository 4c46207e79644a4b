"""Indexes that hold the whole of a filter by type, status or confidence and days; the few articles that are duplicates have one of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DAYS = ("start_date", "end_date", "event_type", "status")
DUPLICATES = sa.text("duplicate_of IS NOT NULL")


def upgrade() -> None:
    for name in ("event_type", "status"):
        op.drop_index(f"ix_event_{name}_start_date", "event")
        op.create_index(f"ix_event_{name}_start_date", "event", [name, "start_date", "end_date"])
    op.drop_index("ix_event_start_date", "event")
    op.create_index("ix_event_start_date", "event", [*DAYS, "confidence"])
    op.drop_index("ix_article_duplicate_of", "article")
    op.create_index("ix_article_duplicate_of", "article", ["duplicate_of"], sqlite_where=DUPLICATES, postgresql_where=DUPLICATES)
    op.execute("ANALYZE")  # without fresh statistics the planner passes new indexes by


def downgrade() -> None:
    op.drop_index("ix_article_duplicate_of", "article")
    op.create_index("ix_article_duplicate_of", "article", ["duplicate_of"])
    op.drop_index("ix_event_start_date", "event")
    op.create_index("ix_event_start_date", "event", [*DAYS])
    for name in ("event_type", "status"):
        op.drop_index(f"ix_event_{name}_start_date", "event")
        op.create_index(f"ix_event_{name}_start_date", "event", [name, "start_date"])
