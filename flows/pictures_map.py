"""Events on a map: one circle a place, its area the number of events.

Here: `place_map`. The whole world in an equal-area projection, or the part that holds every place. What cannot be placed is counted in the notes, by
whether at least its country is known. Not here: the outline (flows.pictures_world), how it is saved (flows.pictures).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, func, select

from flows.export_rows import V_EVENTS, Selection, conditions
from flows.pictures import INK, Picture, shown
from flows.pictures_world import land

_WIDTH, _HEIGHT = 960, 500
_LAND, _SEA, _DOT = "#dfdcd5", "#f6f9fb", "#0072b2"
_MOST_LABELS = 18
# The whole world (Equal Earth; Šavrič, Patterson and Jenny 2018) as wide as the picture, without Antarctica.
_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
_WORLD = {"type": "equalEarth", "scale": _WIDTH / 5.5, "translate": [_WIDTH / 2, _HEIGHT / 2 + 40]}
_SMALLEST_SPAN = 60.0  # degrees; closer, the outline is too coarse to help


def place_map(engine: Engine, selection: Selection, *, title: str = "Where it happened") -> Picture:
    """Return the map of the selected events."""
    keys = [V_EVENTS.c[name] for name in ("place_name", "country_code", "latitude", "longitude", "event_type")]
    with engine.connect() as connection:
        counted = connection.execute(select(*keys, func.count()).where(*conditions(selection)).group_by(*keys)).all()
    return map_picture([tuple(row) for row in counted], title)


def map_picture(counted: Sequence[tuple[str | None, str | None, float | None, float | None, str, int]], title: str) -> Picture:
    """Return a map of counts; `counted` has place, country, latitude, longitude, type and how many."""
    data, nowhere, country_only = _by_place(counted)
    frame = _frame([(row["longitude"], row["latitude"]) for row in data])
    _label(data, frame)
    columns = ("place", "country", "events", "types", "latitude", "longitude")
    notes = [f"{sum(row['events'] for row in data)} events at {len(data)} places; the area of a circle is the number of events."]
    missing = [f"{count} {why}" for count, why in ((country_only, "known only to the country"), (nowhere, "without a place")) if count]
    if missing:
        notes.append(f"Not drawn: {', '.join(missing)}.")
    return Picture(_spec(data, frame), title, tuple(notes), columns, tuple(tuple(row[name] for name in columns) for row in data))


def _by_place(counted: Sequence[tuple[Any, ...]]) -> tuple[list[dict[str, Any]], int, int]:
    """Return one row a pair of coordinates, the busiest first, under its most frequent name; then how many have no place, and how many only a country."""
    found: dict[tuple[float, float], dict[str, Counter[Any]]] = {}
    nowhere = country_only = 0
    for name, country, latitude, longitude, kind, count in counted:
        if latitude is not None and longitude is not None:
            place = found.setdefault((latitude, longitude), {"names": Counter(), "types": Counter()})
            place["names"][name or "", country or ""] += count
            place["types"][kind] += count
        elif country or name:
            country_only += count
        else:
            nowhere += count
    return sorted((_place_row(at, place) for at, place in found.items()), key=lambda row: (-row["events"], row["place"])), nowhere, country_only


def _place_row(at: tuple[float, float], place: dict[str, Counter[Any]]) -> dict[str, Any]:
    name, country = min(place["names"], key=lambda each: (-place["names"][each], each))
    events = place["names"].total()
    return {"place": shown(name), "country": country, "latitude": at[0], "longitude": at[1], "events": events, "types": _listed(place["types"])}


def _frame(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Return the projection: a part of the world where all places lie near one another, else the whole."""
    if not points:
        return dict(_WORLD)
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    if east - west > 110 or north - south > 60 or max(abs(south), abs(north)) > 75:
        return dict(_WORLD)
    width = max(_SMALLEST_SPAN, (east - west) * 1.35)
    low, high = _mercator(south), _mercator(north)
    tall = max(math.radians(_SMALLEST_SPAN * _HEIGHT / _WIDTH), (high - low) * 1.35)
    scale = min(_WIDTH / math.radians(width), _HEIGHT / tall)
    middle = math.degrees(2 * math.atan(math.exp((low + high) / 2)) - math.pi / 2)
    return {"type": "mercator", "center": [(west + east) / 2, middle], "scale": scale, "translate": [_WIDTH / 2, _HEIGHT / 2]}


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _label(data: Sequence[dict[str, Any]], frame: dict[str, Any]) -> None:
    """Give the busiest places a label beside their circle, right or left of it, where it covers neither another label nor the middle of another circle."""
    boxes: list[tuple[float, float, float, float]] = []
    at = [_pixels(row["longitude"], row["latitude"], frame) for row in data]
    most, largest = _largest(data)
    for (x, y), row in zip(at, data, strict=True):
        text = f"{row['place']} {row['events']}"
        radius = math.sqrt(largest * row["events"] / most / math.pi) + 4
        wide = 7.2 * len(text)
        sides = [("left", x + radius), ("right", x - radius - wide)]
        row |= {"label": "", "align": "left", "shift": 0.0}
        for align, first in sides:
            box = (first, y - 8, first + wide, y + 8)
            if row["place"] and len(boxes) < _MOST_LABELS and _is_clear(box, boxes, at, (x, y)):
                boxes.append(box)
                row |= {"label": text, "align": align, "shift": round(radius if align == "left" else -radius, 1)}
                break


def _is_clear(box: tuple[float, ...], boxes: Sequence[tuple[float, ...]], at: Sequence[tuple[float, float]], own: tuple[float, float]) -> bool:
    """Whether a label's box lies in the picture and covers neither another label nor the middle of a circle that is not its own."""
    inside = box[0] > 4 and box[2] < _WIDTH - 4
    over_label = any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes)
    over_circle = any(box[0] - 4 < x < box[2] + 4 and box[1] - 3 < y < box[3] + 3 for x, y in at if (x, y) != own)
    return inside and not over_label and not over_circle


def _largest(data: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Return the events of the busiest place and the area of its circle in square pixels: smaller circles where there are many."""
    most = max((row["events"] for row in data), default=1)
    return most, min(250 * most, 1400) if len(data) <= 100 else min(60 * most, 900)


def _pixels(longitude: float, latitude: float, frame: dict[str, Any]) -> tuple[float, float]:
    """Return where a point is drawn."""
    if frame["type"] == "equalEarth":
        x, y = _equal_earth(longitude, latitude)
        return frame["translate"][0] + x * frame["scale"], frame["translate"][1] - y * frame["scale"]
    scale = frame["scale"]
    x = _WIDTH / 2 + math.radians(longitude - frame["center"][0]) * scale
    return x, _HEIGHT / 2 - (_mercator(latitude) - _mercator(frame["center"][1])) * scale


def _equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    a, b, c, d = _EARTH
    half = math.sqrt(3) / 2
    angle = math.asin(half * math.sin(math.radians(latitude)))
    square = angle * angle
    sixth = square**3
    x = math.radians(longitude) * math.cos(angle) / (half * (a + 3 * b * square + sixth * (7 * c + 9 * d * square)))
    return x, angle * (a + b * square + sixth * (c + d * square))


def _spec(data: list[dict[str, Any]], frame: dict[str, Any]) -> dict[str, Any]:
    where = {"longitude": {"field": "longitude", "type": "quantitative"}, "latitude": {"field": "latitude", "type": "quantitative"}}
    most, largest = _largest(data)
    size = {"field": "events", "type": "quantitative", "scale": {"type": "linear", "domain": [0, most], "range": [0, largest]}}
    size["legend"] = {
        "title": "events",
        "values": sorted({1, max(1, round(most / 2)), most}),
        "symbolFillColor": _DOT,
        "symbolStrokeColor": "white",
        "format": ",d",
    }
    label = {"align": {"expr": "datum.align"}, "dx": {"expr": "datum.shift"}, "baseline": "middle", "fontSize": 11.5, "fontWeight": "bold", "clip": True}
    named = {**where, "text": {"field": "label", "type": "nominal"}}
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "projection": frame,
        "view": {"fill": _SEA, "stroke": _LAND},
        "layer": [
            {"data": {"values": land()}, "mark": {"type": "geoshape", "fill": _LAND, "stroke": "#b5b1a8", "strokeWidth": 0.5, "clip": True}},
            {
                "data": {"values": data},
                "mark": {"type": "circle", "color": _DOT, "opacity": 0.75, "stroke": "white", "strokeWidth": 1, "clip": True},
                "encoding": {**where, "size": size, "tooltip": [{"field": name, "type": "nominal"} for name in ("place", "country", "events", "types")]},
            },
            {"data": {"values": data}, "mark": {"type": "text", **label, "color": "white", "stroke": "white", "strokeWidth": 3}, "encoding": named},
            {"data": {"values": data}, "mark": {"type": "text", **label, "color": INK}, "encoding": named},
        ],
    }


def _listed(types: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(types.items(), key=lambda item: (-item[1], item[0])))
