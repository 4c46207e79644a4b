"""A piece of HTML that is all article (a feed entry's body) becomes text, paragraph by paragraph.

Here: one function, `fragment_text`. Whole pages, where the article must be found among menus and advertisements, are
dateline.sources.markup's.
"""

from __future__ import annotations

import re
from typing import Any

BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "figcaption", "footer", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hr", "main", "ol", "p", "pre", "section", "table", "ul"}
)
LINES = frozenset({"br", "li", "tr"})
CELLS = frozenset({"td", "th"})
DROPPED = frozenset({"script", "style", "noscript", "iframe", "object", "embed", "template", "svg", "form", "button"})
BLANKS = re.compile(r"[ \t\r\n\f]+")
TAG_OR_ENTITY = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")


def fragment_text(markup: str) -> str:
    """Return the fragment's text: paragraphs parted by an empty line, other lines by one; "" where there is none.

    Text without any tag or entity comes back as it is, save white space at its ends.
    """
    from lxml import html  # type: ignore[import-untyped]

    if not TAG_OR_ENTITY.search(markup):
        return markup.strip()
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (ValueError, AssertionError, html.etree.ParserError):
        return ""
    parts: list[str] = []
    _gather(root, parts)
    lines = (BLANKS.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _gather(root: Any, parts: list[str]) -> None:
    """Append the text under `root` with newlines for blocks; without recursion, since strangers nest as deep as they like."""
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag if isinstance(node.tag, str) else None
        if tag is None or tag in DROPPED:
            continue
        before = "\n\n" if tag in BLOCKS else "\n" if tag in LINES else " " if tag in CELLS else ""
        parts.append(before + _inline(node.text))
        stack.append("\n\n" if tag in BLOCKS else "")
        for child in reversed(node):
            stack.append(_inline(child.tail))
            stack.append(child)


def _inline(text: str | None) -> str:
    return BLANKS.sub(" ", text) if text else ""
