"""One load: everything a batch changes, in one transaction, with its row in the ledger.

Here: `open_load` and what may be done inside it. The ledger row is first written as "running" so that others see it; it becomes "done" in the
transaction that holds the load's rows, so no crash can leave one without the other. Not here: how articles (articles.py) and events
(resolution.py, events.py) are stored, or the lock itself (lock.py).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from dateline.errors import DatelineError
from dateline.records import Versions
from models.articles import ArticleWriter
from models.bulk import delete_where, insert_new, update_rows, values_of
from models.changes import Changes
from models.columns import utc_now
from models.decisions import join_events, split_event
from models.duplicates import duplicates_among, regroup
from models.events import EventWriter
from models.inputs import CanonicalActor, Duplicates, EventType, Extracted, Incoming, LoadResult, Quarantined, Resolving
from models.lock import Writer, hold_writer
from models.migrate import require_current
from models.orphans import drop_orphans
from models.quarantine import put_away, release_read
from models.registry import ActorRegistry
from models.rekey import reports_to_rekey, stale_keys_of
from models.reports import ReportWriter
from models.resolution import Neighbourhood
from models.tables import article, event_type, load, quarantine, report, source, watermark
from models.tables_ledger import COUNTS
from models.watermarks import write_watermark

log = logging.getLogger(__name__)
REKEY = "rekey"  # what the ledger calls a load that files stored reports anew
REKEYED_AT_ONCE = 2000  # reports filed anew in one load: each load is whole, so that one that is stopped goes on where it was


@dataclass(frozen=True, slots=True)
class Rules:
    """What a load needs to know of the library, as callables and data."""

    versions: Versions
    resolving: Resolving
    duplicates: Duplicates | None = None
    canonical_actor: CanonicalActor | None = None
    event_types: tuple[EventType, ...] = ()
    store_text: bool = True


class Load:
    """A load in progress. `result` is set when its block has ended well."""

    def __init__(self, connection: Connection, load_id: int, rules: Rules, now: datetime) -> None:
        self.load_id = load_id
        self._result: LoadResult | None = None
        self._connection = connection
        self._rules = rules
        self._changes = Changes(connection, now)
        insert_new(connection, event_type, [{**_type_row(one)} for one in rules.event_types])
        known_types = set(connection.scalars(select(event_type.c.name)))
        self._actors = ActorRegistry(connection, rules.canonical_actor)
        self._reports = ReportWriter(self._changes, self._actors, rules.resolving)
        self._articles = ArticleWriter(
            self._changes,
            self._reports,
            versions=rules.versions,
            duplicates=rules.duplicates,
            event_types=known_types,
            store_text=rules.store_text,
        )

    @property
    def result(self) -> LoadResult:
        """What the load did; RuntimeError before its block has ended."""
        if self._result is None:
            raise RuntimeError("A load's result is known when its block has ended.")
        return self._result

    def add(self, incoming: Sequence[Incoming], extracted: Sequence[Extracted] = ()) -> None:
        """Store a batch of articles with what was found in those that `plan` asked for."""
        self._articles.add(incoming, extracted)

    def quarantine(self, items: Sequence[Quarantined]) -> None:
        """Put items away that could not be processed; they do not come with `add`."""
        self._changes.quarantined += items
        self._changes.counts["articles_quarantined"] += len(items)

    def release(self, items: Collection[str]) -> None:
        """Take out of quarantine what could not be read and now was, by its URL or name."""
        release_read(self._connection, items)

    def set_watermark(self, source_name: str, name: str, value: str | None) -> None:
        """Note how far a source was read, in the same transaction as what was read."""
        write_watermark(self._connection, source_name, name, value, self._changes.now)

    def forget(self, article_ids: Collection[str]) -> None:
        """Remove articles with their text and reports; what they reported is resolved again without them."""
        self._articles.forget(values_of(self._connection, article.c.article_id, article.c.article_id, article_ids))

    def forget_source(self, name: str) -> int:
        """Remove a source with all its articles, watermarks and quarantined items; return how many articles there were."""
        ids = values_of(self._connection, article.c.article_id, article.c.source, [name])
        self._articles.forget(ids)
        for column in (watermark.c.source, quarantine.c.source, source.c.name):
            delete_where(self._connection, column, [name])
        return len(ids)

    def resign(self, remade: Sequence[Incoming]) -> None:
        """Store signatures made anew of stored articles (signatures.py), and group these again."""
        self._articles.resign(remade)

    def drop_texts(self, article_ids: Collection[str]) -> None:
        """Remove texts and keep what they report, as where texts are not stored at all."""
        self._articles.drop_texts(article_ids)

    def merge(self, event_id: str, other_id: str) -> None:
        """Join two events by hand, for good: the decision outlives what is loaded later. UsageError for an unknown id."""
        self._changes.touched_events |= join_events(self._connection, event_id, other_id, self._changes.now)

    def split(self, event_id: str, report_ids: Collection[str]) -> None:
        """Part these reports from the rest of their event by hand, for good. UsageError where they are not part of it."""
        self._changes.touched_events |= split_event(self._connection, event_id, report_ids, self._changes.now)

    def reresolve(self, event_ids: Collection[str]) -> None:
        """Resolve events again although nothing of them changed, such as after the rules of resolving did."""
        self._changes.touched_events |= set(event_ids)

    def rekey(self, report_ids: Collection[str]) -> None:
        """Work out the blocking keys of stored reports again, such as after the rules of resolving changed, and resolve them."""
        self._reports.rekey(report_ids)

    def finish(self, interrupted: tuple[int, ...]) -> LoadResult:
        """Resolve what was touched and write the ledger's row; `open_load` calls it and commits."""
        changes = self._changes
        self._articles.index()
        regrouped = regroup(self._connection, changes.to_regroup)
        outcome = Neighbourhood(changes, self._rules.resolving).resolve(regrouped)
        new, changed, removed = EventWriter(changes, self._actors).write(outcome) if outcome is not None else ([], [], [])
        drop_orphans(self._connection, changes.left_actors, changes.left_places)
        put_away(self._connection, changes.quarantined, changes.now)
        changes.counts["articles_duplicate"] = duplicates_among(self._connection, changes.arrived)
        counts = {name: changes.counts[name] for name in COUNTS}
        done = {"load_id": self.load_id, "status": "done", "finished_at": utc_now(), **counts}
        update_rows(self._connection, load, "load_id", [done])
        pending = tuple(sorted(changes.pending))
        self._result = LoadResult(self.load_id, counts, tuple(new), tuple(changed), tuple(removed), tuple(changes.quarantined), pending, interrupted)
        return self._result


@contextmanager
def open_load(
    database: Engine | Writer,
    *,
    versions: Versions,
    resolving: Resolving,
    duplicates: Duplicates | None = None,
    canonical_actor: CanonicalActor | None = None,
    event_types: Sequence[EventType] = (),
    store_text: bool = True,
    flow_run_id: str | None = None,
    command: str = "dateline run",
    wait: float = 10.0,
) -> Iterator[Load]:
    """Open a load; its rows are committed together when the block ends, or none of them when it raises.

    Stored reports that other rules of resolving filed are filed and resolved anew first (`rekey_stale`).

    Args:
        database: an engine (the writer's lock is taken for this load) or a `Writer` that holds it already.
        versions: what made the extractions.
        resolving: how reports become events.
        duplicates: how near-duplicates are told; None sees exact ones only.
        canonical_actor: (name, kind, country) to the actor it means; None takes names as they are.
        event_types: the ontology; new types are added to the table.
        store_text: False keeps evidence sentences but no article text.
        flow_run_id: for the ledger.
        command: what people call this work.
        wait: seconds to wait for another writer.

    Raises:
        DatabaseUnavailableError: another writer holds the database, or it cannot be reached.
        DatabaseError: it is read-only, full or no Dateline database; RevisionError: it is at another revision.
    """
    rules = Rules(versions, resolving, duplicates, canonical_actor, tuple(event_types), store_text)
    if isinstance(database, Engine):
        require_current(database)
    held = nullcontext(database) if isinstance(database, Writer) else hold_writer(database, command=command, wait=wait)
    with held as writer:
        rekey_stale(writer, rules)
        with _one_load(writer, rules, flow_run_id, command) as current:
            yield current


def rekey_stale(writer: Writer, rules: Rules) -> int:
    """File and resolve anew the reports whose keys are of other rules, in loads of their own; return how many there were.

    `open_load` does this first: reports filed by other rules would not find each other. It is the whole of what a new version of resolving asks
    for; nothing is extracted again.
    """
    done = 0
    version = rules.resolving.keys_version
    with writer.connection.begin():
        todo = stale_keys_of(writer.connection, version)
    if todo:
        log.warning("Filing %d stored reports anew: they were resolved by other rules than %s.", todo, version)
    while done < todo:
        with writer.connection.begin():
            some = reports_to_rekey(writer.connection, version, limit=REKEYED_AT_ONCE)
        if not some:
            break
        with _one_load(writer, rules, None, REKEY) as current:
            current.rekey(some)
        done += len(some)
    return done


@contextmanager
def _one_load(writer: Writer, rules: Rules, flow_run_id: str | None, command: str) -> Iterator[Load]:
    load_id = _begin(writer, rules.versions, flow_run_id, command)
    try:
        with writer.connection.begin():
            current = Load(writer.connection, load_id, rules, utc_now())
            yield current
            current.finish(writer.interrupted)
    except BaseException as error:
        _close_failed(writer, load_id, error)
        raise


def _begin(writer: Writer, versions: Versions, flow_run_id: str | None, command: str) -> int:
    """Write the ledger's row as running, visible to all, and return its number."""
    made_by = {"extractor_version": versions.extractor, "model": versions.model, "lexicon_version": versions.lexicon}
    row = {"flow_run_id": flow_run_id, "command": command, "status": "running", "started_at": utc_now(), **dict.fromkeys(COUNTS, 0), **made_by}
    with writer.connection.begin():
        return int(writer.connection.execute(insert(load).values(**row)).inserted_primary_key[0])  # type: ignore[index]


def _close_failed(writer: Writer, load_id: int, error: BaseException) -> None:
    """Say in the ledger that the load failed. Where even that fails (full disk, lost server), the next writer closes the row."""
    status = "failed" if isinstance(error, Exception) else "interrupted"
    values = {"status": status, "finished_at": utc_now(), "message": str(error)[:2000] or type(error).__name__}
    with suppress(DatelineError):
        if not writer.connection.closed and not writer.connection.invalidated:
            writer.connection.rollback()
            with writer.connection.begin():
                writer.connection.execute(update(load).where(load.c.load_id == load_id).values(**values))


def _type_row(one: EventType) -> dict[str, str | None]:
    return {"name": one.name, "description": one.description, "plover": one.plover, "cameo": one.cameo}


def all_reports(connection: Connection) -> list[str]:
    """Return the ids of all stored reports, for `Load.rekey`."""
    return list(connection.scalars(select(report.c.report_id).order_by(report.c.report_id)))
