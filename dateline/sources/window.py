"""The days to read, for backfills: `since` and `until` of ReadOptions against a date that a feed or sitemap gives."""

from __future__ import annotations

from dateline.sources.items import ReadOptions


def outside(moment: str | None, options: ReadOptions) -> bool:
    """Say whether an ISO date or datetime is known to lie outside the days asked for, both included; unknown (None) is not outside."""
    if not moment:
        return False
    day = moment[:10]
    return bool((options.since and day < options.since) or (options.until and day > options.until))
