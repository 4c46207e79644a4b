"""Who takes part in events with whom: actors as circles, shared events as lines.

Here: `network`: the pairs that share most events, counted by the database, laid out by forces from a fixed start, so that the same events always
give the same picture. Not here: how it is saved (flows.pictures).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Engine, func, select

from flows.export_rows import V_EVENTS, V_PARTICIPANTS, Selection, conditions
from flows.pictures import INK, Picture, shown

_WIDTH = 960
_KINDS = ("person", "state", "organisation", "office", "group", "unknown")
_COLOURS = ("#e69f00", "#0072b2", "#009e73", "#56b4e9", "#cc79a7", "#8c8c8c")
_SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")


def network(engine: Engine, selection: Selection, *, title: str = "Who with whom", most: int = 40) -> Picture:
    """Return the network of the selected events, with at most `most` actors: those of the pairs that share most events."""
    one, other = V_PARTICIPANTS.alias("one"), V_PARTICIPANTS.alias("other")
    shared = func.count(one.c.event_id.distinct())
    joined = one.join(other, (one.c.event_id == other.c.event_id) & (one.c.actor_name < other.c.actor_name))
    names = (one.c.actor_name, other.c.actor_name)
    pairs = select(*names, shared).select_from(joined).where(one.c.event_id.in_(_events(selection))).group_by(*names).order_by(shared.desc(), *names)
    with engine.connect() as connection:
        edges = _strongest([tuple(row) for row in connection.execute(pairs.limit(most * 10))], most)
        wanted = {name for edge in edges for name in edge[:2]}
        counted = V_PARTICIPANTS.c.event_id.distinct()
        nodes = select(V_PARTICIPANTS.c.actor_name, func.max(V_PARTICIPANTS.c.actor_kind), func.count(counted)).group_by(V_PARTICIPANTS.c.actor_name)
        nodes = nodes.where(V_PARTICIPANTS.c.actor_name.in_(wanted), V_PARTICIPANTS.c.event_id.in_(_events(selection)))
        found = sorted((str(name), str(kind or "unknown"), int(count)) for name, kind, count in connection.execute(nodes))
    return network_picture(found, edges, title)


def network_picture(nodes: Sequence[tuple[str, str, int]], edges: Sequence[tuple[str, str, int]], title: str) -> Picture:
    """Return a picture of actors (name, kind, events) and pairs (name, name, events shared)."""
    at = layout([name for name, _, _ in nodes], [shown(name, 32) for name, _, _ in nodes], edges)
    points = [
        {"name": shown(name, 32), "kind": kind if kind in _KINDS else "unknown", "events": count, "x": at[name][0], "y": at[name][1]}
        for name, kind, count in nodes
    ]
    lines = [{"a": shown(a), "b": shown(b), "events": count, "x": at[a][0], "y": at[a][1], "x2": at[b][0], "y2": at[b][1]} for a, b, count in edges]
    total = f"{len(nodes)} actors and {len(edges)} pairs" if nodes else "No two actors share an event"
    note = f"{total}. A line's width is the number of events that two share; a mark's size, the number of its events."
    columns = ("a", "b", "events")
    return Picture(_spec(points, lines), title, (note,), columns, tuple(tuple(row[name] for name in columns) for row in lines))


def layout(names: Sequence[str], labels: Sequence[str], edges: Sequence[tuple[str, str, int]]) -> dict[str, tuple[float, float]]:
    """Return where each actor stands, in pixels (Fruchterman and Reingold 1991, with a pull to the middle), labels pushed apart."""
    if not names:
        return {}
    index = {name: number for number, name in enumerate(names)}
    weights = np.zeros((len(names), len(names)))
    for a, b, count in edges:
        weights[index[a], index[b]] = weights[index[b], index[a]] = 1 + np.log(count)
    turns = np.linspace(0, 2 * np.pi, len(names), endpoint=False)
    at = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    ideal = 1.6 / np.sqrt(len(names))
    for heat in np.linspace(0.12, 0.002, 400):
        at = at + _step(at, weights, ideal, heat)
    low, high = at.min(axis=0), at.max(axis=0)
    room = np.array([_WIDTH - 220.0, _height(len(names)) - 90.0])
    at = np.array([40.0, 45.0]) + (at - low) / np.maximum(high - low, 1e-9) * room
    return {name: (round(float(x), 1), round(float(y), 1)) for name, (x, y) in zip(names, _apart(at, labels), strict=True)}


def _height(actors: int) -> int:
    """Return the picture's height, more for more actors."""
    return min(900, 220 + 16 * actors)


def _step(at: Any, weights: Any, ideal: float, heat: float) -> Any:
    apart = at[:, None, :] - at[None, :, :]
    distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
    push = (ideal**2 / distance**2)[:, :, None] * apart
    pull = (weights * distance / ideal)[:, :, None] * apart
    force = push.sum(axis=1) - pull.sum(axis=1) - 1.2 * at
    length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
    return force / length * np.minimum(length, heat)


def _apart(at: Any, labels: Sequence[str]) -> Any:
    """Push marks with their labels (to the right of them) apart until none covers another, or 300 times."""
    wide = np.array([28 + 6.8 * len(label) for label in labels])
    for _ in range(300):
        moved = False
        for i in range(len(labels)):
            for j in range(i + 1, len(labels)):
                over = 21 - abs(at[i, 1] - at[j, 1])
                beside = at[i, 0] + wide[i] <= at[j, 0] or at[j, 0] + wide[j] <= at[i, 0]
                if over > 0 and not beside:
                    sign = 1 if at[i, 1] >= at[j, 1] else -1
                    at[i, 1] += sign * (over / 2 + 0.5)
                    at[j, 1] -= sign * (over / 2 + 0.5)
                    moved = True
        at[:, 1] = np.clip(at[:, 1], 14, _height(len(labels)) - 14)
        if not moved:
            break
    return at


def _strongest(pairs: Sequence[tuple[str, str, int]], most: int) -> list[tuple[str, str, int]]:
    """Return the pairs in order as long as their actors are not more than `most`; later ones only among those already there."""
    there: set[str] = set()
    kept = []
    for a, b, count in pairs:
        if len(there | {a, b}) <= most:
            there |= {a, b}
            kept.append((a, b, count))
    return kept


def _events(selection: Selection) -> Any:
    return select(V_EVENTS.c.event_id).where(*conditions(selection))


def _spec(points: list[dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str, Any]:
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, _WIDTH]}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, _height(len(points))], "reverse": True}}
    most = max((row["events"] for row in lines), default=1)
    used = [kind for kind in _KINDS if any(row["kind"] == kind for row in points)]
    colour = {"field": "kind", "type": "nominal", "title": None, "scale": {"domain": used, "range": [_COLOURS[_KINDS.index(each)] for each in used]}}
    shape = {"field": "kind", "type": "nominal", "title": None, "scale": {"domain": used, "range": [_SHAPES[_KINDS.index(each)] for each in used]}}
    largest = max((row["events"] for row in points), default=1)
    size = {"field": "events", "type": "quantitative", "scale": {"domain": [0, largest], "range": [60, 420]}, "legend": None}
    width = {"field": "events", "type": "quantitative", "scale": {"domain": [1, max(2, most)], "range": [1, 7]}}
    width["legend"] = {"title": "events shared", "orient": "top", "values": sorted({1, max(1, round(most / 2)), most}), "format": ",d"}
    label = {"align": "left", "dx": 15, "baseline": "middle", "fontSize": 12}
    text = {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}}
    return {
        "width": _WIDTH,
        "height": _height(len(points)),
        "layer": [
            {
                "data": {"values": lines},
                "mark": {"type": "rule", "color": "#9a9a9a", "opacity": 0.7, "strokeCap": "round"},
                "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}, "strokeWidth": width, "tooltip": _tooltip("a", "b", "events")},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "opacity": 1, "stroke": "white", "strokeWidth": 1},
                "encoding": {
                    **{"x": x, "y": y, "size": size, "tooltip": _tooltip("name", "kind", "events")},
                    "fill": {**colour, "legend": {"orient": "top", "symbolSize": 110}},
                    "shape": shape,
                },
            },
            {"data": {"values": points}, "mark": {"type": "text", **label, "stroke": "white", "strokeWidth": 3}, "encoding": text},
            {"data": {"values": points}, "mark": {"type": "text", **label, "color": INK}, "encoding": text},
        ],
    }


def _tooltip(*names: str) -> list[dict[str, str]]:
    return [{"field": name, "type": "nominal"} for name in names]
