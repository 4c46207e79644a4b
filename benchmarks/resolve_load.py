"""Load many clustered reports into a database, with known truth: articles a processor second from the first load to the last.

    python benchmarks/resolve_load.py [--reports 20000] [--load-size 200] [--order random|days]

The reports are those of resolve_scale.py, one an article, without extraction: what is measured is finding neighbourhoods, resolving and writing.
The database is a SQLite file in an empty folder; DATELINE_DATABASE_URL names another one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import date

from resolve_scale import accuracy, generate
from sqlalchemy import select

from dateline.records import Article, Extraction, Report, Versions
from dateline.resolve import blocking_keys, keys_version, neighbourhood, resolve
from models.engine import open_engine
from models.inputs import EventType, Extracted, Incoming, Resolving
from models.load import open_load
from models.migrate import upgrade
from models.tables import report as report_table

RESOLVING = Resolving(blocking_keys, neighbourhood, resolve, keys_version())
TYPES = tuple(EventType(name) for name in ("summit", "meeting", "agreement", "statement"))
PARTS = 8


def article_of(report: Report) -> tuple[Incoming, Extracted]:
    """Return the report's article with what was found in it."""
    published = report.published.isoformat() if report.published else None
    given = Article(report.key.doc_id, report.event.evidence[0].quote, published, report.article_title, report.source)
    key = f"{report.source}|{report.key.doc_id}"
    one = Incoming(report.report_id, key, hashlib.sha256(f"{key}{given.text}".encode()).hexdigest(), given)
    found = Extraction(1, given.doc_id, report.published, "metadata", "en", (report.event,), title=given.title, source=given.source)
    return one, Extracted(one.article_id, found, (report.report_id,))


def main() -> None:
    """Print one line a part of the loads, then what was stored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--load-size", type=int, default=200)
    parser.add_argument("--order", choices=("random", "days"), default="random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reports, truth = generate(options.reports, options.seed)
    if options.order == "days":
        reports.sort(key=lambda r: (r.published or date.min, r.report_id))
    url = os.environ.get("DATELINE_DATABASE_URL") or f"sqlite:///{tempfile.mkdtemp(prefix='dateline-load-')}/events.db"
    upgrade(url)
    engine = open_engine(url)
    per_part = max(1, len(reports) // PARTS)
    for start in range(0, len(reports), per_part):
        part = reports[start : start + per_part]
        wall, cpu = time.perf_counter(), time.process_time()
        for at in range(0, len(part), options.load_size):
            pairs = [article_of(r) for r in part[at : at + options.load_size]]
            with open_load(engine, versions=Versions("1", "made up", "1"), resolving=RESOLVING, event_types=TYPES) as load:
                load.add([one for one, _ in pairs], [found for _, found in pairs])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{start + len(part)} reports stored: {len(part) / cpu:.0f} articles a processor second ({len(part) / wall:.0f} by the clock)", flush=True)
    with engine.connect() as connection:
        rows = connection.execute(select(report_table.c.event_id, report_table.c.report_id)).all()
    print(accuracy(groups_of(rows), truth))


def groups_of(rows: Sequence[object]) -> list[list[str]]:
    """Return the reports of each event."""
    groups: dict[str, list[str]] = {}
    for event_id, report_id in rows:  # type: ignore[attr-defined]
        groups.setdefault(event_id, []).append(report_id)
    return list(groups.values())


if __name__ == "__main__":
    main()
