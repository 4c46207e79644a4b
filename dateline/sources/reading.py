"""Read any source: locations in, articles and rejections out, one at a time, nothing held.

Here: the loop over locations and the one place where an error becomes a Rejected. Not here: what a location names
(dateline.sources.files, dateline.sources.fetch), which kind it is (dateline.sources.kinds).
"""

from __future__ import annotations

import itertools
import lzma
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from dateline.errors import InputError, TransientError
from dateline.sources.context import Context, rejected
from dateline.sources.fetch import Fetcher
from dateline.sources.files import STANDARD_INPUT, check_locations, find_files, found_standard_input, is_url
from dateline.sources.items import Found, Item, ReadOptions, Rejected
from dateline.sources.kinds import check_kind, reader_of
from dateline.sources.parser import Parser


def read(locations: Sequence[str], *, options: ReadOptions | None = None) -> Iterator[Item]:
    """Yield an article or a Rejected for everything that files, folders, globs, URLs and "-" hold.

    Raises:
        UsageError: a location names nothing; before anything is read.
    """
    options = options or ReadOptions()
    check_kind(options.kind)
    check_locations(locations)
    return _read(locations, options)


def _read(locations: Sequence[str], options: ReadOptions) -> Iterator[Item]:
    with ExitStack() as stack:
        parser = stack.enter_context(Parser(seconds=options.page_seconds, megabytes=options.page_megabytes))
        fetcher = stack.enter_context(Fetcher(options.fetch))
        context = Context(options, parser, fetcher, lambda found: _read_found(found, context))
        for remote, group in itertools.groupby(locations, key=is_url):
            if remote:
                for url in group:
                    yield from _limited(context.follow(url, 0), options.max_items)
            else:
                for found in _local(list(group)):
                    yield from [found] if isinstance(found, Rejected) else _limited(_read_found(found, context), options.max_items)


def _local(locations: list[str]) -> Iterator[Found | Rejected]:
    for location in locations:
        if location == STANDARD_INPUT:
            yield found_standard_input()
    yield from find_files([location for location in locations if location != STANDARD_INPUT])


def _limited(items: Iterator[Item], limit: int | None) -> Iterator[Item]:
    return itertools.islice(items, limit) if limit is not None else items


def _read_found(found: Found, context: Context) -> Iterator[Item]:
    """Yield what one found thing holds; the first error that stops its reader ends it with a Rejected."""
    try:
        yield from reader_of(found, context.options.kind if found.depth == 0 else None)(found, context)
    except (InputError, TransientError) as error:
        yield rejected(error, error.item or found.item)
    except (EOFError, lzma.LZMAError, zlib.error) as error:
        yield Rejected(found.item, "damaged", f"Cannot read {found.item}: its compression is damaged ({error}). Copy or pack it again.")
    except OSError as error:
        yield Rejected(found.item, "unreadable", f"Cannot read {found.item}: {error.strerror or error}. Check that it exists and may be read.")
