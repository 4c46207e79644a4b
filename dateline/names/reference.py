"""Who a word of an article denotes: the seam between syntax (dateline.events.participants) and names.

Here: `refer`, which takes the head of a noun phrase and returns whom it denotes, and the descriptions it understands. Coordination is the
caller's: `refer` never follows conjuncts, so "Biden and Kishida" is two calls. Not here: finding names (dateline.names.component), pronouns and
"the two leaders" (dateline.names.antecedents), roles (dateline.events.participants).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dateline.names.antecedents import CAST, MAIN, NUMBERS, TITLED, countries, pair, pronoun
from dateline.names.bodies import bare_body
from dateline.names.byline import first_person, home_country
from dateline.names.tables import Entry, Gazetteer, gazetteer_for
from dateline.names.words import fold
from dateline.notes import Name, Notes
from dateline.resources import Resources

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FIRST_PERSON = frozenset(("i", "we", "me", "us", "myself", "ourselves"))
RELATIVE = frozenset(("who", "which", "that", "whom"))
BEFORE = ("amod", "compound", "nmod", "poss", "det", "nummod")  # what may describe a head from the left
AFTER = ("of", "from", "for", "at", "with")  # prepositions whose object may describe a head


def refer(doc: Doc, token: Token, notes: Notes, resources: Resources) -> list[Name]:
    """Return whom the noun phrase headed by `token` denotes, in text order; empty where that cannot be told or counts as nobody.

    A name gives itself, with the article's fullest form. A description gives the person it names in apposition ("Kishida, the prime
    minister"), the article's own bearer of that office ("the Japanese prime minister"), or the country or organisation that describes it
    (GUIDELINE rulings 8 and 13: "a US official", "a White House spokesperson"). "The two leaders" gives several, a pronoun its nearest
    fitting antecedent, "I" and "we" the byline's person (start and end are then -1). Bare "officials", "sources", "experts" give nothing.
    """
    word = token.text.casefold()
    if (word in FIRST_PERSON and not token.text.isupper()) or token.text == "I":
        speaker = first_person(notes.article, resources)
        return [speaker] if speaker is not None else []
    if word in RELATIVE and token.head.dep_ == "relcl" and token.head.head != token.head:
        return refer(doc, token.head.head, notes, resources)
    held = [n for n in names_at(token, notes) if n.kind is not None]
    if held:
        chosen = _closest(held)
        return [_titled(doc, chosen, notes) or chosen] if chosen.kind in ("state", "organisation") else [chosen]
    titled = next((_name_from(b, notes) for a, b in doc.user_data.get(TITLED, ()) if a <= token.idx < b), None)
    if titled is not None:
        return [titled]
    return pronoun(doc, token, notes) or _described(doc, token, notes, gazetteer_for(resources), resources)


def names_at(token: Token, notes: Notes) -> list[Name]:
    """Return the names whose span holds `token`, the longest first."""
    start, end = token.idx, token.idx + len(token.text)
    held = [n for n in notes.names if n.start <= start and end <= n.end]
    return sorted(held, key=lambda n: n.start - n.end)


def _titled(doc: Doc, name: Name, notes: Notes) -> Name | None:
    """Return the person in whose title a country or organisation stands, where a wrong parse asks for it: "Republic of Korea Minister Cho"."""
    text = notes.article.text
    for title, begin in doc.user_data.get(TITLED, ()):
        if (
            title - 1 <= name.end < begin
            and (name.start >= title or text[name.end : title].strip() == "")
            and text[name.end : name.end + 2] not in ("'s", "’s")
        ):
            return _name_from(begin, notes)
    return None


def _name_from(begin: int, notes: Notes) -> Name | None:
    return next((n for n in notes.names if n.start == begin and n.kind == "person"), None)


def _closest(held: list[Name]) -> Name:
    """Return the person that holds a token, else the longest name: "the Biden administration" is no Biden unless "Biden" was asked for."""
    people = [n for n in held if n.kind == "person"]
    return people[0] if people else held[0]


def _described(doc: Doc, token: Token, notes: Notes, gazetteer: Gazetteer, resources: Resources) -> list[Name]:
    word = fold(token.text)
    if word in gazetteer.lists["nobody"] and not (word == "sources" and _describers(token, notes, gazetteer)):
        return []
    several = _several(token, doc, notes, gazetteer)
    if several:
        return several
    named = _named_beside(token, notes, gazetteer.lists["role"])
    if named is not None:
        return [named]
    body = bare_body(doc, token, notes, gazetteer)
    if body is not None:
        return [body]
    office = _office(token, gazetteer)
    describers = [n for n in _describers(token, notes, gazetteer) if n.kind is not None and not n.media]
    if not describers and (home := _government_voice(doc, token, gazetteer)) is not None:
        return [home]
    if office is not None:
        return _holder(doc, token, notes, office, describers)
    if word.startswith("counterpart") and describers:
        return _counterpart(doc, token, notes, describers[0]) or describers[:1]
    if word in gazetteer.lists["voice"]:
        owner = next((n for t in _modifiers(token, gazetteer) for n in names_at(t, notes) or pronoun(doc, t, notes) if n.kind == "person"), None)
        if owner is not None:
            return [owner]
    if describers and (word in gazetteer.lists["officials"] or word in gazetteer.lists["collective"]):
        return describers if word.endswith("s") else describers[:1]
    if _group(token, notes, gazetteer):
        return [_group_name(token)]
    return _organisation(token, notes, gazetteer) or _government(token, notes, gazetteer, resources)


def _several(token: Token, doc: Doc, notes: Notes, gazetteer: Gazetteer) -> list[Name]:
    """Return whom "the two leaders", "both sides", "the pair", "the sides" denote; empty for anything else."""
    word = fold(token.text)
    if word not in gazetteer.lists["pair"]:
        return []
    left = [fold(t.text) for t in token.lefts]
    count = next((NUMBERS[w] for w in [*left, word] if w in NUMBERS), 0)
    if not count and word in ("sides", "leaders", "pair", "duo") and "the" in left and not _describers(token, notes, gazetteer):
        count = 2
    if not count:
        return []
    if word in gazetteer.lists["state_only"]:
        return countries(token, doc, notes, gazetteer.country_names, count=count)
    return pair(token, doc, notes, states=word in gazetteer.lists["state_pair"], count=count)


def _named_beside(token: Token, notes: Notes, roles: frozenset[str]) -> Name | None:
    """Return the person named in apposition to a description, or right after it."""
    for child in token.children:
        if child.dep_ in ("appos", "nmod", "compound") and child.i > token.i:
            person = next((n for n in names_at(child, notes) if n.kind == "person"), None)
            if person is not None:
                return person
    if fold(token.text) in roles:
        for inner in token.subtree:
            if inner.dep_ == "appos" and inner.i > token.i:
                person = next((n for n in names_at(inner, notes) if n.kind == "person"), None)
                if person is not None:
                    return person
    if token.dep_ == "appos":
        person = next((n for n in names_at(token.head, notes) if n.kind == "person"), None)
        if person is not None:
            return person
    after = token.idx + len(token.text) + 1
    return next((n for n in notes.names if n.kind == "person" and n.start == after), None)


def _describers(token: Token, notes: Notes, gazetteer: Gazetteer) -> list[Name]:
    """Return the countries and organisations that describe a head: "US official", "Japan's leader", "officials from the ministry"."""
    found = [n for t in _modifiers(token, gazetteer) for n in names_at(t, notes)[:1]]
    return [n for n in dict.fromkeys(found) if n.kind in ("state", "organisation")]


def _modifiers(token: Token, gazetteer: Gazetteer) -> Iterator[Token]:
    for child in token.children:
        if child.dep_ in BEFORE and child.i < token.i:
            yield child
            yield from (t for t in child.conjuncts if t.i < token.i)
            yield from _modifiers(child, gazetteer)
    for child in token.children:
        if child.dep_ == "prep" and fold(child.text) in AFTER:
            yield from _objects(child, gazetteer.lists["seat"])


def _objects(preposition: Token, seats: frozenset[str]) -> Iterator[Token]:
    """Yield a preposition's objects with what is joined to them, and what describes them: "officials from the Governments of Yemen and Oman"."""
    for child in preposition.children:
        if child.dep_ == "pobj":
            yield child
            yield from child.conjuncts
            if fold(child.text) in seats:
                yield from (t for t in child.lefts if t.dep_ in ("amod", "compound", "poss"))
            for inner in child.children:
                if inner.dep_ == "prep" and inner.lower_ == "of":
                    yield from _objects(inner, seats)


def _office(token: Token, gazetteer: Gazetteer) -> Entry | None:
    """Return the office that a head names, with its compounds: "prime minister", "foreign minister", "spokeswoman"; None if it is none."""
    words = [t.text for t in token.lefts if t.dep_ in ("compound", "amod")] + [token.text]
    for k in range(len(words)):
        entry = next((e for e in gazetteer.get(" ".join(words[k:])) if e.sort == "title"), None)
        if entry is not None and (entry.detail not in ("honorific", "military") or k == len(words) - 1):
            return entry
    return None


def _holder(doc: Doc, token: Token, notes: Notes, office: Entry, describers: list[Name]) -> list[Name]:
    """Return the article's own bearer of an office, else what describes the office; nothing for a bare "the official"."""
    country = next((n.country for n in describers if n.country), None)
    organisation = next((n.name for n in describers if n.kind == "organisation"), None)
    wanted = fold(office.name)
    phrase = {fold(t.text) for t in (*token.lefts, token)}
    definite = not any(t.text.casefold() in ("a", "an", "another", "some", "several") for t in token.lefts)
    fitting = {
        name: max(len(phrase & set(fold(t).split())) for t in titles)
        for name, of, _, titles, body in doc.user_data.get(CAST, ())
        if definite and any(_same_office(wanted, fold(t)) for t in titles) and country in (None, of) and organisation in (None, body, "")
    }
    best = max(fitting.values(), default=0)
    for name in reversed(notes.names):
        if name.kind == "person" and fitting.get(name.name) == best and name.end <= token.idx:
            return [name]
    if fitting and not describers:  # named by the byline or later on
        holder = next(n for n, rank in fitting.items() if rank == best)
        of = next(c for n, c, _, _, _ in doc.user_data[CAST] if n == holder)
        return [Name(token.idx, token.idx + len(token.text), token.text, holder, "person", of)]
    return describers[:1]


def _counterpart(doc: Doc, token: Token, notes: Notes, country: Name) -> list[Name]:
    """Return the holder of the last-named person's own office in another country: "Macron and his Ukrainian counterpart"."""
    cast = {name: (of, titles) for name, of, _, titles, _ in doc.user_data.get(CAST, ())}
    owner = next((n.name for n in reversed(notes.names) if n.kind == "person" and n.end <= token.idx), "")
    posts = {fold(t).split()[-1] for t in cast.get(owner, ("", ()))[1]}
    holders = {n for n, (of, titles) in cast.items() if of == country.country and posts & {fold(t).split()[-1] for t in titles}}
    return next(([n] for n in notes.names if n.kind == "person" and n.name in holders), []) if len(holders) == 1 else []


def _same_office(wanted: str, title: str) -> bool:
    """Say whether a description's office is a title: "minister" any minister's, "leader" any head's, "spokesman" a spokesperson's."""
    if wanted == title or title.endswith(" " + wanted) or title.startswith((wanted + " of ", wanted + " for ")):
        return True
    if wanted in ("leader", "premier"):
        return title in ("president", "prime minister", "chancellor", "premier", "supreme leader", "king", "leader")
    return wanted.startswith("spokes") and title.startswith("spokes")


def _organisation(token: Token, notes: Notes, gazetteer: Gazetteer) -> list[Name]:
    """Return the organisation named before that "the alliance", "the agency" goes back to."""
    if not any(t.text.casefold() in ("the", "this", "that") for t in token.lefts):
        return []
    body = fold(token.text) in gazetteer.lists["body"]
    for name in reversed(notes.names):
        if name.kind != "organisation" or name.end > token.idx or name.media:
            continue
        if any(token.text in e.nouns for e in gazetteer.get(name.name)) or (body and fold(token.text) in fold(name.name).split()):
            return [name]
    return []


def _government(token: Token, notes: Notes, gazetteer: Gazetteer, resources: Resources) -> list[Name]:
    """Return the country whose "the government" it is: the source's own, else the state named last before."""
    if fold(token.text) not in gazetteer.lists["government"] or not any(t.text.casefold() in ("the", "my", "our") for t in token.lefts):
        return []
    home = home_country(notes.article, resources)
    if home is not None:
        country = gazetteer.country_names[home]
        return [Name(token.idx, token.idx + len(token.text), token.text, country, "state", home)]
    return [n for n in reversed(notes.names) if n.kind == "state" and n.end <= token.idx][:1]


def _government_voice(doc: Doc, token: Token, gazetteer: Gazetteer) -> Name | None:
    """Return the article's main country for its "government spokesman", where nothing says whose government it is."""
    main = doc.user_data.get(MAIN)
    if not isinstance(main, str) or main not in gazetteer.country_names or fold(token.text) not in gazetteer.lists["voice"]:
        return None
    if not any(t.dep_ == "compound" and fold(t.text) in gazetteer.lists["government"] for t in token.lefts):
        return None
    return Name(token.idx, token.idx + len(token.text), token.text, gazetteer.country_names[main], "state", main)


def _group(token: Token, notes: Notes, gazetteer: Gazetteer) -> bool:
    """Say whether a plural like "African leaders" names a group: leaders of a part of the world."""
    places = [n for t in _modifiers(token, gazetteer) for n in names_at(t, notes)]
    return fold(token.text) in gazetteer.lists["group"] and (
        any(n.kind is None and n.country is None for n in places)
        or any(fold(t.text) in gazetteer.lists["part_of_world"] for t in (*token.lefts, *(o for c in token.rights for p in c.rights for o in p.lefts)))
    )


def _group_name(token: Token) -> Name:
    left = token.i
    while left > token.left_edge.i and token.doc[left - 1].tag_ in ("JJ", "NN", "NNP", "HYPH") and not token.doc[left - 1].is_punct:
        left -= 1
    last = max([o.i for c in token.rights if c.dep_ == "prep" and c.lower_ in ("of", "from") for o in c.children if o.dep_ == "pobj"], default=token.i)
    span = token.doc[left : last + 1]
    return Name(span.start_char, span.end_char, span.text, span.text, "group", None)
