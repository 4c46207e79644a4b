"""What `dateline doctor` looks at: versions, model, resources, database, Prefect, disk and clock, each with a way to mend it.

Here: one function per matter, each returning a `Diagnosis` and never raising. Not here: printing (flows.commands_operate).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from dateline.errors import EXIT_CONFIGURATION, EXIT_DATABASE, DatelineError
from flows.configuration import Settings, read_settings

PACKAGE = "dateline-events"
LEAST_FREE_BYTES = 1_000_000_000
MOST_CLOCK_SECONDS = 30.0
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One matter: whether it is well, what was found, how to mend it, and the exit code of docs/contract.md if it is not."""

    what: str
    ok: bool
    found: str
    fix: str = ""
    exit_code: int = EXIT_CONFIGURATION


def examine() -> list[Diagnosis]:
    """Return every diagnosis, in order."""
    try:
        chosen = read_settings()
    except DatelineError as error:
        return [_python(), _versions(), Diagnosis("settings", False, "a DATELINE_* variable cannot be used", error.message)]
    about: list[Callable[[Settings], Diagnosis]] = [_model, _resources, _database, _writer, _prefect, _disk, _clock]
    return [_python(), _versions(), Diagnosis("settings", True, f"database {chosen.shown_address}, model {chosen.model}, {chosen.workers} workers")] + [
        _safely(look, chosen) for look in about
    ]


def _safely(look: Callable[[Settings], Diagnosis], chosen: Settings) -> Diagnosis:
    try:
        return look(chosen)
    except DatelineError as error:
        return Diagnosis(look.__name__.strip("_"), False, error.code, error.message, error.exit_code)
    except Exception as error:  # noqa: BLE001 - the doctor must finish its round
        return Diagnosis(look.__name__.strip("_"), False, f"{type(error).__name__}: {error}"[:200], "Run again with DATELINE_DEBUG=1, and report it.")


def _python() -> Diagnosis:
    found = ".".join(map(str, sys.version_info[:3]))
    return Diagnosis("python", sys.version_info >= (3, 11), found, "Install Python 3.11 or later.")


def _versions() -> Diagnosis:
    from packaging.requirements import Requirement

    wrong = []
    try:
        needed = [Requirement(line) for line in requires(PACKAGE) or ()]
    except PackageNotFoundError:
        return Diagnosis("versions", False, "the package is not installed", "Run pip install . in the project's folder.")
    for need in needed:
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            if not need.specifier.contains(version(need.name), prereleases=True):
                wrong.append(f"{need.name} {version(need.name)} (needs {need.specifier})")
        except PackageNotFoundError:
            wrong.append(f"{need.name} missing")
    main = ", ".join(f"{name} {version(name)}" for name in ("prefect", "spacy", "sqlalchemy") if name not in " ".join(wrong))
    return Diagnosis("versions", not wrong, "; ".join(wrong) or f"{PACKAGE} {version(PACKAGE)}, {main}", "pip install --require-hashes -r requirements.lock")


def _model(chosen: Settings) -> Diagnosis:
    from flows.extraction import versions_of

    return Diagnosis("model", True, versions_of(chosen.model, chosen.resources)[1])


def _resources(chosen: Settings) -> Diagnosis:
    from dateline.resources import resources_for

    return Diagnosis(
        "resources", True, f"lexicon {resources_for('en', chosen.resources).version}" + (f", overlay {chosen.resources}" if chosen.resources else "")
    )


def _database(chosen: Settings) -> Diagnosis:
    from models.engine import open_engine
    from models.migrate import current, require_current

    engine = open_engine(chosen.address)
    try:
        require_current(engine)
        return Diagnosis("database", True, f"{chosen.shown_address} at revision {current(engine)}")
    finally:
        engine.dispose()


def _writer(chosen: Settings) -> Diagnosis:
    from models.engine import open_engine
    from models.lock import current_writer

    engine = open_engine(chosen.address)
    try:
        holder = current_writer(engine)
    finally:
        engine.dispose()
    return Diagnosis("writer", True, "nobody writes" if holder is None else str(holder), exit_code=EXIT_DATABASE)


def _prefect(_chosen: Settings) -> Diagnosis:
    import httpx

    address = os.environ.get("PREFECT_API_URL")
    if not address:
        return Diagnosis("prefect", True, f"prefect {version('prefect')}, no PREFECT_API_URL: each run has a server of its own")
    try:
        status = httpx.get(f"{address.rstrip('/')}/health", timeout=5.0).status_code
    except httpx.HTTPError as error:
        return Diagnosis("prefect", False, f"{address}: {type(error).__name__}", "Start it with `prefect server start`, or correct or unset PREFECT_API_URL.")
    return Diagnosis("prefect", status == 200, f"{address} answers {status}", "Look at the server's log; behind a proxy check the path /api.")


def _disk(chosen: Settings) -> Diagnosis:
    folder = Path(chosen.address.removeprefix("sqlite:///")).absolute().parent if chosen.address.startswith("sqlite:///") else Path.cwd()
    free = shutil.disk_usage(folder).free
    fix = f"Free at least {LEAST_FREE_BYTES // 10**9} GB, or move the database."
    return Diagnosis("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free in {folder}", fix, EXIT_DATABASE)


def _clock(chosen: Settings) -> Diagnosis:
    """Compare this machine's clock with the database's or the Prefect server's, where there is one."""
    now = datetime.now(UTC)
    if now < EARLIEST:
        return Diagnosis("clock", False, now.isoformat(timespec="seconds"), "The clock is years behind: set it, or start time synchronisation.")
    other = _other_clock(chosen)
    if other is None:
        return Diagnosis("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC, nothing to compare with")
    apart = abs((datetime.now(UTC) - other).total_seconds())
    return Diagnosis(
        "clock", apart <= MOST_CLOCK_SECONDS, f"{now:%Y-%m-%d %H:%M:%S} UTC, {apart:.0f} s from the server's", "Start time synchronisation on both."
    )


def _other_clock(chosen: Settings) -> datetime | None:
    if chosen.address.startswith("postgres"):
        from sqlalchemy import text

        from models.engine import open_engine

        engine = open_engine(chosen.address)
        try:
            with engine.connect() as connection:
                found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
                return found
        finally:
            engine.dispose()
    address = os.environ.get("PREFECT_API_URL")
    if not address:
        return None
    import httpx

    given = httpx.get(f"{address.rstrip('/')}/health", timeout=5.0).headers.get("date")
    return parsedate_to_datetime(given) if given else None
