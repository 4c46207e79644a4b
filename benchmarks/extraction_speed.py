"""Extraction beside spaCy's own full pipeline, in one process on one core: articles per second, and what the sentence filter costs.

    taskset -c 0 .venv/bin/python benchmarks/extraction_speed.py ARTICLES.jsonl[.xz] [--articles 300] [--runs 5] [--filter 500]

Runs alternate (ours, spaCy's, ours, ...), start-up is excluded, and the figure to quote is the median of the ratios: machines are noisy, and a
ratio within one run is not. Use one core (`taskset -c 0`); the numeric libraries are told to use one thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import lzma
import resource
import statistics
import time
from pathlib import Path

import spacy

from dateline import Extractor
from dateline.jsonl import article_from_line
from dateline.records import Article


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


def compare_speed(articles: list[Article], runs: int) -> None:
    """Print articles per second of both, and their ratio, over alternating runs."""
    extractor = Extractor()
    full = spacy.load(extractor.settings.model)
    texts = [a.text for a in articles]

    def ours() -> None:
        for _ in extractor.extract(articles):
            pass

    def theirs() -> None:
        for _ in full.pipe(texts):
            pass

    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    ratios = sorted(t / o for o, t in pairs)
    print(f"{len(articles)} articles, {sum(len(t.split()) for t in texts) / len(texts):.0f} words each, {runs} alternating runs")
    print(f"  Dateline           {len(articles) / statistics.median(o for o, _ in pairs):7.1f} articles/s (median)")
    print(f"  spaCy's pipeline   {len(articles) / statistics.median(t for _, t in pairs):7.1f} articles/s (median)")
    print(f"  ratio              {statistics.median(ratios):7.2f} (min {ratios[0]:.2f}, max {ratios[-1]:.2f})")
    print(f"  peak memory        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB, both pipelines loaded")


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
    parser.add_argument("--filter", type=int, default=500, help="articles for the comparison with the filter off; 0 leaves it out")
    args = parser.parse_args()
    compare_speed(read_articles(args.articles, args.count), args.runs)
    if args.filter:
        compare_filter(read_articles(args.articles, args.filter))


if __name__ == "__main__":
    main()
