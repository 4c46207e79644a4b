"""The trigger lexicon: rules read from triggers.jsonl, indexed by every form their head words take.

Here: `TriggerRule`, `WordSet` and `Lexicon`. A rule names head words; its `needs` and `forbids` name tests of dateline.events.conditions,
each "test" or "test:argument", alternatives joined by "|". Next: dateline.events.triggers, which applies the rules to a Doc.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dateline.events.inflection import noun_forms, verb_forms
from dateline.resources import Resources


@dataclass(frozen=True, slots=True)
class WordSet:
    """Words that a test of a rule may name; `example` is in it, `counter_example` is not."""

    id: str
    words: tuple[str, ...]
    example: str
    counter_example: str


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One kind of trigger. `lemmas` are inflected as `pos` says ("any" takes them as they are); see the module for `needs` and `forbids`."""

    id: str
    type: str  # the event type, one of records.EVENT_TYPES or a deployment's own
    pos: str  # "verb", "noun" or "any"
    lemmas: tuple[str, ...]
    frame: str  # how participants are read: a key of dateline.events.frames.FRAMES
    example: str  # a sentence in which the rule must make an event
    counter_example: str  # one in which it must not
    needs: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    extend: str | None = None  # a pattern that the trigger's span is extended over
    requires: tuple[str, ...] = ()  # what participants must give: "speaker", "addressee", "party", "two", "officer", "dated"
    anaphoric: bool = False  # with fewer participants it may still be a further mention of an event found before
    plover: str | None = None
    cameo: str | None = None


class Lexicon:
    """The rules of one set of resources. Get it through `lexicon_of`."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.rules = resources.rules("triggers.jsonl", TriggerRule)
        self.rule_of = {rule.id: rule for rule in self.rules}
        self.sets = {s.id: frozenset(s.words) for s in resources.rules("wordsets.jsonl", WordSet)}
        self.verbs: dict[str, list[TriggerRule]] = {}
        self.nouns: dict[str, list[TriggerRule]] = {}
        for rule in self.rules:
            for lemma in rule.lemmas:
                if rule.pos in {"verb", "any"}:
                    self._add(self.verbs, rule, verb_forms(lemma, resources) if rule.pos == "verb" else frozenset({lemma}))
                if rule.pos in {"noun", "any"}:
                    self._add(self.nouns, rule, noun_forms(lemma, resources) if rule.pos == "noun" else frozenset({lemma}))
        self.forms = frozenset(self.verbs) | frozenset(self.nouns)
        self.compounds = frozenset(form for form in self.forms if "-" in form)  # "cease-fire", which the tokenizer parts
        self.tails = frozenset(form.rpartition("-")[2] for form in self.compounds)

    @staticmethod
    def _add(index: dict[str, list[TriggerRule]], rule: TriggerRule, forms: frozenset[str]) -> None:
        for form in forms:
            rules = index.setdefault(form, [])
            if rule not in rules:
                rules.append(rule)

    def rules_for(self, form: str, *, verb: bool) -> list[TriggerRule]:
        """Return the rules whose head word has this lower-case form, in file order."""
        return (self.verbs if verb else self.nouns).get(form, [])


@cache
def lexicon_of(resources: Resources) -> Lexicon:
    """Return the lexicon of these resources, built once a process."""
    return Lexicon(resources)
