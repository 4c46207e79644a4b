"""Commands that run the flow: run, replay, backfill, reextract.

Here: options, the progress line, what is printed at the end. The flow runs with Prefect's API where PREFECT_API_URL names one, else with one
that lives as long as the command. Not here: the flow (flows.pipeline), schedules (flows.commands_operate).
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from dateline.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_ITEMS_FAILED, UsageError
from flows import console
from flows.orphans import end_orphans, end_own, mark_children
from flows.progress import listening

if TYPE_CHECKING:
    from flows.configuration import Settings
    from flows.outcome import RunOutcome

GRACE_SECONDS = 5.0
SECONDS_TO_ANSWER = 10.0
PATHS = typer.Argument(None, metavar="[PATH|URL ...]", help="What to read. Default: the registered sources, else the two seed articles.")
REPLAYED = typer.Argument(..., metavar="FOLDER ...", help="Snapshots, read in the order of their names, or a folder that DATELINE_KEEP_RAW filled.")
VERBOSE = typer.Option(False, "--verbose", "-v", help="Print the run's log.")
BATCH = typer.Option(50, min=1, max=500, help="Articles per extraction task.")
LOAD = typer.Option(500, min=1, max=10_000, help="Articles per load (one transaction).")
AS_JSON = typer.Option(False, "--json", help="Print counts and event ids as one JSON object.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dateline run news/ articles.jsonl")(run)
    app.command(epilog="Example: dateline replay snapshots/ --source example-wire")(replay)
    app.command(epilog="Example: dateline backfill --since 2023-07-01 --until 2023-07-31 archive/ --dry-run")(backfill)
    app.command(epilog="Example: dateline reextract --limit 1000")(reextract)


def run(
    paths: list[str] | None = PATHS,
    batch_size: int = BATCH,
    load_size: int = LOAD,
    verbose: bool = VERBOSE,
    as_json: bool = AS_JSON,
) -> int:
    """Read articles, extract their events and load them into the database."""
    from flows.configuration import settings

    chosen = settings()
    console.note(f"Database: {chosen.shown_address}")
    check_paths(paths or [])
    outcome = run_flow(lambda flow: flow.pipeline(locations=paths or None, batch_size=batch_size, load_size=load_size), chosen, verbose=verbose)
    return print_outcome(outcome, chosen, as_json=as_json)


def replay(
    folders: list[str] = REPLAYED,
    source: str | None = typer.Option(None, metavar="NAME", help="The registered source that it was saved of, whose options and state hold."),
    batch_size: int = BATCH,
    load_size: int = LOAD,
    verbose: bool = VERBOSE,
    as_json: bool = AS_JSON,
) -> int:
    """Read what was saved of a feed earlier, in order and without any network: every item once, revisions over what they revise."""
    from flows.configuration import settings
    from flows.ingest import replayed_intake

    chosen = settings()
    console.note(f"Database: {chosen.shown_address}")
    check_replayed(folders)
    replayed_intake(folders, source, chosen)  # names what is wrong with the registry before Prefect starts
    sizes = {"batch_size": batch_size, "load_size": load_size}
    outcome = run_flow(lambda flow: flow.pipeline(replayed=folders, source=source, **sizes), chosen, verbose=verbose)
    return print_outcome(outcome, chosen, as_json=as_json)


def backfill(
    paths: list[str] | None = PATHS,
    since: str | None = typer.Option(None, metavar="DAY", help="First day of articles to take."),
    until: str | None = typer.Option(None, metavar="DAY", help="Last day, included."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change, and change nothing."),
    batch_size: int = BATCH,
    load_size: int = LOAD,
    verbose: bool = VERBOSE,
    as_json: bool = AS_JSON,
) -> int:
    """Read a window of days again, whatever was read before. Articles without a known day are always taken."""
    from flows.commands_text import day_option
    from flows.configuration import settings

    chosen = settings()
    first, last = day_option(since, "--since"), day_option(until, "--until")
    if first and last and last < first:
        raise UsageError(f"Cannot backfill from {first} to {last}: the last day lies before the first. Swap them.")
    console.note(f"Database: {chosen.shown_address}")
    check_paths(paths or [])
    if dry_run:
        return print_dry_run(paths or [], first, last, chosen, as_json=as_json)
    sizes = {"batch_size": batch_size, "load_size": load_size}
    outcome = run_flow(lambda flow: flow.pipeline(locations=paths or None, since=first, until=last, **sizes), chosen, verbose=verbose)
    return print_outcome(outcome, chosen, as_json=as_json)


def print_dry_run(paths: list[str], first: date | None, last: date | None, chosen: Settings, *, as_json: bool) -> int:
    """Print what a backfill would do."""
    from flows.dry_run import foresee
    from flows.ingest import Window

    problems: list[str] = []
    found = foresee(paths, Window(first, last), chosen, problems)
    for message in problems:
        console.error(message)
    if as_json:
        console.out(console.json_line(found))
    else:
        console.out(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in found.items()) + ". Nothing was changed.")
    return EXIT_DONE


def reextract(
    limit: int | None = typer.Option(None, min=1, help="At most so many articles."),
    pause: float = typer.Option(0.0, min=0.0, help="Seconds of rest between two loads."),
    batch_size: int = BATCH,
    load_size: int = LOAD,
    verbose: bool = VERBOSE,
    as_json: bool = AS_JSON,
) -> int:
    """Extract again what another extractor, model or lexicon made, and only that. It goes on where it was ended."""
    from flows.configuration import settings

    chosen = settings()
    console.note(f"Database: {chosen.shown_address}")
    sizes = {"batch_size": batch_size, "load_size": load_size, "limit": limit, "pause_seconds": pause}
    outcome = run_flow(lambda flow: flow.reextract(**sizes), chosen, verbose=verbose)
    return print_outcome(outcome, chosen, as_json=as_json)


def check_paths(paths: list[str]) -> None:
    """Raise UsageError for a path that names nothing, before anything is started."""
    from dateline.sources.files import check_locations

    check_locations(paths)


def check_replayed(paths: list[str]) -> None:
    """Raise UsageError for what cannot be replayed, since nothing is fetched."""
    for path in paths:
        if "://" in path:
            raise UsageError(f"Cannot replay {path}: a replay reads what is on disk. Name a folder of snapshots, or use `dateline run {path}`.")
    check_paths(paths)


def run_flow(call: Callable[[Any], Any], chosen: Settings, *, verbose: bool) -> RunOutcome:
    """Call a flow of flows.pipeline with progress on the terminal and Prefect's log out of the way, and return its outcome.

    Raises what made the flow fail, as itself.
    """
    quieten(verbose, as_json=chosen.log_json)
    check_database(chosen)
    check_prefect()
    end_orphans()
    mark_children()
    with progress_line() as listener, listening(listener), end_on_signals():
        listener("start", 0, None)
        from flows import pipeline

        outcome: RunOutcome = call(pipeline)
    return outcome


def check_database(chosen: Settings) -> None:
    """Raise what is wrong with the database before the seconds that Prefect takes to start are spent."""
    from flows.running import make_if_new
    from models.engine import open_engine
    from models.lock import current_writer
    from models.migrate import require_current

    engine = open_engine(chosen.address)
    try:
        make_if_new(chosen, engine)
        require_current(engine)
        holder = current_writer(engine)
        if holder is not None:
            console.note(f"Waiting: {holder} is writing to the database.")
    finally:
        engine.dispose()


def check_prefect() -> None:
    """Raise TransientError where PREFECT_API_URL names a server that does not answer."""
    address = os.environ.get("PREFECT_API_URL")
    if address:
        from flows.prefect_server import wait_for

        wait_for(address, SECONDS_TO_ANSWER)


def quieten(verbose: bool, *, as_json: bool = False) -> None:
    """Keep logs off the terminal unless they are asked for; Prefect's API still gets them. Call it before prefect is imported."""
    if not (verbose or as_json):
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        warnings.simplefilter("ignore")
        logging.getLogger("dateline").setLevel(logging.CRITICAL)
    os.environ.setdefault("PREFECT_LOGGING_COLORS", str(console.shows_style(sys.stderr)).lower())


@contextmanager
def progress_line() -> Iterator[Callable[[str, int, int | None], None]]:
    """Yield a listener that keeps one line on a terminal up to date; in a pipe it stays silent."""
    started = time.monotonic()
    shown = 0

    def draw(stage: str, done: int, total: int | None) -> None:
        nonlocal shown
        if not console.shows_progress():
            return
        what = {"start": "starting Prefect", "read": "reading", "extract": "extracting", "load": "loading", "finish": "finishing"}.get(stage, stage)
        numbers = f" {done}" + (f" of {total}" if total else "") + " articles" if done or total else ""
        line = f"{what}{numbers}, {time.monotonic() - started:.0f} s"
        sys.stderr.write("\r" + line.ljust(shown))
        sys.stderr.flush()
        shown = len(line)

    try:
        yield draw
    finally:
        if shown:
            sys.stderr.write("\r" + " " * shown + "\r")
            sys.stderr.flush()


@contextmanager
def end_on_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run soon: the open load is rolled back where there is time for it, and by the next start where not.

    Prefect waits for batches under way, and for a server that the same Ctrl-C has ended; after GRACE_SECONDS the process just leaves. That is
    as safe as kill -9 is: rows and ledger change in one transaction.
    """

    def interrupt(_number: int, _frame: object) -> None:
        timer = threading.Timer(GRACE_SECONDS, leave_at_once)
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave_at_once() -> None:
    """End the servers of this run and the process, with the exit code of an interruption."""
    end_own()
    console.say_interrupted()
    os._exit(EXIT_INTERRUPTED)


def print_outcome(outcome: RunOutcome, chosen: Settings, *, as_json: bool) -> int:
    """Print what a run did and return the exit code."""
    counts = outcome.counts
    if as_json:
        events = {"new_events": outcome.new_events, "changed_events": outcome.changed_events}
        console.out(console.json_line({**counts.as_dict(), "loads": outcome.load_ids, **events}))
    else:
        _print_events(outcome)
        _print_counts(outcome)
        _print_next_steps(chosen)
    for note in outcome.notes:
        console.note(f"dateline: {note}")
    for message in outcome.problems:
        console.error(message)
    if outcome.failed_items:
        console.note(f"dateline: {outcome.failed_items} of {counts.articles_read} items went to quarantine; `dateline quarantine list` shows them.")
        return EXIT_ITEMS_FAILED
    return EXIT_DONE


def _print_events(outcome: RunOutcome) -> None:
    """Print the events that the run found or changed; after a run that changed nothing, those that are known."""
    from flows.asking import MOST_ROWS, found_events, opened
    from models.reading import EventFilter, list_events

    with opened() as engine:
        wanted = [*outcome.new_events, *outcome.changed_events] or [row.event_id for row in list_events(engine, EventFilter(limit=MOST_ROWS))]
        rows = found_events(engine, wanted)
    if rows:
        console.print_table(("date", "type", "status", "who", "where", "article"), [_event_row(row) for row in rows])
    if len(wanted) > len(rows):
        console.out(f"and {len(wanted) - len(rows)} more: {console.program()} events")
    if rows:
        console.out()


def _event_row(row: dict[str, Any]) -> tuple[Any, ...]:
    start, end = row["start_date"], row["end_date"]
    days = "undated" if start is None and end is None else str(start) if start == end else f"{start or ''}..{end or ''}"
    where = ", ".join(str(x) for x in (row["place_venue"], row["place_name"], row["country_code"]) if x) or None
    return days, row["event_type"], row["status"], row["participants"], where, row["article"]


def _print_counts(outcome: RunOutcome) -> None:
    counts = outcome.counts
    if not counts.changed():
        console.out(f"Nothing changed: {counts.articles_unchanged} articles are known already, and no row was written.")
        return
    parts = [f"{number} {name.replace('_', ' ')}" for name, number in counts.as_dict().items() if number]
    console.out(", ".join(parts) + ".")


def _print_next_steps(chosen: Settings) -> None:
    dateline = console.program()
    console.out()
    console.out(f'Query:     {dateline} sql "SELECT start_date, event_type, participants FROM v_events ORDER BY start_date"')
    console.out(f"UI:        {dateline} serve, or: prefect server start   (runs, logs and reports in a browser: docs/operation.md)")
    if chosen.address.startswith("postgres"):
        console.out(f"SQLite:    unset DATELINE_DATABASE_URL, then {dateline} run")
    else:
        console.out(f"Postgres:  export DATELINE_DATABASE_URL=postgresql://user@host/name; {dateline} db upgrade; {dateline} run")
