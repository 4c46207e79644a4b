"""The command `export`: a selection of events as a file, or everything as a release.

Here: options and messages. Not here: the files (flows.export, flows.export_release).
"""

from __future__ import annotations

from pathlib import Path

import typer

from dateline.errors import EXIT_DONE, UsageError
from flows import console
from flows.export_options import selecting
from flows.selection import Selection

_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".ics": "ics", ".geojson": "geojson"}

RELEASE = typer.Option(None, "--release", metavar="DIR", help="Write everything with codebook, versions, hashes, licences and citation.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: dateline export --format ics --participant Kishida --output kishida.ics")(export)


@selecting("place")
def export(
    selection: Selection,
    form: str | None = typer.Option(None, "--format", metavar="csv|jsonl|parquet|ics|geojson", help="Default: by the output's suffix, else csv."),
    output: str = typer.Option("-", "--output", "-o", help="The file to write; - is standard output."),
    release: Path | None = RELEASE,
    title: str | None = typer.Option(None, help="With --release: what the citation calls it."),
    no_quotes: bool = typer.Option(False, "--no-quotes", help="With --release: leave the articles' own sentences out."),
) -> int:
    """Write events to a file that other programs open."""
    from flows.asking import opened
    from flows.export import check_format, export_events
    from flows.export_release import write_release

    if release is not None:
        if form or output != "-" or selection != Selection():
            raise UsageError("Cannot combine --release with --format, --output or filters: a release holds everything. Leave them out.")
        with opened() as engine:
            counts = write_release(engine, release, quotes=not no_quotes, title=title)
        listed = ", ".join(f"{count} {view.removeprefix('v_')}" for view, count in counts.items())
        console.note(f"Released {listed} into {release}.")
        return EXIT_DONE
    chosen = form or _SUFFIXES.get(Path(output).suffix.lower(), "csv")
    check_format(chosen)
    with opened() as engine:
        counts = export_events(engine, selection, form=chosen, target=output)
    console.note(f"Exported {counts.pop('events')} events{''.join(f'; {count} {what}' for what, count in counts.items() if count)}.")
    return EXIT_DONE
