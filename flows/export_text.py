"""Text of articles made harmless for the programs that open an export.

Here: control and bidirectional characters, spreadsheet formulas, iCalendar's escapes and folding. Article text is written by strangers: a title
may begin with "=HYPERLINK(", carry an override that shows it backwards, or end a line that a parser reads on. Not here: the files (flows.export).
"""

from __future__ import annotations

import re
from typing import Any

# C0, C1, DEL and the line and paragraph separators; what reorders text or is invisible (bidi marks, zero-width, tags); lone surrogates.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What spreadsheets read as the start of a formula, full-width forms included (OWASP, CSV injection).
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]")


def plain(text: str) -> str:
    """Return text on one line without characters that act: controls become a blank, invisible and reordering ones go."""
    text = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def plain_value(value: Any) -> Any:
    """Return `plain` text for text, and whatever else it is as it is."""
    return plain(value) if isinstance(value, str) else value


def cell(value: Any) -> Any:
    """Return a value for a CSV cell: an apostrophe before text that a spreadsheet would run. Numbers stay numbers, None is an empty cell."""
    if not isinstance(value, str):
        return value
    starts_badly = value[:1] in ("\t", "\r", "\n")  # looked at before `plain` turns them into blanks
    text = plain(value)
    return "'" + text if starts_badly or _FORMULA.match(text) else text


def calendar_text(text: str) -> str:
    """Escape a TEXT value (RFC 5545, 3.3.11). Newlines that are ours, written as such, become the escape for one."""
    lines = (plain(line) for line in text.split("\n"))
    return "\\n".join(re.sub(r"([\\;,])", r"\\\1", line) for line in lines)


def fold(line: str) -> str:
    """Fold a content line to 75 octets (RFC 5545, 3.1), never inside a character, and end it with CRLF."""
    pieces, size, start = [], 0, 0
    for position, character in enumerate(line):
        octets = len(character.encode("utf-8"))
        if size + octets > 75:
            pieces.append(line[start:position])
            start, size = position, 1  # the blank that begins a continuation counts
        size += octets
    pieces.append(line[start:])
    return "\r\n ".join(pieces) + "\r\n"
