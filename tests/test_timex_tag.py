"""Whole sentences: spans, values, days and precision; then what must hold for any text at all."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.errors import UsageError
from dateline.records import PRECISIONS, TIMEX_TYPES, DocumentTime, Timex
from dateline.resources import resources_for
from dateline.timex.grammar import Rule
from dateline.timex.tag import tag_text
from dateline.timex.values import interval_of

RESOURCES = resources_for()
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases/timex.jsonl").read_text(encoding="utf-8").splitlines()]
DAY = date(2023, 7, 12)
NOON = DocumentTime(DAY, "metadata", DAY, DAY)


def tag(text: str, time_: DocumentTime = NOON, domain: str = "news") -> list[Timex]:
    return tag_text(text, time_, domain=domain, resources=RESOURCES)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_case(case: dict) -> None:
    day = date.fromisoformat(case["published"]) if case["published"] else None
    found = tag(case["text"], DocumentTime(day, "metadata" if day else "none", day, day), case.get("domain", "news"))
    got = [[t.text, t.value, t.first_day and t.first_day.isoformat(), t.last_day and t.last_day.isoformat(), t.precision] for t in found]
    assert got == case["expect"]


def test_reason_says_why_that_direction() -> None:
    assert tag("She will resign on Thursday.")[0].reason == "'will' before it points on"
    assert tag("She resigned on Thursday.")[0].reason == "'resigned' before it points back"


def test_span_of_days_as_document_time_resolves_weeks_but_not_today() -> None:
    week = DocumentTime(None, "caption", date(2022, 6, 27), date(2022, 7, 3))
    found = {t.text: t for t in tag("They met this week. They leave tomorrow.", week)}
    assert (found["this week"].first_day, found["this week"].last_day) == (date(2022, 6, 27), date(2022, 7, 3))
    assert found["tomorrow"].first_day is None


def test_unknown_domain_is_told() -> None:
    with pytest.raises(UsageError, match=r"Known domains: news, narrative"):
        tag("today", domain="verse")


@pytest.mark.parametrize("domain", ["news", "narrative"])
@pytest.mark.parametrize("day", [date.min, date(100, 1, 1), date(9899, 12, 31), date.max, *(date(2020, month, 15) for month in range(1, 13))])
def test_every_rule_from_any_day(day: date, domain: str) -> None:
    """No rule's example leaves the calendar or fails, wherever the reference lies."""
    text = "; ".join(rule.example for rule in RESOURCES.rules("timex.jsonl", Rule)) + "; 9000 years ago, three thousand centuries ago, in 9998"
    found = tag(text, DocumentTime(day, "metadata", day, day), domain)
    assert len(found) > 100
    assert all(t.first_day <= t.last_day for t in found if t.first_day)


WORDS = [row["word"] for row in RESOURCES.table("timex_words.tsv")]
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        [",", ".", "-", "–", "to", "of", "the", "in", "a", "\n", "\n\n", "'s", "(", ")", "p.m.", "1/2", "24:61", "99:99", "31", "2024", "0000", "9999"]
    ),
    st.integers(0, 10**9).map(str),
    st.text(max_size=5),
)
TEXTS = st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=200)
TIMES = st.one_of(st.none(), st.dates()).map(lambda d: DocumentTime(d, "metadata" if d else "none", d, d))


@settings(max_examples=300, deadline=None)
@given(TEXTS, TIMES, st.sampled_from(["news", "narrative"]))
def test_any_text(text: str, document_time: DocumentTime, domain: str) -> None:
    end = 0
    for timex in tag(text, document_time, domain):
        assert timex.start >= end
        assert text[timex.start : timex.end] == timex.text != ""
        assert timex.type in TIMEX_TYPES
        assert timex.precision in PRECISIONS
        assert (timex.first_day is None) == (timex.last_day is None)
        if timex.first_day and timex.last_day:
            first, last = interval_of(timex.value)
            assert first <= timex.first_day <= timex.last_day <= last
        end = timex.end


@settings(max_examples=100, deadline=None)
@given(TEXTS, TIMES)
def test_same_text_same_answer(text: str, document_time: DocumentTime) -> None:
    assert tag(text, document_time) == tag(text, document_time)


@pytest.mark.parametrize("moved", ["1999-12-31", "2031-02-03", "2024-02-29"])
def test_system_clock_is_never_read(moved: str) -> None:
    texts = [case["text"] for case in CASES] + ["Filed 04/05/2021, two weeks ago, on May 3 and in September; on 5/6/21 and in five days' time."]
    usual = [tag(t, dt) for t in texts for dt in (NOON, DocumentTime(None, "none"))]
    from dateline.timex import resolver

    resolver.parse_absolute.cache_clear()
    resolver.parse_relative.cache_clear()
    resolver._parser.cache_clear()
    with time_machine.travel(f"{moved}T13:00:00Z", tick=False):
        assert [tag(t, dt) for t in texts for dt in (NOON, DocumentTime(None, "none"))] == usual


@pytest.mark.parametrize(
    "unit", ["the day before ", "1", "March ", "\n \n", "two hundred ", "from 3 to ", "late early ", "1/2/", "x" * 50 + " ", "'89-", "2:", "2021 the same day "]
)
def test_growth_is_linear(unit: str) -> None:
    """Four times the text takes well under the sixteen times of quadratic growth. (Seconds vary between machines, so the bound is generous.)"""
    tag(unit * 20)

    def seconds(times: int) -> float:
        text = unit * times
        return min(_timed(text) for _ in range(2))

    assert seconds(8000) < 8 * seconds(2000) + 0.1


def _timed(text: str) -> float:
    started = time.process_time()
    tag(text)
    return time.process_time() - started
