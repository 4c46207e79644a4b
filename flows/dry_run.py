"""What a run would do, without doing it: everything is read and compared, nothing is extracted or written.

Here: `foresee`. Not here: the run itself (flows.pipeline).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from dateline.records import Article
from dateline.sources import read
from flows import stages
from flows.asking import opened
from flows.configuration import Settings
from flows.extraction import recipe_for
from flows.ingest import Window, intakes_of
from models.planning import plan

BATCH = 500


def foresee(locations: Sequence[str], window: Window, settings: Settings) -> dict[str, int]:
    """Return how many items would be read, rejected, new, revised, unchanged, and how many would be extracted."""
    found = dict.fromkeys(("articles_read", "rejected", "articles_new", "articles_revised", "articles_unchanged", "to_extract"), 0)
    versions = stages.versions(recipe_for(settings).versions)
    with opened() as engine:
        for intake in intakes_of(locations, None, window, settings.model_copy(update={"keep_raw": False})):
            items = (item for item in read(intake.locations, options=intake.options) if window.takes(item))
            while batch := list(islice(items, BATCH)):
                incoming = stages.distinct(stages.incoming_of(item) for item in batch if isinstance(item, Article))
                planned = plan(engine, incoming, versions)
                found["articles_read"] += len(batch)
                found["rejected"] += sum(not isinstance(item, Article) for item in batch)
                found["articles_new"] += len(planned.new)
                found["articles_revised"] += len(planned.revised)
                found["articles_unchanged"] += len(planned.unchanged) + len(planned.stale)
                found["to_extract"] += len(planned.to_extract)
    return found
