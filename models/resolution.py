"""Which stored reports must be resolved again after a load's changes, and what resolving said about them.

Here: the affected neighbourhood, closed over events and hand-made decisions, and the call of the caller's `resolve`. Not here: the rules of
resolving (dateline.resolve), writing its answer (events.py), which comes next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from dateline.records import Report
from models.bulk import chunks, values_of
from models.changes import Changes
from models.inputs import Resolved, Resolving
from models.rows import StoredReport, read_reports
from models.tables import hand_decision, report, report_key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What resolving said about a neighbourhood. `before` maps its reports to their events so far (None: new)."""

    resolved: Resolved
    before: dict[str, str | None]


class Neighbourhood:
    """Reads reports for resolving, each once per load."""

    def __init__(self, changes: Changes, resolving: Resolving) -> None:
        self._changes = changes
        self._connection = changes.connection
        self._resolving = resolving
        self._read: dict[str, StoredReport] = {}

    def resolve(self, regrouped: Collection[str]) -> Outcome | None:
        """Resolve what the load touched: reports written or removed, and those of `regrouped` articles. None where nothing was."""
        changes = self._changes
        self._read = {one: stored for one, stored in changes.fresh.items() if stored.article_id not in regrouped}
        touched = changes.written | values_of(self._connection, report.c.report_id, report.c.article_id, regrouped)
        seeds = [*self._stored(touched), *(stored.report for stored in changes.removed.values())]
        if not seeds and not changes.touched_events:
            return None
        hood = self._closed(seeds)
        joined, parted = decisions(self._connection, hood.keys())
        known = self._known(hood)
        reports = [hood[one] for one in sorted(hood)]
        resolved = self._resolving.resolve(reports, known=known, joined=joined, parted=parted)
        return Outcome(resolved, {one: self._read[one].event_id for one in hood})

    def fetch(self, keys: frozenset[str]) -> list[Report]:
        """Return the stored reports that have one of the blocking keys, by id."""
        return self._stored(values_of(self._connection, report_key.c.report_id, report_key.c.key, keys))

    def _stored(self, report_ids: Collection[str]) -> list[Report]:
        wanted = set(report_ids)
        self._read |= read_reports(self._connection, wanted - self._read.keys())
        return [self._read[one].report for one in sorted(wanted & self._read.keys())]

    def _closed(self, seeds: Sequence[Report]) -> dict[str, Report]:
        """Return the reports whose event may change, with every other report of their events and of hand-made decisions."""
        hood: dict[str, Report] = {}
        self._take(hood, self._resolving.neighbourhood(seeds, self.fetch))
        self._take(hood, seeds)
        while True:
            events = {event_id for one in hood if (event_id := self._read[one].event_id) is not None} | self._changes.touched_events
            mates = values_of(self._connection, report.c.report_id, report.c.event_id, events)
            missing = (mates | partners(self._connection, hood.keys())) - hood.keys()
            added = self._stored(missing)
            if not added:
                return hood
            self._take(hood, added)
            self._take(hood, self._resolving.neighbourhood(added, self.fetch))

    def _take(self, hood: dict[str, Report], reports: Iterable[Report]) -> None:
        """Add the reports as they are stored now; those that are gone stay away."""
        hood.update((one.report_id, one) for one in self._stored({one.report_id for one in reports}))

    def _known(self, hood: Collection[str]) -> dict[str, str]:
        """Return the event of each report so far; a report that takes the place of a revised one inherits its event."""
        removed = {one: stored.event_id for one, stored in self._changes.removed.items() if stored.event_id is not None}
        known = {one: event_id for one in hood if (event_id := self._read[one].event_id or removed.get(one)) is not None}
        kept = set(known.values())
        heirs: dict[tuple[str, str], list[Report]] = defaultdict(list)
        for one in sorted(hood):
            if one not in known:
                heirs[self._read[one].article_id, self._read[one].report.event.type].append(self._read[one].report)
        for one, event_id in sorted(removed.items()):
            gone = self._changes.removed[one]
            candidates = heirs[gone.article_id, gone.report.event.type]
            if event_id not in kept and candidates:
                heir = min(candidates, key=lambda report, gone=gone: (report.event.start != gone.report.event.start, report.key.index))  # type: ignore[misc]
                candidates.remove(heir)
                known[heir.report_id] = event_id
                kept.add(event_id)
        return known


def decisions(connection: Connection, report_ids: Collection[str]) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Return the pairs joined and the pairs parted by hand among these reports."""
    found: dict[str, set[tuple[str, str]]] = {"joined": set(), "parted": set()}
    wanted = set(report_ids)
    for part in chunks(wanted):
        for row in connection.execute(select(hand_decision).where(hand_decision.c.report_a.in_(part))):
            if row.report_b in wanted:
                found[row.verdict].add((row.report_a, row.report_b))
    return frozenset(found["joined"]), frozenset(found["parted"])


def partners(connection: Connection, report_ids: Collection[str]) -> set[str]:
    """Return the reports that hand-made decisions name together with these."""
    found: set[str] = set()
    for part in chunks(report_ids):
        named = or_(hand_decision.c.report_a.in_(part), hand_decision.c.report_b.in_(part))
        for row in connection.execute(select(hand_decision.c.report_a, hand_decision.c.report_b).where(named)):
            found |= {row.report_a, row.report_b}
    return found - set(report_ids)
