"""Which kind of source something is: by its suffix, the server's content type, or its first bytes.

Here: the table of kinds. A new kind is one module with SUFFIXES, TYPES and `read(found, context)`, one line in KINDS, and, where neither
suffix nor type tells it, one test in `_by_content`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from dateline.errors import InputError, UsageError
from dateline.sources import json_lines, tables, text
from dateline.sources.context import Context
from dateline.sources.items import Found, Item

Reader = Callable[[Found, Context], Iterator[Item]]
# kind -> the module that reads it
KINDS = {"text": "text", "jsonl": "json_lines", "table": "tables"}
_MODULES = {"text": text, "jsonl": json_lines, "table": tables}
HEAD_BYTES = 4096


def reader_of(found: Found, kind: str | None = None) -> Reader:
    """Return the function that reads `found`; `kind` settles it. Raises InputError (code "unknown_kind") where nothing fits."""
    name = kind or kind_of(found)
    if name not in KINDS:
        raise UsageError(f"Unknown kind of source {name!r}. Known: {', '.join(KINDS)}.", code="unknown_kind")
    reader: Reader = import_module(f"dateline.sources.{KINDS[name]}").read
    return reader


def kind_of(found: Found) -> str:
    """Return the kind's name. Raises InputError (code "unknown_kind") where nothing fits."""
    for name, module in _MODULES.items():
        if found.suffix in module.SUFFIXES or found.content_type in module.TYPES:
            return name
    raise InputError(f"Cannot read {found.item}: its kind is not known. Known kinds: {', '.join(KINDS)}.", code="unknown_kind", item=found.item)
