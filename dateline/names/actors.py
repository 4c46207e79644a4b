"""Actors: who stays the same from article to article ("Joe Biden", "Biden", "Joseph R. Biden, Jr." are one).

Here: the record `Actor`. Not here: the tables (dateline.names.tables), the mapping from names to actors (dateline.names.lookup).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that takes part in events. `kind` is one of records.KINDS or None; `country` is alpha-2 or None."""

    name: str
    kind: str | None = None
    country: str | None = None
