"""Extraction beside spaCy's own full pipeline, in one process on one core: articles per second, and what the sentence filter costs.

    taskset -c 0 .venv/bin/python benchmarks/extraction_speed.py ARTICLES.jsonl[.xz] [--articles 300] [--runs 5] [--filter 500]

Runs alternate (ours, spaCy's, ours, ...), start-up is excluded, and the figure to quote is the median of the ratios: machines are noisy, and a
ratio within one run is not. spaCy runs in a process of its own, at its defaults, which Dateline's settings do not reach, and once more with the
matrix products that Dateline uses (numpy's), so that what our own work gains is seen apart. Use one core (`taskset -c 0`); the numeric libraries
are told to use one thread. `--workers` compares two processes with one instead (both cores then).
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import itertools
import lzma
import resource
import statistics
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import spacy
from thinc.api import NumpyOps, set_current_ops

from dateline import Extractor
from dateline.jsonl import article_from_line
from dateline.records import Article

WARM = 256  # articles that fill the workers' queues before the clock starts


def read_articles(path: Path, wanted: int) -> list[Article]:
    """Return `wanted` articles spread evenly over the file."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as stream:
        lines = [line for line in stream if line.strip()]
    step = max(1, len(lines) // wanted)
    return [article_from_line(line, n) for n, line in enumerate(lines[::step][:wanted], 1)]


def seconds(work) -> float:
    """Return the wall seconds that calling `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spacy_beside(connection: Connection, model: str, texts: list[str], *, numpy_products: bool) -> None:
    """Time spaCy's full pipeline on the texts whenever something is received; the body of a process of its own."""
    if numpy_products:
        set_current_ops(NumpyOps(use_blis=False))
    full = spacy.load(model)

    def work() -> None:
        for _ in full.pipe(texts):
            pass

    work()
    while connection.recv():
        connection.send(seconds(work))


class Beside:
    """spaCy's pipeline in a process of its own."""

    def __init__(self, model: str, texts: list[str], *, numpy_products: bool) -> None:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=spacy_beside, args=(theirs, model, texts), kwargs={"numpy_products": numpy_products}, daemon=True)
        self._process.start()

    def seconds(self) -> float:
        """Return the wall seconds of one run over the texts."""
        self._connection.send(True)
        return float(self._connection.recv())

    def close(self) -> None:
        """End the process."""
        self._connection.send(False)
        self._process.join()


def compare_speed(articles: list[Article], runs: int) -> None:
    """Print articles per second of all three, and the ratios, over alternating runs."""
    extractor = Extractor()
    texts = [a.text for a in articles]
    others = {name: Beside(extractor.settings.model, texts, numpy_products=n) for name, n in (("spaCy at its defaults", False), ("spaCy with numpy", True))}

    def ours() -> None:
        for _ in extractor.extract(articles):
            pass

    ours()
    for other in others.values():
        other.seconds()  # waits until it has started
    measured = [(seconds(ours), *(other.seconds() for other in others.values())) for _ in range(runs)]
    for other in others.values():
        other.close()
    print(f"{len(articles)} articles, {sum(len(t.split()) for t in texts) / len(texts):.0f} words each, {runs} alternating runs")
    print(f"  {'Dateline':25s}{len(articles) / statistics.median(m[0] for m in measured):7.1f} articles/s (median)")
    for k, name in enumerate(others, 1):
        ratios = sorted(m[k] / m[0] for m in measured)
        print(f"  {name:25s}{len(articles) / statistics.median(m[k] for m in measured):7.1f} articles/s (median)", end="")
        print(f"   Dateline is {statistics.median(ratios):.2f} times as fast (min {ratios[0]:.2f}, max {ratios[-1]:.2f})")
    print(f"  peak memory of Dateline  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")


def compare_workers(articles: list[Article], runs: int) -> None:
    """Print how much faster two worker processes are than one, start-up excluded."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(runs):
        for workers, found in rates.items():
            stream = Extractor(workers=workers).extract(itertools.chain(articles[:WARM], articles))
            for _ in itertools.islice(stream, WARM):
                pass
            found.append(len(articles) / seconds(lambda: sum(1 for _ in stream)))  # noqa: B023 - called at once
    ratios = sorted(b / a for a, b in zip(rates[1], rates[2], strict=True))
    print(f"two workers are {statistics.median(ratios):.2f} times as fast as one (min {ratios[0]:.2f}, max {ratios[-1]:.2f}; {len(articles)} articles)")


def compare_filter(articles: list[Article]) -> None:
    """Print how many events differ between the filtered run and the one that parses every sentence."""
    filtered, whole = (
        {(x.doc_id, e.type, e.evidence[0].start, e.start, e.end, e.status) for x in Extractor(chunked=c).extract(articles) for e in x.events}
        for c in (True, False)
    )
    differing = len(filtered ^ whole)
    print(f"filter on and off, {len(articles)} articles: {len(whole)} events, {differing} differ ({100 * differing / max(1, len(whole)):.2f} %)")


def main() -> None:
    """Read the arguments and print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, help="JSON Lines in the extraction contract's input form, plain or .xz")
    parser.add_argument("--articles", dest="count", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", action="store_true", help="compare two workers with one, and nothing else")
    parser.add_argument("--filter", type=int, default=500, help="articles for the comparison with the filter off; 0 leaves it out")
    args = parser.parse_args()
    if args.workers:
        compare_workers(read_articles(args.articles, args.count), args.runs)
        return
    compare_speed(read_articles(args.articles, args.count), args.runs)
    if args.filter:
        compare_filter(read_articles(args.articles, args.filter))


if __name__ == "__main__":
    main()
