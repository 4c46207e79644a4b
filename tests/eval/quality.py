"""Measures extraction against annotated articles and keeps the floors under it.

    python tests/eval/quality.py                  print the figures beside their floors
    python tests/eval/quality.py --pin            raise the floors to the figures, less a margin
    python tests/eval/quality.py --pin --lower    lower them too: say why in the commit

`golden` are this project's own articles (tests/golden), scored here. Where the annotated corpora lie beside the project (../shared/gold), its
scorer measures those too; they are not part of the project. Each set is pinned with its digest: changed annotations need new floors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from dateline import Extractor
from dateline.jsonl import article_from_line, dumps, event_to_json, extraction_to_json

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
GOLDEN = HERE.parent / "golden" / "articles.jsonl"
SHARED = HERE.parents[2] / "shared" / "gold"
SHARED_SETS = ("dev", "seeds", "press_dev")
MARGIN = 0.02


def available() -> dict[str, Path]:
    """Return the annotated sets that are here."""
    shared = {name: SHARED / f"{name}.jsonl" for name in SHARED_SETS if (SHARED / f"{name}.jsonl").is_file()}
    return {"golden": GOLDEN, **shared}


def measure(name: str, path: Path) -> dict[str, float]:
    """Return found, dated and row F1 of the set; the golden set has no row figure."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    extractions = list(Extractor().extract(article_from_line(line, n) for n, line in enumerate(lines, 1)))
    if name == "golden":
        return score_golden([json.loads(line) for line in lines], [[event_to_json(e) for e in x.events] for x in extractions])
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        out.writelines(dumps(extraction_to_json(x)) + "\n" for x in extractions)
        out.flush()
        done = subprocess.run([sys.executable, str(SHARED / "score.py"), str(path), out.name, "--json"], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)["all"]
    return {key: figures[key]["f"] for key in ("found", "dated", "row")} | {"found_precision": figures["found"]["p"]}


def score_golden(articles: list[dict], predicted: list[list[dict]]) -> dict[str, float]:
    """Score as ../shared/gold/score.py does in outline: same type and a trigger that touches; dated if both ends are equal too."""
    found = dated = gold = guessed = 0
    for article, events in zip(articles, predicted, strict=True):
        gold += len(article["events"])
        guessed += len(events)
        free = list(events)
        for expected in article["events"]:
            match = max(
                (e for e in free if touches(article["text"], expected, e)), key=lambda e: (days_right(expected, e), names_shared(expected, e)), default=None
            )
            if match is not None:
                free.remove(match)
                found += 1
                dated += days_right(expected, match)
    return {"found": f1(found, guessed, gold), "dated": f1(dated, guessed, gold), "found_precision": round(found / guessed, 4) if guessed else 0.0}


def touches(text: str, expected: dict, event: dict) -> bool:
    """Whether an event of the expected type has the expected trigger (or its other one) among its evidence."""
    wanted = {expected["trigger"], expected.get("also_trigger", expected["trigger"])}
    return expected["type"] == event["type"] and any(w in text[e["start"] : e["end"]] or e["text"] in w for e in event["evidence"] for w in wanted)


def days_right(expected: dict, event: dict) -> bool:
    """Whether both ends are those expected, or those of another reading that the annotation allows."""
    return [event["start"], event["end"]] in [[expected["start"], expected["end"]], *expected.get("also_dates", [])]


def names_shared(expected: dict, event: dict) -> int:
    """Count the expected participants that the event names."""
    return sum(any(name in p["name"] or p["name"] in name for p in event["participants"]) for name in expected["participants"])


def f1(hits: int, predicted: int, gold: int) -> float:
    """Return the harmonic mean of precision and recall, to four places."""
    return round(2 * hits / (predicted + gold), 4) if predicted + gold else 0.0


def digest(path: Path) -> str:
    """Return what names this version of a set's annotations."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def main() -> None:
    """Print the figures; pin them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", action="store_true")
    args = parser.parse_args()
    floors = json.loads(FLOORS.read_text()) if FLOORS.is_file() else {}
    for name, path in available().items():
        figures, old = measure(name, path), floors.get(name, {}).get("floors", {})
        print(name, " ".join(f"{k} {v:.3f} (floor {old.get(k, 0.0):.3f})" for k, v in figures.items()))
        if args.pin:
            wanted = {k: round(max(0.0, v - MARGIN), 3) for k, v in figures.items()}
            kept = wanted if args.lower else {k: max(v, old.get(k, 0.0)) for k, v in wanted.items()}
            floors[name] = {"digest": digest(path), "floors": kept}
    if args.pin:
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
