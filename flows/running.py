"""One run at work: the writer's right to the database, what is read so far, what was counted.

Here: `Run`, which the flow drives from load to load, `Prepared` (one load on its way), and the task runner and retry condition of the settings.
Not here: the order of tasks (flows.pipeline), the figures' meaning (flows.quality).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dateline.errors import DatabaseUnavailableError, TerminalError, TransientError
from dateline.records import Article, Extraction
from dateline.sources import Rejected
from dateline.sources.duplicates import HEAD, SIZE
from flows import stages
from flows.configuration import Settings
from flows.extraction import Recipe, recipe_for
from flows.ingest import Ingested, Intake, with_state
from flows.outcome import CheckOutcome, RunOutcome
from flows.patience import QUIET, quiet_until, until
from flows.progress import tell
from flows.quality import Tally, blocked, run_checks
from flows.spool import read_batch, state_after
from models.checks import last_checks, write_checks
from models.engine import open_engine, sqlite_path
from models.inputs import Check, Extracted, Incoming, LoadResult, Quarantined
from models.load import Rules, open_load, rekey_stale
from models.lock import Writer, hold_writer
from models.migrate import require_current, upgrade
from models.planning import plan, stale
from models.signatures import stale_signatures
from models.watermarks import get_watermark

MOST_PROBLEMS = 20
EARLIER_RUNS = 7
STATE = "state"  # the watermark that holds a registered source's SourceState


@dataclass(slots=True)
class Prepared:
    """One load on its way: everything read for it, and what of it must be extracted."""

    incoming: list[Incoming]
    todo: list[Incoming]
    quarantined: list[Quarantined]
    extracted: list[Extracted] = field(default_factory=list)
    state: tuple[str, str | None] | None = None  # a source's name and its state after this load
    quiet: tuple[str, int] | None = None  # a source's name and for how many seconds its server asked to be left alone
    readable: set[str] = field(default_factory=set)  # what has left quarantine's stage of ingest by being read
    failed: set[str] = field(default_factory=set)  # ids of articles whose extraction failed; what is stored of them stays

    @property
    def taken(self) -> int:
        """How many of `todo` have been extracted, or failed."""
        return len(self.extracted) + len(self.failed)

    def __bool__(self) -> bool:
        """Whether there is anything to load."""
        return bool(self.incoming or self.quarantined or self.state)

    def batches(self, size: int) -> Iterator[list[Article]]:
        """Yield the articles to extract, `size` at a time."""
        for first in range(0, len(self.todo), size):
            yield [item.article for item in self.todo[first : first + size]]


class Run:
    """One run. Get it from `Run.started`."""

    def __init__(self, settings: Settings, command: str, wait: float, logger: Any) -> None:
        self.settings = settings
        self.command, self.wait, self.logger = command, wait, logger
        self.engine = open_engine(settings.address)
        self.recipe: Recipe = recipe_for(settings)
        self.versions = stages.versions(self.recipe.versions)
        self.tally, self.outcome = Tally(), RunOutcome()
        self.done = self._batches = 0
        self._hold = ExitStack()
        self._writer: Writer | None = None

    @classmethod
    @contextmanager
    def started(cls, settings: Settings, logger: Any = None, *, command: str = "dateline run", wait: float = 10.0) -> Iterator[Run]:
        """Hold the database for the length of the block. A SQLite file that does not exist yet is made; nothing else is upgraded.

        Raises:
            RevisionError: the database is at another revision.
            DatabaseUnavailableError: another writer holds it, or it cannot be reached.
        """
        run = cls(settings, command, wait, logger or logging.getLogger("dateline"))
        try:
            make_if_new(settings, run.engine)
            require_current(run.engine)
            with run._hold:
                run.writer()
                yield run
        finally:
            run.engine.dispose()

    def writer(self) -> Writer:
        """Return the right to write; taken again where a lost connection ended it."""
        if self._writer is None:
            self._writer = self._hold.enter_context(hold_writer(self.engine, command=self.command, wait=self.wait))
            for load_id in self._writer.interrupted:
                self.logger.warning("Load %s was cut off by the end of its process and is closed; nothing of it was written", load_id)
        return self._writer

    def ready(self, intakes: Iterable[Intake]) -> Iterator[Intake]:
        """Yield the intakes that may be read now; a registered source whose server asked for quiet is left for a later run."""
        for intake in intakes:
            moment = quiet_until(self.engine, intake.label) if intake.registered and intake.options.network else None
            if moment is None:
                yield intake
            else:
                self.outcome.notes.append(f"{intake.label} is left alone until {moment}, as its server asked (Retry-After).")
                self.logger.info("Left %s alone until %s, as its server asked", intake.label, moment)

    def with_state(self, intake: Intake) -> Intake:
        """Return an intake with the state that its last reading left."""
        return with_state(intake, get_watermark(self.engine, intake.state_name, STATE)) if intake.state_name else intake

    def loads(self, ingested: Iterable[Ingested]) -> Iterator[Prepared]:
        """Yield one load after the other, each planned when the one before it is written.

        Each load of a source carries the state as of its last item, so that a run that is killed goes on behind what it stored; the last one
        carries the state of the whole reading.
        """
        for source in ingested:
            for path in source.paths[:-1]:
                prepared, state = self.prepare(path), state_after(path)
                prepared.state = (source.state_name, state) if source.state_name and state is not None else None
                yield prepared
            last = self.prepare(source.paths[-1]) if source.paths else Prepared([], [], [])
            last.state = (source.state_name, source.state) if source.state_name and source.has_new_state else None
            last.quiet = (source.label, source.quiet_seconds) if source.quiet_seconds and source.state_name == source.label else None
            last.readable = {source.readable} if source.readable else set()
            if last:
                yield last

    def prepare(self, path: Path) -> Prepared:
        """Read one batch of the spool and find out which of its articles must be extracted."""
        items = list(read_batch(path))
        rejected = [item for item in items if isinstance(item, Rejected)]
        for item in rejected:
            self._problem(item.item, item.message)
        self.tally.rejected += len(rejected)
        prepared = self.plan_articles([item for item in items if isinstance(item, Article)])
        self._read(len(rejected))
        prepared.quarantined += [stages.quarantined_of(item) for item in rejected]
        return prepared

    def plan_articles(self, articles: Sequence[Article]) -> Prepared:
        """Find out which of the articles must be extracted."""
        self._read(len(articles))
        incoming = stages.distinct(stages.incoming_of(article) for article in articles)
        planned = plan(self.engine, incoming, self.versions)
        written = {*planned.new, *planned.revised}
        incoming = [stages.with_signature(one) if one.article_id in written else one for one in incoming]
        return Prepared(incoming, list(planned.to_extract), [])

    def _read(self, number: int) -> None:
        self.tally.read += number
        self.outcome.counts.articles_read += number

    def prepare_stale(self, after: str, limit: int) -> Prepared:
        """Take up to `limit` stored articles that other versions extracted, by id from `after` on."""
        todo = list(stale(self.engine, self.versions, limit=limit, after=after))
        self._read(len(todo))
        return Prepared(list(todo), todo, [])

    def remake_signatures(self) -> int:
        """Make the signatures anew that another version made, and return how many there were."""
        made, after = 0, ""
        while found := stale_signatures(self.engine, head=HEAD, size=SIZE, after=after):
            after = found[-1].article_id
            with open_load(
                self.writer(), versions=self.versions, flow_run_id=flow_run_id(), command=self.command, **stages.load_options(self.settings)
            ) as load:
                load.resign([stages.with_signature(one) for one in found])
            self._count(load.result)
            made += len(found)
        return made

    def rekey(self) -> int:
        """File and resolve anew the reports that other rules of resolving filed, in loads of their own; return how many there were."""
        return rekey_stale(self.writer(), Rules(self.versions, **stages.load_options(self.settings)))

    def numbered(self, batches: Iterable[list[Article]]) -> Iterator[tuple[int, list[Article]]]:
        """Yield batches with their number in the run, from 1."""
        for batch in batches:
            self._batches += 1
            yield self._batches, batch

    def take(self, prepared: Prepared, extractions: Sequence[Extraction]) -> None:
        """Add extractions, which come in the order of `prepared.todo`, and tell how far the run is."""
        first = prepared.taken
        for incoming, extraction in zip(prepared.todo[first : first + len(extractions)], extractions, strict=True):
            if extraction.error:
                self._problem(incoming.article.doc_id, extraction.error.message)
                prepared.quarantined.append(stages.failed_of(incoming, extraction.error))
                prepared.failed.add(incoming.article_id)
            else:
                prepared.extracted.append(stages.extracted_of(incoming, extraction))
        self.tally.add(extractions)
        tell("extract", self.done + len(prepared.incoming) - len(prepared.todo) + prepared.taken)

    def load(self, prepared: Prepared) -> LoadResult:
        """Write one load in one transaction.

        Raises:
            TerminalError: a check that blocks failed; nothing of this load is written.
        """
        self._stop_if_blocked()
        try:
            with open_load(
                self.writer(), versions=self.versions, flow_run_id=flow_run_id(), command=self.command, **stages.load_options(self.settings)
            ) as load:
                load.add([one for one in prepared.incoming if one.article_id not in prepared.failed], prepared.extracted)
                load.quarantine(prepared.quarantined)
                load.release(prepared.readable | {one.article.url for one in prepared.incoming if one.article.url})
                if prepared.state is not None:
                    load.set_watermark(prepared.state[0], STATE, prepared.state[1])
                if prepared.quiet is not None:
                    load.set_watermark(prepared.quiet[0], QUIET, until(prepared.quiet[1], datetime.now(UTC)))
        except DatabaseUnavailableError:
            self._hold.close()
            self._writer = None
            raise
        self._count(load.result)
        self.done += len(prepared.incoming) + len(prepared.quarantined)
        tell("load", self.done)
        return load.result

    def finish(self) -> RunOutcome:
        """Judge the run, store its checks, and return its outcome."""
        self.outcome.checks = run_checks(self.tally)
        if self.outcome.counts.changed() or self.outcome.failed_items:
            write_checks(self.writer(), rows_of(self.outcome.checks), load_id=self.outcome.load_ids[-1])
        for check in self.outcome.checks:
            if not check.passed:
                self.logger.log(logging.ERROR if check.severity == "error" else logging.WARNING, "Check %s failed: %s", check.name, check.message)
        return self.outcome

    def earlier_checks(self) -> dict[str, list[float]]:
        """Return the values of up to 7 earlier runs by name of the check, newest first. Call it before `finish`."""
        found: dict[str, list[float]] = {}
        for check in run_checks(self.tally):
            rows = last_checks(self.engine, name=check.name, limit=EARLIER_RUNS)
            found[check.name] = [float(row["value"]) for row in rows if row["value"] is not None]
        return found

    def _count(self, result: LoadResult) -> None:
        self.outcome.counts.add(result.counts)
        self.outcome.load_ids.append(result.load_id)
        self.outcome.new_events.extend(result.new_events)
        self.outcome.changed_events.extend(e for e in result.changed_events if e not in self.outcome.new_events)

    def _stop_if_blocked(self) -> None:
        stopped = blocked(run_checks(self.tally), self.settings.blocking)
        if stopped:
            names = "; ".join(f"{c.name} is {c.value:.0%}, at most {c.threshold:.0%} ({c.message})" for c in stopped)
            raise TerminalError(f"Stopped before loading: {names}. Look at the input, or take the check out of DATELINE_BLOCKING_CHECKS.", code="check_failed")

    def _problem(self, item: str, message: str) -> None:
        self.logger.warning("Quarantined %s: %s", item, message)
        if len(self.outcome.problems) < MOST_PROBLEMS:
            self.outcome.problems.append(message)


def rows_of(checks: Iterable[CheckOutcome]) -> list[Check]:
    """Return checks as the database takes them."""
    return [Check(c.name, c.severity, c.passed, c.message, c.value, c.threshold) for c in checks]


def store_checks(engine: Engine, checks: Iterable[CheckOutcome], wait: float) -> None:
    """Store checks that belong to no load."""
    with hold_writer(engine, command="dateline checks", wait=wait) as writer:
        write_checks(writer, rows_of(checks))


def make_if_new(settings: Settings, engine: Engine) -> bool:
    """Create the database where it is a SQLite file that does not exist or is empty, and say whether it was made."""
    path = sqlite_path(engine)
    if path is None or (path.exists() and path.stat().st_size > 0):
        return False
    upgrade(settings.address)
    return True


def flow_run_id() -> str | None:
    """Return the id of the Prefect run that this is part of, or None."""
    from prefect import runtime

    return runtime.flow_run.id


def is_transient(_task: Any, _run: Any, state: Any) -> bool:
    """Whether the error that failed a task says that trying again can help; Prefect asks before each retry."""
    return isinstance(state.result(raise_on_failure=False), TransientError)


def task_runner(settings: Settings) -> Any:
    """Return the task runner of the settings. Dask is imported only where it is asked for."""
    if settings.task_runner == "dask":
        return _dask_runner(settings)
    from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

    if settings.task_runner == "processes":
        return ProcessPoolTaskRunner(max_workers=settings.workers)
    return ThreadPoolTaskRunner(max_workers=settings.workers)


def _dask_runner(settings: Settings) -> Any:
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError:
        raise TerminalError("Cannot use Dask: it is not installed. Install dateline-events[dask], or set DATELINE_TASK_RUNNER=threads.") from None
    if settings.dask_scheduler:
        return DaskTaskRunner(address=settings.dask_scheduler)
    return DaskTaskRunner(cluster_kwargs={"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None})
