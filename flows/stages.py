"""What the tasks do, as plain functions: articles to incoming rows, extractions to reports, a load to the ledger.

Here: the seam between the library (dateline) and the database (models); each function is testable without Prefect. Not here: order, retries
and parallelism (flows.pipeline), what is said about the result (flows.quality, flows.publishing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from dateline.errors import InputError
from dateline.events.lexicon import TriggerRule
from dateline.identity import article_id, article_key, report_id, text_digest
from dateline.jsonl import article_to_json, dumps, published_day
from dateline.names.lookup import canonical_actor
from dateline.records import Article, Extraction, Problem, Versions
from dateline.resolve import blocking_keys, keys_version, neighbourhood, resolve
from dateline.resources import Resources, resources_for
from dateline.sources.duplicates import bands, signature, similar
from flows.configuration import Settings
from models.inputs import Duplicates, EventType, Extracted, Incoming, Quarantined, Resolving

if TYPE_CHECKING:
    from dateline.sources import Rejected


def incoming_of(article: Article) -> Incoming:
    """Return the article with its identity, ready to be compared with what is stored."""
    return Incoming(article_id(article), article_key(article), text_digest(article.text), article, _day(article))


def with_signature(incoming: Incoming) -> Incoming:
    """Return the article with what finds its near-duplicates: work that a known article is spared."""
    found = signature(incoming.article.text, incoming.known_day.isoformat() if incoming.known_day else None, incoming.article.source)
    return replace(incoming, signature=found, bands=bands(found))


def extracted_of(incoming: Incoming, extraction: Extraction) -> Extracted:
    """Return the extraction with an id for each of its events."""
    ids = tuple(report_id(incoming.article_key, e.type, e.evidence[0].start, e.evidence[0].end) for e in extraction.events)
    return Extracted(incoming.article_id, extraction, ids)


def quarantined_of(rejected: Rejected) -> Quarantined:
    """Return the quarantine row of an item that could not be read."""
    return Quarantined(stage=rejected.stage, code=rejected.code, message=rejected.message, source=rejected.source, item=rejected.item, payload=None)


def failed_of(incoming: Incoming, problem: Problem) -> Quarantined:
    """Return the quarantine row of an article whose extraction failed; its payload, one line of extraction input, is what a retry needs."""
    given = incoming.article
    return Quarantined("extract", problem.code, problem.message, given.url or given.doc_id, given.source, incoming.article_id, dumps(article_to_json(given)))


def in_window(article: Article, since: date | None, until: date | None) -> bool:
    """Whether the article's day lies between `since` and `until`, both included. An article without a day is inside every window."""
    day = _day(article)
    return day is None or ((since is None or day >= since) and (until is None or day <= until))


def distinct(incoming: Iterable[Incoming]) -> list[Incoming]:
    """Return the articles with each key once: of equal keys the last, as the last one read is the newest."""
    return list({item.article_id: item for item in incoming}.values())


def load_options(settings: Settings) -> dict[str, Any]:
    """Return what every load is told: how reports become events, what names and types mean, whether texts are kept."""
    resources = resources_for("en", settings.resources)
    return {
        "duplicates": Duplicates(similar),
        "resolving": resolving_by(resources),
        "canonical_actor": partial(canonical_actor, resources=resources),
        "event_types": tuple(EventType(name) for name in sorted({rule.type for rule in resources.rules("triggers.jsonl", TriggerRule)})),
        "store_text": settings.store_text,
    }


def resolving_by(resources: Resources) -> Resolving:
    """Return how reports become events by these words and names."""
    return Resolving(
        partial(blocking_keys, resources=resources),
        partial(neighbourhood, resources=resources),
        partial(resolve, resources=resources),
        keys_version(resources),
    )


def versions(recipe_versions: Sequence[str]) -> Versions:
    """Return the versions as the database stores them."""
    return Versions(*recipe_versions)


def _day(article: Article) -> date | None:
    if not article.published:
        return None
    try:
        return published_day(article.published, article.doc_id)
    except InputError:
        return None
