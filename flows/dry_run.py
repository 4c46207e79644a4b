"""What a run would do, without doing it: everything is read and compared, nothing is extracted or written.

Here: `foresee`. Not here: the run itself (flows.pipeline).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dateline.errors import DatelineError
from dateline.records import Article
from dateline.sources import Rejected, read
from flows import stages
from flows.asking import opened
from flows.configuration import Settings
from flows.extraction import recipe_for
from flows.ingest import Intake, Window, intakes_of
from models.planning import plan

BATCH = 500
MOST_PROBLEMS = 20


def foresee(locations: Sequence[str], window: Window, settings: Settings, problems: list[str] | None = None) -> dict[str, int]:
    """Return how many items would be read, rejected, new, revised, unchanged, and how many would be extracted.

    What is rejected is named in `problems`, where it is given.
    """
    found = dict.fromkeys(("articles_read", "rejected", "articles_new", "articles_revised", "articles_unchanged", "to_extract"), 0)
    versions = stages.versions(recipe_for(settings).versions)
    with opened() as engine:
        for intake in intakes_of(locations, None, window, settings.model_copy(update={"keep_raw": False})):
            items = (item for item in _read(intake) if window.takes(item))
            while batch := list(islice(items, BATCH)):
                incoming = stages.distinct(stages.incoming_of(item) for item in batch if isinstance(item, Article))
                planned = plan(engine, incoming, versions)
                found["articles_read"] += len(batch)
                rejected = [item.message for item in batch if isinstance(item, Rejected)]
                found["rejected"] += len(rejected)
                if problems is not None:
                    problems += rejected[: MOST_PROBLEMS - len(problems)]
                found["articles_new"] += len(planned.new)
                found["articles_revised"] += len(planned.revised)
                found["articles_unchanged"] += len(planned.unchanged) + len(planned.stale)
                found["to_extract"] += len(planned.to_extract)
    return found


def _read(intake: Intake) -> Iterator[Article | Rejected]:
    """Yield what an intake holds; a registered source that cannot be read at all is one rejection, as in a run."""
    try:
        yield from read(intake.locations, options=intake.options)
    except DatelineError as error:
        if not intake.registered:
            raise
        yield Rejected(intake.label, error.code, error.message)
