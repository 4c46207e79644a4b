"""What sources hand around: what was found (`Found`), what could not be read (`Rejected`), and how to read (`ReadOptions`).

Here: plain frozen records without any I/O but `Found.open`. Not here: finding files (dateline.sources.files), fetching
(dateline.sources.fetch), choosing the kind and reading it (dateline.sources.reading).
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from dateline.records import Article

MEGABYTE = 1_000_000
STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One item that did not become an article. `item` names it (path, path:line or URL); `transient` says that trying again can help."""

    item: str
    code: str
    message: str
    stage: str = "ingest"
    transient: bool = False
    retry_after: int | None = None  # seconds, where a server said so
    source: str | None = None  # what its article would have named as its source, where that is known


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How Dateline behaves towards servers, and what it refuses to be sent. Bytes are counted after decompression."""

    user_agent: str = "Dateline/0.1 (news event reader)"
    allow_hosts: frozenset[str] = frozenset()  # hosts that may resolve to private addresses, named one by one
    obey_robots: bool = True
    delay: float = 1.0  # seconds between two requests to one host
    max_bytes: int = 20 * MEGABYTE
    max_seconds: float = 30.0  # for the whole of one fetch, redirects included
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read. Defaults suit a folder of one's own files; a registered source sets its own (dateline.sources.registry)."""

    source: str | None = None  # given to articles that name none
    language: str | None = None  # given to articles that name none; None: detect
    licence: str | None = None  # given to articles that name none
    kind: str | None = None  # one of dateline.sources.kinds.KINDS; None: recognise
    columns: Mapping[str, str] = field(default_factory=dict)  # article key -> column of a table or key of a JSON line
    follow: bool | None = None  # fetch the pages of feed entries without full text; None: only where the feed itself was fetched
    max_depth: int = 3  # list or sitemap index -> sitemap or feed -> page
    max_items: int | None = None  # articles and rejections a location may give; None: all
    max_file_bytes: int = 20 * MEGABYTE  # of one text, page or feed, decompressed
    max_line_bytes: int = 10 * MEGABYTE  # of one line of JSON Lines or CSV
    page_seconds: float = 4.0  # for parsing one page
    feed_seconds: float = 30.0  # for parsing one feed or sitemap, which may be long
    page_megabytes: int = 1500  # memory of the process that parses
    since: str | None = None  # ISO day: passes over feed entries and sitemap pages known to be older
    until: str | None = None  # ISO day, included: passes over those known to be newer
    network: bool = True  # False: nothing is fetched, whatever a list or feed names
    keep_raw: Path | None = None  # folder where the bytes of what is fetched or read are kept, by content
    fetch: FetchPolicy = FetchPolicy()


@dataclass(frozen=True, slots=True)
class Found:
    """Something to read: a file, standard input, a fetched page or a record of an archive.

    `item` names it in messages. `doc_id` is what an article made of the whole is called. `opener` gives a new binary stream each time
    (standard input: once), already decompressed.
    """

    item: str
    doc_id: str
    opener: Callable[[], BinaryIO]
    suffix: str = ""  # lower case, with the dot, after any .gz, .bz2 or .xz
    content_type: str | None = None  # as the server said, without parameters
    charset: str | None = None  # as the server said
    url: str | None = None  # where it was fetched from, after redirects
    depth: int = 0  # how many lists, sitemaps or feeds led here

    def open(self) -> BinaryIO:
        """Return a new binary stream of the content."""
        return self.opener()


Item = Article | Rejected
GZIP = b"\x1f\x8b\x08"  # RFC 1952; known without its suffix, as files are often saved
UNPACKERS: dict[str, Callable[..., object]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


def found_file(path: Path, doc_id: str) -> Found:
    """Return the Found of one file."""
    suffix, packed = suffixes_of(path)
    return Found(str(path), doc_id, partial(_open, path, packed), suffix=suffix)


def found_bytes(item: str, doc_id: str, data: bytes, *, path: PurePath | None = None, **rest: Any) -> Found:
    """Return a Found that holds `data` itself; `path` gives its suffixes."""
    suffix, packed = suffixes_of(path or PurePath())
    return Found(item, doc_id, partial(_open, data, packed), suffix=suffix, **rest)


def suffixes_of(path: PurePath) -> tuple[str, str]:
    """Return a path's suffix in lower case, and that of the compression round it: (".jsonl", ".xz"); "" for none."""
    suffixes = [s.lower() for s in path.suffixes]
    packed = suffixes.pop() if suffixes and suffixes[-1] in UNPACKERS else ""
    return (suffixes[-1] if suffixes else ""), packed


def _open(content: Path | bytes, packed: str) -> BinaryIO:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    head = stream.read(len(GZIP))
    stream.seek(0)
    if packed and isinstance(content, bytes) and head.startswith(b"<"):  # a server that has unpacked what its URL calls packed
        packed = ""
    if not packed and head == GZIP:
        packed = ".gz"
    return cast(BinaryIO, UNPACKERS[packed](stream, "rb") if packed else stream)
