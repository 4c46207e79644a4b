"""Articles in, events out: the library's front door.

Here: `Extractor`, which streams articles through the pipeline in batches and returns frozen records, one per article, in order, whatever the
batch or the number of worker processes. One article's failure is that article's error record. Not here: the components (dateline.timex,
dateline.names, dateline.events), the JSON form (dateline.jsonl), storage (models).
"""

from __future__ import annotations

import logging
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import get_context

from spacy.tokens import Doc

import dateline
from dateline.chunks import ChunkedPipeline
from dateline.document_time import find_document_time
from dateline.errors import ConfigurationError, DatelineError, UsageError
from dateline.events.prospect import SentenceFilter
from dateline.jsonl import published_day
from dateline.language import ENGLISH, detect_language
from dateline.nlp import DEFAULT_MODEL, build_nlp
from dateline.notes import KEY, Notes, notes_of
from dateline.records import Article, Extraction, Problem, Versions
from dateline.resources import Resources, resources_for
from dateline.workers import leave_with_parent

log = logging.getLogger(__name__)

BATCH = 64  # articles; one memory zone each: smaller ones tokenise known words again, larger ones hold more memory
LONGEST_TEXT = 1_000_000  # code points, about 170,000 words: beyond it a file is no article
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no text can be stored with it
WARM_UP = "The ministers met in Oslo on Monday."
DOMAINS = ("news", "narrative")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to extract; picklable, so that worker processes build the same pipeline."""

    model: str = DEFAULT_MODEL
    overlay: str | None = None
    domain: str = "news"
    min_confidence: float = 0.0
    chunked: bool = True  # False parses every sentence: slower, for measuring what the filter costs


class Extractor:
    """Extracts events from articles.

    Example:
        >>> from dateline import Extractor
        >>> from dateline.records import Article
        >>> article = Article("a1", "Anna Berg met Prime Minister Li Wei in Oslo on Monday.", published="2024-03-05")
        >>> [(e.type, str(e.start)) for e in next(Extractor().extract([article])).events]
        [('meeting', '2024-03-04')]

    Args:
        model: the spaCy model (DATELINE_MODEL).
        overlay: a folder laid over the shipped resources (DATELINE_RESOURCES).
        domain: "news" resolves relative dates against the document time, "narrative" against the last date of the text.
        min_confidence: events below it are dropped, 0..1.
        workers: processes; 1 extracts in this one.
        chunked: False parses every sentence.

    Raises:
        ConfigurationError: the model or a resource file cannot be used. Raised here, not at the first article.
        UsageError: an unknown domain, or numbers out of range.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        *,
        overlay: str | None = None,
        domain: str = "news",
        min_confidence: float = 0.0,
        workers: int = 1,
        chunked: bool = True,
    ) -> None:
        if domain not in DOMAINS:
            raise UsageError(f"Unknown domain {domain!r}. Known: {', '.join(DOMAINS)}.")
        if not 0.0 <= min_confidence <= 1.0:
            raise UsageError(f"The minimum confidence is {min_confidence}; it must lie between 0 and 1.")
        if workers < 1:
            raise UsageError(f"{workers} workers: give at least 1.")
        self.settings = Settings(model, overlay, domain, min_confidence, chunked)
        self.workers = workers
        self._engine = engine_for(self.settings)

    @property
    def versions(self) -> Versions:
        """The versions that stored reports are compared with."""
        return self._engine.versions

    def extract(self, articles: Iterable[Article], *, first_line: int = 1) -> Iterator[Extraction]:
        """Yield one Extraction per article, in order, as they are ready; `line` counts from `first_line`."""
        batches = _batches(articles, first_line)
        if self.workers == 1:
            for batch in batches:
                yield from self._engine.run(batch)
            return
        with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(os.getpid(), self.settings)) as pool:
            try:
                yield from self._extract_in(pool, batches)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C, or nobody wants the rest: what waits is not begun
                raise

    def _extract_in(self, pool: ProcessPoolExecutor, batches: Iterator[Batch]) -> Iterator[Extraction]:
        pending: deque[Future[list[Extraction]]] = deque()
        for batch in batches:
            pending.append(pool.submit(_run_in_worker, self.settings, batch))
            if len(pending) > 2 * self.workers:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()


Batch = list[tuple[int, Article]]


class Engine:
    """One process's pipeline. Get it through `engine_for`, which builds it once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.resources: Resources = resources_for("en", settings.overlay)
        self.nlp = build_nlp(settings.model, overlay=settings.overlay)
        self.nlp.max_length = LONGEST_TEXT + 1
        self.pipeline = ChunkedPipeline(self.nlp, SentenceFilter(self.resources) if settings.chunked else None)
        meta = self.nlp.meta
        self.versions = Versions(dateline.__version__, f"{settings.model}-{meta.get('version', '0')}", self.resources.version)
        self.run([(0, Article("warm-up", WARM_UP))])  # reads every lexicon, so that a broken one is said here

    def run(self, batch: Batch) -> list[Extraction]:
        """Extract a batch; each article's result is the same whatever its neighbours are."""
        done = {line: passed for line, article in batch if (passed := _passed_over(line, article)) is not None}
        rest = [(line, article) for line, article in batch if line not in done]
        with self.nlp.memory_zone():
            for line, article, doc in self._prepared(rest, done):
                done[line] = self._finish(line, article, doc)
        return [done[line] for line, _ in batch]

    def _prepared(self, batch: Batch, done: dict[int, Extraction]) -> list[tuple[int, Article, Doc]]:
        """Return the parsed Docs; where the batch fails as a whole, each article is tried alone and the failing ones become errors."""
        try:
            docs = [self._doc(article) for _, article in batch]
            self.pipeline.parse(docs)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a model does on one text, the texts beside it are kept
            if len(batch) == 1:
                line, article = batch[0]
                done[line] = _failed(line, article, error)
                return []
            return [item for one in batch for item in self._prepared([one], done)]
        return [(line, article, doc) for (line, article), doc in zip(batch, docs, strict=True)]

    def _doc(self, article: Article) -> Doc:
        doc = self.nlp.make_doc(SURROGATE.sub("\ufffd", article.text))  # one for one, so that offsets stay the article's
        doc.user_data[KEY] = Notes(article, find_document_time(article, self.resources), domain=self.settings.domain)
        return doc

    def _finish(self, line: int, article: Article, doc: Doc) -> Extraction:
        try:
            notes = notes_of(self.pipeline.annotate(doc))
        except ConfigurationError:
            raise  # a broken lexicon is nobody's article
        except Exception as error:  # noqa: BLE001 - one article's failure is that article's record, never the batch's end
            return _failed(line, article, error)
        return Extraction(
            line=line,
            doc_id=article.doc_id,
            published=notes.document_time.day,
            published_basis=notes.document_time.basis,
            language=article.language or ENGLISH,
            events=tuple(e for e in notes.events if e.confidence >= self.settings.min_confidence),
            timexes=tuple(notes.timexes),
            title=article.title,
            source=article.source,
        )


@cache
def engine_for(settings: Settings) -> Engine:
    """Return this process's pipeline for the settings, built at the first call."""
    return Engine(settings)


def _start_worker(parent: int, settings: Settings) -> None:
    leave_with_parent(parent)
    engine_for(settings)


def _run_in_worker(settings: Settings, batch: Batch) -> list[Extraction]:
    return engine_for(settings).run(batch)


def _batches(articles: Iterable[Article], first_line: int) -> Iterator[Batch]:
    numbered = enumerate(articles, first_line)
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _passed_over(line: int, article: Article) -> Extraction | None:
    """Return the record of an article that is not to be extracted, or None."""
    if not article.text.strip():
        return Extraction(line, article.doc_id, skipped=Problem("empty", "The text is empty."))
    if len(article.text) > LONGEST_TEXT:
        message = f"Cannot extract {article.doc_id}: {len(article.text):,} characters, more than {LONGEST_TEXT:,}. Split the text into articles."
        return Extraction(line, article.doc_id, error=Problem("too_long", message))
    if article.published is not None:
        try:
            published_day(article.published, article.doc_id)
        except DatelineError as error:
            return Extraction(line, article.doc_id, error=Problem(error.code, error.message))
    language = article.language or detect_language(article.text)
    if language is not None and not language.lower().startswith(ENGLISH):
        return Extraction(line, article.doc_id, language=language, skipped=Problem("language", f"Written in {language}; Dateline reads English."))
    return None


def _failed(line: int, article: Article, error: Exception) -> Extraction:
    log.debug("Extraction of %s failed", article.doc_id, exc_info=error)
    message = f"Cannot extract {article.doc_id}: {type(error).__name__}: {str(error)[:200]}. The article is kept apart; please report it with its text."
    return Extraction(line, article.doc_id, error=Problem("extraction_failed", message))
