"""The JSON Lines forms: every way a line can be wrong has its own code, and what is written reads back."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.errors import InputError
from dateline.jsonl import article_from_line, dumps, extraction_from_json, extraction_from_line, extraction_to_json
from dateline.records import (
    BASES,
    EVENT_TYPES,
    KINDS,
    PRECISIONS,
    ROLES,
    STATUSES,
    Content,
    Event,
    Evidence,
    Extraction,
    Participant,
    Place,
    Problem,
    Timex,
)

BAD_LINES = [
    ("not json", "{", "invalid_json"),
    ("a list", "[1]", "invalid_json"),
    ("null", "null", "invalid_json"),
    ("deeply nested", "[" * 100_000, "invalid_json"),
    ("no text", '{"doc_id": "a"}', "missing_key"),
    ("text null", '{"doc_id": "a", "text": null}', "missing_key"),
    ("text a number", '{"doc_id": "a", "text": 5}', "wrong_type"),
    ("published a number", '{"doc_id": "a", "text": "t", "published": 20230711}', "wrong_type"),
    ("published no date", '{"doc_id": "a", "text": "t", "published": "last Tuesday"}', "published"),
    ("title a list", '{"doc_id": "a", "text": "t", "title": ["x"]}', "wrong_type"),
]


@pytest.mark.parametrize(("line", "code"), [row[1:] for row in BAD_LINES], ids=[row[0] for row in BAD_LINES])
def test_a_bad_line_says_what_is_wrong(line, code):
    with pytest.raises(InputError) as caught:
        article_from_line(line, 7)
    assert caught.value.code == code
    assert "line 7" in caught.value.message


def test_unknown_keys_are_ignored_and_null_is_unknown():
    article = article_from_line('{"doc_id": "a", "text": "t", "published": null, "extra": {"deep": 1}}', 1)
    assert (article.doc_id, article.text, article.published) == ("a", "t", None)


@pytest.mark.parametrize("published", ["2023-07-11", "2023-07-11T23:30:00-05:00", "2023-07-11T23:30:00Z", "20230711"])
def test_the_published_day_is_that_of_its_own_offset(published):
    from dateline.jsonl import published_day

    assert published_day(published) == date(2023, 7, 11)


def test_a_line_that_is_no_extraction_is_refused():
    with pytest.raises(InputError) as caught:
        extraction_from_line('{"doc_id": "a", "text": "an article, not an extraction"}', 3)
    assert caught.value.code == "invalid_extraction"


PROPER = {
    **{"type": "statement", "start": "2024-03-05", "end": "2024-03-05", "precision": "day", "basis": "explicit", "status": "occurred", "place": None},
    "participants": [{"name": "Ana Ruiz", "role": "speaker", "kind": "person", "country": "ES", "mentions": [[0, 8]]}],
    **{"content": None, "evidence": [{"start": 9, "end": 13, "text": "said", "sentence": [0, 30], "quote": "Ana Ruiz said the port was open."}]},
}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "happened"},
        {"precision": "decade"},
        {"basis": "guess"},
        {"type": 5},
        {"participants": [{"name": None, "role": "speaker"}]},
        {"evidence": [{}]},
    ],
    ids=str,
)
def test_an_event_that_is_none_is_refused_where_it_is_read(change):
    """Only resolving met an unknown status, and ended without a word for the other lines."""
    line = {"line": 1, "doc_id": "a", "events": [PROPER]}
    assert extraction_from_line(json.dumps(line), 1).events[0].status == "occurred"
    with pytest.raises(InputError, match="line 7") as caught:
        extraction_from_line(json.dumps({**line, "events": [{**PROPER, **change}]}), 7)
    assert caught.value.code == "invalid_extraction"


words = st.text(min_size=1, max_size=12)
days = st.none() | st.dates()
offsets = st.tuples(st.integers(0, 500), st.integers(0, 500))
places = st.builds(
    Place,
    words,
    st.none() | words,
    st.none() | words,
    st.none() | st.sampled_from(["LT", "ES"]),
    st.none() | st.floats(-90, 90),
    st.none() | st.floats(-180, 180),
)
participants = st.builds(Participant, words, st.sampled_from(ROLES), st.none() | st.sampled_from(KINDS), st.none(), st.lists(offsets, max_size=2).map(tuple))
evidence = st.builds(Evidence, st.integers(0, 500), st.integers(0, 500), words, offsets, words)
events = st.builds(
    Event,
    type=st.sampled_from(EVENT_TYPES),
    start=days,
    end=days,
    precision=st.sampled_from(PRECISIONS),
    basis=st.sampled_from(BASES),
    status=st.sampled_from(STATUSES),
    participants=st.lists(participants, max_size=3).map(tuple),
    evidence=st.lists(evidence, min_size=1, max_size=3).map(tuple),
    place=st.none() | places,
    content=st.none() | st.builds(Content, st.integers(0, 9), st.integers(0, 9), words),
    title=st.none() | words,
    plover=st.none() | words,
    cameo=st.none() | st.just("057"),
    confidence=st.floats(0, 1),
    rules=st.lists(words, max_size=2).map(tuple),
)
timexes = st.builds(
    Timex,
    st.integers(0, 9),
    st.integers(0, 9),
    words,
    st.just("DATE"),
    words,
    days,
    days,
    st.sampled_from(PRECISIONS),
    words,
    relative=st.just(False),
    reason=st.just(""),
)
extractions = st.builds(
    Extraction,
    line=st.integers(1, 10**6),
    doc_id=st.none() | words,
    published=days,
    published_basis=st.just("text"),
    language=st.just("en"),
    events=st.lists(events, max_size=3).map(tuple),
    timexes=st.lists(timexes, max_size=3).map(tuple),
    error=st.none() | st.builds(Problem, words, words),
    skipped=st.none() | st.builds(Problem, words, st.just("")),
    title=st.none(),
    source=st.none(),
)


@given(extractions)
def test_an_extraction_reads_back_as_it_was_written(extraction):
    assert extraction_from_json(json.loads(dumps(extraction_to_json(extraction, timexes=True)))) == extraction


def test_any_code_point_can_be_printed():
    assert json.loads(dumps({"text": "\ud800 lone"})) == {"text": "\ud800 lone"}
    dumps({"text": "\ud800 lone"}).encode("utf-8")
