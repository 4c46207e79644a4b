"""Finds the time expressions of a text: which rule matches where, longest match first.

Here: `Found` and `find`. Not here: the rules (resources/<language>/timex.jsonl, compiled by grammar.py), what the expressions mean
(normalise.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dateline.timex.grammar import Compiled, Grammar, Table
from dateline.timex.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Word:
    """One kept token of a match: the class it was matched as, its meaning in that class, its number if it has one."""

    cls: str
    key: str
    meaning: str
    number: float | None
    index: int


@dataclass(slots=True)
class Found:
    """One match: tokens `start` to `end` (exclusive), the rule, what it kept, and the modifiers that stand before it."""

    start: int
    end: int
    compiled: Compiled
    words: dict[str, Word]
    core: int  # first token of the core, behind the modifiers
    prefix: dict[str, str] = field(default_factory=dict)  # options of the modifier's rule

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self.compiled.rule.id

    def option(self, name: str, default: str = "") -> str:
        """Return an option of the rule."""
        return self.compiled.rule.options.get(name, default)


def find(tokens: Tokens, grammar: Grammar, domain: str = "news") -> list[Found]:
    """Return the matches from left to right, none overlapping: at each token the longest, then the first rule of the file."""
    found: list[Found] = []
    at, codes = 0, tokens.codes
    cores, modifiers = grammar.starting(domain)
    while at < len(codes):
        code = codes[at]
        best = _core_at(tokens, grammar, cores, at) if code in cores else None
        if code in modifiers:
            best = _prefixed_at(tokens, grammar, cores, modifiers[code], at, best)
        if best is None:
            at += 1
            continue
        found.append(best)
        at = best.end
    return found


def _core_at(tokens: Tokens, grammar: Grammar, cores: Table, at: int, *, prefixed: bool = False) -> Found | None:
    best: tuple[re.Match[str], Compiled] | None = None
    for compiled in cores.get(tokens.codes[at : at + 1], ()):
        match = compiled.regex.match(tokens.codes, at)
        if match and (best is None or match.end() > best[0].end()) and _fits(tokens, compiled, at, match.end(), prefixed=prefixed):
            best = match, compiled
    if best is None:
        return None
    match, compiled = best
    return Found(at, match.end(), compiled, dict(_kept(tokens, grammar, match, compiled)), at)


def _kept(tokens: Tokens, grammar: Grammar, match: re.Match[str], compiled: Compiled) -> Iterator[tuple[str, Word]]:
    for group, name, cls in compiled.names:
        index = match.start(group)
        if index >= 0:
            key = tokens.keys[index]
            yield name, Word(cls, key, grammar.lexicon.meaning.get((cls, key), ""), tokens.numbers[index], index)


def _prefixed_at(tokens: Tokens, grammar: Grammar, cores: Table, modifiers: list[Compiled], at: int, best: Found | None) -> Found | None:
    for compiled in modifiers:
        match = compiled.regex.match(tokens.codes, at)
        if not match or not _fits(tokens, compiled, at, match.end()):
            continue
        core = _core_at(tokens, grammar, cores, match.end(), prefixed=True)
        if core and core.option("modifiable", "yes") == "yes" and (best is None or core.end > best.end):
            best = Found(at, core.end, core.compiled, core.words, core.core, {**compiled.rule.options, "id": compiled.rule.id})
    return best


def _fits(tokens: Tokens, compiled: Compiled, start: int, end: int, *, prefixed: bool = False) -> bool:
    """Tell whether the tokens beside a match allow it; behind a modifier only what follows is tested."""
    before = tokens.codes[start - 1 : start] if start else ""
    behind = tokens.codes[end : end + 1]
    if (compiled.before and behind not in compiled.before) or (behind and behind in compiled.not_before):
        return False
    if prefixed:
        return True
    return not ((compiled.after and before not in compiled.after) or (before and before in compiled.not_after))
