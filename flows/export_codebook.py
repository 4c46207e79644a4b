"""What every column of every view means: one definition for docs/codebook.md, the codebook of a release, and the pages of `dateline explore`.

Here: `CODEBOOK` (read from export_codebook.tsv beside this module) and its Markdown. Not here: the views themselves (models.views).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("export_codebook.tsv")
_HEAD = """# Codebook

One section a view, one line a column, in the columns' order. An empty cell (NULL) means unknown, and never "no" or zero; where a day is unknown,
`date_precision` is `none` and `date_basis` says how far the text went. Days are calendar days without a zone, `YYYY-MM-DD`, and both ends of an
interval are included. Offsets count Unicode code points of the article's text from 0, end exclusive. Closed sets are listed with their values;
event types are open: a deployment may have its own.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view: its type (text, day, moment, whole, real), and what it means."""

    view: str
    name: str
    type: str
    meaning: str


@lru_cache(maxsize=1)
def codebook() -> dict[str, tuple[str, tuple[Column, ...]]]:
    """Return every view's own meaning and its columns, in order. The line of a view itself has no column name."""
    meanings: dict[str, str] = {}
    columns: dict[str, list[Column]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if line["column"]:
                columns[line["view"]].append(Column(line["view"], line["column"], line["type"], line["meaning"]))
            else:
                meanings[line["view"]] = line["meaning"]
                columns[line["view"]] = []
    return {view: (meaning, tuple(columns[view])) for view, meaning in meanings.items()}


def codebook_markdown(views: Iterable[str] | None = None) -> str:
    """Return the codebook as Markdown."""
    parts = [_HEAD]
    for view in views or codebook():
        meaning, columns = codebook()[view]
        rows = "\n".join(f"| `{each.name}` | {each.type} | {each.meaning} |" for each in columns)
        parts.append(f"\n## {view}\n\n{meaning}\n\n| column | type | meaning |\n| --- | --- | --- |\n{rows}\n")
    return "".join(parts)
