"""The actor behind each participant's name, within one load.

An actor is its canonical name, kind and country, as the caller's function gives them; its id is a hash of the three, so that it does not depend
on the order of arrival. Hand-made aliases and merges (actors.py) come first. Not here: which names mean the same (dateline.names).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from dateline.records import Participant
from models.bulk import insert_new
from models.columns import storable
from models.inputs import CanonicalActor
from models.rows import hashed
from models.tables import actor, actor_alias
from models.tokens import fold, folded_words


def actor_row(name: str, kind: str | None, country: str | None) -> dict[str, Any]:
    """Return the row of an actor."""
    named = storable(name)
    return {
        "actor_id": hashed("a", named, kind, country),
        "name": named,
        "folded": f" {folded_words(named)} ",
        "kind": kind,
        "country": country,
        "merged_into": None,
    }


class ActorRegistry:
    """Gives participants their actor within one load, and writes the actors that are new."""

    def __init__(self, connection: Connection, canonical: CanonicalActor | None) -> None:
        self._connection = connection
        self._canonical = canonical
        self._aliases = {row.alias: row.actor_id for row in connection.execute(select(actor_alias.c.alias, actor_alias.c.actor_id))}
        merged = select(actor.c.actor_id, actor.c.merged_into).where(actor.c.merged_into.is_not(None))
        self._merged: dict[str, str] = {row.actor_id: row.merged_into for row in connection.execute(merged)}
        self._ids: dict[tuple[str, str | None, str | None], str] = {}
        self._new: dict[str, dict[str, Any]] = {}

    def identify(self, participants: Iterable[Participant]) -> dict[Participant, str]:
        """Return the actor_id of each participant; call `flush` before the ids are stored."""
        return {one: self._identify(one.name, one.kind, one.country) for one in participants}

    def _identify(self, name: str, kind: str | None, country: str | None) -> str:
        key = (name, kind, country)
        if key not in self._ids:
            self._ids[key] = self._aliases.get(fold(name)) or self._canonical_id(name, kind, country)
        return self._ids[key]

    def _canonical_id(self, name: str, kind: str | None, country: str | None) -> str:
        if self._canonical is not None:
            found = self._canonical(name, kind, country)
            name, kind, country = found.name, found.kind, found.country
        row = actor_row(name, kind, country)
        self._new[row["actor_id"]] = row
        actor_id = str(row["actor_id"])
        return self._merged.get(actor_id, actor_id)

    def flush(self) -> None:
        """Write the actors met for the first time."""
        insert_new(self._connection, actor, list(self._new.values()))
        self._new.clear()
