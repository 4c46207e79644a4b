"""The library's front door: order, determinism, skips and errors, and that nothing an article holds can stop the stream."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import Extractor
from dateline.errors import ConfigurationError, UsageError
from dateline.jsonl import dumps, extraction_to_json
from dateline.records import Article

MEETING = "OSLO, March 5 - Prime Minister Anna Berg of Norway met President Li Wei in Oslo on Monday. Berg said the talks were useful.\n"
LONG = MEETING + "\n".join(f"Paragraph {n} talks about the weather in the hills and nothing else." for n in range(40))


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


def lines(extractor, articles):
    return [dumps(extraction_to_json(x, timexes=True)) for x in extractor.extract(articles)]


def article(text, name="a", **more):
    return Article(name, text, **more)


def test_results_come_in_order_with_their_line_numbers(extractor):
    found = list(extractor.extract([article(MEETING, f"a{n}", published="2024-03-05") for n in range(70)]))
    assert [(x.line, x.doc_id) for x in found] == [(n + 1, f"a{n}") for n in range(70)]


def test_an_article_gives_the_same_bytes_whatever_its_neighbours(extractor):
    one = article(LONG, published="2024-03-05")
    alone = lines(extractor, [one])[0]
    crowd = [article(MEETING * 3, f"b{n}", published="2023-01-01") for n in range(66)]
    amid = json.loads(lines(extractor, [*crowd, one])[-1])
    assert {**amid, "line": 1} == json.loads(alone)


def test_worker_processes_give_the_same_lines(extractor):
    articles = [article(MEETING + "x" * n, f"a{n}", published="2024-03-05") for n in range(130)]
    assert lines(Extractor(workers=2), articles) == lines(extractor, articles)


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        ("", {}, "empty"),
        (" \n\t ", {}, "empty"),
        ("Die Bundesregierung hat am Montag in Berlin mitgeteilt, dass der Kanzler im Mai nach Paris reist.", {}, "language"),
        (MEETING, {"language": "fr"}, "language"),
    ],
    ids=["empty", "blank", "German", "said to be French"],
)
def test_what_is_not_for_us_is_skipped_with_its_reason(extractor, text, more, code):
    (found,) = extractor.extract([article(text, **more)])
    assert (found.skipped.code, found.events, found.error) == (code, (), None)


def test_a_text_that_is_no_article_is_an_error_and_the_next_goes_on(extractor):
    long, short = extractor.extract([article("word " * 300_000, "long"), article(MEETING, "short", published="2024-03-05")])
    assert long.error.code == "too_long"
    assert "1,000,000" in long.error.message
    assert short.error is None


def test_a_published_that_is_no_date_is_that_articles_error(extractor):
    (found,) = extractor.extract([article(MEETING, published="yesterday")])
    assert found.error.code == "published"


@pytest.mark.parametrize("published", ["0001-01-01", "0001-01-05T00:00:00Z", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days(extractor, published):
    """Feeds of some systems give 0001-01-01 for no day; counting back from it failed."""
    text = "Anna Berg met Li Wei in Oslo on 5 March 2024. Berg said that the talks were useful. In 2015, he said, they were not."
    (found,) = extractor.extract([article(text, published=published)])
    assert found.error is None
    assert found.published.isoformat() == published[:10]


def test_one_failing_article_does_not_stop_its_batch(extractor, monkeypatch):
    """Cause: an exception in one component used to be the batch's."""
    annotate = extractor._engine.pipeline.annotate

    def failing(doc):
        if "weather" in doc.text:
            raise ZeroDivisionError("a component's bug")
        return annotate(doc)

    monkeypatch.setattr(extractor._engine.pipeline, "annotate", failing)
    bad, good = extractor.extract([article(LONG, "bad"), article(MEETING, "good", published="2024-03-05")])
    assert (bad.error.code, bad.events) == ("extraction_failed", ())
    assert "ZeroDivisionError" in bad.error.message
    assert good.error is None


@pytest.mark.parametrize(
    ("arguments", "error"), [({"model": "no_such_model"}, ConfigurationError), ({"domain": "poetry"}, UsageError), ({"workers": 0}, UsageError)]
)
def test_what_cannot_work_is_said_at_once(arguments, error):
    with pytest.raises(error):
        Extractor(**arguments)


def test_evidence_and_content_are_where_they_say(extractor):
    text = "“We met in Oslo,” Anna Berg said on Monday.\n\n" + MEETING + "\U0001f600 Berg told reporters that the treaty was signed on 3 March 2024."
    (found,) = extractor.extract([article(text, published="2024-03-05")])
    for event in found.events:
        for e in event.evidence:
            assert text[e.start : e.end] == e.text
            assert text[slice(*e.sentence)] == e.quote
            assert e.sentence[0] <= e.start < e.end <= e.sentence[1]
            assert e.end - e.start <= 60
        if event.content:
            assert text[event.content.start : event.content.end] == event.content.text
        for participant in event.participants:
            assert all(0 <= a < b <= len(text) for a, b in participant.mentions)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), max_size=300), st.sampled_from(["", MEETING, "“", "said the minister on ", " met "]))
def test_no_text_raises(extractor, noise, words):
    text = noise[:150] + words + noise[150:]
    (found,) = extractor.extract([article(text, published="2024-03-05")])
    assert found.error is None
    for event in found.events:
        assert all(text[e.start : e.end] == e.text for e in event.evidence)
