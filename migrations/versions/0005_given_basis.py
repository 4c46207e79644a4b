"""How an article's given day was known before its text was read is kept beside how its day is known now: reading may change the latter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COMMENT = "how its source found the given day: url or text; NULL: its metadata said so, or none was given"


def upgrade() -> None:
    op.add_column("article", sa.Column("given_basis", TEXT, comment=COMMENT))
    op.execute("UPDATE article SET given_basis = published_basis WHERE published IS NOT NULL AND published_basis IN ('url', 'text')")


def downgrade() -> None:
    op.drop_column("article", "given_basis")
