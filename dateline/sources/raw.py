"""Keep the bytes of what was fetched, by content, and read them again: for replay after a change of rules, or to show what was read.

Here: `RawStore` (files named by their sha256, an index in the order of fetching) and `StoredFetcher`, which answers from it. Off unless
`keep_raw` names a folder (DATELINE_KEEP_RAW). Files of one's own are not copied.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dateline.errors import InputError, UsageError
from dateline.sources.fetch import Fetched
from dateline.sources.fetch_errors import FetchRefused

INDEX = "index.jsonl"
LINE_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One fetch: what was asked, what came, and how many lists or feeds led to it (0: a location itself)."""

    url: str
    final_url: str
    digest: str
    depth: int
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class RawStore:
    """A folder of bytes by content. The same bytes are kept once; every fetch is a line of the index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, fetched: Fetched, depth: int) -> str:
        """Keep what was fetched and return its sha256; nothing is half written."""
        digest = hashlib.sha256(fetched.data).hexdigest()
        path = self.path_of(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
                stream.write(fetched.data)
            Path(stream.name).replace(path)
        kept = Kept(fetched.url, fetched.final_url, digest, depth, fetched.content_type, fetched.charset, fetched.etag, fetched.last_modified)
        with (self.folder / INDEX).open("a", encoding="utf-8") as index:
            index.write(json.dumps(asdict(kept), ensure_ascii=False) + "\n")
        return digest

    def path_of(self, digest: str) -> Path:
        """Return where the bytes of a sha256 lie."""
        return self.folder / digest[:2] / digest[2:]

    def remove_before(self, moment: float) -> int:
        """Remove the bytes written before `moment` (seconds since 1970, as file systems count) and return how many files there were.

        The index keeps its lines, without which nobody could say what was once fetched; a replay names what is gone.
        """
        old = [path for path in self.folder.glob("??/*") if path.is_file() and path.stat().st_mtime < moment]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def kept(self) -> Iterator[Kept]:
        """Yield every fetch, in order. Raises UsageError where the folder is no store."""
        try:
            stream = (self.folder / INDEX).open(encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"Cannot replay {self.folder}: no {INDEX} in it. Name a folder that keep_raw filled.", code="no_raw", item=str(self.folder)
            ) from error
        with stream:
            yield from (Kept(**json.loads(line)) for line in stream if line.endswith("\n"))

    def fetched(self, kept: Kept) -> Fetched:
        """Return a fetch as it was. Raises InputError (code "raw_damaged") where its bytes are gone or changed."""
        try:
            data = self.path_of(kept.digest).read_bytes()
        except OSError:
            data = None
        if data is None or hashlib.sha256(data).hexdigest() != kept.digest:
            raise InputError(f"Cannot replay {kept.url}: its bytes {kept.digest[:12]} are gone or changed. Fetch it again.", code="raw_damaged", item=kept.url)
        return Fetched(kept.url, kept.final_url, 200, data, kept.content_type, kept.charset, kept.etag, kept.last_modified)


def stores_in(location: str) -> list[RawStore]:
    """Return the stores that a location names: itself, or those of the sources in it; none where it is neither."""
    folder = Path(location)
    if not folder.is_dir():
        return []
    return [RawStore(one) for one in (folder, *sorted(folder.iterdir())) if _is_store(one)]


def _is_store(folder: Path) -> bool:
    """Say whether `keep_raw` filled a folder: it has an index whose first line names a fetch."""
    index = folder / INDEX
    if not index.is_file():
        return False
    with index.open("rb") as stream:
        line = stream.readline(LINE_BYTES)
    try:
        return {"url", "final_url", "digest", "depth"} <= set(json.loads(line))
    except (ValueError, TypeError):
        return False


class StoredFetcher:
    """Answers from a store what was last fetched for a URL; asks no server. Without a store it answers nothing."""

    def __init__(self, store: RawStore | None) -> None:
        self._store = store
        self._last = {kept.url: kept for kept in store.kept()} if store else {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return the last fetch of `url`. Raises FetchRefused (code "not_kept") where there was none."""
        del etag, last_modified  # a replay reads everything again
        if self._store is None or url not in self._last:
            raise FetchRefused(f"Cannot replay {url}: it was never fetched. Read it with a connection.", code="not_kept", item=url)
        return self._store.fetched(self._last[url])
