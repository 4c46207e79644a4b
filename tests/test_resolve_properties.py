from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.records import Event, Evidence, Participant, Place, Report, ReportKey
from dateline.resolve import blocking_keys, merge_pairs, neighbourhood, resolve, split_pairs
from dateline.resolve.confidence import event_confidence

SPEAKERS = [
    Participant("Ana Ruiz", "speaker", "person", "ES"),
    Participant("Ruiz", "speaker", "person", "ES"),
    Participant("Spain", "speaker", "state", "ES"),
    Participant("Luis Ruiz", "speaker", "person", "ES"),
    Participant("NATO", "speaker", "organisation", None),
]
PARTIES = [
    Participant("Spain", "party", "state", "ES"),
    Participant("Ana Ruiz", "party", "person", "ES"),
    Participant("Morocco", "party", "state", "MA"),
    Participant("Omar Alaoui", "party", "person", "MA"),
    Participant("France", "party", "state", "FR"),
]
SENTENCES = [
    "Ruiz said the fishing treaty would lapse in autumn.",
    '"The fishing treaty will lapse in autumn," Ruiz told reporters.',
    "She said that 12 trawlers had been seized off the coast.",
    "She said that 19 trawlers had been seized off the coast.",
    "Ruiz rejected the fishing quotas proposed by Brussels.",
    "Ruiz accepted the fishing quotas proposed by Brussels.",
    "They discussed fishing quotas and the seized trawlers.",
    "The talks on fishing quotas lasted three hours.",
]
FIRST = date(2024, 3, 1)


@st.composite
def reports(draw: st.DrawFn) -> list[Report]:
    count = draw(st.integers(4, 14))
    return [draw(report(number)) for number in range(count)]


@st.composite
def report(draw: st.DrawFn, number: int) -> Report:
    kind = draw(st.sampled_from(["statement", "statement", "meeting", "agreement", "summit"]))
    basis = draw(st.sampled_from(["explicit", "published", "relative", "none"]))
    start = None if basis == "none" else FIRST + timedelta(days=draw(st.integers(0, 4)))
    long = 0 if start is None else draw(st.sampled_from([0, 0, 0, 1, 6]))
    pool = SPEAKERS if kind == "statement" else PARTIES
    quotes = draw(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=2, unique=True))
    return Report(
        report_id=f"r{draw(st.integers(0, 9))}{number:02d}",
        key=ReportKey(f"a{draw(st.integers(0, 6))}", number),
        event=Event(
            type=kind,
            start=start,
            end=start + timedelta(days=long) if start else None,
            precision="none" if start is None else ("day" if not long else "week" if long == 6 else "range"),
            basis=basis,
            status=draw(st.sampled_from(["occurred", "planned", "cancelled"])),
            participants=tuple(draw(st.lists(st.sampled_from(pool), max_size=3, unique=True))) if draw(st.booleans()) else tuple(pool[:3:2]),
            evidence=tuple(Evidence(0, 4, "said", (0, len(q)), q) for q in quotes),
            place=draw(st.sampled_from([None, Place("Rabat", country="MA"), Place("Madrid", country="ES")])) if kind != "statement" else None,
            confidence=draw(st.sampled_from([0.4, 0.9])),
        ),
        source=draw(st.sampled_from(["one", "two", None])),
        published=start or FIRST,
        article_title=draw(st.sampled_from([None, "Fishing quotas", "Trawlers seized"])),
        duplicate_group=draw(st.sampled_from([None, None, "d1"])),
    )


class Store:
    def __init__(self, stored: Sequence[Report]) -> None:
        self.index: dict[str, list[Report]] = defaultdict(list)
        for one in stored:
            for key in blocking_keys(one):
                self.index[key].append(one)

    def fetch(self, keys: frozenset[str]) -> list[Report]:
        return list({r.report_id: r for k in keys for r in self.index.get(k, ())}.values())


def set_apart(some: Sequence[Report]) -> tuple[Report, list[Report]]:
    """Return a report of the event that has most, where a change can reach furthest, and all the others."""
    chosen = max(resolve(some).events, key=lambda e: len(e.reports)).reports[0]
    return chosen, list({r.report_id: r for r in some if r.report_id != chosen.report_id}.values())


def parts(events: Sequence[object]) -> set[frozenset[str]]:
    return {frozenset(r.report_id for r in e.reports) for e in events}  # type: ignore[attr-defined]


@given(reports(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_does_not_matter(some: list[Report], shuffler: random.Random) -> None:
    other = list(some)
    shuffler.shuffle(other)
    assert resolve(other) == resolve(some)


@given(reports())
@settings(max_examples=30, deadline=None)
def test_every_report_is_in_one_event_and_articles_tell_each_once(some: list[Report]) -> None:
    events = resolve(some).events
    held = [r.report_id for e in events for r in e.reports]
    assert sorted(held) == sorted({r.report_id for r in some})
    for event in events:
        articles = [(r.source, r.key.doc_id) for r in event.reports]
        assert len(set(articles)) == len(articles)
        types = {r.event.type for r in event.reports}
        assert len(types) == 1 or types == {"summit", "meeting"}


@given(reports())
@settings(max_examples=30, deadline=None)
def test_resolving_again_changes_nothing(some: list[Report]) -> None:
    first = resolve(some)
    known = {r.report_id: e.event_id for e in first.events for r in e.reports}
    again = resolve(some, known=known)
    assert again == first
    assert again.redirects == ()


@given(reports())
@settings(max_examples=60, deadline=None)
def test_adding_a_report_touches_its_neighbourhood_alone(some: list[Report]) -> None:
    new, old = set_apart(some)
    near = neighbourhood([new], Store(old).fetch)
    touched = {r.report_id for r in near}
    untouched = {p for p in parts(resolve(old).events) if not p & touched}
    assert parts(resolve(near).events) | untouched == parts(resolve([new, *old]).events)


@given(reports())
@settings(max_examples=60, deadline=None)
def test_removing_a_report_touches_its_neighbourhood_alone(some: list[Report]) -> None:
    gone, kept = set_apart(some)
    by_id = [gone, *kept]
    near = [r for r in neighbourhood([gone], Store(kept).fetch) if r.report_id != gone.report_id]
    touched = {gone.report_id, *(r.report_id for r in near)}
    untouched = {p for p in parts(resolve(by_id).events) if not p & touched}
    assert parts(resolve(near).events) | untouched == parts(resolve(kept).events)


@given(reports())
@settings(max_examples=15, deadline=None)
def test_loads_of_one_give_what_one_load_gives(some: list[Report]) -> None:
    by_id = list({r.report_id: r for r in some}.values())
    known: dict[str, str] = {}
    for count in range(1, len(by_id) + 1):
        near = neighbourhood([by_id[count - 1]], Store(by_id[:count]).fetch)
        done = resolve(near, known={r.report_id: known[r.report_id] for r in near if r.report_id in known}, taken=set(known.values()))
        known.update({r.report_id: e.event_id for e in done.events for r in e.reports})
    groups: dict[str, set[str]] = defaultdict(set)
    for name, event in known.items():
        groups[event].add(name)
    assert {frozenset(g) for g in groups.values()} == parts(resolve(by_id).events)


@given(reports())
@settings(max_examples=30, deadline=None)
def test_split_after_merge_is_where_it_began(some: list[Report]) -> None:
    before = resolve(some)
    if len(before.events) < 2:
        return
    one, other = before.events[0], before.events[-1]
    joined = merge_pairs(one, other)
    known = {r.report_id: e.event_id for e in before.events for r in e.reports}
    merged = resolve(some, known=known, joined=joined)
    whole = next(e for e in merged.events if {r.report_id for r in e.reports} >= {r.report_id for r in one.reports + other.reports})
    assert merged.redirects == ((({one.event_id, other.event_id} - {whole.event_id}).pop(), whole.event_id),)
    assert parts(resolve(some, joined=joined).events) == parts(merged.events)
    parted = split_pairs(whole, [r.report_id for r in other.reports])
    assert parts(resolve(some, joined=joined, parted=parted).events) == parts(before.events)


@given(reports())
@settings(max_examples=30, deadline=None)
def test_a_split_holds_whatever_arrives(some: list[Report]) -> None:
    event = max(resolve(some).events, key=lambda e: len(e.reports))
    if len(event.reports) < 2:
        return
    leaving = [event.reports[-1].report_id]
    parted = split_pairs(event, leaving)
    newcomer = replace(event.reports[0], report_id="r999", key=ReportKey("newcomer", 0))
    for group in parts(resolve([*some, newcomer], parted=parted).events):
        assert not any(a in group and b in group for a, b in parted)


@given(reports())
@settings(max_examples=30, deadline=None)
def test_another_source_never_lowers_confidence(some: list[Report]) -> None:
    apart = [replace(r, source=f"source-{i}", duplicate_group=None) for i, r in enumerate(some)]
    values = [event_confidence(apart[:n]) for n in range(1, len(apart) + 1)]
    assert values == sorted(values)
    assert all(0.0 <= v <= 1.0 for v in values)


@given(reports())
@settings(max_examples=30, deadline=None)
def test_a_copy_adds_no_confidence(some: list[Report]) -> None:
    first = replace(some[0], duplicate_group="same wire copy")
    copies = [replace(first, report_id=f"copy{i}", key=ReportKey(f"copy{i}", 0), source=f"paper-{i}") for i in range(4)]
    assert event_confidence([first, *copies]) == event_confidence([first])
