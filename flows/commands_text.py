"""Commands that need no database and no Prefect: extract, read, resolve, dates, highlight.

Here: options and streams. Not here: reading lines (flows.extract_lines), marking text (flows.marking).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

import typer

from dateline.errors import EXIT_DONE, EXIT_ITEMS_FAILED, InputError, UsageError
from flows import console

DOMAIN = typer.Option("news", help="news: relative to the day of the article; narrative: to the last date of the text.")
LOCATIONS = typer.Argument(..., metavar="PATH|URL ...", help="Files, folders, globs, URLs; - is standard input.")
HTML = typer.Option(None, "--html", metavar="OUT", help="Write a page instead of printing.")
WORKERS = typer.Option(None, min=1, max=256, help="Processes that extract. Default: DATELINE_WORKERS, else 1.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dateline extract articles.jsonl --workers 2 > events.jsonl")(extract)
    app.command(epilog="Example: dateline read news/ https://example.org/story.html | dateline extract")(read)
    app.command(epilog="Example: dateline extract articles.jsonl | dateline resolve")(resolve)
    app.command(epilog='Example: dateline dates "They met last Tuesday." --published 2023-07-11')(dates)
    app.command(epilog="Example: dateline highlight story.txt --html story.html")(highlight)


def extract(
    file: str = typer.Argument("-", metavar="[FILE|-]", help="JSON Lines of articles; - is standard input."),
    timexes: bool = typer.Option(False, "--timexes", help="Add every time expression."),
    domain: str = DOMAIN,
    workers: int | None = WORKERS,
    min_confidence: float = typer.Option(0.0, min=0.0, max=1.0, help="Leave out events below it."),
) -> int:
    """Extract events: JSON Lines of articles in, JSON Lines of events out, in order."""
    from dateline import Extractor
    from dateline.jsonl import dumps, extraction_to_json
    from flows.configuration import settings
    from flows.extract_lines import extract_lines

    with open_input(file) as lines:
        chosen = settings()
        extractor = Extractor(chosen.model, overlay=chosen.resources, domain=domain, min_confidence=min_confidence, workers=workers or chosen.workers)
        total = failed = 0
        for extraction in extract_lines(lines, extractor):
            total += 1
            failed += extraction.error is not None
            console.out(dumps(extraction_to_json(extraction, timexes=timexes)))
            sys.stdout.flush()
    return _closing(file, total, failed, "lines")


def read(
    locations: list[str] = LOCATIONS,
    source: str | None = typer.Option(None, help="Source of articles that name none."),
    kind: str | None = typer.Option(None, help="Kind of the input, where it is not recognised."),
) -> int:
    """Print articles of any source in the input form of `dateline extract`."""
    from dateline.jsonl import article_to_json, dumps
    from dateline.records import Article
    from dateline.sources import ReadOptions
    from dateline.sources import read as read_items

    total = failed = 0
    for item in read_items(locations, options=ReadOptions(source=source, kind=kind)):
        total += 1
        if isinstance(item, Article):
            console.out(dumps(article_to_json(item)))
            sys.stdout.flush()
        else:
            failed += 1
            console.error(item.message)
    return _closing(label(locations), total, failed, "items")


def resolve(file: str = typer.Argument("-", metavar="[FILE|-]", help="Output of `dateline extract`; - is standard input.")) -> int:
    """Join reports of the same event: extraction output in, one canonical event a line out. No database."""
    from dateline.jsonl import dumps
    from dateline.resolve import canonical_to_json, resolve_extractions
    from dateline.resources import resources_for
    from flows.configuration import settings
    from flows.resolve_lines import read_extractions

    failures: list[str] = []
    with open_input(file) as lines:
        extractions = list(read_extractions(lines, failures))
    for message in failures:
        console.error(message)
    for event in resolve_extractions(extractions, resources=resources_for("en", settings().resources)).events:
        console.out(dumps(canonical_to_json(event)))
    return EXIT_ITEMS_FAILED if failures else EXIT_DONE


def dates(
    text: str = typer.Argument(..., help="The text; - is standard input."),
    published: str | None = typer.Option(None, metavar="DAY", help="The day the text was written, such as 2023-07-11."),
    domain: str = DOMAIN,
    as_json: bool = typer.Option(False, "--json", help="One JSON array."),
) -> int:
    """Print every time expression of a text: value, interval, rule, and why that direction."""
    from dateline.records import DocumentTime
    from dateline.resources import resources_for
    from dateline.timex.tag import tag_text
    from flows.configuration import settings

    day = day_option(published, "--published")
    known = DocumentTime(day, "metadata" if day else "none", day, day)
    words = sys.stdin.read() if text == "-" else text
    found = tag_text(words, known, domain=domain, resources=resources_for("en", settings().resources))
    columns = ("text", "type", "value", "first_day", "last_day", "precision", "rule", "reason", "start", "end")
    console.print_rows(columns, [[getattr(t, name) for name in columns] for t in found], form="json" if as_json else "table")
    return EXIT_DONE


def highlight(
    file: str = typer.Argument(..., metavar="FILE", help="A text, page or JSON Lines file; - is standard input."),
    html: Path | None = HTML,
    published: str | None = typer.Option(None, metavar="DAY", help="The day of articles that name none."),
) -> int:
    """Show triggers, participants, places, dates and content of a text, marked and linked to their events."""
    from dataclasses import replace

    from dateline import Extractor
    from dateline.records import Article
    from dateline.sources import read as read_items
    from flows.configuration import settings
    from flows.marking import page_of, print_marked

    day = day_option(published, "--published")
    items = list(read_items([file]))
    articles = [replace(a, published=a.published or (day.isoformat() if day else None)) for a in items if isinstance(a, Article)]
    for item in items:
        if not isinstance(item, Article):
            console.error(item.message)
    chosen = settings()
    pairs = list(zip(articles, Extractor(chosen.model, overlay=chosen.resources).extract(articles), strict=True)) if articles else []
    if html is not None:
        html.write_text(page_of(pairs), encoding="utf-8")
        console.note(f"Wrote {html}: {len(pairs)} articles.")
    else:
        print_marked(pairs)
    return EXIT_DONE if len(articles) == len(items) else EXIT_ITEMS_FAILED


@contextmanager
def open_input(file: str) -> Iterator[BinaryIO]:
    """Open a file of lines, or standard input for "-". Raises UsageError where there is no such file, InputError where it is empty."""
    if file == "-":
        yield sys.stdin.buffer
        return
    path = Path(file)
    if path.is_dir():
        raise UsageError(f"Cannot read {file}: it is a folder. Name a JSON Lines file, or use `dateline read {file} | dateline extract`.")
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {error.strerror or error}. Check the path and its permissions.") from error
    with stream:
        if path.is_file() and path.stat().st_size == 0:
            raise InputError(f"Cannot read {file}: empty (0 bytes). Write one JSON object a line into it, or name another file.", code="empty_file")
        yield stream


def day_option(text: str | None, option: str) -> date | None:
    """Return the day that an option gives, or None. Raises UsageError where it is no ISO date."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"Cannot use {option} {text!r}: it is no day. Write it as 2023-07-11.") from None


def label(locations: list[str]) -> str:
    """Return a short name of locations for messages."""
    return locations[0] if len(locations) == 1 else f"{len(locations)} locations"


def _closing(what: str, total: int, failed: int, unit: str) -> int:
    if failed:
        console.note(f"dateline: {failed} of {total} {unit} of {what} could not be processed; see their error records.")
        return EXIT_ITEMS_FAILED
    return EXIT_DONE
