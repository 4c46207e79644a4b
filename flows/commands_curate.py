"""Commands by which people correct and judge what is stored: quarantine, merge, split, actors, forget, audit.

Here: options and messages. What changes events goes through a load, so it has its row in the ledger; names of actors are changed under the
writer's lock alone. Not here: the changes themselves (models).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dateline.errors import EXIT_DONE, EXIT_ITEMS_FAILED, UsageError
from flows import console

if TYPE_CHECKING:
    from models.inputs import LoadResult
    from models.load import Load
    from models.lock import Writer

AS_JSON = typer.Option(False, "--json", help="One JSON array.")
IDS = typer.Argument(None, metavar="[NUMBER ...]", help="Items by their number; none means all.")
REPORTS = typer.Argument(..., metavar="REPORT_ID ...", help="The reports to part from the rest, as `dateline show` prints them.")
SHEET = typer.Option(None, "--score", metavar="SHEET", help="Read a marked sheet instead of writing one.")
OUTPUT = typer.Option(Path("audit.csv"), "--output", "-o", help="The sheet to write.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    quarantine = typer.Typer(help="Items that could not be processed.", no_args_is_help=True, rich_markup_mode=None)
    quarantine.command("list", epilog="Example: dateline quarantine list --stage ingest")(list_items)
    quarantine.command("show", epilog="Example: dateline quarantine show 3")(show_item)
    quarantine.command("retry", epilog="Example: dateline quarantine retry 3 4")(retry)
    app.add_typer(quarantine, name="quarantine")
    actors = typer.Typer(help="Who takes part in events.", no_args_is_help=True, rich_markup_mode=None)
    actors.command("list", epilog="Example: dateline actors list --name Kishida")(list_known_actors)
    actors.command("merge", epilog='Example: dateline actors merge "Kishida" "Fumio Kishida"')(merge_two_actors)
    actors.command("alias", epilog='Example: dateline actors alias "the alliance" NATO')(alias)
    app.add_typer(actors, name="actors")
    app.command(epilog="Example: dateline merge 3f2a9c0d1b 77b0e1c2d3")(merge)
    app.command(epilog="Example: dateline split 3f2a9c0d1b 9d8c7b6a5f")(split)
    app.command(epilog="Example: dateline forget --source 'Example Times'; dateline forget --expired")(forget)
    app.command(epilog="Example: dateline audit --sample 50 -o sheet.csv; dateline audit --score sheet.csv")(audit)


def list_items(
    stage: str | None = typer.Option(None, help="ingest, extract, resolve or load."),
    code: str | None = typer.Option(None, help="Only this code."),
    as_json: bool = AS_JSON,
) -> int:
    """List what is in quarantine, oldest first."""
    from flows.asking import opened
    from models.quarantine import list_quarantine

    with opened() as engine:
        items = list_quarantine(engine, stage=stage, code=code)
    columns = ("quarantine_id", "stage", "code", "item", "source", "attempts", "last_seen", "message")
    console.print_rows(columns, [[getattr(item, name) for name in columns] for item in items], form="json" if as_json else "table")
    return EXIT_DONE


def show_item(number: int = typer.Argument(..., help="The item's number."), as_json: bool = typer.Option(False, "--json", help="One JSON object.")) -> int:
    """Show one item with its message and what is kept of it."""
    from dataclasses import asdict

    from flows.asking import opened
    from models.quarantine import get_quarantine

    with opened() as engine:
        item = asdict(get_quarantine(engine, number))
    if as_json:
        console.out(console.json_line(item))
    else:
        console.print_fields(item)
    return EXIT_DONE


def retry(numbers: list[int] | None = IDS) -> int:
    """Process items again: from what is kept of them, else from where they were read. What goes well leaves quarantine."""
    from flows.configuration import settings
    from flows.retrying import retry_items

    done, failed = retry_items(settings(), numbers or None)
    console.out(f"{done} processed, {failed} still in quarantine.")
    return EXIT_ITEMS_FAILED if failed else EXIT_DONE


def merge(event_id: str = typer.Argument(...), other_id: str = typer.Argument(...)) -> int:
    """Make one event of two, for good: later loads keep to it."""
    result = in_load("dateline merge", lambda load: load.merge(event_id, other_id))
    console.out(f"Merged: {', '.join(result.changed_events) or event_id}. `dateline split` undoes it.")
    return EXIT_DONE


def split(event_id: str = typer.Argument(...), report_ids: list[str] = REPORTS) -> int:
    """Part reports from the rest of their event, for good: later loads keep to it."""
    result = in_load("dateline split", lambda load: load.split(event_id, report_ids))
    console.out(f"Split: now {', '.join((*result.changed_events, *result.new_events))}. `dateline merge` undoes it.")
    return EXIT_DONE


def forget(
    article_ids: list[str] | None = typer.Argument(None, metavar="[ARTICLE_ID ...]", help="Articles, as v_articles has them."),  # noqa: B008
    source: str | None = typer.Option(None, help="Everything of this source: its registered name, or what its articles name as their source."),
    expired: bool = typer.Option(False, "--expired", help="Only texts older than their source's retention_days; events and quotes stay."),
    dry_run: bool = typer.Option(False, "--dry-run", help="With --expired: say what would go, and remove nothing."),
) -> int:
    """Remove articles with their texts and reports, and resolve what they reported again without them."""
    if expired == bool(article_ids or source is not None) or (dry_run and not expired):
        raise UsageError("Name articles by their id, or a source with --source, or give --expired alone (with --dry-run to see what would go).")
    if expired:
        return forget_expired(dry_run=dry_run)
    from flows.asking import opened
    from flows.configuration import settings
    from flows.forgetting import digests_of, forget_source, remove_kept, require_known

    chosen = settings()
    with opened() as engine:
        require_known(engine, article_ids or [], source, chosen)
        digests = digests_of(engine, article_ids or [], source, chosen)

        def act(load: Load) -> None:
            if article_ids:
                load.forget(article_ids)
            if source is not None:
                forget_source(load, engine, source, chosen)

        result = in_load("dateline forget", act)
    files = remove_kept(source, digests, chosen)
    gone = result.counts.get("articles_forgotten", 0)
    console.out(f"{gone} articles forgotten, {len(result.removed_events)} events removed, {len(result.changed_events)} changed, {files} kept files removed.")
    if article_ids and chosen.keep_raw:
        console.note("dateline: kept bytes (DATELINE_KEEP_RAW) may still hold these articles; they go with their source, or by retention_days.")
    return EXIT_DONE


def forget_expired(*, dry_run: bool) -> int:
    """Remove the texts and kept bytes that are past their source's retention_days."""
    from flows.asking import opened
    from flows.configuration import settings
    from flows.forgetting import expired_texts, remove_texts

    chosen = settings()
    if dry_run:
        with opened() as engine:
            found, files = {name: len(ids) for name, ids in expired_texts(engine, chosen).items()}, 0
    else:
        found, files = remove_texts(chosen)
    for name, number in found.items():
        console.out(f"{name}: {number} texts are past their time.")
    console.out("Nothing was removed." if dry_run else f"{sum(found.values())} texts and {files} kept files removed; what they report stays.")
    return EXIT_DONE


def list_known_actors(
    name: str | None = typer.Option(None, help="Part of the name."),
    kind: str | None = typer.Option(None, help="person, state, organisation, office or group."),
    country: str | None = typer.Option(None, help="ISO 3166-1 alpha-2."),
    limit: int = typer.Option(100, min=1, help="At most so many."),
    as_json: bool = AS_JSON,
) -> int:
    """List actors, most events first."""
    from flows.asking import opened
    from models.actors import list_actors

    with opened() as engine:
        found = list_actors(engine, name=name, kind=kind, country=country, limit=limit)
    columns = ("actor_id", "name", "kind", "country", "events", "aliases", "merged_into")
    rows = [[a.actor_id, a.name, a.kind, a.country, a.events, a.aliases if as_json else "; ".join(a.aliases) or None, a.merged_into] for a in found]
    console.print_rows(columns, rows, form="json" if as_json else "table")
    return EXIT_DONE


def merge_two_actors(absorbed: str = typer.Argument(..., help="Id or exact name."), into: str = typer.Argument(..., help="Id or exact name.")) -> int:
    """Make one actor of two, for what is stored and for what comes."""
    from models.actors import merge_actors

    with writing("dateline actors merge") as writer:
        stays = merge_actors(writer, absorbed, into)
    console.out(f"Merged into {stays}.")
    return EXIT_DONE


def alias(name: str = typer.Argument(..., help="Another name."), actor: str = typer.Argument(..., help="The actor's id or exact name.")) -> int:
    """Give an actor another name, for what is stored and for what comes."""
    from models.actors import add_alias

    with writing("dateline actors alias") as writer:
        stays = add_alias(writer, name, actor)
    console.out(f"{name} is {stays}.")
    return EXIT_DONE


def audit(
    sample: int = typer.Option(50, min=1, max=10_000, help="How many events."),
    seed: int = typer.Option(1, help="Another number draws another sample."),
    output: Path = OUTPUT,
    score: Path | None = SHEET,
) -> int:
    """Draw a sample of events to judge by hand, or turn the judged sheet into precision with an interval."""
    from flows.auditing import draw, read_sheet, verdicts, write_sheet

    if score is not None:
        console.print_table(("what", "right", "judged", "precision", "95 % interval"), verdicts(read_sheet(score)))
        return EXIT_DONE
    from flows.asking import opened

    with opened() as engine:
        rows = draw(engine, sample, seed)
    write_sheet(output, rows)
    console.note(f"Wrote {output}: {len(rows)} events. Put y or n into the columns right_*, then: dateline audit --score {output}")
    return EXIT_DONE


@contextmanager
def writing(command: str) -> Iterator[Writer]:
    """Hold the right to write to the settings' database."""
    from flows.asking import opened
    from models.lock import hold_writer

    with opened() as engine, hold_writer(engine, command=command) as writer:
        yield writer


def in_load(command: str, act: Callable[[Load], None]) -> LoadResult:
    """Make a change in a load of its own and return what it did."""
    from flows import stages
    from flows.configuration import settings
    from flows.extraction import recipe_for
    from models.load import open_load

    chosen = settings()
    made_by = stages.versions(recipe_for(chosen).versions)
    with writing(command) as writer, open_load(writer, versions=made_by, command=command, **stages.load_options(chosen)) as load:
        act(load)
    return load.result
