"""Every form of a verb or noun from its base form, by rules and tables in the resources: the pipeline has no lemmatizer.

Here: `verb_forms`, `noun_forms`. The regular endings are rules (inflection.jsonl, tried in order, the first whose `ends` matches wins); the
irregular verbs and nouns are a table (irregular.tsv). Next: dateline.events.lexicon, which indexes the rules by these forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.resources import Resources

KINDS = ("third", "past", "gerund", "plural")


@dataclass(frozen=True, slots=True)
class EndingRule:
    """One regular ending: a base form matching `ends` has `kind` made by replacing that match with `becomes`."""

    id: str
    kind: str  # one of KINDS
    ends: str
    becomes: str
    example: str  # "base > form"
    counter_example: str  # a base form that `ends` must not match


def inflect(base: str, kind: str, resources: Resources) -> str:
    """Return one regular form; a base that no rule matches stays as it is."""
    for rule in resources.rules("inflection.jsonl", EndingRule):
        if rule.kind == kind and re.search(rule.ends, base):
            return re.sub(rule.ends, rule.becomes, base, count=1)
    return base


def verb_forms(base: str, resources: Resources) -> frozenset[str]:
    """Return base, third person, past, participle and gerund: `inflect("sign", ...)` knows sign, signs, signed, signing."""
    irregular = _irregular("verb", base, resources)
    past = irregular or {inflect(base, "past", resources)}
    gerund = set() if any(form.endswith("ing") for form in irregular) else {inflect(base, "gerund", resources)}
    return frozenset({base, inflect(base, "third", resources)} | gerund | past)


def noun_forms(base: str, resources: Resources) -> frozenset[str]:
    """Return singular and plural."""
    return frozenset({base} | (_irregular("noun", base, resources) or {inflect(base, "plural", resources)}))


def _irregular(kind: str, base: str, resources: Resources) -> set[str]:
    return {form for row in resources.table("irregular.tsv") if row["base"] == base and row["kind"] == kind for form in row["forms"].split()}
