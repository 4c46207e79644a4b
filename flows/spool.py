"""Articles between reading and extraction: batches on disk, so that a run of any length holds only one load's articles in memory.

Here: `Spool`, a private folder of JSON Lines files that lasts as long as its run. Not here: where articles come from (dateline.sources), what
happens to them (flows.stages).
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType

from dateline.records import Article
from dateline.sources import Rejected
from flows.leftovers import drop_folder, own_folder, sweep

PREFIX = "dateline-spool-"
STATE_SUFFIX = ".state"


class Spool:
    """A folder of numbered batches. Use it as a context manager: the folder is removed at the end."""

    def __init__(self, parent: str | None = None) -> None:
        where = Path(parent) if parent else None
        sweep(PREFIX, where)
        self.folder, self._held = own_folder(PREFIX, where)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        drop_folder(self.folder, self._held)

    def write(self, name: str, items: Iterable[Article | Rejected], size: int, *, state: Callable[[], str] | None = None) -> list[Path]:
        """Write items as batches of `size` under `name`, and return the batches' paths in order.

        `state` gives the source's state as of the item read last; it is kept beside each batch, so that the load of a batch can store it.
        """
        paths: list[Path] = []
        batch: list[str] = []
        for item in items:
            batch.append(json.dumps({"kind": type(item).__name__, **dataclasses.asdict(item)}))
            if len(batch) == size:
                paths.append(self._flush(name, len(paths), batch, state))
                batch = []
        if batch:
            paths.append(self._flush(name, len(paths), batch, state))
        return paths

    def _flush(self, name: str, number: int, batch: list[str], state: Callable[[], str] | None) -> Path:
        path = self.folder / f"{re.sub('[^0-9A-Za-z._-]', '-', name)[:60]}-{number:06d}.jsonl"
        try:
            path.write_text("\n".join(batch) + "\n", encoding="utf-8")
            if state is not None:
                path.with_suffix(STATE_SUFFIX).write_text(state(), encoding="utf-8")
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error  # a failed write does not say of which file
        return path


def state_after(path: Path) -> str | None:
    """Return the source's state as of the last item of a batch; None where its source has none."""
    beside = path.with_suffix(STATE_SUFFIX)
    return beside.read_text(encoding="utf-8") if beside.exists() else None


def read_batch(path: Path) -> Iterator[Article | Rejected]:
    """Yield what a batch holds, in order."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            kind = record.pop("kind")
            yield Article(**record) if kind == "Article" else Rejected(**record)
