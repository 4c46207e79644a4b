"""dateparser, behind the two questions that the grammar asks it: which day an absolute form is, and which day a count of units leads to.

Here: `parse_absolute` and `parse_relative`, cached, with every setting that would make dateparser read the system clock or guess fixed. Not
here: where a form begins and ends, and how coarse it is (the grammar: dateparser's own search splits "Dec. 1" and reads "We" as a weekday).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from dateparser.date import DateDataParser

_SETTINGS: dict[str, Any] = {"DATE_ORDER": "MDY", "PREFER_DATES_FROM": "current_period", "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": False}


@lru_cache(maxsize=8192)
def parse_absolute(words: str, language: str) -> date | None:
    """Return the day of a form with day, month and year ("2021-04-23", "04/05/2021" in US order, "Tue, 11 Jul 2023"), or None."""
    found = _parser(language).get_date_data(words)
    return found.date_obj.date() if found.date_obj else None


@lru_cache(maxsize=8192)
def parse_relative(words: str, base: date, language: str) -> date | None:
    """Return the day that a count of units leads to from `base` ("two weeks ago"), or None where dateparser cannot read it."""
    settings = {**_SETTINGS, "RELATIVE_BASE": datetime(base.year, base.month, base.day), "PARSERS": ["relative-time"]}  # noqa: DTZ001
    found = DateDataParser(languages=[language], settings=settings).get_date_data(words)
    return found.date_obj.date() if found.date_obj else None


@lru_cache(maxsize=8)
def _parser(language: str) -> DateDataParser:
    base = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed base, so that the system clock is never read
    settings = {**_SETTINGS, "RELATIVE_BASE": base, "PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    return DateDataParser(languages=[language], settings=settings)
