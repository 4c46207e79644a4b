"""Finds the words that name events: applies the trigger lexicon to the parse.

Here: `find_mentions` (find), the component `dateline_triggers` (sets notes.mentions). At most one rule fires on a word, the first of the file
whose tests hold. Which sentences are parsed at all is dateline.events.prospect. Next: dateline.events.participants, which reads who took part
and drops mentions whose rule requires more than the clause gives.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.events.conditions import holds
from dateline.events.lexicon import TriggerRule
from dateline.events.reading import Reading
from dateline.events.syntax import is_verb
from dateline.notes import Mention
from dateline.resources import Resources, resources_for

NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "our", "their", "his", "her", "its"})
INDEFINITE = frozenset({"a", "an", "another"})
HEADLINE = 4  # letters of a word in capitals: shorter ones are acronyms
LONGEST = 60  # characters of evidence (docs/contract.md)


def find_mentions(reading: Reading) -> list[Mention]:
    """Return one mention for each word on which a rule fires, in text order."""
    found = []
    for token in reading.doc:
        word = token.lower_
        if word in reading.lexicon.tails:
            word = _compound(reading, token) or word
        if word not in reading.lexicon.forms or token.dep_ in {"", "aux"}:
            continue
        rule = _first_rule(reading, token, word)
        if rule is not None:
            found.append(_mention(reading, token, rule, token.idx - (len(word) - len(token))))
    return found


def _compound(reading: Reading, token: Token) -> str | None:
    """Return the lexicon's hyphened word that the token ends, in small letters: "cease-fire", which the tokenizer parts."""
    if token.i < 2 or token.nbor(-1).text != "-" or token.nbor(-1).whitespace_ or token.nbor(-2).whitespace_:
        return None
    word = f"{token.nbor(-2).lower_}-{token.lower_}"
    return word if word in reading.lexicon.compounds else None


def _first_rule(reading: Reading, token: Token, word: str) -> TriggerRule | None:
    if is_verb(token) and token.dep_ not in {"amod", "compound"}:
        candidates = reading.lexicon.rules_for(word, verb=True)
    elif token.tag_ in NOUNS:
        candidates = reading.lexicon.rules_for(word, verb=False)
    else:
        candidates = [r for r in reading.lexicon.rules_for(word, verb=True) if r.pos == "any"]
    for rule in candidates:
        if all(holds(reading, token, c) for c in rule.needs) and not any(holds(reading, token, c) for c in rule.forbids):
            return rule
    return None


def _mention(reading: Reading, token: Token, rule: TriggerRule, start: int) -> Mention:
    end = token.idx + len(token)
    if rule.extend:
        match = re.match(rf"\s{{1,2}}(?:{rule.extend})\b", reading.text[end : end + LONGEST], re.IGNORECASE)
        if match and end + match.end() - token.idx <= LONGEST:
            end += match.end()
    mention = Mention(
        start=start,
        end=min(end, start + LONGEST),
        token=token.i,
        sentence=reading.sentence_of(token.idx),
        type=rule.type,
        rule=rule.id,
        plover=rule.plover,
        cameo=rule.cameo,
        rules=[rule.id],
    )
    if token.is_upper and len(token) > HEADLINE:
        mention.notes["weak"] = "1"  # a headline inside the text
    determiners = {c.lower_ for c in token.children if c.dep_ in {"det", "poss"}}
    if determiners & DEFINITE:
        mention.notes["definite"] = "1"
    elif determiners & INDEFINITE:
        mention.notes["indefinite"] = "1"
    return mention


class Triggers:
    """The component `dateline_triggers`: sets notes.mentions."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of the Doc."""
        reading = Reading(doc, self.resources)
        reading.notes.mentions = find_mentions(reading)
        return doc


@Language.factory("dateline_triggers", default_config={"language": "en", "overlay": None})
def make_triggers(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> Triggers:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return Triggers(resources_for(language, overlay))
