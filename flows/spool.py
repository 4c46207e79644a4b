"""Articles between reading and extraction: batches on disk, so that a run of any length holds only one load's articles in memory.

Here: `Spool`, a private folder of JSON Lines files that lasts as long as its run. Not here: where articles come from (dateline.sources), what
happens to them (flows.stages).
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from dateline.records import Article
from dateline.sources import Rejected

PREFIX = "dateline-spool-"
STALE_SECONDS = 7 * 24 * 3600


class Spool:
    """A folder of numbered batches. Use it as a context manager: the folder is removed at the end."""

    def __init__(self, parent: str | None = None) -> None:
        _remove_stale(Path(parent or tempfile.gettempdir()))
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, items: Iterable[Article | Rejected], size: int) -> list[Path]:
        """Write items as batches of `size` under `name`, and return the batches' paths in order."""
        paths: list[Path] = []
        batch: list[str] = []
        for item in items:
            batch.append(json.dumps({"kind": type(item).__name__, **dataclasses.asdict(item)}))
            if len(batch) == size:
                paths.append(self._flush(name, len(paths), batch))
                batch = []
        if batch:
            paths.append(self._flush(name, len(paths), batch))
        return paths

    def _flush(self, name: str, number: int, batch: list[str]) -> Path:
        path = self.folder / f"{re.sub('[^0-9A-Za-z._-]', '-', name)[:60]}-{number:06d}.jsonl"
        path.write_text("\n".join(batch) + "\n", encoding="utf-8")
        return path


def read_batch(path: Path) -> Iterator[Article | Rejected]:
    """Yield what a batch holds, in order."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            kind = record.pop("kind")
            yield Article(**record) if kind == "Article" else Rejected(**record)


def _remove_stale(parent: Path) -> None:
    """Remove the folders of runs that were killed a week ago or earlier."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            if folder.stat().st_uid == os.getuid() and time.time() - folder.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue
