"""Articles of our own for the tests of the flow, and the files that hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEXTS = {
    "oslo": ("2024-03-05", "Prime Minister Li Wei met President Anna Berg in Oslo on Monday. They agreed to hold another summit in June."),
    "accord": ("2024-04-11", "Norway and Chile signed a fisheries agreement in Santiago on Wednesday, the Chilean foreign ministry said."),
    "speech": ("2024-05-21", "“We will not close the border,” Interior Minister Paul Weber said on Tuesday. He spoke after talks in Vienna."),
    "plan": ("2024-06-02", "President Anna Berg will meet Chancellor Maria Holt in Berlin on 14 June 2024, her office announced on Sunday."),
    "second": ("2024-06-15", "President Anna Berg met Chancellor Maria Holt in Berlin on Friday, 14 June 2024. Both called the talks useful."),
    "quiet": ("2024-07-01", "The museum has a new roof. Its old one leaked for years and was too heavy for the walls that carried it."),
    "copy": ("2024-06-16", "President Anna Berg met Chancellor Maria Holt in Berlin on Friday, 14 June 2024. Both called the talks useful."),
}
REVISED = "President Anna Berg met Chancellor Maria Holt in Potsdam on Friday, 14 June 2024. Both called the talks useless."


def records() -> list[dict[str, Any]]:
    """Return the articles in the input form of `dateline extract`."""
    return [
        {"doc_id": name, "text": text, "published": day, "source": "Example Times", "url": f"https://example.org/{name}"} for name, (day, text) in TEXTS.items()
    ]


def write_lines(path: Path, found: list[dict[str, Any]]) -> Path:
    """Write records as JSON Lines and return the path."""
    path.write_text("".join(json.dumps(record) + "\n" for record in found), encoding="utf-8")
    return path
