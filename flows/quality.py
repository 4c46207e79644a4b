"""Data-quality figures of a run and the checks on them, with severity and threshold; the report that compares them with earlier runs.

Here: `Tally`, which counts while extractions pass, `run_checks`, and the Markdown of the quality report. Pure. Not here: storing results
(models.checks), publishing them (flows.publishing), the checks of the whole database (flows.database_checks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dateline.records import BASES, PUBLISHED_BASES, Extraction
from flows.outcome import CheckOutcome

ENOUGH = 20  # articles or events; fewer are too few to judge a share by
TOO_FEW = ", too few to judge"


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: the share `name` may be at most `limit`. `severity` "error" can block a load where the deployment says so."""

    name: str
    severity: str
    limit: float
    meaning: str


RULES = (
    Rule("undated_share", "warn", 0.50, "events without a day"),
    Rule("no_event_share", "warn", 0.80, "articles without an event"),
    Rule("published_basis_share", "warn", 0.60, "events dated by the day of publication alone"),
    Rule("undated_article_share", "warn", 0.50, "articles whose own day is unknown"),
    Rule("skipped_share", "warn", 0.50, "articles passed over (not English, empty)"),
    Rule("quarantine_rate", "error", 0.25, "items that could not be processed"),
)


@dataclass(slots=True)
class Tally:
    """Counts over the extractions of a run."""

    read: int = 0
    rejected: int = 0
    skipped: int = 0
    articles: int = 0
    without_event: int = 0
    undated_articles: int = 0
    events: int = 0
    undated: int = 0
    bases: Counter[str] = field(default_factory=Counter)
    published_bases: Counter[str] = field(default_factory=Counter)

    def add(self, extractions: Iterable[Extraction]) -> None:
        """Count extractions."""
        for extraction in extractions:
            if extraction.error:
                self.rejected += 1
            elif extraction.skipped:
                self.skipped += 1
            else:
                self._add_article(extraction)

    def _add_article(self, extraction: Extraction) -> None:
        self.articles += 1
        self.without_event += not extraction.events
        self.undated_articles += extraction.published is None
        self.published_bases[extraction.published_basis] += 1
        for event in extraction.events:
            self.events += 1
            self.undated += event.start is None and event.end is None
            self.bases[event.basis] += 1

    def shares(self) -> dict[str, tuple[int, int]]:
        """Return each figure as (part, whole)."""
        return {
            "undated_share": (self.undated, self.events),
            "no_event_share": (self.without_event, self.articles),
            "published_basis_share": (self.bases["published"], self.events),
            "undated_article_share": (self.undated_articles, self.articles),
            "skipped_share": (self.skipped, self.articles + self.skipped),
            "quarantine_rate": (self.rejected, max(self.read, self.rejected)),
        }


def run_checks(tally: Tally) -> list[CheckOutcome]:
    """Return every check of a run, in order; a figure over fewer than ENOUGH passes and says that it was not judged."""
    shares = tally.shares()
    return [_checked(rule, *shares[rule.name]) for rule in RULES] + _mix(tally)


def blocked(checks: Iterable[CheckOutcome], blocking: frozenset[str]) -> list[CheckOutcome]:
    """Return the failed checks that stop a load."""
    return [check for check in checks if not check.passed and check.name in blocking]


def quality_report(checks: Sequence[CheckOutcome], earlier: Mapping[str, Sequence[float]]) -> str:
    """Return the report as Markdown: each figure beside the median of up to 7 earlier runs (`earlier`, by name, newest first).

    The verdict comes first: the server's pages cut off what is too wide on the right.
    """
    judged = ["| verdict | figure | this run | before | limit |", "| --- | --- | ---: | ---: | ---: |"]
    mixes = ["| how days are known | this run | before |", "| --- | ---: | ---: |"]
    for check in checks:
        figure, found = _in_words(check)
        past = list(earlier.get(check.name, ()))[:7]
        before = f"{_percent(_median(past))} (n={len(past)})" if past else "none yet"
        if check.threshold is None:
            mixes.append(f"| {figure} | {found} | {before} |")
        else:
            judged.append(f"| {_verdict(check)} | {figure} | {found} | {before} | {_percent(check.threshold)} |")
    return "\n".join([*judged, "", *mixes])


def _in_words(check: CheckOutcome) -> tuple[str, str]:
    """Return what a check is about, and its value with the numbers behind it."""
    figure, _, numbers = check.message.partition(": ")
    return figure, f"{_percent(check.value)} ({numbers.removesuffix(TOO_FEW)})"


def _verdict(check: CheckOutcome) -> str:
    if not check.passed:
        return f"**{check.severity}**"
    return "too few" if check.message.endswith(TOO_FEW) else "ok"


def known_names() -> tuple[str, ...]:
    """Return the names of the checks that DATELINE_BLOCKING_CHECKS may hold."""
    return tuple(rule.name for rule in RULES)


def _checked(rule: Rule, part: int, whole: int) -> CheckOutcome:
    value = part / whole if whole else None
    judged = whole >= ENOUGH
    passed = not judged or value is None or value <= rule.limit
    about = f"{rule.meaning}: {part} of {whole}" + ("" if judged else TOO_FEW)
    return CheckOutcome(rule.name, rule.severity, passed, value, rule.limit, about)


def _mix(tally: Tally) -> list[CheckOutcome]:
    """Return the date-basis mix as figures without a limit, so that later runs can be compared with it."""
    found = [(f"date_basis:{basis}", f"events dated by basis {basis}", tally.bases[basis], tally.events) for basis in BASES]
    found += [
        (f"published_basis:{basis}", f"articles whose day is known by {basis}", tally.published_bases[basis], tally.articles) for basis in PUBLISHED_BASES
    ]
    return [CheckOutcome(name, "warn", True, part / whole if whole else None, None, f"{meaning}: {part} of {whole}") for name, meaning, part, whole in found]


def _median(values: Sequence[float]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
