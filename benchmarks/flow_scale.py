"""The whole flow on many articles: throughput of the first and the last quarter, memory, task runs, and a second run of the same input.

    python benchmarks/flow_scale.py ARTICLES.jsonl[.xz] [--articles 2000] [--plain]

--plain extracts and loads the same articles without Prefect: what the flow's overhead is measured against. Task runs are counted by Prefect's
server. DATELINE_DATABASE_URL names the database (default: a SQLite file in an empty folder). Times are processor seconds of this process, so that
a busy machine does not distort them; wall seconds are printed beside them.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

BATCH = 50  # as the flow has it


def main() -> None:
    """Run the benchmark and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--load-size", type=int, default=100)
    parser.add_argument("--plain", action="store_true")
    chosen = parser.parse_args()
    news = sample(chosen.file.resolve(), chosen.articles)
    os.chdir(news.parent)
    os.environ.setdefault("DATELINE_CACHE", "off")
    os.environ.setdefault("PREFECT_HOME", str(news.parent / "prefect"))
    from flows.commands_run import quieten

    quieten(verbose=False)
    if chosen.plain:
        print(json.dumps({"plain": timed(lambda: plain(news, chosen.load_size)), "peak_mb": peak_mb()}, indent=1))
        return
    from flows.pipeline import pipeline
    from flows.progress import listening

    moments: list[tuple[int, float]] = []
    with listening(lambda stage, done, _total: moments.append((done, time.process_time())) if stage == "load" else None):
        first = timed(lambda: pipeline(locations=[str(news)], load_size=chosen.load_size))
    first["task_runs"] = task_runs()
    second = timed(lambda: pipeline(locations=[str(news)]))
    faster = round(first["wall"] / second["wall"], 1)
    print(json.dumps({**figures(moments), "first": first, "second": second, "times_faster": faster, "peak_mb": peak_mb()}, indent=1))


def plain(news: Path, load_size: int) -> Any:
    """Extract and load the articles in batches and loads of the flow's sizes, and return the outcome."""
    from dateline.sources import read
    from flows.configuration import read_settings
    from flows.extraction import extract_batch
    from flows.running import Run

    articles: Any = read([str(news)])
    with Run.started(read_settings()) as run:
        while some := list(islice(articles, load_size)):
            prepared = run.plan_articles(some)
            for batch in prepared.batches(BATCH):
                run.take(prepared, extract_batch(batch, run.recipe))
            run.load(prepared)
        return run.outcome


def task_runs() -> int:
    """Return how many task runs Prefect's server has of the newest flow run; it records them a moment after they ran."""
    from prefect import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    time.sleep(10)
    with get_client(sync_client=True) as client:
        (newest,) = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
        where = FlowRunFilter(id={"any_": [newest.id]})
        return sum(len(client.read_task_runs(flow_run_filter=where, limit=200, offset=first)) for first in range(0, 2000, 200))


def sample(file: Path, number: int) -> Path:
    """Return a file of `number` lines drawn with a fixed seed, in random order, in an empty folder."""
    path = Path(tempfile.mkdtemp(prefix="dateline-scale-")) / "news.jsonl"
    with lzma.open(file, "rt", encoding="utf-8") if file.suffix == ".xz" else file.open(encoding="utf-8") as lines, path.open("w") as out:
        found = list(lines)
        out.writelines(random.Random(1).sample(found, min(number, len(found))))
    return path


def timed(call: Any) -> dict[str, Any]:
    """Return seconds and counts of a run."""
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = call()
    return {"wall": round(time.perf_counter() - wall, 1), "cpu": round(time.process_time() - cpu, 1), "loads": len(outcome.load_ids)} | outcome.counts.as_dict()


def figures(moments: list[tuple[int, float]]) -> dict[str, Any]:
    """Return articles a processor second in the first and last quarter, by the loads' ends; the first load, which loads the model, is left out."""
    quarter = max(1, (len(moments) - 1) // 4)
    rate = [(b[0] - a[0]) / (b[1] - a[1]) for a, b in (moments[: quarter + 1 : quarter], moments[-quarter - 1 :: quarter])]
    return {"first_quarter_per_cpu_s": round(rate[0], 2), "last_quarter_per_cpu_s": round(rate[1], 2), "ratio": round(rate[1] / rate[0], 2)}


def peak_mb() -> int:
    """Return this process's peak resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
