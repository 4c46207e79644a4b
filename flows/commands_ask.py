"""Commands that only read the database: events, show, explain, sql, search.

Here: options and printing. Not here: what is selected (flows.asking), free SQL (models.readonly), search (models.search).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from dateline.errors import EXIT_DONE, EXIT_USAGE, UsageError
from flows import console
from flows.export_options import selecting
from flows.selection import Selection

if TYPE_CHECKING:
    from flows.asking import Whole

AS_JSON = typer.Option(False, "--json", help="One JSON array, complete and stable.")
AS_CSV = typer.Option(False, "--csv", help="CSV with a header line.")
GRACE = 5.0  # seconds beyond its limit that a query may take to stop
HTML = typer.Option(None, "--html", metavar="OUT", help="Write a page with the reporting articles highlighted.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dateline events --from 2023-07-01 --to 2023-07-31 --type meeting --participant Kishida")(events)
    app.command(epilog="Example: dateline show 3f2a9c0d1b --html event.html")(show)
    app.command(epilog="Example: dateline explain 3f2a9c0d1b")(explain)
    app.command(epilog='Example: dateline sql "SELECT event_type, COUNT(*) FROM v_events GROUP BY event_type"')(sql)
    app.command(epilog='Example: dateline search "maritime security"')(search)


@selecting("place", "limit")
def events(
    selection: Selection,
    limit: int | None = typer.Option(None, min=1, help="At most so many. Default: 50 in a table, all in --json and --csv."),
    as_json: bool = AS_JSON,
    as_csv: bool = AS_CSV,
) -> int:
    """List events in order of their first day, undated ones last."""
    from dataclasses import astuple, fields

    from flows.asking import MOST_ROWS, SHORT_COLUMNS, opened, short_row
    from flows.export_rows import filter_of
    from models.reading import EventRow, count_events, list_events

    form = form_of(as_json, as_csv)
    unlimited = filter_of(selection)
    most = limit if limit is not None or form != "table" else MOST_ROWS
    with opened() as engine:
        rows = list_events(engine, replace(unlimited, limit=most))
        total = count_events(engine, unlimited) if form == "table" and len(rows) == most else len(rows)
    if form != "table":
        console.print_rows([one.name for one in fields(EventRow)], [astuple(row) for row in rows], form=form)
        return EXIT_DONE
    if rows:
        console.print_table(SHORT_COLUMNS, [short_row(row) for row in rows])
    console.note(f"{len(rows)} of {total} events; --limit shows more." if total > len(rows) else f"{total} events.")
    return EXIT_DONE


def show(
    event_id: str = typer.Argument(..., help="The event's id, as `dateline events` prints it."),
    html: Path | None = HTML,
    as_json: bool = typer.Option(False, "--json", help="One JSON object."),
) -> int:
    """Show everything known of one event: every field, who says so in which words, and the rules that found it."""
    from flows.asking import opened, whole_event

    with opened() as engine:
        whole = whole_event(engine, event_id)
    if as_json:
        console.out(console.json_line({**whole.fields(), "actors": whole.participants, "reports": whole.reports}))
    elif html is not None:
        from flows.marking import page_of

        pages = whole.pages()
        if not pages:
            raise UsageError(f"Cannot highlight {event_id}: the texts of its articles are not kept (DATELINE_STORE_TEXT). `dateline show` has the sentences.")
        html.write_text(page_of(pages, whole.detail.row.title or event_id), encoding="utf-8")
        console.note(f"Wrote {html}.")
    else:
        _print_event(whole)
    return EXIT_DONE


def explain(event_id: str = typer.Argument(..., help="The event's id.")) -> int:
    """Say why the reports of an event are one event."""
    from dateline.resolve import explain as explain_event
    from flows.asking import opened, whole_event

    with opened() as engine:
        whole = whole_event(engine, event_id)
    for line in explain_event(whole.detail.canonical, joined=whole.joined):
        console.out(console.clean(line))
    return EXIT_DONE


def sql(
    query: str = typer.Argument(..., help="One SELECT; - is standard input."),
    as_json: bool = AS_JSON,
    as_csv: bool = AS_CSV,
    seconds: float = typer.Option(30.0, min=0.1, help="Stop after so long."),
    rows: int = typer.Option(10_000, min=1, help="At most so many rows."),
) -> int:
    """Ask the database in SQL, reading only. The views are v_events, v_participants, v_dyads, v_reports, v_articles, v_timeline and others."""
    import sys

    from flows.configuration import settings
    from models.readonly import run_query

    chosen = settings()
    reader = chosen.reader_url.get_secret_value() if chosen.reader_url else None
    statement = sys.stdin.read() if query == "-" else query
    with ended_after(seconds + GRACE):
        result = run_query(chosen.address, statement, seconds=seconds, rows=rows, reader_url=reader)
    console.print_rows(result.columns, result.rows, form=form_of(as_json, as_csv))
    if result.truncated:
        console.note(f"dateline: only the first {rows} rows are shown; ask for more with --rows, or use `dateline export`.")
    return EXIT_DONE


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End the process where a query outlives its time limit: one function call inside SQLite, such as a LIKE of many wildcards, cannot be interrupted."""
    import os
    import threading

    def end() -> None:
        console.error(f"The query did not stop at its time limit and was ended after {seconds:g} seconds. Narrow it.")
        os._exit(EXIT_USAGE)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def search(
    query: str = typer.Argument(..., help="Words; all of them must be there."),
    limit: int = typer.Option(50, min=1, help="At most so many."),
    as_json: bool = AS_JSON,
) -> int:
    """Find articles, quotes and titles by their words, in order of their days, undated ones last."""
    from flows.asking import opened
    from models.search import search as find

    with opened() as engine:
        hits = find(engine, query, limit=limit)
    columns = ("kind", "day", "text", "event_id", "article_id", "url")
    rows = [[getattr(hit, name) for name in columns] for hit in hits]
    console.print_rows(columns, rows, form="json" if as_json else "table")
    return EXIT_DONE


def form_of(as_json: bool, as_csv: bool) -> str:
    """Return the form that the options ask for. Raises UsageError for both."""
    if as_json and as_csv:
        raise UsageError("Cannot print both --json and --csv: choose one.")
    return "json" if as_json else "csv" if as_csv else "table"


def _print_event(whole: Whole) -> None:
    detail = whole.detail
    if detail.redirected_from:
        console.out(f"{detail.redirected_from} was merged into {detail.row.event_id}.")
    console.out(console.paint(console.clean(detail.row.title or detail.row.event_id), console.BOLD))
    console.print_fields({name: "; ".join(map(str, v)) or None if isinstance(v, list) else v for name, v in whole.fields().items()})
    console.out()
    console.print_table(("role", "actor", "kind", "country", "id"), [_actor_row(p) for p in whole.participants])
    for report, row in zip(detail.reports, whole.reports, strict=True):
        console.out()
        _print_report(report.event, row)


def _actor_row(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["role"], row["actor_name"], row["actor_kind"], row["actor_country"], row["actor_id"]


def _print_report(event: Any, row: dict[str, Any]) -> None:
    """Print a report: its sentences with the triggers marked, its own fields, and its article."""
    console.out(console.paint(f"Report {row['report_id']}", console.BOLD))
    for evidence in event.evidence:
        start, end = evidence.start - evidence.sentence[0], evidence.end - evidence.sentence[0]
        quote = evidence.quote
        marked = f"{quote[:start]}[[{quote[start:end]}]]{quote[end:]}"
        console.out("  " + console.clean(" ".join(marked.split())))
    skipped = ("report_id", "event_id", "quote", "sentence_start", "sentence_end", "trigger", "trigger_start", "trigger_end")
    console.print_fields({name: value for name, value in row.items() if name not in skipped})
