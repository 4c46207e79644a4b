"""Where the article quotes: spans of direct speech, also over several paragraphs.

Here: `find_quotes`. A quotation opens at a double mark (straight or typographic) and ends at the next closing one; a new paragraph that
opens without the last having closed continues it, as newspapers print. An apostrophe is never a mark. Not here: whose words they are.
"""

from __future__ import annotations

import re

MARK = re.compile(r"[\"“”«»„]|''|``")
OPENING, CLOSING = "“«„``", "”»''"
LONGEST = 1500  # characters; a mark that finds no partner within this is a stray


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each quotation, marks included, in order and without overlap."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    paragraph = 0  # where the quotation's last paragraph begins
    for match in MARK.finditer(text):
        mark, here = match.group(), match.start()
        broken = opened is not None and "\n\n" in text[paragraph:here]
        goes_on = broken and mark not in CLOSING and _opens_paragraph(text, match)
        if opened is not None and (here - opened > LONGEST or (broken and not goes_on)):
            opened = None
        if opened is None:
            if mark not in CLOSING and (mark != '"' or _opens(text, match)):
                opened = paragraph = here
        elif goes_on:
            paragraph = here
        elif mark in OPENING:
            opened = paragraph = here  # the mark before was a stray
        else:
            found.append((opened, match.end()))
            opened = None
    return found


def _opens(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()]
    return not before or before.isspace() or before in "(["


def _opens_paragraph(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].rstrip(" ").endswith("\n") and match.end() < len(text) and not text[match.end()].isspace()


def quote_at(quotes: list[tuple[int, int]], offset: int) -> tuple[int, int] | None:
    """Return the quotation that holds the character, None outside all."""
    for start, end in quotes:
        if start <= offset < end:
            return start, end
        if start > offset:
            break
    return None
