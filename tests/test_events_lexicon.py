"""Every rule of the event lexicons matches its example and not its counter-example, through the real pipeline."""

from __future__ import annotations

import re

import pytest

from dateline import Extractor
from dateline.events.inflection import EndingRule, inflect, noun_forms, verb_forms
from dateline.events.lexicon import TriggerRule, WordSet, lexicon_of
from dateline.events.prospect import SentenceFilter, may_fire
from dateline.events.status import DROPPED, StatusCue
from dateline.records import Article, Event
from dateline.resources import resources_for

RESOURCES = resources_for()
LEXICON = lexicon_of(RESOURCES)
TRIGGERS = RESOURCES.rules("triggers.jsonl", TriggerRule)
CUES = RESOURCES.rules("status.jsonl", StatusCue)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def events_of(extractor: Extractor, text: str) -> tuple[Event, ...]:
    extraction = next(extractor.extract([Article("one", text, published="2024-05-10", language="en")]))
    assert extraction.error is None
    return extraction.events


@pytest.mark.parametrize("rule", TRIGGERS, ids=lambda r: r.id)
def test_a_trigger_rule_fires_on_its_example_only(extractor: Extractor, rule: TriggerRule) -> None:
    assert any(rule.id in e.rules for e in events_of(extractor, rule.example)), f"{rule.id} makes no event of: {rule.example}"
    assert not any(rule.id in e.rules for e in events_of(extractor, rule.counter_example)), f"{rule.id} makes an event of: {rule.counter_example}"


@pytest.mark.parametrize("rule", TRIGGERS, ids=lambda r: r.id)
def test_the_filter_keeps_every_sentence_in_which_a_rule_fires(rule: TriggerRule) -> None:
    assert may_fire(LEXICON, rule.example, 0, len(rule.example))


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Rain fell on the green hills all night.", False),
        ("The treaty entered into force in May.", True),
        ("The thieves entered through a window.", False),  # "enter" needs "into force"
        ("The United States lies north of Mexico.", False),  # a noun, though "to state" is a saying
        ("Norland states that the border is closed.", True),
        ("Lea Brandt co-hosted talks with Omar Haddad.", True),
        ("A no-deal exit remains likely, the two sides fear.", True),  # the tokenizer parts it: "deal" is a word of its own
    ],
)
def test_the_filter_keeps_what_a_rule_could_read(sentence: str, kept: bool) -> None:
    text = f"Snow fell. {sentence} Rain fell."
    start = text.index(sentence)
    assert may_fire(LEXICON, text, start, start + len(sentence)) is kept


def test_the_filter_keeps_what_a_kept_sentence_needs() -> None:
    sentences = [
        "Snow fell.",
        "Rain fell.",
        "Hail fell.",
        "Dr Adeyemi chairs the panel.",
        "She urged calm.",
        "Fog rose.",
        "SECRETARY DAHL:",
        "We signed the treaty.",
        "Fog rose.",
    ]
    text = " ".join(sentences)
    spans = [(text.index(s), text.index(s) + len(s)) for s in sentences]
    assert SentenceFilter(RESOURCES).wanted(text, spans) == [True, True, True, True, True, False, True, True, False]


def test_the_filter_looks_for_quotation_marks_just_outside_the_sentence() -> None:
    text = "“Who would pay?” she continued. The music continued."
    assert may_fire(LEXICON, text, 17, 31)
    assert not may_fire(LEXICON, text + " " * 200 + "The music continued.", len(text) + 200, len(text) + 220)


@pytest.mark.parametrize("cue", CUES, ids=lambda c: c.id)
def test_a_status_cue_gives_its_status_on_its_example_only(extractor: Extractor, cue: StatusCue) -> None:
    diplomatic = {e.status for e in events_of(extractor, cue.example) if cue.id == "status.does" or e.type != "statement"}
    if cue.status in DROPPED:
        assert not diplomatic
    else:
        assert cue.status in diplomatic
    other = {e.status for e in events_of(extractor, cue.counter_example) if cue.id == "status.does" or e.type != "statement"}
    assert other != diplomatic


@pytest.mark.parametrize("rule", RESOURCES.rules("inflection.jsonl", EndingRule), ids=lambda r: r.id)
def test_an_ending_rule_makes_its_example(rule: EndingRule) -> None:
    base, form = rule.example.split(" > ")
    assert inflect(base, rule.kind, RESOURCES) == form
    if rule.counter_example != "-":
        assert not re.search(rule.ends, rule.counter_example)


@pytest.mark.parametrize("word_set", RESOURCES.rules("wordsets.jsonl", WordSet), ids=lambda s: s.id)
def test_a_word_set_holds_its_example_only(word_set: WordSet) -> None:
    assert word_set.example.lower() in word_set.words
    assert word_set.counter_example.lower() not in word_set.words


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("say", {"say", "says", "said", "saying"}),
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("meet", {"meet", "meets", "met", "meeting"}),
        ("stress", {"stress", "stresses", "stressed", "stressing"}),
        ("admit", {"admit", "admits", "admitted", "admitting"}),
        ("agree", {"agree", "agrees", "agreed", "agreeing"}),
        ("visit", {"visit", "visits", "visited", "visiting"}),
    ],
)
def test_verbs_are_inflected(base: str, forms: set[str]) -> None:
    assert verb_forms(base, RESOURCES) == forms


def test_nouns_are_inflected() -> None:
    assert noun_forms("treaty", RESOURCES) == {"treaty", "treaties"}
    assert noun_forms("talks", RESOURCES) == {"talks"}


def test_every_test_that_a_rule_names_exists() -> None:
    from dateline.events.conditions import TESTS, alternatives
    from dateline.events.frames import FRAMES

    for rule in lexicon_of(RESOURCES).rules:
        assert rule.frame in FRAMES
        assert {a.partition(":")[0] for c in (*rule.needs, *rule.forbids) for a in alternatives(c)} <= set(TESTS), rule.id
