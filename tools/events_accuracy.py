"""Print the accuracy table of docs/events.md: `python tools/events_accuracy.py ../shared/gold`.

Found, dated and row F1 with 95 % intervals (1,000 bootstrap samples of articles, fixed seed) on the annotated articles; dev.jsonl also by halves:
articles whose sha1(doc_id) is even were in view while the rules were written, the odd ones were not.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dateline.extract import Extractor
from dateline.jsonl import article_from_line, event_to_json

SAMPLES, SEED = 1000, 1
MEASURES = ("found", "dated", "row")
Counts = dict[str, int]


def load_scorer(folder: Path) -> Any:
    """Import score.py of the gold folder."""
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    if spec is None or spec.loader is None or not (folder / "score.py").is_file():
        raise SystemExit(f"Cannot import {folder / 'score.py'}: no such file. Name the folder of the annotated articles.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def count(scorer: Any, gold: dict[str, Any], predicted: list[dict[str, Any]]) -> Counts:
    """Return what one article adds to each figure, counted as score.py counts."""
    pairs = scorer.pair(gold["events"], predicted, gold["sentences"])
    doubtful = {j for i, j in pairs if gold["events"][i].get("doubt")}
    c = {"gold": sum(not e.get("doubt") for e in gold["events"]), "predicted": len(predicted) - len(doubtful), **dict.fromkeys(MEASURES, 0)}
    for i, j in pairs:
        if j in doubtful:
            continue
        g, p = gold["events"][i], predicted[j]
        dated = scorer.dates_equal(g, p)
        f1 = scorer.participant_f1(g["participants"], p["participants"])
        c["found"] += 1
        c["dated"] += dated
        c["row"] += dated and scorer.place_right(g, p) and g["status"] == p["status"] and f1 >= 0.5
    return c


def f1(parts: Sequence[Counts], measure: str) -> float:
    """Return the F1 of one measure over articles."""
    hits, total = sum(p[measure] for p in parts), sum(p["gold"] + p["predicted"] for p in parts)
    return 2 * hits / total if total else 1.0


def interval(parts: Sequence[Counts], measure: str) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the F1."""
    dice = random.Random(SEED)
    drawn = sorted(f1([dice.choice(parts) for _ in parts], measure) for _ in range(SAMPLES))
    return drawn[round(0.025 * SAMPLES)], drawn[round(0.975 * SAMPLES) - 1]


def is_odd(doc_id: str) -> bool:
    """Say whether the article was kept unread."""
    return int(hashlib.sha1(doc_id.encode()).hexdigest(), 16) % 2 == 1


def main() -> None:
    """Extract, count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    folder = parser.parse_args().gold
    scorer, extractor = load_scorer(folder), Extractor()
    counted: dict[str, list[tuple[str, Counts]]] = {}
    for name in ("dev", "press_dev", "seeds"):
        lines = [line for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()]
        articles = (article_from_line(line, n) for n, line in enumerate(lines, 1))
        for line, extraction in zip(lines, extractor.extract(articles), strict=True):
            gold = json.loads(line)
            counts = count(scorer, gold, [event_to_json(e) for e in extraction.events])
            counted.setdefault(name, []).append((gold["doc_id"], counts))
    rows: dict[str, tuple[str, Callable[[str], bool]]] = {
        "dev, unread half": ("dev", is_odd),
        "dev, half in view": ("dev", lambda d: not is_odd(d)),
        "dev": ("dev", lambda _: True),
        "press_dev": ("press_dev", lambda _: True),
        "seeds": ("seeds", lambda _: True),
    }
    out = sys.stdout
    out.write("| set | articles | events | precision | recall | found F1 | dated F1 | row F1 |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
    for label, (name, wanted) in rows.items():
        parts = [c for d, c in counted[name] if wanted(d)]
        gold, predicted, found = (sum(p[k] for p in parts) for k in ("gold", "predicted", "found"))
        cells = [f"{f1(parts, m):.2f} ({interval(parts, m)[0]:.2f}-{interval(parts, m)[1]:.2f})" for m in MEASURES]
        out.write(f"| {label} | {len(parts)} | {gold} | {found / predicted:.2f} | {found / gold:.2f} | {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
