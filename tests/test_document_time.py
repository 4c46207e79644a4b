"""The day of writing: each basis, the order of trust, and both seed articles."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from dateline.document_time import find_document_time
from dateline.records import PUBLISHED_BASES, Article, DocumentTime
from dateline.resources import resources_for
from dateline.timex.ranges import spans_of_days
from dateline.timex.tag import tag_text

RESOURCES = resources_for()
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def find(text: str = "Nothing dated here.", published: str | None = None, url: str | None = None) -> DocumentTime:
    return find_document_time(Article("a", text, published=published, url=url), RESOURCES)


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2023-07-11", date(2023, 7, 11)),
        ("2023-07-11T23:30:00-05:00", date(2023, 7, 11)),  # the day in its own offset
        ("2023-07-11 08:00:00Z", date(2023, 7, 11)),
        ("Tue, 11 Jul 2023 10:00:00 GMT", date(2023, 7, 11)),
        ("2023-02-30", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_metadata(published: str | None, day: date | None) -> None:
    found = find(published=published)
    assert (found.day, found.basis) == (day, "metadata" if day else "none")


@pytest.mark.parametrize(
    ("url", "day", "span"),
    [
        ("https://news.example/2023/07/11/summit-opens", date(2023, 7, 11), None),
        ("https://news.example/world/2023-07-11-summit.html", date(2023, 7, 11), None),
        ("https://news.example/a/20230711123.html", None, None),
        ("https://news.example/a_20230711.html", date(2023, 7, 11), None),
        ("https://news.example/2023/13/41/summit", None, None),
        ("https://news.example/2023/07/summit", None, (date(2023, 7, 1), date(2023, 7, 31))),
        ("https://news.example/id/48620230", None, None),
    ],
)
def test_url(url: str, day: date | None, span: tuple[date, date] | None) -> None:
    found = find(url=url)
    assert found.day == day
    if span:
        assert (found.first_day, found.last_day, found.basis) == (*span, "url")


@pytest.mark.parametrize(
    "text",
    [
        "BRUSSELS, March 3 (Agency) - Ministers met on Tuesday.",
        "BRUSSELS, March 3 — Ministers met.",
        "NEW YORK, March 3, 2021 (Agency) — Ministers met.",
        "By Ann Writer\n\nRIO DE JANEIRO, 3 March (Agency) - Ministers met.",
        "Ministers agree on fish\n3 March 2021\nThey met.",
        "Ministers agree\n\nPublished: March 3, 2021\n\nThey met.",
        "Wednesday, March 3, 2021\nThey met.",
    ],
)
def test_dateline_beats_the_header(text: str) -> None:
    found = find(text, published="2021-03-04")
    assert (found.day, found.basis) == (date(2021, 3, 3), "dateline")
    assert found.start is not None
    assert "March" in text[found.start : found.end]


def test_dateline_that_is_far_from_the_header_is_not_believed() -> None:
    assert find("LONDON, March 3, 1998 (Agency) - It rained.", published="2021-03-04").basis == "metadata"
    assert find("LONDON, March 9 (Agency) - It rained.", published="2021-03-04").basis == "metadata"


def test_dateline_without_header() -> None:
    found = find("LONDON, March 3, 1998 (Agency) - It rained.")
    assert (found.day, found.basis) == (date(1998, 3, 3), "dateline")
    assert find("LONDON, March 3 (Agency) - It rained.").basis == "none"


def test_text_that_merely_begins_with_a_date_is_no_dateline() -> None:
    assert find("On March 3, 2021, ministers met in London.", published="2021-03-09").basis == "metadata"


def test_url_yields_to_metadata() -> None:
    assert find(published="2023-07-10", url="https://news.example/2023/07/11/x").day == date(2023, 7, 10)


def test_caption_beside_this_week() -> None:
    text = "Leaders met in Rome this week.\n\nThe premier greets the king in Rome, Italy, May 4, 2022. (Photo by Agency)\n\nThey spoke on trade."
    found = find(text)
    assert (found.day, found.first_day, found.last_day, found.basis) == (None, date(2022, 5, 2), date(2022, 5, 8), "caption")


def test_today_with_its_date() -> None:
    found = find("Ministers met today, 3 March 2021, in Rome.")
    assert (found.day, found.basis) == (date(2021, 3, 3), "text")


def test_history_is_no_document_time() -> None:
    assert find("The war ended on 11 November 1918. It had begun in 1914.") == DocumentTime(None, "none")


def test_first_seed() -> None:
    text = (SEEDS / "000_512574e63f79b351.txt").read_text(encoding="utf-8")
    found = find(text)
    assert (found.day, found.first_day, found.last_day, found.basis) == (date(2023, 7, 11), date(2023, 7, 11), date(2023, 7, 12), "text")
    assert text[found.start : found.end] == "11th to 12th July 2023"
    spans = {s.text: (s.first_day, s.last_day) for s in spans_of_days(text, tag_text(text, found, resources=RESOURCES), resources=RESOURCES)}
    assert spans["11th to 12th July 2023"] == (date(2023, 7, 11), date(2023, 7, 12))
    assert spans["later in the week"] == (date(2023, 7, 10), date(2023, 7, 16))


def test_second_seed() -> None:
    text = (SEEDS / "003_c5afe3593d64f5f1.txt").read_text(encoding="utf-8")
    found = find(text)
    assert (found.day, found.first_day, found.last_day, found.basis) == (None, date(2022, 6, 27), date(2022, 7, 3), "caption")
    assert text[found.start : found.end] == "June 29, 2022"
    timexes = {t.text: t for t in tag_text(text, found, resources=RESOURCES)}
    assert (timexes["this week"].first_day, timexes["this week"].last_day) == (date(2022, 6, 27), date(2022, 7, 3))
    assert timexes["May"].value == "2022-05"


@given(st.text(max_size=300), st.none() | st.text(max_size=30), st.none() | st.text(max_size=60))
def test_any_article(text: str, published: str | None, url: str | None) -> None:
    found = find(text, published, url)
    assert found.basis in PUBLISHED_BASES
    assert found.basis != "none" or found == DocumentTime(None, "none")
    if found.day:
        assert found.first_day <= found.day <= found.last_day


def test_clock_is_never_read() -> None:
    texts = ["LONDON, March 3 (Agency) - It rained.", (SEEDS / "003_c5afe3593d64f5f1.txt").read_text(encoding="utf-8")]
    usual = [find(t) for t in texts]
    with time_machine.travel("2031-05-06T12:00:00Z", tick=False):
        assert [find(t) for t in texts] == usual


@pytest.mark.parametrize("unit", ["x ", "\n", "A\n\n", "PARIS ", "© ", "A speaks ", "Photo by x, June 3, 2021\n", "March 3, 2021 "])
def test_long_texts_take_no_longer_than_their_length(unit: str) -> None:
    """A quadratic pattern would need minutes here; the bound is generous because machines differ."""
    started = time.process_time()
    find(unit * 10_000)
    assert time.process_time() - started < 20


def test_header_of_capitals_with_today() -> None:
    found = find("PRIME MINISTER\nFOR PRESS 16 MAY 1974 FLOOD RELIEF The Prime Minister announced today that relief would be paid.")
    assert (found.day, found.basis) == (date(1974, 5, 16), "text")
    assert find("On March 11, 2021 - one year ago today - relief was paid.") == DocumentTime(None, "none")
