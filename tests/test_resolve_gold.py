from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dateline.jsonl import dumps, extraction_from_line
from dateline.resolve import canonical_to_json, resolve_extractions

GOLD = Path(__file__).resolve().parents[1] / "../shared/gold"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated articles are not beside the project")]
LEAST_B_CUBED, LEAST_PAIR_PRECISION = 0.90, 0.95


def extracted(name: str) -> list[str]:
    command = [sys.executable, str(GOLD / "as_extracted.py"), str(GOLD / name)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def resolved(name: str) -> list[dict[str, object]]:
    lines = extracted(name)
    return [canonical_to_json(e) for e in resolve_extractions(extraction_from_line(line, n) for n, line in enumerate(lines, 1)).events]


def test_press_clusters_keep_their_floor(tmp_path: Path) -> None:
    out = tmp_path / "resolved.jsonl"
    out.write_text("\n".join(dumps(e) for e in resolved("press_dev.jsonl")), encoding="utf-8")
    command = [sys.executable, str(GOLD / "score_clusters.py"), str(GOLD / "press_dev_clusters.json"), str(out)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = {line[:24].strip(): line.split() for line in told.splitlines()}
    linked, pairs = rows["B-cubed, linked reports"], rows["pairs                   ".strip()]
    assert float(linked[linked.index("F1") + 1]) >= LEAST_B_CUBED, told
    assert float(pairs[pairs.index("P") + 1]) >= LEAST_PAIR_PRECISION, told


def test_seeds_madrid_is_one_summit_of_both_articles_and_the_trilateral_stands_once() -> None:
    events = resolved("seeds.jsonl")
    summits = {str(e["title"]): e for e in events if e["type"] == "summit"}
    madrid = next(e for title, e in summits.items() if "Madrid" in title)
    assert len({r["doc_id"] for r in json.loads(json.dumps(madrid["reports"]))}) == 2
    assert sum("Vilnius" in title for title in summits) == 1
    trilateral = [e for e in events if e["type"] == "meeting" and "Joe Biden" in dumps({"p": e["participants"]})]
    assert len(trilateral) == 1
    assert len(json.loads(json.dumps(trilateral[0]["reports"]))) == 1
