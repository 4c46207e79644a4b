"""Commands for whoever runs Dateline: serve, deploy, checks, doctor.

Here: options, and starting a Prefect server beside `serve`. Not here: what is registered (flows.deploying), what is checked (flows.doctor,
flows.database_checks).
"""

from __future__ import annotations

import os
from pathlib import Path

import typer

from dateline.errors import EXIT_DONE, EXIT_ITEMS_FAILED, UsageError
from flows import console
from flows.prefect_server import server, wait_for

AS_JSON = typer.Option(False, "--json", help="One JSON array.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: dateline serve --port 4200")(serve)
    app.command(epilog="Example: PREFECT_API_URL=http://127.0.0.1:4200/api dateline deploy")(deploy)
    app.command(epilog="Example: dateline checks --json")(checks)
    app.command(epilog="Example: dateline doctor")(doctor)


def serve(
    port: int = typer.Option(4200, min=1, max=65535, help="Port of the UI, on this machine only."),
    seconds: float | None = typer.Option(None, hidden=True, help="Stop after this long."),
) -> int:
    """Run the schedules in this process, with Prefect's UI beside it, until Ctrl-C. Nothing else needs to be set up."""
    from flows.configuration import prepare_prefect, settings

    _fix_paths()
    settings()
    prepare_prefect()
    with server(port) as address:
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        console.note(f"Schedules run; the UI is at {address}. Ctrl-C ends it.")
        from prefect import serve as serve_deployments

        from flows.deploying import served

        if seconds is not None:
            _stop_after(seconds)
        serve_deployments(*served(), limit=1, print_starting_message=False)
    return EXIT_DONE


def deploy(webhook: str | None = typer.Option(None, envvar="DATELINE_FAILURE_WEBHOOK", show_envvar=True, help="Address that failures are posted to.")) -> int:
    """Register deployments, work pool, concurrency limits and automations on the Prefect server of PREFECT_API_URL."""
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        raise UsageError("Cannot deploy: PREFECT_API_URL is not set. Set it to your server's /api address, or use `dateline serve`, which needs none.")
    wait_for(address, 10.0)
    from flows.configuration import settings
    from flows.deploying import POOL
    from flows.deploying import deploy as register_all

    if settings().address.startswith("sqlite:///") and not settings().address.startswith("sqlite:////"):
        console.note("dateline: workers run in folders of their own: give them DATELINE_DATABASE_URL with an absolute path, or Postgres.")
    for line in register_all(webhook):
        console.out(line)
    console.out(f"Next: prefect worker start --pool {POOL}, then: prefect deployment run pipeline/pipeline")
    return EXIT_DONE


def checks(as_json: bool = AS_JSON) -> int:
    """Judge the whole database, store the verdicts, and print them."""
    from flows.asking import opened
    from flows.configuration import settings
    from flows.database_checks import check_database
    from flows.ingest import registered
    from flows.running import store_checks

    with opened() as engine:
        found = check_database(engine, sources=registered(settings()))
        store_checks(engine, found, 10.0)
    columns = ("name", "severity", "passed", "value", "threshold", "message")
    console.print_rows(columns, [[getattr(c, name) for name in columns] for c in found], form="json" if as_json else "table")
    return EXIT_ITEMS_FAILED if any(not c.passed and c.severity == "error" for c in found) else EXIT_DONE


def doctor(as_json: bool = AS_JSON) -> int:
    """Look at versions, model, database, Prefect, disk and clock, and say how to mend what is wrong."""
    from flows.doctor import examine

    found = examine()
    columns = ("what", "ok", "found", "fix")
    rows = [(d.what, d.ok, d.found, d.fix) for d in found]
    if as_json:
        console.print_rows(columns, rows, form="json")
    else:
        console.print_table(("what", "verdict", "found"), [(d.what, "ok" if d.ok else "PROBLEM", d.found) for d in found])
        for d in found:
            if not d.ok:
                console.out(f"{d.what}: {d.fix}")
    return next((d.exit_code for d in found if not d.ok), EXIT_DONE)


def _fix_paths() -> None:
    """Make the paths among the settings absolute: scheduled runs start in folders of their own."""
    from flows.configuration import DEFAULT_DATABASE

    given = os.environ.get("DATELINE_DATABASE_URL") or DEFAULT_DATABASE
    if given.startswith("sqlite:///") and not given.startswith("sqlite:////") and given != "sqlite:///:memory:":
        os.environ["DATELINE_DATABASE_URL"] = f"sqlite:///{Path(given.removeprefix('sqlite:///')).absolute()}"
    for name, default in (("DATELINE_SOURCES", "sources.toml"), ("DATELINE_CACHE", ".dateline/cache"), ("DATELINE_RESOURCES", "")):
        value = os.environ.get(name) or default
        missing = name not in os.environ and name == "DATELINE_SOURCES" and not Path(value).is_file()  # a registry that is named must be there
        if value and value != "off" and not missing:
            os.environ[name] = str(Path(value).absolute())


def _stop_after(seconds: float) -> None:
    import signal
    import threading

    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
