"""What is asked of events over everything is kept beside them: place, actor and day of each participation, pairs of names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # ordered by code point on both databases

FILL = (
    "UPDATE event SET place_name = (SELECT p.name FROM place p WHERE p.place_id = event.place_id),"
    " latitude = (SELECT p.latitude FROM place p WHERE p.place_id = event.place_id),"
    " longitude = (SELECT p.longitude FROM place p WHERE p.place_id = event.place_id)",
    "UPDATE event_participation SET actor_name = (SELECT a.name FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " actor_kind = (SELECT a.kind FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " actor_country = (SELECT a.country FROM actor a WHERE a.actor_id = event_participation.actor_id),"
    " event_type = (SELECT e.event_type FROM event e WHERE e.event_id = event_participation.event_id),"
    " start_date = (SELECT e.start_date FROM event e WHERE e.event_id = event_participation.event_id)",
    "INSERT INTO event_dyad (event_id, actor_a, actor_b, event_type, start_year, start_quarter)"
    " SELECT DISTINCT x.event_id, x.actor_name, y.actor_name, e.event_type, e.start_year, e.start_quarter"
    " FROM event_participation x JOIN event_participation y ON y.event_id = x.event_id AND x.actor_name < y.actor_name"
    " JOIN event e ON e.event_id = x.event_id",
)
ADDED = {
    "event": {"place_name": TEXT, "latitude": sa.Double(), "longitude": sa.Double()},
    "event_participation": {"actor_name": TEXT, "actor_kind": TEXT, "actor_country": TEXT, "event_type": TEXT, "start_date": sa.Date()},
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "event_dyad",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("actor_a", TEXT, nullable=False),
        sa.Column("actor_b", TEXT, nullable=False),
        sa.Column("event_type", TEXT, nullable=False),
        sa.Column("start_year", sa.Integer()),
        sa.Column("start_quarter", sa.Integer()),
        sa.CheckConstraint("actor_a < actor_b", name=op.f("ck_event_dyad_ordered")),
        sa.ForeignKeyConstraint(["event_id"], ["event.event_id"], name=op.f("fk_event_dyad_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "actor_a", "actor_b", name=op.f("pk_event_dyad")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON TABLE event_dyad IS 'Every two names in an event, once, as v_dyads counts them; written with the event (facts.py).'")
        op.execute("COMMENT ON TABLE event_participation IS 'Who takes part in an event, with what is asked of actor and event beside it (facts.py).'")
    for statement in FILL:
        op.execute(statement)
    op.create_index("ix_event_participation_actor_name", "event_participation", ["actor_name", "start_date"])
    op.create_index("ix_event_participation_start_date", "event_participation", ["start_date", "event_type"])
    op.create_index("ix_event_dyad_actor_a", "event_dyad", ["actor_a", "actor_b", "event_type", "start_year", "start_quarter"])
    op.create_index("ix_event_dyad_actor_b", "event_dyad", ["actor_b", "actor_a"])


def downgrade() -> None:
    op.drop_table("event_dyad")
    op.drop_index("ix_event_participation_actor_name", "event_participation")
    op.drop_index("ix_event_participation_start_date", "event_participation")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON TABLE event_participation IS NULL")
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
