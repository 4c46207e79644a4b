"""Actors as people handle them: listing, merging, naming by hand. What is decided here applies to what is loaded later as well (registry.py)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, or_, select, update

from dateline.errors import UsageError
from models.bulk import insert_new, values_of
from models.columns import storable, utc_now
from models.events import rejoin_participants
from models.lock import Writer
from models.planning import reading
from models.tables import actor, actor_alias, event_participation, participation
from models.tokens import fold, folded_words


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor with how often it takes part. `merged_into` is another actor's id, or None."""

    actor_id: str
    name: str
    kind: str | None
    country: str | None
    merged_into: str | None
    events: int
    aliases: tuple[str, ...] = ()


def list_actors(database: Engine | Writer, *, name: str | None = None, kind: str | None = None, country: str | None = None, limit: int = 100) -> list[ActorRow]:
    """Return actors, most events first, then by name; `name` is words of the name, in any case."""
    counted = select(func.count(event_participation.c.event_id.distinct())).where(event_participation.c.actor_id == actor.c.actor_id)
    events = counted.correlate(actor).scalar_subquery().label("events")  # of the actors asked for alone
    statement = select(actor, events)
    if name:
        statement = statement.where(actor.c.folded.contains(f" {folded_words(name)} "))
    if kind:
        statement = statement.where(actor.c.kind == kind)
    if country:
        statement = statement.where(actor.c.country == country.upper())
    with reading(database) as connection:
        found = list(connection.execute(statement.order_by(events.desc(), actor.c.name, actor.c.actor_id).limit(limit)))
        named = select(actor_alias.c.actor_id, actor_alias.c.alias).where(actor_alias.c.actor_id.in_([row.actor_id for row in found]))
        aliases: dict[str, list[str]] = {}
        for row in connection.execute(named.order_by(actor_alias.c.alias)):
            aliases.setdefault(row.actor_id, []).append(row.alias)
    return [ActorRow(r.actor_id, r.name, r.kind, r.country, r.merged_into, r.events, tuple(aliases.get(r.actor_id, ()))) for r in found]


def find_actor(connection: Connection, named: str) -> str:
    """Return the id of the one actor with this id or exact name. UsageError where there is none, or more than one."""
    rows = list(connection.execute(select(actor).where(or_(actor.c.actor_id == named, actor.c.name == named)).order_by(actor.c.actor_id)))
    if not rows:
        raise UsageError(f"There is no actor {named!r}. `dateline actors list --name ...` shows what there is.", item=named)
    exact = [row for row in rows if row.actor_id == named]
    if len(rows) > 1 and not exact:
        choices = ", ".join(f"{row.actor_id} ({row.kind or 'unknown kind'}, {row.country or 'no country'})" for row in rows)
        raise UsageError(f"More than one actor is called {named!r}: {choices}. Name one by its id.", item=named)
    return str((exact or rows)[0].actor_id)


def merge_actors(writer: Writer, absorbed: str, into: str) -> str:
    """Make one actor of two, for what is stored and for what comes; return the id that stays. Both are ids or exact names.

    Raises:
        UsageError: an actor is unknown or ambiguous, or both are one already.
    """
    with writer.connection.begin():
        old, new = (_final(writer.connection, find_actor(writer.connection, named)) for named in (absorbed, into))
        if old == new:
            raise UsageError(f"Cannot merge the actor {absorbed!r} into {into!r}: they are one already.", item=old)
        _merge(writer.connection, old, new)
    return new


def _final(connection: Connection, actor_id: str) -> str:
    return connection.scalar(select(actor.c.merged_into).where(actor.c.actor_id == actor_id)) or actor_id


def _merge(connection: Connection, old: str, new: str) -> None:
    connection.execute(update(actor).where(or_(actor.c.actor_id == old, actor.c.merged_into == old)).values(merged_into=new))
    connection.execute(update(actor_alias).where(actor_alias.c.actor_id == old).values(actor_id=new))
    connection.execute(update(participation).where(participation.c.actor_id == old).values(actor_id=new))
    affected = values_of(connection, event_participation.c.event_id, event_participation.c.actor_id, [old])
    there = event_participation.alias("there")
    both = select(there.c.event_id).where(
        there.c.actor_id == new, there.c.event_id == event_participation.c.event_id, there.c.role == event_participation.c.role
    )
    connection.execute(delete(event_participation).where(event_participation.c.actor_id == old, both.exists()))
    connection.execute(update(event_participation).where(event_participation.c.actor_id == old).values(actor_id=new))
    rejoin_participants(connection, affected)


def add_alias(writer: Writer, alias: str, named: str) -> str:
    """Let `alias` mean an actor (an id or exact name) from now on and in what is stored; return the actor's id."""
    with writer.connection.begin():
        connection = writer.connection
        actor_id = _final(connection, find_actor(connection, named))
        key = fold(storable(alias))
        connection.execute(delete(actor_alias).where(actor_alias.c.alias == key))
        insert_new(connection, actor_alias, [{"alias": key, "actor_id": actor_id, "made_at": utc_now()}])
        for row in list(connection.execute(select(actor.c.actor_id, actor.c.name).where(actor.c.merged_into.is_(None)))):
            if fold(row.name) == key and row.actor_id != actor_id:
                _merge(connection, row.actor_id, actor_id)
    return actor_id
