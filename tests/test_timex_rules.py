"""Every date rule's example matches with its value, and its counter-example does not match: the rules are data, and this is their proof."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path

import pytest

from dateline.document_time import DocumentRule
from dateline.errors import ConfigurationError
from dateline.records import DocumentTime, Timex
from dateline.resources import SHIPPED, Resources, resources_for
from dateline.timex.grammar import Grammar, Macro, Rule, grammar_of
from dateline.timex.normalise import MAKERS
from dateline.timex.ranges import RangeRule, spans_of_days
from dateline.timex.tag import tag_text
from dateline.timex.tokens import tokenise

RESOURCES = resources_for()
RULES = RESOURCES.rules("timex.jsonl", Rule)
MACROS = RESOURCES.rules("timex_macros.jsonl", Macro)
RANGES = RESOURCES.rules("timex_ranges.jsonl", RangeRule)
DOCUMENT = RESOURCES.rules("timex_document.jsonl", DocumentRule)


def tag(text: str, reference: str, domain: str = "news") -> list[Timex]:
    day = date.fromisoformat(reference)
    return tag_text(text, DocumentTime(day, "metadata", day, day), domain=domain or "news", resources=RESOURCES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_example_has_its_value(rule: Rule) -> None:
    found = tag(rule.example, rule.reference, rule.domain)
    assert any(t.value == rule.value and (t.rule == rule.id or rule.kind == "prefix") for t in found), found


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_counter_example_does_not_match(rule: Rule) -> None:
    assert rule.id not in {t.rule for t in tag(rule.counter_example, rule.reference, rule.domain)}


@pytest.mark.parametrize("rule", [r for r in RULES if r.kind == "prefix"], ids=lambda r: r.id)
def test_modifier_is_part_of_the_expression(rule: Rule) -> None:
    first_word = rule.example.removeprefix("in ").split()[0].split("-")[0].lower()
    assert tag(rule.example, rule.reference)[0].text.lower().startswith(first_word)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_rule_names_a_maker(rule: Rule) -> None:
    assert rule.kind == "prefix" or rule.make in MAKERS


@pytest.mark.parametrize("macro", MACROS, ids=lambda m: m.id)
def test_macro_matches_its_example_whole_and_not_the_other(macro: Macro) -> None:
    resources = Resources()
    grammar = grammar_of(resources)
    compiled = grammar._compile(Rule(id="m", pattern=f"[{macro.id}]", make="", example="", counter_example=""))
    whole = tokenise(macro.example, grammar.lexicon).codes
    assert compiled.regex.fullmatch(whole)
    assert not compiled.regex.fullmatch(tokenise(macro.counter_example, grammar.lexicon).codes)


def _span(text: str, rule: RangeRule) -> str | None:
    for span in spans_of_days(text, tag(text, rule.reference), resources=RESOURCES):
        if span.rule.endswith("+" + rule.id):
            return f"{span.first_day or ''}/{span.last_day or ''}"
    return None


@pytest.mark.parametrize("rule", RANGES, ids=lambda r: r.id)
def test_range_rule(rule: RangeRule) -> None:
    assert _span(rule.example, rule) == rule.value
    assert _span(rule.counter_example, rule) is None


@pytest.mark.parametrize("rule", DOCUMENT, ids=lambda r: r.id)
def test_document_rule(rule: DocumentRule) -> None:
    find = re.match if rule.kind == "dateline" else re.search
    flags = 0 if rule.case else re.I
    assert find(rule.pattern, rule.example, flags)
    assert not find(rule.pattern, rule.counter_example, flags)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [("( a", "bracket is not closed"), ("a )", "never opened"), ("{nonsense}", "unknown class"), ("[nonsense]", "unknown macro"), ("a? b?", "matches nothing")],
)
def test_wrong_pattern_is_told_with_its_rule(tmp_path: Path, pattern: str, complaint: str) -> None:
    line = {"id": "mine", "pattern": pattern, "make": "month", "example": "x", "counter_example": "y"}
    (tmp_path / "timex.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=complaint) as error:
        Grammar(Resources("en", str(tmp_path)))
    assert "mine" in str(error.value)


def test_overlay_adds_a_rule(tmp_path: Path) -> None:
    line = {"id": "stardate", "pattern": "stardate {year:year}", "make": "year", "example": "stardate 2063", "counter_example": "stardust 2063"}
    (tmp_path / "timex.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    found = tag_text("On stardate 2063 they met.", DocumentTime(None, "none"), resources=Resources("en", str(tmp_path)))
    assert [(t.text, t.value, t.rule) for t in found] == [("stardate 2063", "2063", "stardate")]


def test_no_english_outside_the_resources() -> None:
    """The words of the grammar stand in resources/en alone: no month or weekday is spelled in the code of dateline/timex."""
    words = {row["word"] for row in RESOURCES.table("timex_words.tsv") if row["class"] in ("month", "weekday", "season")}
    for path in [*(SHIPPED.parent / "timex").glob("*.py"), SHIPPED.parent / "document_time.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        literals = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in documentation}
        assert not {w for w in literals if w in words}, path.name
