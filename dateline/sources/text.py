"""Plain text and Markdown files: one file, one article; optional YAML front matter gives its title, day and the rest.

Here: the front matter's keys and the text below it, exactly as it stands. Not here: recognising HTML or tables in a text file
(dateline.sources.kinds).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from dateline.errors import InputError
from dateline.jsonl import article_from_record
from dateline.sources.charset import decode
from dateline.sources.context import Context
from dateline.sources.items import Found, Item

SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
TYPES = frozenset({"text/plain", "text/markdown"})
FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL)
# What writers of front matter call the article's keys (Hugo, Jekyll, Pandoc).
NAMES = {"date": "published", "author": "byline", "authors": "byline", "lang": "language", "license": "licence", "link": "url", "id": "doc_id"}


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield the file's one article. Raises InputError where it is empty, binary or of no known encoding."""
    text = decode(context.data_of(found), item=found.item, http=found.charset).text
    values, body = split_front_matter(text, found.item)
    if not body.strip():
        raise InputError(f"Cannot read {found.item}: no text in it (white space or front matter only). Remove it.", code="empty_file", item=found.item)
    record = {"doc_id": found.doc_id, "url": found.url, **values, "text": body}
    yield context.finish(article_from_record(record, found.item), found.item)


def split_front_matter(text: str, item: str) -> tuple[dict[str, Any], str]:
    """Return the front matter under the article's own keys, and the text after it; ({}, text) where there is none.

    A block between two lines of dashes that is no YAML mapping is text, not front matter.
    """
    match = FRONT_MATTER.match(text)
    if not match:
        return {}, text
    import yaml

    try:
        values = yaml.safe_load(match[1])
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: a date such as 2024-13-45, which YAML takes for one
        raise InputError(
            f"Cannot read {item}: its front matter is no YAML ({str(error).splitlines()[0]}). Mend it, or remove the lines of dashes.",
            code="front_matter",
            item=item,
        ) from error
    if not isinstance(values, dict):
        return {}, text
    renamed = {NAMES.get(str(key).lower(), str(key).lower()): _plain(value) for key, value in values.items() if value is not None}
    return renamed, text[match.end() :]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
