"""Extraction of one batch, wherever it runs: in this process, in a pool of processes, in a task runner's worker, on a Dask cluster.

Here: `Recipe` (what to extract with, picklable), `extract_batch` and the versions of a recipe, found without loading the model. The pipeline is
built at most once a process, and only when the cache cannot answer. Not here: the extraction itself (dateline.extract), the task (flows.pipeline).
"""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import dateline
from dateline.errors import ConfigurationError
from dateline.records import Article, Extraction, Problem
from dateline.resources import resources_for
from dateline.workers import leave_with_parent
from flows.configuration import Settings
from flows.extraction_cache import ExtractionCache

_engine_lock = threading.Lock()  # spaCy's memory zones belong to one thread at a time


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to extract with. `versions` are (extractor, model, lexicon); `cache` is a folder or None."""

    model: str
    overlay: str | None
    versions: tuple[str, str, str]
    cache: str | None
    processes: int = 1  # beside this one; 1 extracts here


class Work:
    """A batch on its way to a worker. No data class: Prefect and Dask look into those, and into tuples and lists, for futures."""

    def __init__(self, articles: Sequence[Article], recipe: Recipe) -> None:
        self.articles, self.recipe = articles, recipe

    def done(self) -> list[Extraction]:
        """Extract the batch here."""
        return extract_batch(self.articles, self.recipe)

    def again(self) -> list[Extraction]:
        """Extract the batch where its process was killed: in a pool of our own, which finds out which article does that."""
        return extract_batch(self.articles, replace(self.recipe, processes=max(2, self.recipe.processes)))


def recipe_for(settings: Settings) -> Recipe:
    """Return the recipe that the settings ask for. Raises ConfigurationError where the model is not installed."""
    folder = None if str(settings.cache) == "off" else str(settings.cache.absolute())
    processes = settings.workers if settings.task_runner == "threads" else 1
    return Recipe(settings.model, settings.resources, versions_of(settings.model, settings.resources), folder, processes)


@cache
def versions_of(model: str, overlay: str | None = None) -> tuple[str, str, str]:
    """Return (extractor, model, lexicon) versions as `Extractor.versions` has them, without loading the model where its meta.json is at hand."""
    meta = _meta_file(model)
    if meta is None:
        found = dateline.Extractor(model, overlay=overlay).versions
        return found.extractor, found.model, found.lexicon
    version = json.loads(meta.read_text(encoding="utf-8")).get("version", "0")
    return dateline.__version__, f"{model}-{version}", resources_for("en", overlay).version


def extract_batch(articles: Sequence[Article], recipe: Recipe) -> list[Extraction]:
    """Return one Extraction per article, in order; from the cache where an equal article was extracted before.

    Raises:
        ConfigurationError: the model or a resource cannot be used, or has other versions than the recipe says (a worker that was not updated).
    """
    known = ExtractionCache(recipe.cache, recipe.versions)
    done = {number: hit for number, article in enumerate(articles) if (hit := known.get(article)) is not None}
    rest = [number for number in range(len(articles)) if number not in done]
    if rest:
        for number, extraction in zip(rest, _extract([articles[n] for n in rest], recipe), strict=True):
            known.put(articles[number], extraction)
            done[number] = extraction
    return [replace(done[n], line=n + 1) for n in range(len(articles))]


def _extract(articles: list[Article], recipe: Recipe) -> list[Extraction]:
    if recipe.processes == 1:
        return _extract_here(articles, recipe)
    for _attempt in range(2):
        pool = _pool(recipe)
        try:
            return pool.submit(_extract_here, articles, recipe).result()
        except BrokenProcessPool:
            _drop_pool(pool)
    return [_extract_alone(article, recipe) for article in articles]


def _extract_alone(article: Article, recipe: Recipe) -> Extraction:
    """Extract one article in a process of its own, so that one that kills its process (memory) takes no other along."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=leave_with_parent, initargs=(os.getpid(),)) as pool:
        try:
            return pool.submit(_extract_here, [article], recipe).result()[0]
        except BrokenProcessPool:
            message = (
                f"Cannot extract {article.doc_id}: the process that worked on it was killed, most likely for memory. Shorten the text, or give more memory."
            )
            return Extraction(1, article.doc_id, error=Problem("worker_killed", message))


def _extract_here(articles: list[Article], recipe: Recipe) -> list[Extraction]:
    with _engine_lock:
        extractor = _extractor(recipe.model, recipe.overlay)
        versions = extractor.versions
        if (versions.extractor, versions.model, versions.lexicon) != recipe.versions:
            raise ConfigurationError(
                f"Cannot extract: this worker has {versions.model} with lexicon {versions.lexicon} and extractor {versions.extractor}, "
                f"the run asked for {', '.join(recipe.versions)}. Install the same version of Dateline and of the model on every worker.",
                code="versions",
            )
        return list(extractor.extract(articles))


@cache
def _extractor(model: str, overlay: str | None) -> dateline.Extractor:
    return dateline.Extractor(model, overlay=overlay)


_pools: dict[Recipe, ProcessPoolExecutor] = {}
_pools_lock = threading.Lock()


def _pool(recipe: Recipe) -> ProcessPoolExecutor:
    """Return the pool of a recipe, made at the first call; all of this process's threads share it."""
    with _pools_lock:
        if recipe not in _pools:
            context = multiprocessing.get_context("spawn")
            _pools[recipe] = ProcessPoolExecutor(recipe.processes, mp_context=context, initializer=leave_with_parent, initargs=(os.getpid(),))
        return _pools[recipe]


def _drop_pool(pool: ProcessPoolExecutor) -> None:
    """Forget a pool one of whose processes was killed; of several threads that meet it only one does so."""
    with _pools_lock:
        for recipe in [recipe for recipe, known in _pools.items() if known is pool]:
            del _pools[recipe]
    pool.shutdown(wait=False)


def _meta_file(model: str) -> Path | None:
    """Return the model's meta.json, from a folder or an installed package; None where it must be loaded to know."""
    folders = [Path(model)] if Path(model).is_dir() else []
    if not folders and model.isidentifier():
        spec = importlib.util.find_spec(model)
        folders = [Path(p) for p in (spec.submodule_search_locations or ())] if spec else []
    return next((folder / "meta.json" for folder in folders if (folder / "meta.json").is_file()), None)
