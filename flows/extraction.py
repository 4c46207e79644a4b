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
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import dateline
from dateline.errors import ConfigurationError
from dateline.records import Article, Extraction
from dateline.resources import resources_for
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
    if recipe.processes > 1:
        return _pool(recipe).submit(_extract_here, articles, recipe).result()
    return _extract_here(articles, recipe)


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


@cache
def _pool(recipe: Recipe) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(recipe.processes, mp_context=context, initializer=_leave_with_parent, initargs=(os.getpid(),))


def _leave_with_parent(parent: int) -> None:
    """End this worker when the process that started it is gone: a killed run leaves no workers behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _meta_file(model: str) -> Path | None:
    """Return the model's meta.json, from a folder or an installed package; None where it must be loaded to know."""
    folders = [Path(model)] if Path(model).is_dir() else []
    if not folders and model.isidentifier():
        spec = importlib.util.find_spec(model)
        folders = [Path(p) for p in (spec.submodule_search_locations or ())] if spec else []
    return next((folder / "meta.json" for folder in folders if (folder / "meta.json").is_file()), None)
