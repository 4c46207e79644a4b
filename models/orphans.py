"""Rows that nothing refers to any more after reports went: actors, places, sources. Removed, so that tables do not depend on history."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, select

from models.tables import actor, actor_alias, event, event_participation, participation, place, report


def drop_orphans(connection: Connection) -> None:
    """Delete actors and places that no report and no event names. Hand-made merges and aliases keep their actors."""
    merged = actor.alias("merged")
    used_actor = (
        exists(select(participation.c.actor_id).where(participation.c.actor_id == actor.c.actor_id)),
        exists(select(event_participation.c.actor_id).where(event_participation.c.actor_id == actor.c.actor_id)),
        exists(select(actor_alias.c.actor_id).where(actor_alias.c.actor_id == actor.c.actor_id)),
        exists(select(merged.c.actor_id).where(merged.c.merged_into == actor.c.actor_id)),
    )
    connection.execute(delete(actor).where(actor.c.merged_into.is_(None), *[~used for used in used_actor]))
    used_place = (
        exists(select(report.c.place_id).where(report.c.place_id == place.c.place_id)),
        exists(select(event.c.place_id).where(event.c.place_id == place.c.place_id)),
    )
    connection.execute(delete(place).where(*[~used for used in used_place]))
