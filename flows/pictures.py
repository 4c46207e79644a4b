"""A picture as PNG, SVG or one self-contained HTML page, drawn offline.

Here: colours and shapes that hold for colour-blind readers and in print, the look that all pictures share, and `save_picture`. A picture is a
Vega-Lite specification with its data inside; vl-convert draws it. Not here: what is drawn (flows.pictures_timeline, pictures_map,
pictures_network), the commands (flows.commands_pictures).
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.errors import ConfigurationError, UsageError
from flows.export import new_file
from flows.export_text import plain

SUFFIXES = (".png", ".svg", ".html")
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, QUIET, RULE = "#222222", "#5a5a5a", "#d9d9d9"
# Okabe and Ito (2008), Color Universal Design, in an order whose lightness differs in print too; further types take the rest in turn.
_TYPE_COLOURS = {"summit": "#0072b2", "meeting": "#e69f00", "agreement": "#009e73", "statement": "#cc79a7"}
_OTHER_COLOURS = ("#d55e00", "#56b4e9", "#7f7f7f", "#b8a800")
_TYPE_SHAPES = {"summit": "square", "meeting": "circle", "agreement": "diamond", "statement": "triangle-up"}
_OTHER_SHAPES = ("triangle-down", "triangle-left", "cross", "triangle-right")
_SCALE = 2.0  # PNG pixels per unit

_NOTHING = {
    "width": 480,
    "height": 60,
    "data": {"values": [{}]},
    "mark": {"type": "text", "text": "No event to draw.", "fontSize": 14, "color": QUIET, "align": "left", "x": 0},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A Vega-Lite specification without title and look, what it is called, what a reader must know of it, and its data as a table."""

    spec: dict[str, Any]
    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


def type_scale(types: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the types in their usual order with a colour and a shape each, so that a type looks the same in every picture."""
    ordered = [each for each in _TYPE_COLOURS if each in types] + sorted(set(types) - set(_TYPE_COLOURS))
    others = [each for each in ordered if each not in _TYPE_COLOURS]
    colours = [_TYPE_COLOURS.get(each) or _OTHER_COLOURS[others.index(each) % len(_OTHER_COLOURS)] for each in ordered]
    shapes = [_TYPE_SHAPES.get(each) or _OTHER_SHAPES[others.index(each) % len(_OTHER_SHAPES)] for each in ordered]
    return ordered, colours, shapes


def save_picture(picture: Picture, target: str) -> None:
    """Draw the picture into a file; its suffix says how.

    Raises:
        UsageError: another suffix, or the folder does not exist.
        ConfigurationError: the extra `pictures` is not installed.
    """
    suffix = check_picture_name(target)
    renderer = _renderer()
    spec = _dressed(picture)
    with new_file(target) as out:
        if suffix == ".png":
            out.write(renderer.vegalite_to_png(spec, scale=_SCALE))
        elif suffix == ".svg":
            out.write(renderer.vegalite_to_svg(spec).encode())
        else:
            out.write(_page(picture, spec, renderer.javascript_bundle()).encode())


def check_picture_name(target: str) -> str:
    """Return the suffix of a picture's name; UsageError for one that says no format."""
    suffix = Path(target).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"Cannot draw {target}: a picture's name ends in {', '.join(SUFFIXES)}. Name it so.")
    return suffix


def shown(text: str | None, limit: int = 60) -> str:
    """Return text as a label: harmless, at most `limit` characters."""
    words = " ".join(plain(text or "").split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _renderer() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise ConfigurationError("Cannot draw: the package vl-convert-python is missing. Install it with `pip install 'dateline-events[pictures]'`.") from None
    return vl_convert


def _dressed(picture: Picture) -> dict[str, Any]:
    """Return the specification with title, notes and look."""
    title = {"text": picture.title, "subtitle": list(picture.notes), "anchor": "start", "frame": "bounds", "offset": 14}
    look = {
        "font": FONT,
        "background": "white",
        "padding": 16,
        "view": {"stroke": None},
        "title": {"color": INK, "fontSize": 17, "subtitleColor": QUIET, "subtitleFontSize": 12, "subtitlePadding": 6},
        "axis": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 11.5, "titleFontSize": 11.5, "titleFontWeight": "normal", "gridColor": RULE},
        "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 12, "titleFontSize": 11.5, "titleFontWeight": "normal"},
        "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": "bold"},
    }
    spec = picture.spec if picture.rows else _NOTHING
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec, "title": title, "config": look}


def _page(picture: Picture, spec: dict[str, Any], scripts: str) -> str:
    """Return a page that loads nothing: the scripts are inside, and the data also stand in a table for those who cannot see the picture."""
    head = "".join(f"<th scope=col>{html.escape(name)}" for name in picture.columns)
    body = "\n".join("<tr>" + "".join(f"<td>{html.escape(_cell(value))}" for value in row) for row in picture.rows)
    table = f"<details><summary>The data as a table</summary><table><tr>{head}\n{body}</table></details>" if picture.columns else ""
    return _PAGE.format(
        title=html.escape(picture.title),
        described=html.escape(". ".join((picture.title, *picture.notes)), quote=True),
        table=table,
        scripts=scripts.replace("</script", "<\\/script"),
        # "<" never occurs in the data's script, so no title can end it
        spec=json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", ""),
    )


def _cell(value: Any) -> str:
    return "" if value is None else plain(str(value))


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>
body {{ font: 14px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #222; margin: 1rem; }}
table {{ border-collapse: collapse; margin-top: .5rem }} td, th {{ border: 1px solid #d9d9d9; padding: .2rem .5rem; text-align: left; vertical-align: top }}
summary {{ cursor: pointer; margin-top: 1rem }}
</style></head><body>
<div id="picture" role="img" aria-label="{described}"></div>
{table}
<script type="module">
{scripts}
const spec = {spec};
vegaEmbed("#picture", spec, {{renderer: "svg", actions: false}}).catch(error => {{ document.getElementById("picture").textContent = String(error); }});
</script></body></html>
"""
