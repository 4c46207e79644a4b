"""Who a whole noun phrase names, where the parse of it cannot be trusted: lists, appositions, documents, "they" of a meeting.

Here: `names_of`, which every frame's phrase heads go through. The small model often hangs "and President Y" or ", the director of Z, X," on the
wrong word; the words between two names show it better. Not here: single words and pronouns (dateline.names.reference).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from spacy.tokens import Token

from dateline.events.descriptions import describe
from dateline.events.noun_tests import phrase_words
from dateline.events.reading import Reading
from dateline.events.syntax import conjuncts, is_verb, prepositional, subjects_of
from dateline.events.verb_tests import is_plural
from dateline.names.byline import first_person
from dateline.notes import Name

LINKERS = frozenset({"NNP", "NN", "JJ", "CC", ",", "DT", "POS", "NNS", "NNPS", "HYPH", ":", "PRP$", "RB", "CD"})
DESCRIBING = frozenset({"amod", "compound", "poss", "nmod"})
TITLE = re.compile(r"\s+(?:(?:for|of|and|the)\s+|[A-Z][\w.-]*\s+){0,8}")
FAR = 220  # characters of titles between two names of a list
REACH = 120  # words back over which "the ministers" are those named before
ACTORS = frozenset({"person", "state", "organisation", "office", "group"})


def names_of(reading: Reading, token: Token, parties: Sequence[Name] = (), *, speaks: bool = False) -> list[Name]:
    """Return everybody whom the phrase headed by `token` names, in text order.

    `parties` are those of the meeting told of before: "they" and "the two leaders" are these. One who `speaks` may also be a proper name or an
    office that no table knows.
    """
    hyphened = reading.names_within(token.idx, token.idx + len(token)) if "-" in token.text else []
    if hyphened and reading.name_at(token) != hyphened[0]:
        return [n for n in hyphened if n.kind is not None]  # "the U.S.-ASEAN summit"
    again = _same_head(reading, token) or _they(reading, token)
    if again:
        return again
    if _goes_back(reading, token) and len(parties) > 1 and not (token.lower_ == "we" and not _after_and_i(token)):
        own = [n for n in reading.refer(token) if token.lower_ not in {"they", "both", "two"} and n.start >= token.left_edge.idx]
        if not own:
            return list(parties)
    found = _home_office(reading, token) or _first_persons(reading, token) or reading.refer(token)
    if not found and token.lower_ in reading.lexicon.sets["documents"]:
        return _authors(reading, token)
    if not found:
        found = (
            _counterpart(reading, token)
            or _delegation(reading, token)
            or _of_states(reading, token)
            or _body_before(reading, token)
            or _titled(reading, token, [])
            or describe(reading, token, speaks=speaks)
        )
        if not found:
            return []
    if reading.name_at(token) is None:
        found = _titled(reading, token, found) or _joint_describers(reading, token) or found
    return _with_coordinated(reading, token, found)


def _they(reading: Reading, token: Token) -> list[Name]:
    """Return whom "they" is where the sentence before is about several: "The two countries ... They agreed"."""
    if token.lower_ != "they" or token.dep_ not in {"nsubj", "nsubjpass"} or not (index := reading.sentence_of(token.idx)):
        return []
    first, last = reading.sentence_span(index - 1)
    span = reading.doc.char_span(first, last, alignment_mode="expand")
    subjects = [s for t in span or () if t.dep_ == "ROOT" and is_verb(t) for s in subjects_of(t)]
    if len(subjects) != 1 or subjects[0].lower_ == "they" or not is_plural(subjects[0]):
        return []
    found = [n for t in conjuncts(subjects[0]) for n in names_of(reading, t)]
    return list(dict.fromkeys(found)) if len({n.name for n in found}) > 1 else []


def _goes_back(reading: Reading, token: Token) -> bool:
    """Say whether the word may denote the parties told of before; a noun needs "the", "both" or a number: bare "officials" are nobody."""
    if token.lower_ not in reading.lexicon.sets["several"]:
        return False
    return token.tag_ != "NNS" or any(c.dep_ in {"det", "nummod", "predet", "poss"} for c in token.children)


def _same_head(reading: Reading, token: Token) -> list[Name]:
    """Return whom "the ministers" were where the same noun stood with names before: "foreign ministers of Chile and Peru met ... the ministers said"."""
    if token.tag_ != "NNS" or token.lower_ not in reading.lexicon.sets["several"] or [c.lower_ for c in token.children if c.i < token.i] != ["the"]:
        return []
    if any(c.dep_ == "prep" for c in token.children):
        return []
    for earlier in reversed(token.doc[max(0, token.i - REACH) : token.i]):
        if earlier.lower_ == token.lower_ and earlier.dep_ and any(c.dep_ in {"prep", "poss", "amod", "compound", "nmod"} for c in earlier.children):
            return reading.refer(earlier) or _of_states(reading, earlier)
    return []


def _home_office(reading: Reading, token: Token) -> list[Name]:
    """Return the issuer of a release for "the Prime Minister" in it, where its source is that office."""
    if token.lower_ not in {"minister", "president"} or (token.lower_ == "minister" and "prime" not in {t.lower_ for t in phrase_words(token)}):
        return []
    source = (reading.notes.article.source or "").casefold()
    office = "prime minister" if token.lower_ == "minister" else "president"
    if office not in source or any(t.dep_ in {"amod", "poss", "appos", "prep"} for t in token.children) or reading.name_at(token) is not None:
        return []
    issuer = first_person(reading.notes.article, reading.resources)
    return [issuer] if issuer is not None and issuer.kind == "person" else []


def _first_persons(reading: Reading, token: Token) -> list[Name]:
    """Return both of "Mrs Berg and I" for the "we" that goes back to them."""
    if token.lower_ == "we" and not reading.quote_around(token) and (issuers := reading.joint_issuers):
        return issuers
    if token.lower_ != "we" or not _after_and_i(token):
        return []
    ego = next(t for t in reversed(token.doc[max(0, token.i - 25) : token.i]) if t.text == "I" and t.nbor(-1).lower_ == "and")
    other = ego.nbor(-2) if ego.i > 1 else ego
    return [*reading.refer(other), *reading.refer(token)]


def _delegation(reading: Reading, token: Token) -> list[Name]:
    """Return whose mission, delegation or diplomats they are: "the United Nations mission", "White House advisers"."""
    if token.lower_ not in reading.lexicon.sets["delegates"]:
        return []
    before = [n for n in reading.names_within(token.left_edge.idx, token.idx) if n.kind in {"state", "organisation"} and not n.media][-1:]
    return before or _of_states(reading, token)


def _of_states(reading: Reading, token: Token) -> list[Name]:
    """Return the countries of "the leaders of the two countries"."""
    if token.tag_ != "NNS" and token.lower_ not in reading.lexicon.sets["delegates"]:
        return []
    return [n for t in prepositional(token, {"of", "from"}) for c in conjuncts(t) for n in reading.refer(c) if n.kind in {"state", "organisation"}]


def _after_and_i(token: Token) -> bool:
    """Say whether "we" stands behind "Mrs Berg and I" in its sentence."""
    first = max(0, token.i - 25)
    return any(t.text == "I" and t.i > first and t.nbor(-1).lower_ == "and" for t in token.doc[first : token.i] if t.i)


def _titled(reading: Reading, token: Token, found: list[Name]) -> list[Name]:
    """Return the person whose title the phrase is: "Minister for Foreign Affairs Anna Berg"."""
    if found[0].kind == "person" if found else not (token.tag_ == "NNP" and token.text[:1].isupper()):
        return []
    end = token.right_edge.idx + len(token.right_edge)
    people = [n for n in reading.names_within(token.idx, end + 60) if n.kind == "person"]
    if people and TITLE.fullmatch(reading.text[token.idx + len(token) : people[0].start]):
        return people[:1]
    return []


def _joint_describers(reading: Reading, token: Token) -> list[Name]:
    """Return both countries of "U.S. and Cuban officials"."""
    if token.tag_ != "NNS":
        return []
    names = [n for n in reading.names_within(token.left_edge.idx, token.idx) if n.kind in {"state", "organisation"}]
    between = [reading.text[a.end : b.start].strip() for a, b in pairwise(names)]
    return names if len(names) > 1 and all(re.fullmatch(r",|and|, and|&|-|–", b) for b in between) else []


def _counterpart(reading: Reading, token: Token) -> list[Name]:
    """Return the country of "her Austrian counterpart"."""
    if token.lower_ not in {"counterpart", "counterparts"}:
        return []
    return [n for n in reading.names_within(token.left_edge.idx, token.idx) if n.kind == "state"][-1:]


def _body_before(reading: Reading, token: Token) -> list[Name]:
    """Return the body named before that "a ministry spokesman" speaks for."""
    if token.lower_ not in reading.lexicon.sets["voices"]:
        return []
    words = [t.lower_ for t in phrase_words(token) if t.tag_ in {"NN", "NNP"} and t.dep_ in DESCRIBING]
    earlier = [n for n in reading.notes.names if n.kind == "organisation" and n.end <= token.idx]
    return next(([n] for n in reversed(earlier) if words and words[-1] in n.name.lower().split()), [])


def _authors(reading: Reading, token: Token) -> list[Name]:
    """Return whose report, statement or tweet it is."""
    heads = [*prepositional(token, {"from", "by", "of"}), *(c for c in token.children if c.dep_ in DESCRIBING)]
    return [n for h in heads for t in conjuncts(h) for n in reading.refer(t) or describe(reading, t, speaks=True) if n.kind in ACTORS and not n.media]


def _with_coordinated(reading: Reading, token: Token, found: list[Name]) -> list[Name]:
    """Add the names that "and" joins to those found inside the phrase."""
    start, end = token.left_edge.idx, token.right_edge.idx + len(token.right_edge)
    inside = [n for n in reading.names_within(start, end) if n.kind in ACTORS and not _describes(reading, n)]
    joined = list(found)
    for i, name in enumerate(inside[:-1]):
        following = inside[i + 1]
        if _linked(reading, name, following) and {name.name, following.name} & {n.name for n in joined}:
            joined += [n for n in (name, following) if n.name not in {j.name for j in joined}]
    joined = _listed(reading, token, joined)
    return sorted(joined, key=lambda n: n.start) if len(joined) > len(found) else joined


def _listed(reading: Reading, token: Token, found: list[Name]) -> list[Name]:
    """Add those who stand before a subject in one long list of titled people, which the parse breaks: "Minister A (Chile), Minister B and Minister C"."""
    if token.dep_ not in {"nsubj", "conj"} or not found or found[0].kind != "person":
        return found
    first, _ = reading.sentence_span(reading.sentence_of(found[0].start))
    people = [n for n in reading.names_within(first, found[0].start) if n.kind == "person"]
    joined = list(found)
    for name in reversed(people):
        following = min(joined, key=lambda n: n.start)
        if following.start <= name.end:
            continue
        between = reading.doc.char_span(name.end, following.start, alignment_mode="expand")
        if between is None or following.start - name.end > FAR or not any(t.text in {",", "and"} for t in between) or any(is_verb(t) for t in between):
            break
        joined.append(name)
    return joined if len(joined) > len(found) + 2 else found


def _describes(reading: Reading, name: Name) -> bool:
    """Say whether the name only describes another word ("Turkish President", "US official")."""
    span = reading.doc.char_span(name.start, name.end, alignment_mode="expand")
    if span is None:
        return True
    last = span[-1]
    return last.dep_ in DESCRIBING and last.head.i > last.i and (last.tag_ == "JJ" or name.kind != "person")


def _linked(reading: Reading, first: Name, second: Name) -> bool:
    """Say whether only titles and an "and" stand between two names of one kind."""
    if first.kind != second.kind or not 0 < second.start - first.end <= 70:
        return False
    span = reading.doc.char_span(first.end, second.start, alignment_mode="contract")
    if span is None:
        return False
    words = [t for t in span if not t.is_space]
    return any(t.lower_ in {"and", "&"} for t in words) and all(t.tag_ in LINKERS and not is_verb(t) for t in words)


def works_for_media(reading: Reading, token: Token) -> bool:
    """Say whether the phrase puts the person with a news outlet: "the BBC's Anna Berg"."""
    return any((name := reading.name_at(t)) is not None and name.media for t in token.children if t.dep_ in DESCRIBING)


def speaks_jointly(reading: Reading, verb: Token) -> bool:
    """Say whether the verb's subject is two people joined by "and", the second perhaps in apposition right before the verb."""
    return any(len(conjuncts(s)) > 1 and reading.refer(s) for s in subjects_of(verb))


def person_before(reading: Reading, verb: Token) -> Name | None:
    """Return the person in apposition right before the verb: "the director of the museum, Ana Solberg, said"."""
    comma = verb.nbor(-1) if verb.i else verb
    if comma.text != "," or verb.i < 3:
        return None
    name = reading.name_at(verb.nbor(-2))
    if name is None or name.kind != "person":
        return None
    return name if reading.text[: name.start].rstrip().endswith(",") else None


def voice_of(reading: Reading, name: str) -> str | None:
    """Return the organisation that a person speaks for as its spokesperson, as the article titles them; None for others."""
    for person, _country, _gender, titles, body in reading.doc.user_data.get("dateline_cast", ()):
        if person == name and body and any("spokes" in t.casefold() for t in titles):
            return str(body)
    return None
