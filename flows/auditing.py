"""Judging a sample by hand: the sheet, and what a judged sheet says of precision.

Here: a seeded random sample of events as CSV with empty columns for verdicts, and Wilson's score interval (Wilson 1927), which stays inside
0..1 for small samples. Not here: measuring against a gold standard, which is for the library's developers.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from dateline.errors import UsageError
from flows.console import as_csv

SHOWN = ("event_id", "event_type", "start_date", "end_date", "status", "participants", "place_name", "title", "trigger", "quote", "content", "source", "url")
JUDGED = ("right_event", "right_date", "right_participants", "right_place", "right_status")
YES, NO = frozenset({"y", "yes", "1", "true", "j", "ja", "x"}), frozenset({"n", "no", "0", "false", "nein"})
Z95 = 1.959964


def draw(engine: Engine, size: int, seed: int) -> list[dict[str, Any]]:
    """Return a random sample of events, each with its first report; the same for the same database and seed."""
    with engine.connect() as connection:
        ids = sorted(connection.execute(text("SELECT event_id FROM v_events")).scalars())
        chosen = sorted(random.Random(seed).sample(ids, min(size, len(ids))))
        return [_row(connection, event_id) for event_id in chosen]


def _row(connection: Any, event_id: str) -> dict[str, Any]:
    found = connection.execute(
        text(
            'SELECT e.event_id, e.event_type, e.start_date, e.end_date, e.status, e.participants, e.place_name, e.title, r."trigger" AS "trigger", '
            "r.quote, r.content, r.source, r.url FROM v_events e JOIN v_reports r ON r.event_id = e.event_id "
            "WHERE e.event_id = :id ORDER BY r.published_on IS NULL, r.published_on, r.report_id LIMIT 1"
        ),
        {"id": event_id},
    )
    return dict(found.mappings().one())


def write_sheet(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the sheet: what was found, and empty columns for verdicts."""
    path.write_text(as_csv((*SHOWN, *JUDGED), [[*(row[name] for name in SHOWN), *("" for _ in JUDGED)] for row in rows]), encoding="utf-8")


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Return the rows of a judged sheet. Raises UsageError where it is none, or a verdict is neither y nor n."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"Cannot read {path}: {error}. Name a sheet that `dateline audit` wrote.") from error
    missing = [name for name in JUDGED if not rows or name not in rows[0]]
    if missing:
        raise UsageError(f"Cannot score {path}: the column {missing[0]} is missing. Name a sheet that `dateline audit` wrote.")
    for number, row in enumerate(rows, 2):
        for name in JUDGED:
            value = (row[name] or "").strip().lower()
            if value and value not in YES | NO:
                raise UsageError(f"Cannot score {path}:{number}: {name} is {value!r}. Write y, n, or nothing where it cannot be judged.")
    return rows


def verdicts(rows: Sequence[dict[str, str]]) -> list[tuple[str, int, int, float | None, str]]:
    """Return (what, right, judged, precision, interval) for each column. Of an event that is wrong nothing else is judged."""
    found = []
    for name in JUDGED:
        judged = [(row[name] or "").strip().lower() for row in rows if name == "right_event" or (row["right_event"] or "").strip().lower() in YES]
        judged = [value for value in judged if value]
        right = sum(value in YES for value in judged)
        low, high = wilson(right, len(judged))
        share = right / len(judged) if judged else None
        found.append((name.removeprefix("right_"), right, len(judged), share, f"{low:.2f}..{high:.2f}" if judged else "-"))
    return found


def wilson(right: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a share; (0, 1) where nothing was judged.

    >>> tuple(round(x, 3) for x in wilson(45, 50))
    (0.786, 0.957)
    """
    if total == 0:
        return 0.0, 1.0
    share = right / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
