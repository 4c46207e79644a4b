"""Which reports are compared at all: two that share a key.

Here: `keys_of`: those stored beside a report, and those asked for when it looks for others. A dated report is filed
under who takes part in which week, and once more under what an undated report about it would say; so a search costs a few look-ups, and
100,000 reports stay near linear. Not here: the comparison (pairs.py).
"""

from __future__ import annotations

import hashlib
from functools import cache

from dateline.resolve.actors import Actor, is_person, side_of, skeleton
from dateline.resolve.days import NEAR_DAYS, weeks
from dateline.resolve.profile import Profile
from dateline.resolve.text import CueRule, Lexicon
from dateline.resources import Resources, resources_for

RULES = "2"  # of making keys and of comparing: raise it when stored reports must be filed and resolved anew
_READ = ("resolve_lexicon.jsonl", "resolve_words.tsv", "countries.tsv", "organisations.tsv", "people.tsv")  # what keys depend on
_SLACK = 1  # days that any basis forgives
_MOST_WEEKS = 6  # a wider span is filed as if undated
_MOST_SIDES = 5
_RAREST_WORDS, _RAREST_QUOTED, _QUOTED_WEIGHT = 5, 4, 1000
_POST_WEIGHT = 600  # words of a person's post that can be an organisation's name


def keys_version(resources: Resources | None = None) -> str:
    """Return the version of the keys, itself a key of every report: those that lack it were filed by other rules, words or names."""
    return _version_of(resources or resources_for())


@cache
def _version_of(resources: Resources) -> str:
    known = [resources.rules(name, CueRule) if name.endswith(".jsonl") else resources.table(name) for name in _READ]
    return f"v:{RULES}-{hashlib.sha256(repr(known).encode()).hexdigest()[:8]}"


def keys_of(one: Profile) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys under which a report is stored, and those it looks up: where the reports that could be the same event are stored.

    Pure; equal reports give equal keys. Two reports are linked only where each would find the other, so that it does not matter who looks. `id:`
    finds a report by name, for pairs joined by hand.
    """
    tag, whenever, quotations = one.type, _whenever(one), _quotations(one)
    who, whom = _who(one), _who(one, asking=True)
    weekly, asked = _weeks(one, 0), _weeks(one, _SLACK)
    undated = {f"{tag}|-|{key}" for key in whenever} | _told(one, "-", whom, NEAR_DAYS)
    background = {f"{tag}|*|{key}" for key in whenever}
    name = {f"id:{one.id}"}
    if weekly is None or asked is None:
        stored = {f"{tag}|-|{key}" for key in whenever} | _told(one, "-", who, 0)
        return frozenset(stored | quotations | name), frozenset(undated | background | _told(one, "*", whom, NEAR_DAYS) | quotations)
    stored = {f"{tag}|{week}|{key}" for key in who for week in weekly} | _told(one, "*", who, 0)
    looked_up = {f"{tag}|{week}|{key}" for key in whom for week in asked} | {f"{other}|{week}|{key}" for other, key in _across(one) for week in asked}
    return frozenset(stored | background | quotations | name), frozenset(looked_up | undated | quotations)


def _told(one: Profile, mark: str, who: set[str], slack: int) -> set[str]:
    """Return the keys of who takes part in the weeks of publication: an undated report is mostly about what others tell in the same days."""
    if one.report.published is None:
        return set()
    day = one.report.published.toordinal()
    return {f"{one.type}|{mark}{week}|{key}" for key in who for week in weeks(day - slack, day + slack)}


def _weeks(one: Profile, slack: int) -> range | None:
    if one.span is None:
        return None
    found = weeks(one.span.first - slack, one.span.last + slack)
    return found if len(weeks(one.span.first, one.span.last)) <= _MOST_WEEKS else None


def _who(one: Profile, *, asking: bool = False) -> set[str]:
    """Return the keys of those who take part. Gatherings are filed by pairs of sides; one with a single side is found by that side alone."""
    if one.type == "statement":
        return {name for actor in one.actors for name in _names(actor, one.lexicon, posts=True)}
    sides = _sides(one)
    if one.type == "summit":
        return {f"s:{word}" for word in one.series} | set(sides)
    pairs = _pairs(sides)
    if len(one.actors) < 2:
        return {f"{s}|1" for s in sides} | ({f"{s}|n" for s in sides} if asking else set())
    return pairs | {f"{s}|1" if asking else f"{s}|n" for s in sides} | {f"g:{name}" for name in one.series}


def _across(one: Profile) -> set[tuple[str, str]]:
    """Return the keys under which a summit finds the meetings that may be it, and the other way round, with the type they are filed by."""
    if one.type == "meeting":
        return {("summit", key) for key in (*_sides(one), *(f"s:{name}" for name in one.series))}
    if one.type == "summit":
        return {("meeting", key) for key in (*_pairs(_sides(one)), *(f"g:{name}" for name in one.series))}
    return set()


def _whenever(one: Profile) -> set[str]:
    """Return keys without a date, selective enough to be asked for by an undated report."""
    rare = _rarest(one, one.lexicon)
    if one.type == "statement":
        return {f"{name}|{word}" for actor in one.actors[:2] for name in _shortest(actor, one.lexicon) for word in rare}
    city = "-".join(one.city)
    if one.type == "summit":
        return {f"{name}|{city}" for name in (*(f"s:{w}" for w in one.series), *_sides(one)) if city}
    people = sorted(f"p:{skeleton(a.tokens[-1])}" for a in one.actors if is_person(a))[:_MOST_SIDES]
    marks = [city] if city else []
    if one.type == "agreement":
        marks += rare[:3]
    return _pairs(people) | {f"{pair}|{mark}" for pair in _pairs(_sides(one)) for mark in marks}


def _names(actor: Actor, known: Lexicon, *, posts: bool) -> set[str]:
    found = {f"c:{actor.country}"} if actor.country else set()
    if is_person(actor) or actor.kind is None:
        found |= {f"p:{skeleton(actor.tokens[-1])}", f"p:{skeleton(actor.tokens[0])}"}
    if not is_person(actor) and actor.kind != "state":
        found |= {f"o:{c}" for c in actor.concepts if known.weight(c) >= _POST_WEIGHT}
        found.add("o:" + "".join(t[0] for t in actor.tokens) if len(actor.tokens) > 1 else f"o:{actor.tokens[0]}")
    if posts:
        found |= {f"o:{c}" for c in sorted(actor.posts, key=lambda c: (-known.weight(c), c))[:4] if known.weight(c) >= _POST_WEIGHT}
    return found


def _shortest(actor: Actor, known: Lexicon) -> set[str]:
    """Return at most two keys of an actor: country, and the surname of a person; an organisation without a country by its words."""
    surname = {f"p:{skeleton(actor.tokens[-1])}"} if is_person(actor) or actor.kind is None else set()
    found = surname | ({f"c:{actor.country}"} if actor.country else set())
    return found or _names(actor, known, posts=False)


def _sides(one: Profile) -> list[str]:
    found: dict[str, None] = {}
    for actor in one.actors:
        if actor.country:
            found[side_of(actor)] = None
        elif is_person(actor) or actor.kind is None:
            found[f"p:{skeleton(actor.tokens[-1])}"] = None
        else:
            found[f"o:{'-'.join(sorted(actor.tokens))}"] = None
    for actor in one.actors:
        if is_person(actor) and len(found) < _MOST_SIDES:
            found[f"p:{skeleton(actor.tokens[-1])}"] = None
    return sorted(found)[: 2 * _MOST_SIDES]


def _pairs(names: list[str]) -> set[str]:
    return {f"{a}+{b}" for i, a in enumerate(names) for b in names[i + 1 :]}


def _rarest(one: Profile, known: Lexicon) -> list[str]:
    return sorted(one.concepts - one.topic, key=lambda c: (-known.weight(c), c))[:_RAREST_WORDS]


def _quotations(one: Profile) -> set[str]:
    if one.type != "statement":
        return set()
    known = one.lexicon
    pairs = {pair for passage in one.passages for pair in passage.quoted}
    telling = sorted(((known.weight(a) + known.weight(b), a, b) for a, b in pairs), key=lambda t: (-t[0], t[1:]))
    return {f"q|{a}-{b}" for weight, a, b in telling[:_RAREST_QUOTED] if weight >= _QUOTED_WEIGHT}
