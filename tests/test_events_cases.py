"""Small articles of our own with every event they report: the guideline's rulings as a table (cases/events.jsonl), and what always holds.

A case's `participants` or `content` of null is not asked for; with `"dates": false` the days are not.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import Extractor
from dateline.records import Article, Event

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "events.jsonl").read_text(encoding="utf-8").splitlines()]
EXTRACTOR = Extractor()


def events_of(text: str, published: str | None = "2024-05-10", **known: str) -> tuple[Event, ...]:
    extraction = next(EXTRACTOR.extract([Article("one", text, published=published, language="en", **known)]))
    assert extraction.error is None, extraction.error
    return extraction.events


def as_row(event: Event, asked: dict[str, object]) -> dict[str, object]:
    row: dict[str, object] = {"type": event.type, "status": event.status}
    row["start"], row["end"] = (day and day.isoformat() for day in (event.start, event.end))
    row["participants"] = {p.name: p.role for p in event.participants if p.role != "addressee"}
    row["content"] = event.content and event.content.text
    return {key: row[key] for key in asked}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_an_article_gives_exactly_these_events(case: dict[str, object]) -> None:
    unasked = set() if case.get("dates", True) else {"start", "end"}
    wanted = [{k: v for k, v in e.items() if k not in unasked and (v is not None or k in {"start", "end"})} for e in case["events"]]
    events = events_of(case["text"], case["published"])
    assert len(events) == len(wanted), [(e.type, e.title) for e in events]
    assert [as_row(e, w) for e, w in zip(events, wanted, strict=True)] == wanted


def check_spans(text: str, events: tuple[Event, ...]) -> None:
    for event in events:
        assert event.evidence
        for evidence in event.evidence:
            assert text[evidence.start : evidence.end] == evidence.text
            assert 0 < len(evidence.text) <= 60
            assert evidence.sentence[0] <= evidence.start < evidence.sentence[1]
        if event.content is not None:
            assert text[event.content.start : event.content.end] == event.content.text
        assert 0.0 < event.confidence < 1.0
        assert event.title


ODD = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=120)
PIECES = st.sampled_from([case["text"] for case in CASES])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=ODD, piece=PIECES, after=ODD)
def test_any_text_around_an_event_breaks_nothing(before: str, piece: str, after: str) -> None:
    text = f"{before}\n{piece} {after}"
    check_spans(text, events_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "said said said",
        '"""“”«»„',
        "According to",
        'Dahl said: "We',
        'MEETING OF THE PRIME MINISTER\n* met\n* said\n\n"\n',
        "The summit. The summit? A summit in, by Monday.",
        "They agreed. They said they said they agreed to meet to agree.",
        "Prime\nMinister\nErik\nDahl\nsaid\non\nMonday\nthat\nhe\nwould\nmeet\nPresident\nOkoro .",
    ],
)
def test_broken_text_breaks_nothing(text: str) -> None:
    check_spans(text, events_of(text))


def test_the_same_article_gives_the_same_events_beside_any_neighbour() -> None:
    articles = [Article(case["id"], case["text"], published=case["published"], language="en") for case in CASES]
    together = {e.doc_id: e.events for e in EXTRACTOR.extract(articles)}
    for case in reversed(CASES[:8]):
        assert together[case["id"]] == events_of(case["text"], case["published"])


def test_first_person_is_the_issuer_of_a_release() -> None:
    events = events_of("I welcome the decision of the court. I will travel to Japan in June.", source="Prime Minister of Australia (Smith, Anna)")
    assert [(e.type, [p.name for p in e.participants if p.role in {"speaker", "party"}]) for e in events] == [
        ("statement", ["Anna Smith"]),
        ("meeting", ["Anna Smith"]),
    ]


def test_a_new_type_and_trigger_need_no_code(tmp_path: Path) -> None:
    rule = {
        "id": "protest.march",
        "type": "meeting",
        "pos": "verb",
        "lemmas": ["picnic"],
        "frame": "joint",
        "requires": ["two"],
        "example": "Prime Minister Erik Dahl picnicked with President Lucas Okoro.",
        "counter_example": "The family picnicked.",
    }
    (tmp_path / "triggers.jsonl").write_text(json.dumps(rule) + "\n", encoding="utf-8")
    (tmp_path / "irregular.tsv").write_text("base\tkind\tforms\npicnic\tverb\tpicnicked picnicking\n", encoding="utf-8")
    article = Article("one", rule["example"], published="2024-05-10", language="en")
    assert [e.rules for e in next(Extractor(overlay=str(tmp_path)).extract([article])).events] == [("protest.march",)]
