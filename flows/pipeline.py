"""The flow: ingest -> extract -> resolve -> load, one task per source, batch and load.

Here: order, parallelism, retries and names. What a task does is in flows.stages, flows.ingest and flows.extraction; what it says in
flows.publishing. No data class stands here: Prefect also loads this file as a module named `pipeline`. Safe to end at any moment: rows and
ledger change in one transaction per load, and a run that is started again passes over what is already stored.
"""

from __future__ import annotations

import time
from concurrent.futures import BrokenExecutor
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from flows.configuration import prepare_prefect, settings

prepare_prefect()

from prefect import flow, get_run_logger, runtime, task  # noqa: E402 - after its settings
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.utilities.annotations import quote  # noqa: E402

from dateline.errors import DatelineError, TransientError  # noqa: E402
from flows.extraction import Work  # noqa: E402
from flows.ingest import Ingested, Intake, Window, has_registry, intakes_of, label_of, replayed_intake, spool_failure, spool_intake  # noqa: E402
from flows.outcome import RunOutcome  # noqa: E402
from flows.patience import LONGEST_WAIT  # noqa: E402
from flows.publishing import Progress, publish, tagged  # noqa: E402
from flows.running import Prepared, Run, is_transient, task_runner  # noqa: E402
from flows.spool import Spool  # noqa: E402

# Only I/O is retried, and only where the error says that trying again can help.
RETRIES: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": [2, 10, 30],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_transient,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}
BatchSize = Annotated[int, Field(ge=1, le=500, description="articles per extraction task")]
LoadSize = Annotated[int, Field(ge=1, le=10_000, description="articles per load, which is one transaction")]


def run_name() -> str:
    """Return the flow run's name: what is read, and its window."""
    given = runtime.flow_run.parameters
    window = Window(_as_day(given.get("since")), _as_day(given.get("until")))
    unnamed = "registered sources" if has_registry(settings()) else "seeds"
    locations = given.get("replayed") or given.get("locations")
    what = label_of(locations) if locations else given.get("group") or unnamed
    return f"{what}, {window}"


@task(name="ingest", task_run_name="ingest {label}", **RETRIES)
def ingest(label: str, intake: Intake, window: Window, spool: Spool, size: int) -> Ingested:
    """Read one source into batches on disk. A source that stays out of reach becomes an item for quarantine."""
    logger = get_run_logger()
    try:
        found = spool_intake(intake, window, spool, size)
    except TransientError as error:
        asked = getattr(error, "retry_after", None) or 0
        if runtime.task_run.run_count <= RETRIES["retries"] and asked <= LONGEST_WAIT:
            time.sleep(asked)
            raise
        logger.warning("Cannot read %s: %s", label, error)
        found = spool_failure(intake, spool, error)
    except DatelineError as error:
        if not intake.registered:
            raise
        logger.warning("Cannot read %s: %s", label, error)
        found = spool_failure(intake, spool, error)
    logger.info("Read %s into %d batches", label, len(found.paths))
    return found


@task(name="extract", task_run_name="extract batch {number}", cache_policy=NO_CACHE, persist_result=False)
def extract(number: int, work: Work) -> list[Any]:
    """Extract the events of one batch; a failing article becomes an error record, not a failed batch."""
    found = work.done()
    get_run_logger().info("Batch %d: %d articles, %d events", number, len(found), sum(len(e.events) for e in found))
    return found


@task(name="resolve and load", task_run_name="load {number}", **RETRIES)
def load(number: int, run: Run, prepared: Prepared) -> None:
    """Write one load: its articles, their reports, the events these make, and its ledger row, in one transaction."""
    result = run.load(prepared)
    written, new, changed = result.counts.get("reports_written", 0), len(result.new_events), len(result.changed_events)
    get_run_logger().info("Load %d (ledger row %d): %d reports written, %d events new, %d changed", number, result.load_id, written, new, changed)


@flow(name="pipeline", flow_run_name=run_name, task_runner=task_runner(settings()), persist_result=False)
def pipeline(
    locations: list[str] | None = None,
    group: str | None = None,
    replayed: list[str] | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    batch_size: BatchSize = 50,
    load_size: LoadSize = 500,
    wait_seconds: Annotated[float, Field(ge=0)] = 60.0,
) -> RunOutcome:
    """Read sources, extract their events, resolve and load them.

    Args:
        locations: files, folders, globs and URLs; None reads the sources of the registry, and without one the seed articles.
        group: the schedule group of the registry whose sources are read; None reads all.
        replayed: files and folders saved of a feed earlier, or what DATELINE_KEEP_RAW kept, read in their order and offline.
        source: the registered source that `replayed` was saved of, whose options and state hold; None: of locations given.
        since: first day of articles to take; those without a known day are always taken.
        until: last day of articles to take, included.
        batch_size: articles per extraction task.
        load_size: articles per load.
        wait_seconds: how long to wait for another writer to end.
    """
    window = Window(since, until)
    intakes = [replayed_intake(replayed, source, settings())] if replayed else intakes_of(locations or [], group, window, settings())
    labels = [f"source:{intake.label}" for intake in intakes]
    with tagged([*labels, f"window:{window}"]), Run.started(settings(), get_run_logger(), wait=wait_seconds) as run, Spool() as spool:
        found = [ingest(i.label, quote(run.with_state(i)), quote(window), quote(spool), load_size) for i in run.ready(intakes)]
        progress = Progress(sum(max(1, len(one.paths)) for one in found))
        for number, prepared in enumerate(run.loads(found), 1):
            process(number, run, prepared, batch_size)
            progress.advance()
        return publish(run)


@flow(name="reextract", flow_run_name="stale articles", task_runner=task_runner(settings()), persist_result=False)
def reextract(
    batch_size: BatchSize = 50,
    load_size: LoadSize = 500,
    limit: Annotated[int, Field(ge=1)] | None = None,
    pause_seconds: Annotated[float, Field(ge=0)] = 0.0,
    wait_seconds: Annotated[float, Field(ge=0)] = 60.0,
) -> RunOutcome:
    """Extract again what another extractor, model or lexicon made, and only that. What is done stays done when the run is ended.

    Args:
        batch_size: articles per extraction task.
        load_size: articles per load.
        limit: articles to take at most; None takes all.
        pause_seconds: rest between two loads, so that others get their turn at the database and the processor.
        wait_seconds: how long to wait for another writer to end.
    """
    with tagged(["stale"]), Run.started(settings(), get_run_logger(), command="dateline reextract", wait=wait_seconds) as run:
        remade = run.remake_signatures()
        get_run_logger().info("Made %d signatures anew; resolved %d reports of other rules anew", remade, run.rekey())
        after, left, number = "", limit, 0
        while prepared := run.prepare_stale(after, min(load_size, load_size if left is None else left)):
            after, number = prepared.incoming[-1].article_id, number + 1
            process(number, run, prepared, batch_size)
            left = None if left is None else left - len(prepared.incoming)
            time.sleep(pause_seconds)
        return publish(run)


def process(number: int, run: Run, prepared: Prepared, batch_size: int) -> None:
    """Extract a load's articles in batches side by side, then write it."""
    work = [(n, Work(batch, run.recipe)) for n, batch in run.numbered(prepared.batches(batch_size))]
    futures = [_submitted(n, one) for n, one in work]
    good = []
    for (n, one), future in zip(work, futures, strict=True):
        try:
            run.take(prepared, future.result() if future is not None else one.again())
        except BrokenExecutor:
            run.logger.warning("The process that extracted batch %d was killed, most likely for memory; its articles are extracted beside the flow", n)
            run.take(prepared, one.again())
        else:
            good += [future] if future is not None else []
    load(number, quote(run), quote(prepared), wait_for=good)


def _submitted(number: int, work: Work) -> Any:
    """Return the future of a batch, or None where the task runner's processes are gone."""
    try:
        return extract.submit(number, work)
    except BrokenExecutor:
        return None


def _as_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


if __name__ == "__main__":
    pipeline()
