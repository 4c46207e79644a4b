"""The accuracy gate: floors a little below what the date grammar reaches on the annotated corpus beside the project (docs/dates.md).

Lower a floor only with a reason in the commit. The corpus's digest is pinned, so that a changed corpus is not taken for changed quality.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "../shared/timex/timebank.jsonl"
DIGEST = "22113bb19c417a9c4474ddedfb5df29d4f649ff76e8c40f993fc16ef514faedc"
FLOORS = {"strict": 0.898, "relaxed": 0.942, "value": 0.846, "date_value": 0.850, "interval": 0.893}
FOLDED = {"value": 0.840, "interval": 0.888}

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not CORPUS.is_file(), reason="the annotated corpus ../shared/timex is not beside the project")]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("timex_quality", ROOT / "benchmarks/timex_quality.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["timex_quality"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def articles(benchmark: ModuleType) -> list[dict[str, Any]]:
    return benchmark.read(CORPUS)


def test_corpus_is_the_one_that_the_floors_were_measured_on() -> None:
    assert hashlib.sha256(CORPUS.read_bytes()).hexdigest() == DIGEST


def test_scores_stay_above_their_floors(benchmark: ModuleType, articles: list[dict[str, Any]]) -> None:
    score = benchmark.load_scorer(CORPUS)
    result = score.summarise(benchmark.measure(score, articles, benchmark.tag(articles)))
    measured = {key: round(result[key]["f1"], 4) for key in FLOORS}
    assert all(measured[key] >= floor for key, floor in FLOORS.items()), measured


def test_cross_validation_stays_above_its_floors(benchmark: ModuleType, articles: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    from dateline.timex import direction

    for name in ("AGAINST", "BESIDE", "BEHIND"):
        monkeypatch.setattr(direction, name, getattr(direction, name))  # put back afterwards
    monkeypatch.setattr(benchmark, "WEIGHTS", ((4.0, 2.0, 0.5), (6.0, 2.0, 0.5), (10.0, 2.0, 0.5)))
    result = benchmark.cross_validate(benchmark.load_scorer(CORPUS), articles, 5)
    measured = {key: round(result[key]["f1"], 4) for key in FOLDED}
    assert all(measured[key] >= floor for key, floor in FOLDED.items()), measured
