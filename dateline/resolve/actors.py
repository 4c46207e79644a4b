"""When two names are one actor, or one speaks for the other.

Here: `Actor` (a participant's name made comparable), `relation` between two of them. Two people who share a surname stay two. The reviewed
alias tables are those of dateline.names. Not here: roles, and how much a relation weighs (statements.py,
gatherings.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dateline.names import actors as names
from dateline.names.lookup import canonical_actor
from dateline.records import Participant
from dateline.resolve.text import Lexicon, words
from dateline.resources import Resources

SAME, SPEAKS_FOR, OWN_STATE, COMPATRIOT, UNKNOWN, DIFFERENT = "same", "speaks for", "own state", "same country", "unknown", "different"
_DOTTED = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b|\s|$)")
_SHARED_NAME = 0.5  # more than this share of the shorter name's telling words makes two names one organisation
_WINDOW = 8  # words around a person's name in which a post and its organisation may stand


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant as it is compared.

    `tokens` are the folded words of the canonical name; `posts` the words beside a person's name in a sentence that names a post ("police
    chief", "spokesman for the ministry").
    """

    tokens: tuple[str, ...]
    kind: str | None
    country: str | None
    key: str
    concepts: frozenset[str]
    posts: frozenset[str]
    apart: bool = False  # a group or organisation that does not speak for its country's government: rebels, a union, a company


@lru_cache(maxsize=30_000)
def name_tokens(name: str, titles: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the folded words of a name without the titles before it; dotted acronyms become one word ("U.S. Army" gives "us", "army").

    A name in another script has no such words; what stands between its blanks stands for them, so that every name has at least one.
    """
    joined = _DOTTED.sub("", name)
    found = words(joined) or name.casefold().split() or ["-"]
    while len(found) > 1 and found[0] in titles:
        found.pop(0)
    return tuple(found)


def make_actor(participant: Participant, sentences: tuple[str, ...], lexicon: Lexicon) -> Actor:
    """Make a participant comparable; `sentences` are those of the event's evidence, read for the post of a person."""
    known = _canonical(participant.name, participant.kind, participant.country, lexicon.resources)
    tokens = name_tokens(known.name, lexicon.plain["title-before-name"])
    kind, country = known.kind, participant.country or known.country
    concepts = frozenset(lexicon.concepts(tokens))
    key = f"c:{country}" if kind == "state" and country else "n:" + "-".join(tokens)
    posts = _posts(tokens, sentences, lexicon) if kind in ("person", None, "office") else frozenset()
    apart = kind not in ("person", "state") and any(lexicon.is_cue("not-the-state", c) for c in concepts)
    return Actor(tokens, kind, country, key, concepts, posts, apart)


@lru_cache(maxsize=30_000)
def _canonical(name: str, kind: str | None, country: str | None, resources: Resources) -> names.Actor:
    return canonical_actor(name, kind, country, resources=resources)


def organisation_tokens(name: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """Return the words of the canonical name of an organisation that the alias tables know, or None."""
    known = _canonical(name, None, None, lexicon.resources)
    return name_tokens(known.name, lexicon.plain["title-before-name"]) if known.kind == "organisation" else None


def relation(a: Actor, b: Actor, lexicon: Lexicon) -> str:
    """Return how two actors are related: SAME, SPEAKS_FOR, OWN_STATE, COMPATRIOT, UNKNOWN or DIFFERENT."""
    if a.key == b.key:
        return SAME
    if a.country and b.country and a.country != b.country:
        return DIFFERENT
    if a.apart or b.apart:
        return _with_insurgents(a, b, lexicon)
    if a.kind == "state" or b.kind == "state":
        return _with_state(a, b)
    if _governmental(a, lexicon) or _governmental(b, lexicon):
        return OWN_STATE if a.country and a.country == b.country else UNKNOWN
    if is_person(a) and is_person(b):
        return SAME if same_person(a.tokens, b.tokens, lexicon.plain["name-particle"]) else DIFFERENT
    if is_person(a) or is_person(b):
        return _with_person(a, b, lexicon) if is_person(a) else _with_person(b, a, lexicon)
    if same_organisation(a, b, lexicon):
        return SAME
    return UNKNOWN if a.kind is None and b.kind is None and not (a.country and b.country) else DIFFERENT


def _with_insurgents(a: Actor, b: Actor, lexicon: Lexicon) -> str:
    """Relate what does not speak for its country: never with the state; rebels by whatever name are one side, as long as no name of their own differs."""
    if a.kind == "state" or b.kind == "state" or _governmental(a, lexicon) or _governmental(b, lexicon):
        return DIFFERENT
    if is_person(a) or is_person(b):
        return _with_person(a, b, lexicon) if is_person(a) else _with_person(b, a, lexicon)
    named = [[c for c in _telling(x, lexicon) if not lexicon.is_cue("insurgent", c)] for x in (a, b)]
    if a.apart and b.apart and a.country and a.country == b.country and not (named[0] and named[1]):
        return SAME if not any(named) else UNKNOWN
    return SAME if same_organisation(a, b, lexicon) else DIFFERENT


def side_of(actor: Actor) -> str:
    """Return the side that an actor stands for: its country, those who stand apart from it (rebels), else itself."""
    return f"{'g' if actor.apart else 'c'}:{actor.country}" if actor.country else actor.key


def is_person(actor: Actor) -> bool:
    """Say whether an actor is a named person; a name of unknown kind is none."""
    return actor.kind == "person"


@lru_cache(maxsize=50_000)
def same_person(a: tuple[str, ...], b: tuple[str, ...], particles: frozenset[str]) -> bool:
    """Say whether two names, without titles, can be one person's: one holds the other, or surname and given name agree in spelling or sound."""
    if not a or not b:
        return False
    one, other = (a, b) if len(a) <= len(b) else (b, a)
    if _held(one, other, particles):
        return True
    if len(one) < 2:
        return False
    if one[-1] != other[-1] and not _sounds_alike(one[-1], other[-1]):
        long_rest = len(one) > 2 and one[:-1] == other[:-1] and skeleton(one[-1]) == skeleton(other[-1])
        return long_rest or "".join(one) == "".join(other)
    given, their = one[0], other[0]
    return given == their or _sounds_alike(given, their) or (min(len(given), len(their)) == 1 and given[0] == their[0])


def _held(one: tuple[str, ...], other: tuple[str, ...], particles: frozenset[str]) -> bool:
    telling = [t for t in one if t not in particles]
    if len(one) == 1:
        return one[0] in (other[0], other[-1])
    return bool(telling) and set(telling) <= set(other)


def _sounds_alike(a: str, b: str) -> bool:
    one, other = skeleton(a), skeleton(b)
    return len(one) >= 3 and one == other and a[0] == b[0]


@lru_cache(maxsize=30_000)
def skeleton(name: str) -> str:
    """Return the consonants of a name by sound, so that Zelensky and Zelenskyy, Mohammad and Mohammed are one."""
    kept = [name[0]] + [c for c in name[1:].replace("w", "v").replace("q", "k") if c not in "aeiouyh"]
    return "".join(c for i, c in enumerate(kept) if i == 0 or c != kept[i - 1])


def same_organisation(a: Actor, b: Actor, lexicon: Lexicon) -> bool:
    """Say whether two names can be one organisation: an acronym of the other, or more than half of their telling words are shared."""
    if _acronym(a.tokens, b.tokens) or _acronym(b.tokens, a.tokens):
        return True
    here, there = _telling(a, lexicon), _telling(b, lexicon)
    return len(here & there) > _SHARED_NAME * min(len(here), len(there))


def _telling(actor: Actor, lexicon: Lexicon) -> frozenset[str]:
    """Return the words of an organisation's name that tell it from others of its country: "foreign" of "German foreign ministry"."""
    return frozenset(c for c in actor.concepts if not c.startswith("@") and lexicon.weight(c) and not lexicon.is_cue("generic-organisation", c))


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(w[0] for w in long if w not in ("of", "the", "for", "and"))


def _with_state(a: Actor, b: Actor) -> str:
    if a.country and a.country == b.country:
        return SAME if a.kind == b.kind == "state" else OWN_STATE
    return UNKNOWN if not (a.country and b.country) and (a.kind is None or b.kind is None) else DIFFERENT


def _governmental(actor: Actor, lexicon: Lexicon) -> bool:
    """Say whether an organisation's name has nothing of its own: "Brazilian government", "the authorities", "officials"."""
    return actor.kind != "person" and all(c.startswith("@") or not lexicon.weight(c) or lexicon.is_cue("governmental", c) for c in actor.concepts)


def _with_person(person: Actor, other: Actor, lexicon: Lexicon) -> str:
    if other.kind is None and same_person(person.tokens, other.tokens, lexicon.plain["name-particle"]):
        return SAME
    needed = _telling(other, lexicon)
    if needed and needed <= person.posts:
        return SPEAKS_FOR
    if person.country and person.country == other.country and not person.posts:
        return COMPATRIOT
    return UNKNOWN if other.kind is None else DIFFERENT


def _posts(tokens: tuple[str, ...], sentences: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    found: set[str] = set()
    if not tokens:
        return frozenset()
    for sentence in sentences:
        row = words(sentence)
        for i, word in enumerate(row):
            if word == tokens[-1]:
                near = lexicon.concepts(row[max(0, i - _WINDOW) : i] + row[i + 1 : i + 1 + _WINDOW])
                if any(lexicon.is_cue("role", c) for c in near):
                    found.update(near)
    return frozenset(found)
