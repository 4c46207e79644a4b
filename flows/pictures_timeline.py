"""Events along time: one line an event where they are few, counts by type and day, week, month or year where they are many.

Here: `timeline`. What is not known is not drawn as known: an event known only to its month is a pale band over the month, an open end an arrow; a
count by days leaves out what is not known to the day and says how many that are; undated events stand last, without a mark. Colour, shape and words say
the same thing, so that nothing is lost in print. Not here: how it is saved (flows.pictures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from flows.export_rows import V_EVENTS, Selection, conditions, events_statement
from flows.pictures import Picture, shown, type_scale

MOST_LINES = 40
_NOT_YET = ("planned", "possible")
_NOT_AT_ALL = ("denied", "cancelled")
_KNOWN_TO_THE_DAY = ("day", "range")
# Bins, the longest period (days) that they suit, and the precisions that can stand in one.
_BINS = (
    ("day", 62, _KNOWN_TO_THE_DAY),
    ("week", 430, (*_KNOWN_TO_THE_DAY, "week")),
    ("month", 4000, (*_KNOWN_TO_THE_DAY, "week", "month")),
    ("year", 10**9, (*_KNOWN_TO_THE_DAY, "week", "month", "quarter", "year")),
)
_WIDTH = 640
_WHOLE = "datum.value % 1 ? '' : format(datum.value, ',d')"  # half an event is no event


def timeline(engine: Engine, selection: Selection, *, title: str = "Events") -> Picture:
    """Return the timeline of the selected events."""
    with engine.connect() as connection:
        rows = list(connection.execute(events_statement(selection).limit(min(selection.limit or MOST_LINES + 1, MOST_LINES + 1))).mappings())
        if len(rows) <= MOST_LINES:
            return lines_picture([dict(row) for row in rows], title, (selection.since, selection.until))
        keys = [V_EVENTS.c[name] for name in ("event_type", "status", "date_precision", "start_date")]
        counted = connection.execute(select(*keys, func.count()).where(*conditions(selection)).group_by(*keys)).all()
    return counts_picture([tuple(row) for row in counted], title)


def lines_picture(rows: Sequence[dict[str, Any]], title: str, window: tuple[date | None, date | None] = (None, None)) -> Picture:
    """Return a picture with one line an event. `rows` have the columns of v_events; what reaches out of a window closed on both sides is cut off there."""
    dated = [row for row in rows if row["start_date"] or row["end_date"]]
    undated = [row for row in rows if not (row["start_date"] or row["end_date"])]
    data = [_line(number, row) for number, row in enumerate([*dated, *undated])]
    closed = window if None not in window else (None, None)
    for row in data:
        _cut(row, *closed)
    types, colours, shapes = type_scale([row["event_type"] for row in rows])
    colour = {"field": "type", "type": "nominal", "scale": {"domain": types, "range": colours}, "title": None, "legend": {"orient": "top", "symbolSize": 110}}
    shape = {"field": "type", "type": "nominal", "scale": {"domain": types, "range": shapes}, "title": None}
    y = {"field": "label", "type": "nominal", "sort": [row["label"] for row in data], "title": None}
    y["axis"] = {"labelLimit": 520, "ticks": False, "domain": False, "labelPadding": 10, "grid": True}
    shown_days = [date.fromisoformat(row["first"]) for row in data if row["first"]]
    first = _days_axis("%-d %b %Y" if _spread(shown_days) < 120 else "%b %Y")
    tooltip = [{"field": name, "type": "nominal"} for name in ("event", "type", "status", "when", "who", "place")]
    bands = {
        "mark": {"type": "bar", "height": 9},
        "encoding": {"x": first, "x2": {"field": "after"}, "opacity": {"field": "strength", "type": "quantitative", "scale": None}},
    }
    marks = {
        "transform": [{"filter": "datum.marked"}],
        "mark": {"type": "point", "size": 95, "strokeWidth": 1.8, "opacity": 1},
        "encoding": {"x": first, "shape": shape, "fill": {"condition": {"test": "!datum.happened", "value": "white"}, **colour, "legend": None}},
    }
    arrows = {
        "transform": [{"filter": "datum.open"}],
        "mark": {"type": "text", "text": "▶", "dx": 18, "fontSize": 13},
        "encoding": {"x": first},
    }
    unknown = {"transform": [{"filter": "!datum.first"}], "mark": {"type": "text", "text": "undated", "align": "left", "x": 6, "fontStyle": "italic"}}
    spec = {
        "width": _WIDTH,
        "height": {"step": 22},
        "data": {"values": data},
        "encoding": {"y": y, "color": colour, "tooltip": tooltip},
        "layer": [bands, marks, arrows, unknown],
    }
    columns = ("event", "type", "status", "when", "who", "place")
    return Picture(spec, title, tuple(_line_notes(rows, dated, data)), columns, tuple(tuple(row[name] for name in columns) for row in data))


def counts_picture(counted: Sequence[tuple[str, str, str, date | None, int]], title: str) -> Picture:
    """Return a picture of counts; `counted` has type, status, precision, first day and how many."""
    days = [day for _, _, precision, day, _ in counted if day and precision in _KNOWN_TO_THE_DAY]
    unit, _, precisions = next(each for each in _BINS if _spread(days) <= each[1])
    bars: Counter[tuple[str, date, str]] = Counter()
    left: Counter[str] = Counter()
    for kind, status, precision, day, count in counted:
        if day is None:
            left["without a first day"] += count
        elif precision not in precisions:
            left[f"known less well than to the {unit}"] += count
        else:
            bars[kind, _bin_start(day, unit), _group(status)] += count
    return _bars_picture(bars, unit, title, [f"{count} {why}, not drawn." for why, count in sorted(left.items())])


def _bars_picture(bars: Counter[tuple[str, date, str]], unit: str, title: str, notes: list[str]) -> Picture:
    groups = [_group("occurred"), _group("planned"), _group("denied")]
    data = _stacked(bars, unit, groups)
    types, colours, _ = type_scale([row["type"] for row in data])
    totals = Counter[str]()
    for (kind, _, _), count in bars.items():
        totals[kind] += count
    encoding = {
        "row": {
            "field": "type",
            "type": "nominal",
            "sort": types,
            "title": None,
            "header": {"labelAngle": 0, "labelAlign": "left", "labelOrient": "top", "labelAnchor": "start"},
        },
        "x": _days_axis({"year": "%Y", "month": "%b %Y"}.get(unit, "%-d %b %Y")),
        "x2": {"field": "after"},
        "y": {"field": "low", "type": "quantitative", "title": "events", "axis": {"tickCount": 3, "domain": False, "ticks": False, "labelExpr": _WHOLE}},
        "y2": {"field": "high"},
        "color": {"field": "type", "type": "nominal", "scale": {"domain": types, "range": colours}, "legend": None},
        "fillOpacity": {"field": "strength", "type": "quantitative", "scale": None},
        "tooltip": [{"field": name, "type": "nominal"} for name in ("type", "status", "first", "events")],
    }
    spec = {
        "data": {"values": data},
        "mark": {"type": "bar", "strokeWidth": 0.8},
        "encoding": {**encoding, "stroke": {"field": "type", "type": "nominal", "scale": {"domain": types, "range": colours}, "legend": None}},
        "width": _WIDTH + 120,
        "height": 90,
        "resolve": {"scale": {"y": "independent"}},
        "spacing": 18,
    }
    listed = ", ".join(f"{totals[kind]} {kind}{'s' if totals[kind] != 1 else ''}" for kind in types)
    columns = ("type", "first", "status", "events")
    rows = tuple(tuple(row[name] for name in columns) for row in data)
    if any(row["strength"] < 1 for row in data):
        notes = ["Solid: took place. Pale: planned or possible. Empty: denied or cancelled.", *notes]
    return Picture(spec, title, (f"By {unit} of the first day: {listed or 'none'}.", *notes), columns, rows)


def _stacked(bars: Counter[tuple[str, date, str]], unit: str, groups: list[str]) -> list[dict[str, Any]]:
    """Return one bar a count, those of one type and day standing on one another in the order of `groups`."""
    data: list[dict[str, Any]] = []
    tops: Counter[tuple[str, date]] = Counter()
    for (kind, day, group), count in sorted(bars.items(), key=lambda item: (item[0][0], item[0][1], groups.index(item[0][2]))):
        low = tops[kind, day]
        tops[kind, day] += count
        edges = {"first": day.isoformat(), "after": _bin_end(day, unit).isoformat(), "low": low, "high": low + count}
        data.append({"type": kind, "status": group, "events": count, "strength": (1, 0.35, 0)[groups.index(group)], **edges})
    return data


def _line(number: int, row: dict[str, Any]) -> dict[str, Any]:
    start, end, precise = row["start_date"], row["end_date"], row["date_precision"] in _KNOWN_TO_THE_DAY
    first = start or end
    title, status = row["title"] or row["event_type"], row["status"]
    label = shown(title, 78) if status == "occurred" or status in title else f"{shown(title, 66)} · {status}"
    return {
        # an event of one title may stand twice: invisible blanks keep its lines apart
        "label": label + "\u200a" * number,
        "event": shown(row["title"] or row["event_type"], 200),
        "type": shown(row["event_type"], 40),
        "status": row["status"],
        "when": _when(row),
        "who": shown(row["participants"], 200),
        "place": shown(row["place_name"]),
        "first": first and first.isoformat(),
        "after": first and ((end or first) + timedelta(days=1)).isoformat(),
        "strength": 0.3 if not precise else 0.85 if row["status"] not in (*_NOT_YET, *_NOT_AT_ALL) else 0.45,
        "marked": precise,
        "open": start is not None and end is None,
        "happened": row["status"] not in (*_NOT_YET, *_NOT_AT_ALL),
    }


def _cut(row: dict[str, Any], since: date | None, until: date | None) -> None:
    """Let a line begin and end in the window, so that an event known only to its year does not squeeze the days asked for."""
    if row["first"] is None or since is None or until is None:
        return
    row["first"] = max(row["first"], since.isoformat())
    row["after"] = min(row["after"], (until + timedelta(days=1)).isoformat())


def _when(row: dict[str, Any]) -> str:
    start, end, precision = row["start_date"], row["end_date"], row["date_precision"]
    if start is None and end is None:
        return "undated"
    if end is None:
        return f"since {start}"
    if start is None:
        return f"until {end}"
    days = str(start) if start == end else f"{start} to {end}"
    return days if precision in _KNOWN_TO_THE_DAY else f"{precision}: {days}"


def _line_notes(rows: Sequence[dict[str, Any]], dated: Sequence[dict[str, Any]], data: Sequence[dict[str, Any]]) -> list[str]:
    notes = []
    if any(not row["happened"] for row in data):
        notes.append("White marks: planned, possible, denied or cancelled.")
    if any(row["first"] and not row["marked"] for row in data):
        notes.append("Pale band without a mark: known only to that period.")
    if any(row["open"] for row in data):
        notes.append("Arrow: end open or unknown.")
    if undated := len(rows) - len(dated):
        notes.append(f"{undated} undated, listed last.")
    return [" ".join(notes[i : i + 2]) for i in range(0, len(notes), 2)]


def _days_axis(form: str) -> dict[str, Any]:
    """Return the horizontal axis of days; in UTC, else a reader west of Greenwich would see them a day early."""
    return {"field": "first", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": {"grid": False, "labelOverlap": True, "format": form}}


def _spread(days: Sequence[date]) -> int:
    return (max(days) - min(days)).days + 1 if days else 1


def _group(status: str) -> str:
    if status in _NOT_YET:
        return "planned or possible"
    return "denied or cancelled" if status in _NOT_AT_ALL else "took place"


def _bin_start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day if unit == "day" else day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _bin_end(start: date, unit: str) -> date:
    if unit in ("day", "week"):
        return start + timedelta(days=1 if unit == "day" else 7)
    following = start + timedelta(days=32 if unit == "month" else 367)
    return following.replace(day=1) if unit == "month" else following.replace(month=1, day=1)
