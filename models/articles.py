"""The article side of a load: new articles in, revisions over their predecessors, reports replaced where they differ, twins and quarantine.

Here: `ArticleWriter`, which stores one batch at a time inside the load's transaction and notes in `Changes` what resolving must look at. Not
here: which reports form an event (resolution.py), who may call this (load.py).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from dateline.records import Extraction, Versions
from models.bulk import delete_where, insert_new, insert_rows, rows_where, update_rows, values_of
from models.changes import Changes, drop_tokens, write_tokens
from models.duplicates import link, members_by_digest, stand_ins, unlink
from models.inputs import Duplicates, Extracted, Incoming, Quarantined
from models.planning import latest, stored_states
from models.reports import ReportWriter
from models.retention import drop_texts
from models.rows import fault_of
from models.tables import article, quarantine, source

NO_VERSIONS = {"extractor_version": None, "model": None, "lexicon_version": None}


class ArticleWriter:
    """Writes articles and their reports in one load."""

    def __init__(
        self,
        changes: Changes,
        reports: ReportWriter,
        *,
        versions: Versions,
        duplicates: Duplicates | None,
        event_types: Collection[str],
        store_text: bool,
    ) -> None:
        self._changes = changes
        self._connection = changes.connection
        self._versions = {"extractor_version": versions.extractor, "model": versions.model, "lexicon_version": versions.lexicon}
        self._reports = reports
        self._duplicates = duplicates
        self._event_types = event_types
        self._store_text = store_text

    def add(self, incoming: Sequence[Incoming], extracted: Sequence[Extracted]) -> None:
        """Store a batch. `extracted` may also name stored articles that take over from a twin."""
        batch = latest(incoming)
        found = {one.article_id: one for one in extracted}
        failed = self._quarantine_faulty(batch, found)
        states = stored_states(self._connection, batch.keys() | found.keys())
        new = [one for key, one in batch.items() if key not in states and key not in failed]
        revised = [one for key, one in batch.items() if key in states and states[key].digest != one.digest and key not in failed]
        digests = {one.digest for one in new + revised} | {row.digest for row in states.values()}
        self._store_articles(new, revised)
        present = {key: one for key, one in found.items() if key not in failed and (key in states or key in batch)}
        self._apply_extractions(present)
        self._settle_twins(digests, batch.keys() - failed)
        self._link([*new, *revised])
        arrived = {one.article_id for one in [*new, *revised]}
        self._changes.arrived |= arrived
        self._changes.to_regroup |= arrived | present.keys()
        self._changes.to_index |= arrived
        delete_where(self._connection, quarantine.c.article_id, batch.keys() - failed)
        self._count(batch, new, revised, failed)

    def _count(self, batch: Mapping[str, Incoming], new: Sequence[Incoming], revised: Sequence[Incoming], failed: Collection[str]) -> None:
        counts = self._changes.counts
        counts["articles_new"] += len(new)
        counts["articles_revised"] += len(revised)
        counts["articles_quarantined"] += len(failed)
        counts["articles_unchanged"] += len(batch) - len(new) - len(revised) - len(batch.keys() & set(failed))

    def _quarantine_faulty(self, batch: Mapping[str, Incoming], found: Mapping[str, Extracted]) -> set[str]:
        failed: set[str] = set()
        for article_id, one in found.items():
            problem = self._problem(one.extraction)
            if problem is not None:
                self._changes.quarantined.append(_put_aside(problem, article_id, batch.get(article_id)))
                failed.add(article_id)
        return failed

    def _problem(self, extraction: Extraction) -> tuple[str, str, str] | None:
        if extraction.error is not None:
            return ("extract", extraction.error.code, extraction.error.message)
        for index, event in enumerate(extraction.events):
            fault = fault_of(event, self._event_types)
            if fault is not None:
                return ("load", "invalid_event", f"Cannot store event {index} of {extraction.doc_id}: {fault}. Nothing of the article was stored.")
        return None

    def _store_articles(self, new: Sequence[Incoming], revised: Sequence[Incoming]) -> None:
        now = self._changes.now
        names = {one.article.source for one in (*new, *revised) if one.article.source is not None}
        insert_new(self._connection, source, [{"name": name, "first_seen": now} for name in sorted(names)])
        self._reports.remove_all({one.article_id for one in revised})
        self._changes.to_regroup |= unlink(self._connection, {one.article_id for one in revised})
        self._changes.to_regroup |= stand_ins(self._connection, {one.article_id for one in revised})
        insert_rows(self._connection, article, [{**self._article_row(one), "first_seen": now, "duplicate_of": None} for one in new])
        update_rows(self._connection, article, "article_id", [self._article_row(one) for one in revised])

    def _article_row(self, one: Incoming) -> dict[str, Any]:
        given = one.article
        return {
            "article_id": one.article_id,
            "article_key": one.article_key,
            "source": given.source,
            "doc_id": given.doc_id,
            "guid": given.guid,
            "url": given.url,
            "title": given.title,
            "byline": given.byline,
            "language": given.language,
            "licence": given.licence,
            "digest": one.digest,
            "text": given.text if self._store_text else None,
            "published": given.published,
            "published_on": one.known_day,
            "published_basis": basis_of(given.published, given.published_basis, one.known_day),
            "given_basis": given.published_basis if given.published else None,
            "day": one.known_day,
            "skipped": None,
            "signature": one.signature,
            "raw_digest": one.raw_digest,
            **NO_VERSIONS,
            "changed_at": self._changes.now,
        }

    def _apply_extractions(self, present: Mapping[str, Extracted]) -> None:
        updates, reports = [], {}
        for article_id, one in present.items():
            reports[article_id] = list(zip(unique_ids(one.report_ids), one.extraction.events, strict=True))
            updates.append(self._extraction_row(article_id, one.extraction))
            self._changes.counts["articles_skipped"] += one.extraction.skipped is not None
        self._reports.remove_all(self._redated(updates))
        update_rows(self._connection, article, "article_id", updates)
        self._reports.replace(reports)
        self._changes.to_index |= present.keys()

    def _redated(self, updates: Sequence[Mapping[str, Any]]) -> set[str]:
        """Return the articles whose day becomes another, which is part of each of their reports."""
        wanted = {row["article_id"]: row["published_on"] for row in updates}
        rows = rows_where(self._connection, select(article.c.article_id, article.c.published_on), article.c.article_id, wanted)
        return {row.article_id for row in rows if row.published_on != wanted[row.article_id]}

    def _extraction_row(self, article_id: str, found: Extraction) -> dict[str, Any]:
        skipped = found.skipped.code if found.skipped is not None else None
        dated = {"published_on": found.published, "published_basis": found.published_basis, "language": found.language}
        return {"article_id": article_id, **dated, "skipped": skipped, **self._versions}

    def index(self) -> None:
        """Make the articles of this load findable, once each; `finish` calls it."""
        columns = (article.c.article_id, article.c.published_on, article.c.title, article.c.text)
        rows = rows_where(self._connection, select(*columns), article.c.article_id, self._changes.to_index)
        write_tokens(self._connection, "article", {row.article_id: (row.published_on, f"{row.title or ''} {row.text or ''}") for row in rows})

    def _settle_twins(self, digests: Collection[str], arrived: Collection[str]) -> None:
        """Leave reports only with the representative of each digest, and let its twins take over what it knows."""
        self._follow_skipped(arrived)
        emptied: list[dict[str, Any]] = []
        inheriting: list[tuple[str, str]] = []
        for members in members_by_digest(self._connection, digests).values():
            head, twins = members[0], members[1:]
            if head.extractor_version is None:
                self._changes.pending.add(head.article_id)
                continue
            self._changes.pending.discard(head.article_id)
            emptied += [{"article_id": twin.article_id, **NO_VERSIONS} for twin in twins if twin.extractor_version is not None]
            inheriting += [(head.article_id, twin.article_id) for twin in twins]
        self._reports.remove_all({row["article_id"] for row in emptied})
        update_rows(self._connection, article, "article_id", emptied)
        self._inherit(inheriting)

    def _follow_skipped(self, arrived: Collection[str]) -> None:
        """Skip an article that was not extracted because the article with the same text, just skipped, stood for it."""
        columns = (article.c.article_id, article.c.digest, article.c.language, article.c.skipped, article.c.extractor_version)
        rows = list(rows_where(self._connection, select(*columns), article.c.article_id, arrived))
        skipped = {row.digest: row for row in rows if row.skipped is not None}
        alike = [row for row in rows if row.extractor_version is None and row.digest in skipped]
        taken = [(row.article_id, skipped[row.digest]) for row in alike]
        rows_new = [{"article_id": one, "skipped": found.skipped, "language": found.language, **self._versions} for one, found in taken]
        update_rows(self._connection, article, "article_id", rows_new)

    def _inherit(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Give twins the language of their representative, and its day where they have none of their own."""
        rows = {row.article_id: row for row in rows_where(self._connection, _INHERITED, article.c.article_id, {one for pair in pairs for one in pair})}
        updates = []
        for head_id, twin_id in pairs:
            head, twin = rows[head_id], rows[twin_id]
            own = (twin.day, basis_of(twin.published, twin.given_basis, twin.day)) if twin.day is not None else (head.published_on, head.published_basis)
            wanted = {"article_id": twin_id, "language": head.language, "published_on": own[0], "published_basis": own[1]}
            if (twin.language, twin.published_on, twin.published_basis) != (head.language, *own):
                updates.append(wanted)
        update_rows(self._connection, article, "article_id", updates)
        self._changes.to_index |= {row["article_id"] for row in updates}

    def _link(self, arrived: Sequence[Incoming]) -> None:
        if self._duplicates is None:
            return
        for one in arrived:
            if one.signature is not None and one.bands:
                link(self._connection, one.article_id, one.signature, one.bands, self._duplicates.similar)

    def resign(self, remade: Sequence[Incoming]) -> None:
        """Store signatures that were made anew, and work out again what the articles are alike to."""
        ids = {one.article_id for one in remade}
        self._changes.to_regroup |= ids | unlink(self._connection, ids) | stand_ins(self._connection, ids)
        update_rows(self._connection, article, "article_id", [{"article_id": one.article_id, "signature": one.signature} for one in remade])
        self._link(remade)

    def drop_texts(self, article_ids: Collection[str]) -> None:
        """Remove texts, also from the search; an extraction that is stale from then on stays as it is."""
        drop_texts(self._connection, article_ids)
        self._changes.to_index |= set(article_ids)

    def forget(self, article_ids: Collection[str]) -> None:
        """Remove articles with all that was made of them; a twin that takes over is pending until it is extracted."""
        ids = set(article_ids)
        digests = values_of(self._connection, article.c.digest, article.c.article_id, ids)
        self._reports.remove_all(ids)
        drop_tokens(self._connection, "article", ids)
        self._changes.to_index -= ids
        self._changes.to_regroup |= (unlink(self._connection, ids) | stand_ins(self._connection, ids)) - ids
        stood_for = values_of(self._connection, article.c.article_id, article.c.duplicate_of, ids)
        update_rows(self._connection, article, "article_id", [{"article_id": one, "duplicate_of": None} for one in sorted(stood_for)])
        delete_where(self._connection, quarantine.c.article_id, ids)
        delete_where(self._connection, article.c.article_id, ids)
        self._changes.counts["articles_forgotten"] += len(ids)
        self._settle_twins(digests, ())


_INHERITED = select(
    article.c.article_id,
    article.c.day,
    article.c.published,
    article.c.given_basis,
    article.c.published_on,
    article.c.published_basis,
    article.c.language,
)


def basis_of(published: str | None, given_basis: str | None, day: date | None) -> str:
    """Return how the day is known before the text is read."""
    if day is None:
        return "none"
    return (given_basis or "metadata") if published else "url"


def _put_aside(problem: tuple[str, str, str], article_id: str, one: Incoming | None) -> Quarantined:
    """Return the quarantine row of an article; one that arrived takes its line of extraction input along, one that is stored is there anyway."""
    if one is None:
        return Quarantined(*problem, item=article_id, article_id=article_id)
    given = {name: value for name, value in asdict(one.article).items() if value is not None}
    payload = json.dumps(given, ensure_ascii=False)
    return Quarantined(*problem, item=one.article.url or one.article.doc_id, source=one.article.source, article_id=article_id, payload=payload)


def unique_ids(report_ids: Sequence[str]) -> list[str]:
    """Return the ids with a number behind those that repeat, in order: two events of one trigger stay two reports."""
    seen: dict[str, int] = {}
    named = []
    for one in report_ids:
        seen[one] = seen.get(one, 0) + 1
        named.append(one if seen[one] == 1 else f"{one}-{seen[one]}")
    return named
