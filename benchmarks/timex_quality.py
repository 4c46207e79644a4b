"""How well the date grammar does on an annotated corpus, and how much of it was fitted: the accuracy table of docs/dates.md.

    python benchmarks/timex_quality.py ../shared/timex/timebank.jsonl [--folds 5] [--domain narrative]

Here: tagging the corpus, scoring it with the corpus's own score.py, and cross-validation of what was chosen on data: the three weights of
dateline/timex/direction.py and which rules are worth keeping. In each fold both are chosen again on the other folds alone.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import itertools
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from dateline.records import DocumentTime
from dateline.resources import resources_for
from dateline.timex import direction
from dateline.timex.tag import tag_text

Record = dict[str, Any]
WEIGHTS = tuple(itertools.product((4.0, 6.0, 10.0), (1.0, 2.0, 3.0), (0.3, 0.5, 1.0)))


def load_scorer(corpus: Path) -> ModuleType:
    """Import score.py from beside the corpus."""
    spec = importlib.util.spec_from_file_location("timex_score", corpus.parent / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"Cannot score {corpus}: no score.py beside it.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(corpus: Path) -> list[Record]:
    """Return the corpus's articles."""
    return [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines() if line.strip()]


def tag(articles: list[Record], domain: str = "news") -> dict[str, list[Record]]:
    """Return each article's predictions in the scorer's form."""
    resources = resources_for()
    found = {}
    for article in articles:
        day = date.fromisoformat(article["dct"][:10]) if article.get("dct") else None
        time = DocumentTime(day, "metadata" if day else "none", day, day)
        timexes = tag_text(article["text"], time, domain=domain, resources=resources)
        found[article["doc_id"]] = [{"start": t.start, "end": t.end, "type": t.type, "value": t.value, "rule": t.rule} for t in timexes]
    return found


def measure(score: ModuleType, articles: list[Record], found: dict[str, list[Record]], without: frozenset[str] = frozenset()) -> list[dict[str, int]]:
    """Return the scorer's counts, one article each, leaving out the rules in `without`."""
    return [score.doc_counts(a["timexes"], [t for t in found[a["doc_id"]] if t["rule"] not in without]) for a in articles]


def poor_rules(score: ModuleType, articles: list[Record], found: dict[str, list[Record]]) -> frozenset[str]:
    """Return the rules whose share of right values lies below half of F1: leaving those out raises F1."""
    tried: dict[str, list[int]] = {}
    for article in articles:
        predicted = found[article["doc_id"]]
        for timex in predicted:
            tried.setdefault(timex["rule"], [0, 0])[1] += 1
        for gold, timex in score.align(article["timexes"], predicted):
            tried[timex["rule"]][0] += gold["value"] == timex["value"]
    return frozenset(rule for rule, (right, of) in tried.items() if of >= 3 and right / of < 0.4)


def cross_validate(score: ModuleType, articles: list[Record], folds: int) -> dict[str, Any]:
    """Return the pooled scores of all folds, each tagged with what the other folds chose."""
    runs = []
    for weights in WEIGHTS:
        direction.AGAINST, direction.BESIDE, direction.BEHIND = weights
        runs.append(tag(articles))
    counts = []
    for fold in range(folds):
        inside = [a for a in articles if _fold(a, folds) == fold]
        outside = [a for a in articles if _fold(a, folds) != fold]
        best = max(runs, key=lambda run: score.summarise(measure(score, outside, run))["value"]["f1"])
        counts += measure(score, inside, best, poor_rules(score, outside, best))
    result: dict[str, Any] = score.summarise(counts)
    return result


def _fold(article: Record, folds: int) -> int:
    return int(hashlib.sha1(article["doc_id"].encode(), usedforsecurity=False).hexdigest(), 16) % folds


def show(label: str, result: dict[str, Any]) -> None:
    """Print one line of the table."""
    print(f"{label:24}", "  ".join(f"{key} {100 * result[key]['f1']:.1f}" for key in ("strict", "relaxed", "value", "date_value", "interval")))


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--domain", default="news")
    arguments = parser.parse_args()
    score, articles = load_scorer(arguments.corpus), read(arguments.corpus)
    show(arguments.corpus.stem, score.summarise(measure(score, articles, tag(articles, arguments.domain))))
    if arguments.folds:
        show(f"{arguments.folds}-fold", cross_validate(score, articles, arguments.folds))


if __name__ == "__main__":
    main()
