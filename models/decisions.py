"""Merges and splits by hand: pairs of reports that belong together or apart whatever the rules say.

Here: turning "these two events" and "these reports out of that event" into pairs; they name reports, which keep their ids, not events. Not here:
obeying them (dateline.resolve, through resolution.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from dateline.errors import UsageError
from models.bulk import insert_new
from models.tables import event, event_redirect, hand_decision, report


def live_event(connection: Connection, event_id: str) -> str:
    """Return the id under which an event lives now, following redirects. UsageError where there is none."""
    if connection.scalar(select(event.c.event_id).where(event.c.event_id == event_id)) is not None:
        return event_id
    target = connection.scalar(select(event_redirect.c.event_id).where(event_redirect.c.old_id == event_id))
    if target is None:
        raise UsageError(f"There is no event {event_id!r}. `dateline events` lists what there is.", item=event_id)
    return str(target)


def _reports_of(connection: Connection, event_id: str) -> list[str]:
    return list(connection.scalars(select(report.c.report_id).where(report.c.event_id == event_id).order_by(report.c.report_id)))


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _decide(connection: Connection, pairs: Iterable[tuple[str, str]], verdict: str, now: datetime) -> None:
    rows = [{"report_a": a, "report_b": b, "verdict": verdict, "made_at": now} for a, b in pairs]
    insert_new(connection, hand_decision, rows)


def _undecide(connection: Connection, some: Collection[str], others: Collection[str]) -> None:
    for one, other in ((some, others), (others, some)):
        for report_id in one:
            named = hand_decision.c.report_a == report_id, hand_decision.c.report_b.in_(list(other))
            connection.execute(delete(hand_decision).where(*named))


def join_events(connection: Connection, event_id: str, other_id: str, now: datetime) -> set[str]:
    """Note that two events are one; return both ids. What was decided between their reports before is void."""
    one, other = live_event(connection, event_id), live_event(connection, other_id)
    if one == other:
        raise UsageError(f"Cannot merge {event_id!r} and {other_id!r}: they are one event already.", item=event_id)
    some, others = _reports_of(connection, one), _reports_of(connection, other)
    _undecide(connection, some, others)
    _decide(connection, [_ordered(some[0], others[0])], "joined", now)
    return {one, other}


def split_event(connection: Connection, event_id: str, report_ids: Collection[str], now: datetime) -> set[str]:
    """Note that these reports are not of the same event as its others; return the event's id."""
    home = live_event(connection, event_id)
    held = _reports_of(connection, home)
    parted = sorted(set(report_ids))
    strangers = sorted(set(parted) - set(held))
    rest = sorted(set(held) - set(parted))
    if strangers or not parted or not rest:
        why = f"{strangers[0]!r} is not one of its reports" if strangers else "some reports must go and some must stay"
        raise UsageError(f"Cannot split the event {event_id!r}: {why}. `dateline show {home}` lists its {len(held)} reports.", item=event_id)
    _undecide(connection, parted, rest)
    _decide(connection, [_ordered(one, other) for one in parted for other in rest], "parted", now)
    return {home}
