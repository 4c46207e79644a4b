"""What is new at a source since it was last read: items, validators and watermark, as plain state that goes in and comes out.

Here: `SourceState` (stored by whoever runs, as one JSON string, in the transaction of the rows it led to) and `Ledger`, which compares an
item with it. Pure: no file, no clock, no network. Not here: fetching, or the database's own comparison by key and text.

An item is known by its guid, else its link; a corrected link does not make it another item, and its article keeps the first link. A
version that was replaced never comes back, unless the feed that brings it was built later than the one that replaced it: caches serve old
snapshots after new ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dateline.identity import normalised_text
from dateline.records import Article

LAG_DAYS = 90  # items published longer than this before the newest, and gone from the feed, are no longer remembered
NEVER = "2100-01-01"  # an item from later than this has no date but a placeholder, which would make every other item look old
DIGEST_LENGTH = 20
Validators = tuple[str | None, str | None]  # etag, last_modified


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item as last seen. `built` is when the newest snapshot that held it was built; `earlier` are digests of replaced versions."""

    digest: str
    url: str | None = None
    published: str | None = None
    built: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far a source was read. `watermark` is the latest date published of its items; None: nothing with a date was seen."""

    watermark: str | None = None
    validators: Mapping[str, Validators] = field(default_factory=dict)
    items: Mapping[str, Sighting] = field(default_factory=dict)
    gone: bool = False  # the server said 410: the source has ended

    def to_json(self) -> str:
        """Return the state as one line of JSON, the same for the same state."""
        items = {k: [v.digest, v.url, v.published, v.built, list(v.earlier)] for k, v in sorted(self.items.items())}
        record = {"watermark": self.watermark, "validators": dict(sorted(self.validators.items())), "items": items, "gone": self.gone}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def without_source(self, name: str) -> SourceState:
        """Return the state as if no article of this source had been seen, and nothing been fetched: what was forgotten may come again."""
        items = {key: seen for key, seen in self.items.items() if not key.startswith(f"{name}\n")}
        return replace(self, items=items, validators={}) if len(items) < len(self.items) else self

    @classmethod
    def from_json(cls, text: str | None) -> SourceState:
        """Return the state of `to_json`; None or "" is a source never read."""
        if not text:
            return cls()
        record: dict[str, Any] = json.loads(text)
        items = {k: Sighting(v[0], v[1], v[2], v[3], tuple(v[4])) for k, v in record["items"].items()}
        validators: dict[str, Validators] = {k: (v[0], v[1]) for k, v in record["validators"].items()}
        return cls(record["watermark"], validators, items, record["gone"])


class Ledger:
    """Compares a reading's items with the state before it, and makes the state after it."""

    def __init__(self, state: SourceState) -> None:
        self._watermark, self.gone = state.watermark, state.gone
        self._validators, self._items = dict(state.validators), dict(state.items)
        self._seen: set[str] = set()
        self._failed = False
        self.new = self.revised = self.unchanged = self.superseded = 0

    def validators(self, url: str) -> Validators:
        """Return the etag and last-modified date to ask with."""
        return self._validators.get(url, (None, None))

    def validated(self, url: str, etag: str | None, last_modified: str | None) -> None:
        """Remember what the server said of `url`, once all that it holds has been read; not after an item of it failed."""
        if self._failed or (etag is None and last_modified is None):
            self._validators.pop(url, None)
        else:
            self._validators[url] = (etag, last_modified)

    def sight(self, item: Article, *, built: str | None, extra: str = "") -> Article | None:
        """Return the item, under its first link, if it is new or revised; None where nothing is to be done.

        Args:
            item: the entry as its source gives it, before it is followed to its page.
            built: when the snapshot that holds it was built (ISO), or None.
            extra: what else shows a change, such as a date of revision.
        """
        key, digest = item_key(item), _digest(item, extra)
        known = self._items.get(key)
        self._seen.add(key)
        if not _before(NEVER, item.published):
            self._watermark = _later(self._watermark, item.published)
        if known is None:
            self.new += 1
            self._items[key] = Sighting(digest, item.url, item.published, built)
            return item
        stale = _before(built, known.built)
        if digest == known.digest:
            self.unchanged += 1
            self._items[key] = replace(known, built=_later(known.built, built))
            return None
        if stale or (digest in known.earlier and not _before(known.built, built)):
            self.superseded += 1
            self._items[key] = replace(known, earlier=_with(known.earlier, digest))
            return None
        self.revised += 1
        self._items[key] = Sighting(digest, known.url, item.published, _later(known.built, built), _with(known.earlier, known.digest))
        return replace(item, url=known.url or item.url)

    def failed(self, item: Article) -> None:
        """Take back the sighting of an item that could not be had for now, so that the next reading tries again."""
        self._items.pop(item_key(item), None)
        self._failed = True

    @property
    def state(self) -> SourceState:
        """The state after this reading, without what is too old to matter."""
        horizon = _moment(self._watermark)
        oldest = horizon - timedelta(days=LAG_DAYS) if horizon else None
        items = {k: v for k, v in self._items.items() if k in self._seen or oldest is None or (_moment(v.published) or oldest) >= oldest}
        return replace(self.state_so_far, items=items)

    @property
    def state_so_far(self) -> SourceState:
        """The state in the middle of a reading: what was not seen yet may still come, however old it is."""
        return SourceState(self._watermark, dict(self._validators), dict(self._items), self.gone)


def item_key(item: Article) -> str:
    """Return what a source's item is known by: its guid, else its link, else its doc_id."""
    return "\n".join((item.source or "", item.guid or item.url or item.doc_id))


def _digest(item: Article, extra: str) -> str:
    text = "\0".join((item.title or "", normalised_text(item.text), extra))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def _with(earlier: tuple[str, ...], digest: str) -> tuple[str, ...]:
    return earlier if digest in earlier else (*earlier, digest)


def _before(one: str | None, other: str | None) -> bool:
    """Say whether `one` is known to be before `other`."""
    first, second = _moment(one), _moment(other)
    return first is not None and second is not None and first < second


def _later(one: str | None, other: str | None) -> str | None:
    if _moment(one) is None:
        return other if _moment(other) is not None else None
    return other if _before(one, other) else one


def _moment(value: str | None) -> datetime | None:
    """Return an ISO date or datetime as a moment; one without an offset is taken as UTC; None for None and for what is neither."""
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
