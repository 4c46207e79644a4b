"""Why the reports of an event are one event, in sentences.

Here: `explain`. It repeats the very comparison that joined them; nothing is stored. Not here: the comparison (pairs.py).
"""

from __future__ import annotations

from collections.abc import Collection

from dateline.records import CanonicalEvent, Report
from dateline.resolve.confidence import independent_sources
from dateline.resolve.pairs import compare
from dateline.resolve.profile import Profile, profile
from dateline.resolve.text import lexicon
from dateline.resources import Resources

_MOST_PAIRS = 60


def explain(event: CanonicalEvent, *, joined: Collection[tuple[str, str]] = (), resources: Resources | None = None) -> list[str]:
    """Return one line for the event, then one for each report: the report it is most alike to and why. `joined`: pairs joined by hand."""
    profiles = [profile(r, lexicon(resources)) for r in event.reports]
    sources = independent_sources(event.reports)
    lines = [
        f"{event.event.title or event.event.type}: {_many(len(profiles), 'report')}, {_many(event.article_count, 'article')}, "
        f"{_many(len(sources), 'independent source')}, confidence {event.event.confidence:.2f}"
    ]
    by_hand = {frozenset(pair) for pair in joined}
    for one in profiles[:_MOST_PAIRS]:
        others = [p for p in profiles if p.id != one.id]
        lines += [_why(one, others, by_hand)] if others else [f"{_label(one.report)} stands alone"]
    return lines


def explain_pair(a: Report, b: Report, *, resources: Resources | None = None) -> list[str]:
    """Return why two reports are one event, or are not: each observation with its points."""
    verdict = compare(profile(a, lexicon(resources)), profile(b, lexicon(resources)))
    if verdict.veto:
        return [f"not one event: {verdict.veto}"]
    head = "one event" if verdict.linked else "not one event"
    need = "" if verdict.enough else "; what they share is not enough whatever the points"
    return [f"{head}: {verdict.points:.2f} points of {verdict.threshold:.1f} needed{need}", *(f"{r.points:+.2f} {r.text}" for r in verdict.reasons)]


def _why(one: Profile, others: list[Profile], by_hand: set[frozenset[str]]) -> str:
    hand = next((p for p in others if frozenset((one.id, p.id)) in by_hand), None)
    if hand:
        return f"{_label(one.report)} = {_label(hand.report)}: joined by hand"
    ranked = sorted(others, key=lambda p: (not compare(one, p).linked, -compare(one, p).points, p.id))
    best = compare(one, ranked[0])
    linked = sum(compare(one, p).linked for p in others)
    if best.veto or not best.linked:
        return f"{_label(one.report)}: joined through others or by hand; nearest {_label(ranked[0].report)}"
    reasons = ", ".join(f"{r.text} ({r.points:+.1f})" for r in sorted(best.reasons, key=lambda r: (-r.points, r.text)))
    return f"{_label(one.report)} = {_label(ranked[0].report)}: {reasons}; linked to {linked} of {_many(len(others), 'other report')}"


def _label(report: Report) -> str:
    return f"{report.key.doc_id}#{report.key.index}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
