"""Whether two reports can be one event: points for and against, each with its reason in words.

Here: `Verdict`, `Reason`, `compare` (the one entry: every veto that holds for all types, then the type's own judge) and the points that all
types share: dates and places. docs/resolve.md lists every weight. Not here: clustering (clusters.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dateline.resolve.days import NEAR_DAYS, Span, days_apart, forgiven
from dateline.resolve.profile import Profile, same_city

NEAR_SHARE = 0.75  # of the threshold
TOLD_TOGETHER = "undated, told in the same days"
UNDATED_POINTS, BOTH_UNDATED_POINTS = -0.5, -1.5


@dataclass(frozen=True, slots=True)
class Reason:
    """One observation and its points; negative points speak against."""

    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing two reports gives. `veto` names what makes them two events whatever else they share."""

    reasons: tuple[Reason, ...]
    threshold: float
    enough: bool  # the type's own least requirement is met
    veto: str | None = None
    final: bool = False  # a veto that no number of other pairs can outweigh
    points: float = field(init=False)  # the sum, rounded so that the order of adding cannot matter

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", round(sum(r.points for r in self.reasons), 6))

    @property
    def linked(self) -> bool:
        """Say whether the two reports are taken for one event."""
        return self.veto is None and self.enough and self.points >= self.threshold

    @property
    def near(self) -> bool:
        """Say whether they come close: for a report without a firm date, an event this near is a rival to the one it fits."""
        return self.veto is None and self.enough and self.points >= NEAR_SHARE * self.threshold


def refused(why: str, *, final: bool = False) -> Verdict:
    """Return the verdict of a veto."""
    return Verdict((), 1.0, False, why, final)


def date_reason(one: Profile, other: Profile, *, extra: int = 0) -> Reason | str:
    """Return the points of the two dates, or why they exclude each other. `extra`: days forgiven beyond what the bases forgive."""
    if one.span is None or other.span is None:
        return _undated(one, other)
    apart = days_apart(one.span, other.span)
    if apart > forgiven(one.span, other.span) + extra or (apart and own_days(one, other)):
        return f"{apart} days apart"
    if not (one.firm and other.firm):
        return Reason("the wider date holds the narrower" if apart == 0 else "wide dates that touch", 0.5 if apart == 0 else 0.0)
    if apart == 0:
        return Reason("same day", 2.0)
    if not (one.span.forgives or other.span.forgives):
        return Reason(f"{apart} day apart, both by a date in the text", -2.0)
    return Reason(f"{apart} day apart, which the basis forgives", 0.5)


def own_days(one: Profile, other: Profile) -> bool:
    """Say whether one publisher tells each as its own day's news ("spoke today" in two releases).

    Then no day is mistaken for the next, and what is said is said on two occasions, however alike: only a quotation shows otherwise.
    """
    days = [(p.span.first, p.report.published.toordinal()) for p in (one, other) if p.span is not None and p.report.published is not None]
    return same_publisher(one, other) and len(days) == 2 and all(first == published for first, published in days)


def same_publisher(one: Profile, other: Profile) -> bool:
    """Say whether one source published both articles."""
    return one.report.source is not None and one.report.source == other.report.source


def _undated(one: Profile, other: Profile) -> Reason:
    """Return what days of publication say where a report is undated: background told long after needs more evidence than the day's news."""
    spans = [p.span or _published(p) for p in (one, other)]
    both = one.span is None and other.span is None
    if {one.report.event.status, other.report.event.status} <= {"planned", "possible"}:
        spans = [_published(one), _published(other)]  # a plan is told before its day
    if spans[0] is not None and spans[1] is not None and days_apart(spans[0], spans[1]) <= NEAR_DAYS:
        return Reason(TOLD_TOGETHER, 0.0)
    if both:
        return Reason("both undated, not told in the same days", BOTH_UNDATED_POINTS)
    return Reason("one of them is undated", 0.0 if None in spans else UNDATED_POINTS)


def _published(one: Profile) -> Span | None:
    day = one.report.published
    return Span(day.toordinal(), day.toordinal(), 0, False) if day else None


def place_reason(one: Profile, other: Profile) -> Reason | str | None:
    """Return the points of the two places, why they exclude each other, or None where nothing can be said."""
    if one.country and other.country and one.country != other.country:
        return f"places in {one.country} and {other.country}"
    city = same_city(one, other)
    if city:
        return Reason("same place", 2.0)
    if city is False and one.country == other.country:
        return Reason("other places of one country", -2.0)
    if one.country and one.country == other.country:
        return Reason("same country", 0.5)
    return None


def topic_reason(one: Profile, other: Profile) -> Reason | None:
    """Return up to one point for titles on one topic."""
    shared = one.topic & other.topic
    if len(shared) < 2:
        return None
    return Reason("titles on one topic", round(min(1.0, len(shared) / min(len(one.topic), len(other.topic)) * 1.5), 6))
