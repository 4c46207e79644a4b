"""The command `explore`: the database in a browser, on this machine.

Here: options and the server's life. Not here: what it shows (flows.explore).
"""

from __future__ import annotations

import typer

from dateline.errors import EXIT_DONE
from flows import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: dateline explore --open")(explore)


def explore(
    host: str = typer.Option("127.0.0.1", help="Address to listen on. Only this machine can reach the default."),
    port: int = typer.Option(8321, min=1, max=65535, help="Port to listen on."),
    open_browser: bool = typer.Option(False, "--open", help="Open the browser."),
) -> int:
    """Browse the database read-only: tables with facets, ready queries, articles with their events marked (SQLite)."""
    from flows.asking import opened
    from flows.configuration import settings
    from flows.explore import build_server

    with opened():
        server = build_server(settings().address)
    import uvicorn

    address = f"http://{host}:{port}/"
    console.note(f"Exploring {settings().shown_address} at {address}; Ctrl-C ends.")
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    uvicorn.run(server.app(), host=host, port=port, log_level="warning", lifespan="off")
    return EXIT_DONE
