"""Read any source: locations in, articles and rejections out, one at a time, nothing held.

Here: the loop over locations, and the one place where an error becomes a Rejected. `read` is the plain door; `Reading` also takes and gives
the state of a source that is read again and again; `replay` reads what was kept. Not here: what a location names (dateline.sources.files,
dateline.sources.fetch), which kind it is (dateline.sources.kinds), what is new (dateline.sources.incremental).
"""

from __future__ import annotations

import errno
import itertools
import logging
import lzma
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dateline.errors import DatelineError, InputError, TransientError
from dateline.sources.addresses import Resolver, resolve
from dateline.sources.context import Context, Fetches, found_of, rejected
from dateline.sources.fetch import Fetcher
from dateline.sources.files import STANDARD_INPUT, check_locations, find_files, found_standard_input, is_url
from dateline.sources.incremental import Ledger, SourceState
from dateline.sources.items import Found, Item, ReadOptions, Rejected
from dateline.sources.kinds import check_kind, reader_of
from dateline.sources.parser import borrowed
from dateline.sources.raw import RawStore, StoredFetcher, stores_in

log = logging.getLogger(__name__)

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def read(locations: Sequence[str], *, options: ReadOptions | None = None, resolver: Resolver = resolve) -> Iterator[Item]:
    """Yield an article or a Rejected for everything that files, folders, globs, URLs and "-" hold.

    Raises:
        UsageError: a location names nothing, or the kind is unknown; before anything is read.
    """
    options = options or ReadOptions()
    _check(locations, options)
    return _named(_read(locations, options, resolver, None), options.source)


class Reading:
    """One reading of a source that is read again and again: iterate over it, store what it gives, then store its `state`.

    Entries of feeds and locations of sitemaps that the state knows are passed over; a URL that has not changed (304) gives nothing.
    An item that failed for now is tried again next time. Raises UsageError like `read`.
    """

    def __init__(self, locations: Sequence[str], *, options: ReadOptions | None = None, state: SourceState | None = None, resolver: Resolver = resolve) -> None:
        self._locations, self._options, self._resolver = locations, options or ReadOptions(), resolver
        _check(locations, self._options)
        self.ledger = Ledger(state or SourceState())
        self._ended = self.ledger.gone

    def __iter__(self) -> Iterator[Item]:
        """Yield what is new or revised, and what was rejected; nothing at all from a source that has ended (410)."""
        if not self.ledger.gone:
            yield from _named(_read(self._locations, self._options, self._resolver, self.ledger), self._options.source)
        self._ended = True

    @property
    def state(self) -> SourceState:
        """The state to store with what was read so far, and to read with next time."""
        return self.ledger.state if self._ended else self.ledger.state_so_far


def replay(folder: Path, *, options: ReadOptions | None = None) -> Iterator[Item]:
    """Yield again what the fetches kept in `folder` hold, in their order, without any network. Raises UsageError where nothing was kept."""
    return _replay(RawStore(folder), options or ReadOptions(), None)


def _replay(store: RawStore, options: ReadOptions, ledger: Ledger | None) -> Iterator[Item]:
    with _context(options, StoredFetcher(store), ledger) as context:
        for kept in store.kept():
            if kept.depth == 0:
                context.visited.clear()
                try:
                    found = found_of(store.fetched(kept), 0)
                except InputError as error:
                    yield rejected(error, kept.url)
                    continue
                yield from context.read_found(found)


def _check(locations: Sequence[str], options: ReadOptions) -> None:
    check_kind(options.kind)
    check_locations(locations)


@contextmanager
def _context(options: ReadOptions, fetcher: Fetches, ledger: Ledger | None) -> Iterator[Context]:
    with borrowed(megabytes=options.page_megabytes) as parser:
        context = Context(options, parser, fetcher, lambda found: _read_found(found, context), ledger)
        yield context


def _read(locations: Sequence[str], options: ReadOptions, resolver: Resolver, ledger: Ledger | None) -> Iterator[Item]:
    fetcher: Fetches = Fetcher(options.fetch, resolver=resolver) if options.network else StoredFetcher(None)
    with _context(options, fetcher, ledger) as context:
        for way, group in itertools.groupby(locations, key=_way):
            if way == "url":
                for url in group:
                    yield from _limited(context.follow(url, 0), options.max_items)
            elif way == "kept":
                for store in itertools.chain.from_iterable(stores_in(location) for location in group):
                    yield from _limited(_replay(store, replace(options, keep_raw=None), ledger), options.max_items)
            else:
                for found in _local(list(group)):
                    yield from [found] if isinstance(found, Rejected) else _limited(_read_found(found, context), options.max_items)


def _named(items: Iterator[Item], source: str | None) -> Iterator[Item]:
    for item in items:
        yield replace(item, source=source) if source and isinstance(item, Rejected) and item.source is None else item


def _way(location: str) -> str:
    """Return how a location is read: by fetching, from bytes kept of earlier fetches, or as files."""
    return "url" if is_url(location) else "kept" if stores_in(location) else "files"


def _local(locations: list[str]) -> Iterator[Found | Rejected]:
    if STANDARD_INPUT in locations:
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
        if error.errno in DISK_FULL:
            raise OSError(error.errno, error.strerror, error.filename or tempfile.gettempdir()) from error  # our own folder's, not this item's
        yield Rejected(found.item, "unreadable", f"Cannot read {found.item}: {error.strerror or error}. Check that it exists and may be read.")
    except DatelineError:
        raise  # the configuration's, not this item's
    except Exception as error:  # whatever a stranger's file does to its reader is that file's error and never the run's
        log.debug("Reading %s failed", found.item, exc_info=error)
        message = f"Cannot read {found.item}: its reader failed ({type(error).__name__}: {str(error)[:200]}). Leave it out; please report it with the file."
        yield Rejected(found.item, "reader_failed", message)
