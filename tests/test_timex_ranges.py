"""Spans of days for events: joined ranges, open sides, counts from a day said before. Rules' own examples: test_timex_rules.py."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.records import DocumentTime
from dateline.resources import resources_for
from dateline.timex.ranges import spans_of_days
from dateline.timex.tag import tag_text

RESOURCES = resources_for()
DAY = date(2023, 7, 12)


def spans(text: str, day: date | None = DAY) -> list[tuple[str, str, str, str]]:
    timexes = tag_text(text, DocumentTime(day, "metadata" if day else "none", day, day), resources=RESOURCES)
    return [(s.text, str(s.first_day), str(s.last_day), s.precision) for s in spans_of_days(text, timexes, resources=RESOURCES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The summit is held from 11th to 12th July 2023.", [("11th to 12th July 2023", "2023-07-11", "2023-07-12", "range")]),
        ("They met on 11 and 12 July.", [("11 and 12 July", "2023-07-11", "2023-07-12", "range")]),
        ("They met on Monday and Tuesday.", [("Monday and Tuesday", "2023-07-10", "2023-07-11", "range")]),
        ("They meet from Tuesday to Friday.", [("Tuesday to Friday", "2023-07-11", "2023-07-14", "range")]),
        ("They met from Friday to Monday.", [("Friday to Monday", "2023-07-07", "2023-07-10", "range")]),
        ("They met from June 28 to July 3.", [("June 28 to July 3", "2023-06-28", "2023-07-03", "range")]),
        ("It will snow from October to March.", [("October to March", "2023-10-01", "2024-03-31", "range")]),
        ("They met on Monday and Friday.", [("Monday", "2023-07-10", "2023-07-10", "day"), ("Friday", "2023-07-07", "2023-07-07", "day")]),
        ("It rained between June and August 2022.", [("June and August 2022", "2022-06-01", "2022-08-31", "range")]),
        ("The war of 1972-74 was long.", [("1972-74", "1972-01-01", "1974-12-31", "range")]),
        ("They met on June 29-30.", [("June 29-30", "2023-06-29", "2023-06-30", "range")]),
        ("He visits from 27 February to 1 March 2022.", [("27 February to 1 March 2022", "2022-02-27", "2022-03-01", "range")]),
        ("It must end by April 23.", [("April 23", "None", "2023-04-23", "range")]),
        ("It has rained since June.", [("June", "2023-06-01", "None", "range")]),
        ("They meet later this week.", [("later this week", "2023-07-10", "2023-07-16", "week")]),
        ("They met over the weekend.", [("the weekend", "2023-07-08", "2023-07-09", "range")]),
        ("They met on July 3. A week later they signed.", [("July 3", "2023-07-03", "2023-07-03", "day"), ("A week later", "2023-07-10", "2023-07-10", "day")]),
        ("They met for three days, soon, every week.", []),
        ("They met in late 2021 and again on July 4.", [("late 2021", "2021-01-01", "2021-12-31", "year"), ("July 4", "2023-07-04", "2023-07-04", "day")]),
    ],
)
def test_spans(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert spans(text) == expected


def test_unplaced_expressions_date_nothing() -> None:
    assert spans("They met yesterday, on Monday and in May.", None) == []
