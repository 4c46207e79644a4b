"""Files, JSON Lines, pages and feeds become articles: the only part of dateline that does input beside its own resources.

The door is `read`. Kinds are listed in dateline.sources.kinds; docs/sources.md says how to point Dateline at each.
"""

from dateline.sources.items import FetchPolicy, ReadOptions, Rejected
from dateline.sources.reading import read

__all__ = ["FetchPolicy", "ReadOptions", "Rejected", "read"]
