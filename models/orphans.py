"""Rows that nothing refers to any more after reports went: actors and places. Removed, so that tables do not depend on history."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, exists, select

from models.bulk import chunks
from models.tables import actor, actor_alias, event, event_participation, participation, place, report


def drop_orphans(connection: Connection, actor_ids: Collection[str], place_ids: Collection[str]) -> None:
    """Delete those of these actors and places that no report and no event names. Hand-made merges and aliases keep their actors."""
    merged = actor.alias("merged")
    used_actor = (
        exists(select(participation.c.actor_id).where(participation.c.actor_id == actor.c.actor_id)),
        exists(select(event_participation.c.actor_id).where(event_participation.c.actor_id == actor.c.actor_id)),
        exists(select(actor_alias.c.actor_id).where(actor_alias.c.actor_id == actor.c.actor_id)),
        exists(select(merged.c.actor_id).where(merged.c.merged_into == actor.c.actor_id)),
    )
    for part in chunks(actor_ids):
        connection.execute(delete(actor).where(actor.c.actor_id.in_(part), actor.c.merged_into.is_(None), *[~used for used in used_actor]))
    used_place = (
        exists(select(report.c.place_id).where(report.c.place_id == place.c.place_id)),
        exists(select(event.c.place_id).where(event.c.place_id == place.c.place_id)),
    )
    for part in chunks(place_ids):
        connection.execute(delete(place).where(place.c.place_id.in_(part), *[~used for used in used_place]))
