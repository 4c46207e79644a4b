"""The readers of the parse, on Docs built by hand: the rule is under test, not the model."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, Token

from dateline.events.lexicon import lexicon_of
from dateline.events.quotes import find_quotes, quote_at
from dateline.events.syntax import agents, clause_verb, conjuncts, is_negated, is_passive, is_past_perfect, is_perfect, prepositional, subjects_of, verb_of
from dateline.events.titles import write_days
from dateline.resources import resources_for

VOCAB = spacy.blank("en").vocab
SETS = lexicon_of(resources_for()).sets


def parsed(*tokens: tuple[str, str, int, str]) -> Doc:
    """Build a Doc from (word, tag, head index, dep)."""
    words, tags, heads, deps = zip(*tokens, strict=True)
    return Doc(VOCAB, words=list(words), tags=list(tags), heads=list(heads), deps=list(deps))


def texts(tokens: list[Token]) -> list[str]:
    return [t.text for t in tokens]


ASKED = parsed(
    ("Kenya", "NNP", 1, "nsubj"), ("asked", "VBD", 1, "ROOT"), ("Iran", "NNP", 1, "dobj"), ("to", "TO", 4, "aux"), ("stop", "VB", 1, "xcomp"),
)  # fmt: skip
JOINED = parsed(
    ("Chile", "NNP", 3, "nsubj"), ("and", "CC", 0, "cc"), ("Peru", "NNP", 0, "conj"), ("met", "VBD", 3, "ROOT"), ("and", "CC", 3, "cc"),
    ("agreed", "VBD", 3, "conj"), ("with", "IN", 3, "prep"), ("Norway", "NNP", 6, "pobj"),
)  # fmt: skip
PASSIVE = parsed(
    ("It", "PRP", 2, "nsubjpass"), ("was", "VBD", 2, "auxpass"), ("condemned", "VBN", 2, "ROOT"), ("by", "IN", 2, "agent"), ("Spain", "NNP", 3, "pobj"),
)  # fmt: skip
RELATIVE = parsed(
    ("Dahl", "NNP", 4, "nsubj"), ("who", "WP", 2, "nsubj"), ("met", "VBD", 0, "relcl"), ("Vogel", "NNP", 2, "dobj"), ("left", "VBD", 4, "ROOT"),
)  # fmt: skip
QUOTED_AS = parsed(
    ("Papers", "NNS", 1, "nsubj"), ("quoted", "VBD", 1, "ROOT"), ("Dahl", "NNP", 1, "dobj"), ("as", "IN", 1, "prep"), ("saying", "VBG", 3, "pcomp"),
)  # fmt: skip
TOPIC = parsed(
    ("They", "PRP", 1, "nsubj"), ("discussed", "VBD", 1, "ROOT"), ("the", "DT", 3, "det"), ("talks", "NNS", 1, "dobj"), ("at", "IN", 1, "prep"),
    ("a", "DT", 6, "det"), ("summit", "NN", 4, "pobj"),
)  # fmt: skip
PERFECT = parsed(("He", "PRP", 3, "nsubj"), ("has", "VBZ", 3, "aux"), ("not", "RB", 3, "neg"), ("said", "VBN", 3, "ROOT"))
PAST_PERFECT = parsed(("He", "PRP", 2, "nsubj"), ("had", "VBD", 2, "aux"), ("said", "VBN", 2, "ROOT"))


@pytest.mark.parametrize(
    ("doc", "verb", "subjects"),
    [
        (ASKED, 1, ["Kenya"]),
        (ASKED, 4, ["Iran"]),
        (JOINED, 5, ["Chile"]),
        (RELATIVE, 2, ["Dahl"]),
        (QUOTED_AS, 4, ["Dahl"]),
    ],
)
def test_whose_verb_it_is(doc: Doc, verb: int, subjects: list[str]) -> None:
    assert texts(subjects_of(doc[verb])) == subjects


def test_conjuncts_are_the_joined_nouns_only() -> None:
    assert texts(conjuncts(JOINED[0])) == ["Chile", "Peru"]


def test_prepositional_objects() -> None:
    assert texts(prepositional(JOINED[3], {"with"})) == ["Norway"]
    assert prepositional(JOINED[3], {"between"}) == []


def test_a_passive_has_an_agent() -> None:
    assert is_passive(PASSIVE[2])
    assert texts(agents(PASSIVE[2])) == ["Spain"]
    assert not is_passive(JOINED[3])


def test_a_topic_has_not_its_verbs_time_but_an_aim_has() -> None:
    assert verb_of(TOPIC[3], SETS) is None
    assert verb_of(TOPIC[6], SETS) == TOPIC[1]
    assert clause_verb(TOPIC[6]) == TOPIC[1]


def test_tenses_and_negation() -> None:
    assert is_perfect(PERFECT[3])
    assert is_negated(PERFECT[3])
    assert is_past_perfect(PAST_PERFECT[2])
    assert not is_perfect(PAST_PERFECT[2])
    assert not is_negated(PAST_PERFECT[2])


def test_unparsed_tokens_give_nothing() -> None:
    doc = Doc(VOCAB, words=["Dahl", "said", "so"])
    assert subjects_of(doc[1]) == []
    assert verb_of(doc[0], SETS) is None


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('He said "yes" and left.', ['"yes"']),
        ("“One,” he said, “and two.”", ["“One,”", "“and two.”"]),
        ('"First paragraph.\n\n"Second paragraph," he said.', ['"First paragraph.\n\n"Second paragraph,"']),
        ("It's Dahl's.", []),
        ('A stray " mark.', []),
    ],
)
def test_quotations(text: str, quotes: list[str]) -> None:
    found = find_quotes(text)
    assert [text[a:b] for a, b in found] == quotes
    assert all(quote_at(found, a) == (a, b) for a, b in found)
    assert quote_at(found, len(text)) is None


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2023-07-11", "2023-07-12", "11-12 July 2023"),
        ("2023-07-11", "2023-07-11", "11 July 2023"),
        ("2023-07-01", "2023-07-31", "July 2023"),
        ("2023-01-01", "2023-12-31", "2023"),
        ("2023-06-30", "2023-07-02", "30 June - 2 July 2023"),
        ("2023-12-30", "2024-01-02", "30 December 2023 - 2 January 2024"),
        ("2023-07-11", None, "from 11 July 2023"),
        (None, "2023-07-11", "until 11 July 2023"),
        (None, None, ""),
    ],
)
def test_days_in_titles(start: str | None, end: str | None, words: str) -> None:
    from datetime import date

    assert write_days(start and date.fromisoformat(start), end and date.fromisoformat(end)) == words
