"""What was said, agreed or talked about, as a span of the right clause.

Here: `content_of` and the component `dateline_content` (sets mention.content). A saying's content is its quotation or reported clause, else
its object; an accord's the phrase that names it or what was agreed; a meeting's what it was "about", "on" or "to discuss". Never longer than
LONGEST, cut at a word. Next: dateline.events.anchoring.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.events.reading import Reading
from dateline.events.syntax import OBJECTS, children, is_passive, is_verb, prepositional, span_of
from dateline.events.verb_tests import quotation_of
from dateline.notes import Mention
from dateline.records import Content
from dateline.resources import Resources, resources_for

LONGEST = 600


def content_of(reading: Reading, mention: Mention) -> Content | None:
    """Return the content of the mention, None where its clause gives none."""
    token = reading.doc[mention.token]
    found = {"statement": _said, "agreement": _agreed}.get(mention.type, _talked)(reading, token)
    return None if found is None else _cut(reading, *found)


def _cut(reading: Reading, start: int, end: int) -> Content | None:
    text = reading.text
    while start < end and (text[start].isspace() or text[start] in ",;:"):
        start += 1
    if end - start > LONGEST:
        end = text.rfind(" ", start, start + LONGEST)
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return Content(start, end, text[start:end]) if end > start else None


def _said(reading: Reading, token: Token) -> tuple[int, int] | None:
    if token.lower_ == "according":
        return _governing_clause(token)
    quoted = quotation_of(reading, token)
    if quoted and _direct(reading, token, quoted):
        return quoted
    for child in token.children:
        if child.dep_ == "ccomp" and child.right_edge.i > token.i:
            return max(token.idx + len(token), span_of(child, reading.doc)[0]), span_of(child, reading.doc)[1]
    before = [c for c in token.children if c.dep_ == "ccomp"]
    if before:
        return span_of(before[0], reading.doc)
    for child in token.children:
        if child.dep_ in {"xcomp", "oprd", "attr"} and is_verb(child):
            return span_of(child, reading.doc)
    objects = children(token, {"dobj"}) or prepositional(token, {"for", "about", "on", "of", "to"})
    if objects:
        return _with_topic(reading, objects[0])
    return quoted or _named(token, reading)


def _direct(reading: Reading, token: Token, quoted: tuple[int, int]) -> bool:
    """Say whether the quotation is the whole saying, not some words of a reported clause."""
    if any(c.dep_ == "mark" and c.lower_ == "that" for child in token.children if child.dep_ == "ccomp" for c in child.children):
        return False
    if quoted[0] < token.idx:
        return True
    between = reading.text[token.idx + len(token) : quoted[0]].rstrip()
    return between.endswith((",", ":")) or not between


def _named(token: Token, reading: Reading) -> tuple[int, int] | None:
    if is_verb(token):
        return None
    for child in token.children:
        if child.dep_ in {"prep", "acl", "relcl"} and child.i > token.i:
            return span_of(child, reading.doc)
    return None


def _governing_clause(token: Token) -> tuple[int, int] | None:
    """Return what is so "according to" somebody: the clause that the phrase hangs on, without the phrase."""
    head = token.head
    if head == token:
        return None
    start, end = head.left_edge.idx, head.right_edge.idx + len(head.right_edge)
    first, last = token.left_edge.idx, token.right_edge.idx + len(token.right_edge)
    if first - start >= end - last:
        return start, first
    return last, end


def _agreed(reading: Reading, token: Token) -> tuple[int, int] | None:
    if not is_verb(token):
        return span_of(token, reading.doc)
    labels = {*OBJECTS, "nsubjpass"} if is_passive(token) else OBJECTS
    for child in [*children(token, labels), *children(token, {"xcomp", "ccomp"}), *prepositional(token, {"on", "to", "upon"})]:
        return _with_topic(reading, child)
    if token.dep_ == "acl":
        return span_of(token.head, reading.doc)
    return None


def _with_topic(reading: Reading, head: Token) -> tuple[int, int]:
    """Return the phrase with the "on fishing" right behind it that the parse hung on the verb."""
    start, end = span_of(head, reading.doc)
    behind = head.right_edge.i + 1
    if behind < len(reading.doc):
        prep = reading.doc[behind]
        if (
            prep.lower_ in reading.lexicon.sets["topic_prepositions"] | {"for", "of"}
            and prep.dep_ == "prep"
            and prep.head == head.head
            and not _is_time_or_side(reading, prep)
        ):
            end = _before_time(reading, prep.idx, prep.right_edge.idx + len(prep.right_edge))
    return start, end


def _before_time(reading: Reading, start: int, end: int) -> int:
    """Cut a phrase before a date at its end that the parse hung too deep ("on fishing on 3 May")."""
    for timex in reading.notes.timexes:
        if start < timex.start < end <= timex.end + 1:
            span = reading.doc.char_span(timex.start, timex.end, alignment_mode="expand")
            before = span[0].nbor(-1) if span is not None and span[0].i else None
            return before.idx if before is not None and before.tag_ == "IN" else timex.start
    return end


def _is_time_or_side(reading: Reading, prep: Token) -> bool:
    """Say whether "on" begins a date or "on the sidelines", not a topic."""
    words = {t.lower_ for t in prep.subtree}
    return bool(words & reading.lexicon.sets["beside_topics"]) or any(prep.idx <= t.start <= prep.idx + len(prep) + 5 for t in reading.notes.timexes)


def _talked(reading: Reading, token: Token) -> tuple[int, int] | None:
    if token.lower_.startswith("discuss") and is_verb(token):
        objects = children(token, {"dobj", "ccomp"})
        return span_of(objects[0], reading.doc) if objects else None
    topics = _topics(reading, token) or [c for c in token.children if c.dep_ in {"advcl", "xcomp"} and c.tag_ == "VB"]
    if not topics and token.head != token and not is_verb(token):
        topics = _topics(reading, token.head)
    return span_of(topics[0], reading.doc) if topics else None


def _topics(reading: Reading, token: Token) -> list[Token]:
    preps = [c for c in token.children if c.dep_ == "prep" and c.lower_ in reading.lexicon.sets["topic_prepositions"] and not _is_time_or_side(reading, c)]
    return [t for p in preps for t in children(p, {"pobj", "pcomp"})]


class ContentReader:
    """The component `dateline_content`."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Read the content of each mention."""
        reading = Reading(doc, self.resources)
        for mention in reading.notes.mentions:
            mention.content = content_of(reading, mention)
        return doc


@Language.factory("dateline_content", default_config={"language": "en", "overlay": None})
def make_content(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> ContentReader:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return ContentReader(resources_for(language, overlay))
