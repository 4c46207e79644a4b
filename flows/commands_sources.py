"""Commands for the registry of sources: sources list, add, check.

Here: options and printing. Not here: the registry (dateline.sources.registry).
"""

from __future__ import annotations

from typing import Any

import typer

from dateline.errors import EXIT_DONE, EXIT_ITEMS_FAILED, DatelineError
from flows import console

AS_JSON = typer.Option(False, "--json", help="One JSON array.")
NAMES = typer.Argument(None, metavar="[NAME ...]", help="Sources by name; none means all.")


def register(app: typer.Typer) -> None:
    """Add the group `sources`."""
    group = typer.Typer(help="The registry of sources (DATELINE_SOURCES, by default sources.toml).", no_args_is_help=True, rich_markup_mode=None)
    group.command("list", epilog="Example: dateline sources list --json")(list_sources)
    group.command(epilog="Example: dateline sources add example https://example.org/feed.xml --schedule hourly")(add)
    group.command(epilog="Example: dateline sources check example")(check)
    app.add_typer(group, name="sources")


def list_sources(as_json: bool = AS_JSON) -> int:
    """List the registered sources."""
    from dateline.sources.registry import load_registry
    from flows.configuration import settings

    columns = ("name", "kind", "schedule", "enabled", "language", "licence", "location")
    rows = [[getattr(one, name) for name in columns] for one in load_registry(settings().sources)]
    console.print_rows(columns, rows, form="json" if as_json else "table")
    return EXIT_DONE


def add(
    name: str = typer.Argument(..., help="Lower case letters, digits, - and _."),
    location: str = typer.Argument(..., help="URL, file, folder or glob."),
    schedule: str = typer.Option("daily", help="The schedule group that reads it."),
    kind: str | None = typer.Option(None, help="Kind, where it is not recognised."),
    title: str | None = typer.Option(None, help="What its articles name as their source."),
    language: str | None = typer.Option(None, help="Language, where it is known."),
    licence: str | None = typer.Option(None, help="Licence of its articles."),
) -> int:
    """Register a source."""
    from dateline.sources.registry import add_source
    from flows.configuration import settings

    fields: dict[str, Any] = {"name": name, "location": location, "schedule": schedule, "kind": kind, "title": title, "language": language}
    path = settings().sources
    added = add_source(path, {**fields, "licence": licence})
    console.note(f"Added {added.name} to {path}. `dateline sources check {added.name}` tries it.")
    return EXIT_DONE


def check(names: list[str] | None = NAMES) -> int:
    """Read the first items of sources, store nothing, and say what came."""
    from dateline.sources.registry import find_source, load_registry
    from flows.configuration import settings

    sources = load_registry(settings().sources)
    chosen = [find_source(sources, name) for name in names] if names else list(sources)
    rows = [_checked(one) for one in chosen]
    console.print_table(("source", "verdict", "articles", "rejected", "first"), rows)
    return EXIT_ITEMS_FAILED if any(row[1] != "ok" for row in rows) else EXIT_DONE


def _checked(source: Any) -> tuple[Any, ...]:
    from dateline.records import Article
    from dateline.sources.registry import check_source

    try:
        items = check_source(source)
    except DatelineError as error:
        return source.name, "failed", 0, 0, error.message
    articles = [one for one in items if isinstance(one, Article)]
    rejected = [one for one in items if not isinstance(one, Article)]
    first = (articles[0].title or articles[0].doc_id) if articles else rejected[0].message if rejected else "nothing came"
    return source.name, "ok" if articles and not rejected else "failed", len(articles), len(rejected), first
