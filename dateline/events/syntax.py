"""Readers of the dependency parse that every rule shares: whose verb is this, what does it take, in which clause does it stand.

Here: pure functions from Token to tokens (ClearNLP labels, as spaCy's English models give). Each returns heads of phrases; `conjuncts` adds
those that are joined to a head by "and". Not here: what the words mean (dateline.events.lexicon). Unparsed tokens are their own heads, so
every function gives nothing for them. Only `tag_`, `dep_` and entities are set: no lemmas, no `pos_`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
OBJECTS = frozenset({"dobj", "dative", "obj"})
VERBS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
NOMINAL = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "DT", "WP", "WDT", "CD"})
WH_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
CONTROLLED = frozenset({"xcomp", "advcl", "pcomp"})
TOLD_OF = frozenset({"as", "of", "for", "from"})
AIMS = frozenset({"in", "at", "for", "to", "into", "during", "with"})
NONE = frozenset({"no", "neither", "none", "nobody", "no-one"})
CLAUSES = frozenset({"ROOT", "ccomp", "advcl", "relcl", "acl", "parataxis", "xcomp", "pcomp", "csubj", "conj"})


def is_verb(token: Token) -> bool:
    """Say whether the tagger took the token for a verb form."""
    return token.tag_ in VERBS


def children(token: Token, labels: Container[str]) -> list[Token]:
    """Return the direct dependents with one of `labels`, in text order."""
    return [child for child in token.children if child.dep_ in labels]


def ancestors(token: Token) -> Iterator[Token]:
    """Yield the governors from the nearest up; ends at the root."""
    while token.head != token:
        token = token.head
        yield token


def conjuncts(token: Token) -> list[Token]:
    """Return the token and what is joined to it ("Blinken and Lavrov", "A, B as well as C"), in text order."""
    found, queue = [token], [token]
    while queue:
        for child in queue.pop().children:
            if child.dep_ == "conj" and child not in found and not is_verb(child):
                found.append(child)
                queue.append(child)
    return sorted(found, key=lambda t: t.i)


def prepositional(token: Token, prepositions: Container[str]) -> list[Token]:
    """Return the objects of the prepositions among the token's dependents ("with" of "met with Sherman"), conjuncts not added."""
    found = []
    for child in token.children:
        if child.dep_ in {"prep", "agent", "dative", "prt"} and child.lower_ in prepositions:
            found += [t for t in child.children if t.dep_ in {"pobj", "pcomp"}]
    return found


def agents(verb: Token) -> list[Token]:
    """Return who did it in a passive ("condemned by members of the Union")."""
    return prepositional(verb, {"by"})


def is_passive(verb: Token) -> bool:
    """Say whether the verb is a passive, with its auxiliary or as a bare participle after a noun ("talks hosted by Oman")."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    return verb.tag_ == "VBN" and verb.dep_ in {"acl", "amod", "advcl"} and not children(verb, {"aux", "nsubj", "dobj"})


def own_subjects(verb: Token) -> list[Token]:
    """Return the subjects that the verb has itself; a relative pronoun is followed to its antecedent."""
    found = []
    for child in children(verb, SUBJECTS):
        if child.lower_ in WH_PRONOUNS and verb.dep_ == "relcl" and verb.head != verb:
            found.append(verb.head)
        elif child.lower_ != "there" and child.dep_ not in {"csubj", "csubjpass"}:
            found.append(child)
    return found


def subjects_of(verb: Token) -> list[Token]:
    """Return who the verb is said of: its own subject, or that of the verb it is joined to, controlled by, or a participle of.

    Empty where the parse gives none. In "asked Iran to stop", Iran stops; in "a statement saying", whoever governs the statement.
    """
    for _ in range(8):  # a chain this long is a broken parse
        found = own_subjects(verb)
        if found:
            return found
        if verb.head == verb:
            return []
        if verb.dep_ == "conj" or verb.dep_ in {"parataxis", "dep"}:
            verb = verb.head
        elif verb.dep_ in CONTROLLED:
            controller = _controller(verb)
            if isinstance(controller, list):
                return controller
            verb = controller
        elif verb.dep_ == "acl" and verb.tag_ == "VB" and verb.head.dep_ == "dobj" and is_verb(verb.head.head):
            verb = verb.head.head  # "accepted an invitation to visit"
        elif verb.dep_ == "acl":
            return [_whole_phrase(verb.head) if verb.tag_ == "VBN" and children(verb, {"dobj"}) else verb.head]
        elif verb.dep_ in {"ccomp", "aux", "attr", "oprd", "acomp", "advmod"} and is_verb(verb.head):
            verb = verb.head
        else:
            return []
    return []


def _whole_phrase(noun: Token) -> Token:
    """Return the head of the phrase that a misread finite verb closes: "A and the club of lenders signed a deal", read as "lenders signed"."""
    for _ in range(6):
        if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head != noun.head:
            noun = noun.head.head
        elif noun.dep_ == "conj" and noun.head != noun:
            noun = noun.head
        else:
            break
    return noun


def _controller(verb: Token) -> Token | list[Token]:
    governor = verb.head
    if verb.dep_ == "xcomp" and verb.tag_ == "VB":
        objects = children(governor, OBJECTS)
        if objects and not is_passive(governor):
            return objects
    if governor.dep_ == "prep" and governor.head != governor:
        quoted = governor.lower_ in TOLD_OF  # "quoted Berg as saying", "accused Berg of refusing", "thanked Berg for hosting"
        governor = governor.head
        if quoted and (told := children(governor, {"nsubjpass"} if is_passive(governor) else OBJECTS)):
            return told
    if not is_verb(governor) and governor.tag_ in NOMINAL and governor.dep_ not in {"attr", "acomp"}:
        return _governing_verb(governor) or [governor]
    return governor


def _governing_verb(noun: Token) -> Token | None:
    for token in ancestors(noun):
        if is_verb(token):
            return token
    return None


def governing_verb(token: Token) -> Token | None:
    """Return the nearest verb above the token, None at the root or in a headline without one."""
    return _governing_verb(token)


def clause_verb(token: Token) -> Token:
    """Return the verb whose clause the token stands in: itself where it is one with a clause of its own."""
    if is_verb(token) and token.dep_ not in {"amod", "compound", "aux", "auxpass"}:
        return token
    return _governing_verb(token) or token


def verb_of(token: Token, sets: Mapping[str, Container[str]]) -> Token | None:
    """Return the verb whose time and status are the trigger's: its own, or that of the verb it is subject, object or aim of.

    None for a noun that is a mere topic or part of another phrase ("discussed the negotiations", "momentum from the summit"). `sets` are the
    lexicon's word sets: verbs of topics, and measures of talks ("the next round of talks" is their subject).
    """
    if is_verb(token) or token.lower_ == "according":
        return clause_verb(token)
    noun = token
    for _ in range(4):
        if noun.dep_ in {"dobj", "nsubj", "nsubjpass", "attr", "npadvmod"} and is_verb(noun.head):
            return None if noun.dep_ == "dobj" and noun.head.lower_ in sets["topic_verbs"] else noun.head
        if noun.dep_ == "pobj" and noun.head.lower_ in AIMS and is_verb(noun.head.head):
            return noun.head.head
        if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lower_ in sets["measures"]:
            noun = noun.head.head
            continue
        if noun.dep_ not in {"conj", "appos", "compound"}:
            return None
        noun = noun.head
    return None


def is_negated(verb: Token) -> bool:
    """Say whether the verb, or the verb it hangs on without a subject of its own, is negated ("did not", "never", "no longer")."""
    return any(c.dep_ == "neg" or c.lower_ in {"not", "n't", "never"} for c in verb.children) or any(
        d.lower_ in NONE for s in own_subjects(verb) for d in (s, *s.children) if d == s or d.dep_ == "det"
    )


def auxiliaries(verb: Token) -> list[Token]:
    """Return the auxiliaries in order; a joined verb without any shares those of the verb it is joined to."""
    found = children(verb, {"aux", "auxpass"})
    if not found and verb.dep_ == "conj" and verb.head != verb and verb.tag_ == verb.head.tag_ and not own_subjects(verb):
        return auxiliaries(verb.head)
    return found


def is_perfect(verb: Token) -> bool:
    """Say whether the verb stands in the present perfect ("has said")."""
    words = [t.lower_ for t in auxiliaries(verb)]
    return verb.tag_ in {"VBN", "VBD", "VBG"} and any(w in {"has", "have", "'ve", "’ve"} for w in words) and "to" not in words and "will" not in words


def is_past_perfect(verb: Token) -> bool:
    """Say whether the verb stands in the past perfect ("had said")."""
    return verb.tag_ in {"VBN", "VBD", "VBG"} and any(t.lower_ in {"had", "'d"} for t in auxiliaries(verb))


def span_of(token: Token, doc: Doc) -> tuple[int, int]:
    """Return the character offsets of the token's whole phrase, without space around it."""
    first, last = token.left_edge, token.right_edge
    span = doc[first.i : last.i + 1]
    return span.start_char, span.end_char
