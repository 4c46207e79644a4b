"""The commands that draw: timeline, map, network.

Here: options and messages. Not here: the pictures (flows.pictures_timeline, flows.pictures_map, flows.pictures_network).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from dateline.errors import EXIT_DONE
from flows import console
from flows.export_options import selecting
from flows.selection import Selection

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from flows.pictures import Picture

TITLE = typer.Option(None, help="Heading of the picture.")
NAME = "The file to draw, .png, .svg or .html (one page that loads nothing)."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dateline timeline --participant Kishida --output kishida.png")(timeline)
    app.command(name="map", epilog="Example: dateline map --type summit --output summits.svg")(place_map)
    app.command(epilog="Example: dateline network --from 2023-07-01 --to 2023-07-31 --output july.html")(network)


@selecting()
def timeline(
    selection: Selection,
    output: str = typer.Option("timeline.png", "--output", "-o", help=NAME),
    title: str | None = TITLE,
) -> int:
    """Draw events along time: one line each where they are few, else counts by type and day, week, month or year."""
    from flows.pictures_timeline import timeline as draw

    return _draw(lambda engine: draw(engine, selection, title=title or heading("Events", selection)), output)


@selecting("limit")
def place_map(
    selection: Selection,
    output: str = typer.Option("map.png", "--output", "-o", help=NAME),
    title: str | None = TITLE,
) -> int:
    """Draw where events happen: one circle a place, its area the number of events."""
    from flows.pictures_map import place_map as draw

    return _draw(lambda engine: draw(engine, selection, title=title or heading("Where it happened", selection)), output)


@selecting("limit")
def network(
    selection: Selection,
    output: str = typer.Option("network.png", "--output", "-o", help=NAME),
    most: int = typer.Option(40, min=2, max=100, help="At most so many actors: those of the pairs that share most events."),
    title: str | None = TITLE,
) -> int:
    """Draw who takes part in events with whom."""
    from flows.pictures_network import network as draw

    return _draw(lambda engine: draw(engine, selection, title=title or heading("Who with whom", selection), most=most), output)


def heading(what: str, selection: Selection) -> str:
    """Return a title that says which events are shown."""
    of = ", ".join(part for part in (selection.participant, selection.place, selection.country, *selection.types, *selection.statuses) if part)
    since, until = selection.since, selection.until
    when = f"{since} to {until}" if since and until else f"from {since}" if since else f"until {until}" if until else ""
    return "".join([what, f": {of}" if of else "", f", {when}" if when else ""])


def _draw(make: Callable[[Engine], Picture], output: str) -> int:
    from flows.asking import opened
    from flows.pictures import check_picture_name, save_picture

    check_picture_name(output)
    with opened() as engine:
        picture = make(engine)
    save_picture(picture, output)
    console.note(f"Drew {output}. {' '.join(picture.notes)}".rstrip())
    return EXIT_DONE
