"""Make flows/pictures_world.json from land-110m.json of the npm package world-atlas (`npm pack world-atlas@2.0.2`).

    python tools/make_world.py package/land-110m.json

Decodes the TopoJSON, keeps one decimal (11 km, finer than the outline itself) and drops rings that this leaves without an area.
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "flows" / "pictures_world.json"


def main(source: str) -> None:
    """Convert the file."""
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    polygons = []
    for geometry in topology["objects"]["land"]["geometries"]:
        nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in nested:
            rings = [ring for ring in (_ring(part, arcs) for part in polygon) if len(ring) > 3]
            if rings:
                polygons.append(rings)
    TARGET.write_text(json.dumps({"type": "MultiPolygon", "coordinates": polygons}, separators=(",", ":")) + "\n", encoding="utf-8")


def _decoded(arc: list[list[int]], transform: dict[str, Any]) -> list[tuple[float, float]]:
    steps = accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]])
    return [(x * transform["scale"][0] + transform["translate"][0], y * transform["scale"][1] + transform["translate"][1]) for x, y in steps]


def _ring(parts: list[int], arcs: list[list[tuple[float, float]]]) -> list[list[float]]:
    points = [point for part in parts for point in (arcs[part] if part >= 0 else arcs[~part][::-1])]
    rounded = [[round(x, 1), round(y, 1)] for x, y in points]
    return [rounded[0]] + [after for before, after in pairwise(rounded) if after != before]


if __name__ == "__main__":
    main(*sys.argv[1:])
