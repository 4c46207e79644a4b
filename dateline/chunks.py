"""Runs articles through the pipeline quickly: splits each into sentences, parses those that may hold an event, then runs our components.

Here: the speed of extraction (docs/decisions/0002). The model's sentence recogniser cuts an article into chunks; a chunk in which no trigger
rule can fire is not tagged, parsed or searched for names, unless it is one of the first three. Parsed chunks are copied back into the
article's one Doc, whose text is the article's, so that offsets need no translation. Not here: what the components find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc

from dateline.events.prospect import SentenceFilter
from dateline.nlp import COMPONENTS
from dateline.notes import notes_of
from dateline.stepping import annotate

LONGEST = 400  # tokens; a longer chunk (a list, a table without stops) is cut there
COPIED: list[int | str] = ["TAG", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE"]
INSIDE = 1
OUTSIDE = 2  # spaCy's ENT_IOB code for a token outside any entity
# "NAIROBI, Sept 17 - ", "WASHINGTON (DL) — ", "Bern, 22.05.2019 - ", "(CNN) ": not part of the first sentence
_PARTS = r"(?:[ ,]+(?:\(?[A-Z][\w.'’/]*\)?|\d{1,4}),?)"  # of a dateline: region, agency, month, day
DATELINE = re.compile(
    r"\s*(?:\([A-Z][A-Za-z]+\)\s+(?:[-–—]{1,2}\s+)?(?=[A-Z“\"])"
    rf"|(?:[A-Z][a-z]+ )?[A-Z][A-Z.'’-]+(?:{_PARTS}{{1,6}}\s+[-–—]{{1,2}}|\s+(?:--|—))\s+(?=[A-Z“\"])"
    r"|[A-Z][\w'’ -]{2,30},\s+\d{1,2}[./]\d{1,2}[./]\d{4}\s+[-–—]\s+)"
)
PARAGRAPH = re.compile(r"\n[ \t]*\n")


class ChunkedPipeline:
    """Annotates Docs whose notes (dateline.notes) are set: sentences, parse where needed, then our components one Doc at a time."""

    def __init__(self, nlp: Language, sentence_filter: SentenceFilter | None, *, batch_size: int = 64) -> None:
        self.nlp = nlp
        self.sentence_filter = sentence_filter
        self.batch_size = batch_size
        parts = dict(nlp.components)  # disabled ones too: the sentence recogniser ships switched off
        senter = parts.get("senter")
        self.senter = senter if isinstance(senter, TrainablePipe) else None
        self.ours = [component for name, component in nlp.pipeline if name in COMPONENTS]
        self.model = [component for name, component in nlp.pipeline if name not in COMPONENTS and name != "senter"]

    def parse(self, docs: Sequence[Doc]) -> None:
        """Split the Docs into sentences and parse what must be parsed, in place."""
        if self.senter is None:  # such as transformer pipelines: the parser splits sentences, so everything is parsed
            for doc, parsed in zip(docs, self._run([doc.copy() for doc in docs]), strict=True):
                _copy(doc, [(0, len(doc), parsed)])
                notes_of(doc).sentences = [_trimmed(doc, s.start, s.end) for s in doc.sents]
            return
        for _ in self.senter.pipe(iter(docs), batch_size=self.batch_size):
            pass
        spans = [list(_chunks(doc)) for doc in docs]
        wanted = [self._wanted(doc, chunks) for doc, chunks in zip(docs, spans, strict=True)]
        parts = [
            part for doc, chunks, keep in zip(docs, spans, wanted, strict=True) for part in _parts(doc, [c for c, k in zip(chunks, keep, strict=True) if k])
        ]
        parsed_parts = self._run(parts)
        for doc, chunks, keep in zip(docs, spans, wanted, strict=True):
            _copy(doc, [(a, b, next(parsed_parts) if k else None) for (a, b), k in zip(chunks, keep, strict=True)])
            notes_of(doc).sentences = [_trimmed(doc, a, b) for a, b in chunks]

    def annotate(self, doc: Doc) -> Doc:
        """Run our components on a parsed Doc."""
        for component in self.ours:
            doc = component(doc)
        return doc

    def _wanted(self, doc: Doc, chunks: Sequence[tuple[int, int]]) -> list[bool]:
        if self.sentence_filter is None:
            return [True] * len(chunks)
        return self.sentence_filter.wanted(notes_of(doc).article.text, [_trimmed(doc, start, end) for start, end in chunks])

    def _run(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        parsed = list(docs)
        for component in self.model:
            parsed = annotate(parsed, component, batch_size=self.batch_size)
        return iter(parsed)


def _chunks(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield (start, end) token indices of the sentences: where the recogniser begins one, at paragraph breaks, or after LONGEST tokens."""
    if not len(doc):
        return
    begins, space, offsets = (doc.to_array(name).astype("int64") for name in ("SENT_START", "IS_SPACE", "IDX"))
    begins = (begins == 1) & (space == 0)
    begins[np.isin(offsets, _paragraph_starts(notes_of(doc).article.text)) & (space == 0)] = True
    start = 0
    for end in [*np.flatnonzero(begins[1:]) + 1, len(doc)]:
        while end - start > LONGEST:
            yield start, start + LONGEST
            start += LONGEST
        yield start, int(end)
        start = int(end)


def _parts(doc: Doc, chunks: Iterable[tuple[int, int]]) -> Iterator[Doc]:
    """Yield each chunk as a Doc of the tokens that are parsed, without annotation; by array, as `Span.as_doc` copies far more."""
    words, spaces = (doc.to_array(name).tolist() for name in ("ORTH", "SPACY"))
    for start, end in chunks:
        kept = _parsed_tokens(doc, start, end)
        followed = set(kept)
        yield Doc(doc.vocab, words=[words[i] for i in kept], spaces=[bool(spaces[i]) or i + 1 not in followed for i in kept])


def _parsed_tokens(doc: Doc, start: int, end: int) -> list[int]:
    """Return the tokens of a chunk that the model sees: no line breaks of wrapped text and no dateline, both of which mislead its parser."""
    text = notes_of(doc).article.text
    head = DATELINE.match(text)
    story = head.end() if head else 0
    kept = [i for i in range(start, end) if not doc[i].is_space and doc[i].idx >= story]
    return kept or list(range(start, end))


def _paragraph_starts(text: str) -> list[int]:
    """Return the offsets at which a paragraph begins: after an empty line; after any line where lines are paragraphs, not hard-wrapped."""
    lines = [line for line in text.split("\n") if line.strip()]
    wrapped = bool(lines) and max(map(len, lines)) <= 120 and len(lines) > 3
    pattern = PARAGRAPH if wrapped else re.compile(r"\n")
    return [_next_word(text, m.end()) for m in pattern.finditer(text)]


def _next_word(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return the code point offsets of the tokens start..end without the white space at either side."""
    first, last = start, end - 1
    while first < last and doc[first].is_space:
        first += 1
    while last > first and doc[last].is_space:
        last -= 1
    return doc[first].idx, doc[last].idx + len(doc[last])


def _copy(doc: Doc, parts: Iterable[tuple[int, int, Doc | None]]) -> None:
    """Write the parsed chunks' annotation into the article's Doc; an unparsed chunk hangs flat on its first token, without tags."""
    table = np.zeros((len(doc), len(COPIED)), dtype="uint64")
    table[:, 3] = OUTSIDE
    for start, end, parsed in parts:
        if parsed is None:
            table[start:end, 2] = -np.arange(end - start, dtype="int64").astype("uint64")
        else:
            _place(table, _parsed_tokens(doc, start, end), start, end, parsed)
    if len(doc):
        doc.from_array(COPIED, table)  # type: ignore[arg-type]  # spaCy declares thinc's own array type


def _place(table: np.ndarray[Any, Any], kept: list[int], start: int, end: int, parsed: Doc) -> None:
    """Write a parsed chunk's rows, its heads counted in the article's tokens; a token that was not parsed hangs, without tags, on the chunk's root."""
    rows = parsed.to_array(COPIED)
    where = np.array(kept, dtype="int64")
    heads = np.arange(len(kept)) + rows[:, 2].astype("int64")
    rows[:, 2] = (where[heads] - where).astype("uint64")
    root = kept[int(np.flatnonzero(heads == np.arange(len(kept)))[0])]
    table[start:end, 2] = (root - np.arange(start, end, dtype="int64")).astype("uint64")
    table[where] = rows
    for before, here in pairwise(kept):
        if here - before > 1 and table[here, 3] == INSIDE:  # a name broken over two lines stays one name
            table[before + 1 : here, 3:] = table[here, 3:]
