"""The quality gate: no figure falls below its pinned floor (tests/eval/floors.json; quality.py raises them)."""

import importlib.util
import json
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("quality", Path(__file__).with_name("quality.py"))
quality = importlib.util.module_from_spec(spec)
spec.loader.exec_module(quality)
PINNED = json.loads(quality.FLOORS.read_text())


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.shared if n != "golden" else ()) for n in PINNED])
def test_no_figure_falls_below_its_floor(name):
    path = quality.available().get(name)
    if path is None:
        pytest.skip(f"the annotated set {name!r} is not part of the project and not beside it (../shared/gold)")
    assert quality.digest(path) == PINNED[name]["digest"], "the annotations changed: measure again and pin new floors (quality.py --pin --lower)"
    figures = quality.measure(name, path)
    low = {k: (figures[k], floor) for k, floor in PINNED[name]["floors"].items() if figures[k] < floor}
    assert not low, f"{name} fell below its floor (figure, floor): {low}"


def test_the_gate_can_fail():
    articles = [{"text": "They met.", "events": [{"type": "meeting", "trigger": "met", "start": None, "end": None, "participants": []}]}]
    nothing = quality.score_golden(articles, [[]])
    event = {"type": "meeting", "start": None, "end": None, "participants": [], "evidence": [{"start": 5, "end": 8, "text": "met"}]}
    assert nothing == {"found": 0.0, "dated": 0.0, "found_precision": 0.0}
    assert quality.score_golden(articles, [[event]]) == {"found": 1.0, "dated": 1.0, "found_precision": 1.0}
    assert quality.score_golden(articles, [[event | {"start": "2024-01-01"}]])["dated"] == 0.0
