"""The pattern language of the date rules and the rules themselves, compiled.

Here: `Rule` (one line of resources/<language>/timex.jsonl) and `Grammar`, which compiles every pattern to a regular expression over *codes*:
one character for each token of the text, so that matching touches only what is temporal. Not here: the words and their codes (lexicon.py),
cutting text into tokens (tokens.py), finding the matches (recognise.py), giving them values (normalise.py).

A pattern is tokens between spaces. `word` or `,` is itself; `{class}` any token of that class; `{class:name}` the same, kept under a name;
`[macro]` a pattern of timex_macros.jsonl; `( a | b )` alternatives; `?` behind a token or group makes it optional. Repetition is not
offered, so that every match is short and matching is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from dateline.errors import ConfigurationError, UsageError
from dateline.resources import Resources
from dateline.timex.lexicon import Lexicon

_ITEM = re.compile(
    r"\s*(?:(?P<open>\()|(?P<bar>\|)|(?P<close>\)\??)|\{(?P<cls>\w+)(?::(?P<name>\w+))?\}(?P<q1>\?)?"
    r"|\[(?P<macro>[\w-]+)\](?P<q2>\?)?|(?P<word>[^\s(){}|\[\]?]+)(?P<q3>\?)?)"
)


@dataclass(frozen=True, slots=True)
class Macro:
    """A named piece of pattern, so that rules stay readable. Its example is a phrase that it matches whole."""

    id: str
    pattern: str
    example: str
    counter_example: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of time expression. `make` names the function of normalise.py that gives the value; `options` are its settings.

    `after`, `before`, `not_after`, `not_before` test the one token beside the match (words and {classes} between bars). `kind` "prefix" is
    a modifier that may stand before any DATE ("late", "the end of"). A rule with a `domain` belongs to that alone. `value` is what the
    example means when written on `reference`.
    """

    id: str
    pattern: str
    make: str
    example: str
    counter_example: str
    value: str = ""
    reference: str = "2023-07-12"
    options: dict[str, str] = field(default_factory=dict)
    after: str = ""
    before: str = ""
    not_after: str = ""
    not_before: str = ""
    kind: str = "core"
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule ready to match: its regular expression over codes, and (group, name, class) of what it keeps."""

    rule: Rule
    regex: re.Pattern[str]
    names: tuple[tuple[int, str, str], ...]
    after: frozenset[str]
    before: frozenset[str]
    not_after: frozenset[str]
    not_before: frozenset[str]


Table = dict[str, list[Compiled]]
DOMAINS = ("news", "narrative")


class Grammar:
    """All rules of a language, compiled, indexed by the code that a match can begin with."""

    def __init__(self, resources: Resources) -> None:
        self.language = resources.language
        self.lexicon = Lexicon(resources.table("timex_words.tsv"))
        self.macros = {m.id: m for m in resources.rules("timex_macros.jsonl", Macro)}
        self.rules = [self._compile(rule) for rule in resources.rules("timex.jsonl", Rule)]
        self.tables: dict[str, tuple[Table, Table]] = {domain: ({}, {}) for domain in DOMAINS}
        for compiled in sorted(self.rules, key=lambda c: not c.rule.domain):  # a domain's own rules win ties
            starts = self._first_of(compiled.rule)
            for domain in [compiled.rule.domain] if compiled.rule.domain else DOMAINS:
                table = self.tables[domain][compiled.rule.kind == "prefix"]
                for code in starts:
                    table.setdefault(code, []).append(compiled)

    def starting(self, domain: str) -> tuple[Table, Table]:
        """Return the rules of a domain by the code that they begin with: expressions, and modifiers."""
        if domain not in self.tables:
            raise UsageError(f"Cannot tag dates in domain {domain!r}. Known domains: {', '.join(DOMAINS)}.")
        return self.tables[domain]

    def _compile(self, rule: Rule) -> Compiled:
        parser = _Parser(self, rule.id, rule.pattern)
        regex = re.compile(parser.regex)
        beside = (self._codes(getattr(rule, side), rule.id) for side in ("after", "before", "not_after", "not_before"))
        return Compiled(rule, regex, tuple(parser.names), *beside)

    def _first_of(self, rule: Rule) -> set[str]:
        parser = _Parser(self, rule.id, rule.pattern)
        if parser.nullable:
            raise ConfigurationError(f"Cannot read date rule {rule.id}: its pattern matches nothing at all. Make one token obligatory.", code="resources")
        return parser.first

    def _codes(self, words: str, label: str) -> frozenset[str]:
        found: set[str] = set()
        for word in words.split("|") if words else ():
            found |= _class_codes(self, word.strip("{} "), label) if word.strip().startswith("{") else {self.lexicon.code(word.strip())}
        return frozenset(found)


def _class_codes(grammar: Grammar, name: str, label: str) -> set[str]:
    codes = grammar.lexicon.classes.get(name)
    if codes is None:
        known = ", ".join(sorted(grammar.lexicon.classes))
        raise ConfigurationError(f"Cannot read date rule {label}: unknown class {{{name}}}. Known classes: {known}.", code="resources")
    return codes


class _Parser:
    """One pattern, parsed to a regular expression over codes, with its first codes and whether it can be empty."""

    def __init__(self, grammar: Grammar, label: str, pattern: str) -> None:
        self.grammar, self.label = grammar, label
        self.names: list[tuple[int, str, str]] = []
        self.items = self._items(pattern)
        self.at = 0
        self.regex, self.first, self.nullable = self._alternatives()
        if self.at != len(self.items):
            raise self._wrong("a bracket is closed that was never opened")

    def _wrong(self, why: str) -> ConfigurationError:
        return ConfigurationError(f"Cannot read date rule {self.label}: {why}. The pattern language is described in docs/dates.md.", code="resources")

    def _items(self, pattern: str) -> list[dict[str, str]]:
        found, at = [], 0
        while pattern[at:].strip():
            match = _ITEM.match(pattern, at)
            if match is None:
                raise self._wrong(f"cannot understand {pattern[at:]!r}")
            at = match.end()
            item = {k: v for k, v in match.groupdict().items() if v is not None}
            if "macro" in item:
                if item["macro"] not in self.grammar.macros:
                    raise self._wrong(f"unknown macro [{item['macro']}]")
                found += [{"open": "("}, *self._items(self.grammar.macros[item["macro"]].pattern), {"close": ")?" if "q2" in item else ")"}]
            else:
                found.append(item)
        return found

    def _alternatives(self) -> tuple[str, set[str], bool]:
        parts: list[str] = []
        first: set[str] = set()
        nullable = False
        while True:
            regex, starts, empty = self._sequence()
            parts.append(regex)
            first |= starts
            nullable = nullable or empty
            if self.at < len(self.items) and "bar" in self.items[self.at]:
                self.at += 1
                continue
            return (f"(?:{'|'.join(parts)})" if len(parts) > 1 else parts[0]), first, nullable

    def _sequence(self) -> tuple[str, set[str], bool]:
        parts: list[str] = []
        first: set[str] = set()
        nullable = True
        while self.at < len(self.items) and not self.items[self.at].keys() & {"bar", "close"}:
            regex, starts, empty = self._one(self.items[self.at])
            parts.append(regex)
            if nullable:
                first |= starts
            nullable = nullable and empty
        return "".join(parts), first, nullable

    def _one(self, item: dict[str, str]) -> tuple[str, set[str], bool]:
        self.at += 1
        if "open" in item:
            regex, first, empty = self._alternatives()
            if self.at >= len(self.items):
                raise self._wrong("a bracket is not closed")
            optional = self.items[self.at]["close"] == ")?"
            self.at += 1
            return (f"(?:{regex})?", first, True) if optional else (f"(?:{regex})", first, empty)
        optional = bool(item.keys() & {"q1", "q2", "q3"})
        codes = _class_codes(self.grammar, item["cls"], self.label) if "cls" in item else {self.grammar.lexicon.code(item["word"])}
        regex = "[" + "".join(re.escape(c) for c in sorted(codes)) + "]"
        if "name" in item:
            self.names.append((len(self.names) + 1, item["name"], item["cls"]))
            regex = f"({regex})"
        return regex + ("?" if optional else ""), codes, optional


@lru_cache(maxsize=8)
def grammar_of(resources: Resources) -> Grammar:
    """Return the compiled grammar of some resources, made once a process."""
    return Grammar(resources)
