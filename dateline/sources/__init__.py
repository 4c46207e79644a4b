"""Files, JSON Lines, pages and feeds become articles: the only part of dateline that does input beside its own resources.

The door is `read`; `Reading` reads a source again and again with its `SourceState`. Kinds are listed in dateline.sources.kinds, registered
sources in dateline.sources.registry; docs/sources.md says how to point Dateline at each.
"""

from dateline.sources.incremental import SourceState
from dateline.sources.items import FetchPolicy, ReadOptions, Rejected
from dateline.sources.reading import Reading, read, replay

__all__ = ["FetchPolicy", "ReadOptions", "Reading", "Rejected", "SourceState", "read", "replay"]
