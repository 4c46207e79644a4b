"""Reports of articles: written where they are new or differ, removed where they are gone, filed under their blocking keys.

Here: `ReportWriter`, within one load. It notes in `Changes` what resolving must look at. Not here: whose reports they are (articles.py), which of
them form an event (resolution.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from dateline.records import Event
from models.bulk import delete_where, insert_new, insert_rows, rows_where, values_of
from models.changes import Changes, drop_tokens, write_tokens
from models.columns import storable
from models.facts import ArticleFacts
from models.inputs import Resolving
from models.registry import ActorRegistry
from models.rows import StoredReport, account_row, evidence_rows, participation_rows, place_row, read_reports, report_row
from models.tables import article, evidence, participation, place, report, report_key


class ReportWriter:
    """Writes and removes reports in one load."""

    def __init__(self, changes: Changes, actors: ActorRegistry, resolving: Resolving) -> None:
        self._changes = changes
        self._connection = changes.connection
        self._actors = actors
        self._resolving = resolving

    def replace(self, wanted: Mapping[str, list[tuple[str, Event]]]) -> None:
        """Write the reports that are not stored as they are, and remove those that the articles no longer hold."""
        ids = values_of(self._connection, report.c.report_id, report.c.article_id, wanted.keys())
        stored = read_reports(self._connection, ids)
        new: list[tuple[str, str, int, Event]] = []
        kept: set[str] = set()
        for article_id, reports in wanted.items():
            for position, (report_id, event) in enumerate(reports):
                before = stored.get(report_id)
                if before is not None and before.report.key.index == position and self._is_same(before.report.event, event):
                    kept.add(report_id)
                else:
                    new.append((report_id, article_id, position, event))
        self._remove(ids - kept)
        self._write_reports(new)

    @staticmethod
    def _is_same(stored: Event, given: Event) -> bool:
        if account_row(stored) != account_row(given) or stored.extra != given.extra or len(stored.participants) != len(given.participants):
            return False
        if evidence_rows("", stored) != [_storable_row(row) for row in evidence_rows("", given)]:
            return False
        pairs = zip(stored.participants, given.participants, strict=True)
        alike = all((a.name, a.role, a.kind, a.country, a.mentions) == (storable(b.name), b.role, b.kind, b.country, b.mentions) for a, b in pairs)
        return alike and (stored.place is None) == (given.place is None)

    def _write_reports(self, new: Sequence[tuple[str, str, int, Event]]) -> None:
        connection = self._connection
        if not new:
            return
        actor_ids = self._actors.identify(one for _id, _article, _position, event in new for one in event.participants)
        self._actors.flush()
        insert_new(connection, place, [place_row(event.place) for _id, _article, _position, event in new if event.place is not None])
        about = article_facts(connection, {article_id for _id, article_id, _p, _event in new})
        insert_rows(connection, report, [report_row(*one, about[one[1]]) for one in new])
        insert_rows(connection, evidence, [row for report_id, _a, _p, event in new for row in evidence_rows(report_id, event)])
        insert_rows(connection, participation, [row for report_id, _a, _p, event in new for row in participation_rows(report_id, event, actor_ids)])
        written = {report_id for report_id, _a, _p, _event in new}
        stored = read_reports(connection, written)
        self._write_keys(stored)
        quotes = {one: (found.report.published, quoted(found.report.event)) for one, found in stored.items()}
        write_tokens(connection, "quote", quotes)
        self._changes.written |= written
        self._changes.fresh |= stored
        self._changes.counts["reports_written"] += len(written)

    def rekey(self, report_ids: Collection[str]) -> None:
        """Work out the blocking keys of stored reports again and have them resolved."""
        stored = read_reports(self._connection, report_ids)
        delete_where(self._connection, report_key.c.report_id, stored.keys())
        self._write_keys(stored)
        self._changes.written |= stored.keys()

    def _write_keys(self, stored: Mapping[str, StoredReport]) -> None:
        keys = [{"key": key, "report_id": one} for one, found in stored.items() for key in sorted(self._resolving.blocking_keys(found.report))]
        insert_new(self._connection, report_key, keys)

    def remove_all(self, article_ids: Collection[str]) -> None:
        """Remove the reports of these articles."""
        self._remove(values_of(self._connection, report.c.report_id, report.c.article_id, article_ids))

    def _remove(self, report_ids: Collection[str]) -> None:
        if not report_ids:
            return
        for report_id, stored in read_reports(self._connection, report_ids).items():
            self._changes.removed.setdefault(report_id, stored)
            if stored.event_id is not None:
                self._changes.touched_events.add(stored.event_id)
            self._changes.fresh.pop(report_id, None)
        self._changes.written -= set(report_ids)
        self._changes.left_actors |= values_of(self._connection, participation.c.actor_id, participation.c.report_id, report_ids)
        self._changes.left_places |= values_of(self._connection, report.c.place_id, report.c.report_id, report_ids) - {None}
        drop_tokens(self._connection, "quote", report_ids)
        for column in (report_key.c.report_id, evidence.c.report_id, participation.c.report_id, report.c.report_id):
            delete_where(self._connection, column, report_ids)


def article_facts(connection: Connection, article_ids: Collection[str]) -> dict[str, ArticleFacts]:
    """Return what reports repeat of these articles, as they are stored now."""
    columns = (article.c.article_id, article.c.source, article.c.published_on)
    rows = rows_where(connection, select(*columns), article.c.article_id, article_ids)
    return {row.article_id: ArticleFacts(row.source, row.published_on) for row in rows}


def quoted(event: Event) -> str:
    """Return the sentences of a report, each once, as they are searched."""
    return " ".join(dict.fromkeys(one.quote for one in event.evidence))


def _storable_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
