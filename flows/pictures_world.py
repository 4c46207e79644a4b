"""The outline of the world's land, for maps without a network.

Here: `land`, a GeoJSON object of polygons. The file beside this module is Natural Earth's land at 1:110 million (version 4.1, public domain) as the
npm package world-atlas 2.0.2 ships it, rounded by tools/make_world.py. Land only: no border is drawn, so none is taken sides on.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("pictures_world.json")


@lru_cache(maxsize=1)
def land() -> dict[str, Any]:
    """Return the land as a GeoJSON Feature (one MultiPolygon, degrees, longitude first) without Antarctica, which only takes room."""
    polygons = json.loads(_FILE.read_text(encoding="utf-8"))["coordinates"]
    lived_on = [polygon for polygon in polygons if max(latitude for _, latitude in polygon[0]) > -60]
    return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": lived_on}}
