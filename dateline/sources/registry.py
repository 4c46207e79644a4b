"""The registry of sources: `sources.toml`, one [[source]] table each, checked field by field.

Here: reading, adding, and what a registered source means as ReadOptions. Not here: reading the sources themselves
(dateline.sources.reading), their state (dateline.sources.incremental), schedules (flows). docs/sources.md has a whole example.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from dateline.errors import ConfigurationError, UsageError
from dateline.sources.addresses import Resolver, resolve
from dateline.sources.files import is_url
from dateline.sources.items import FetchPolicy, Item, ReadOptions
from dateline.sources.kinds import KINDS
from dateline.sources.reading import read

NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]
CHECKED_ITEMS = 5


class PolitenessSettings(BaseModel):
    """How to behave towards the source's servers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    robots: bool = True
    delay: float = Field(default=1.0, ge=0, le=3600, description="seconds between two requests to one host")
    user_agent: str = Field(default=FetchPolicy().user_agent, min_length=3, max_length=200)
    allow_hosts: tuple[str, ...] = Field(default=(), description="hosts that may have private addresses")


class Source(BaseModel):
    """One registered source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name = Field(description="lower case, digits, - and _; the `source` of its articles is `title`, else this")
    location: str | tuple[str, ...] = Field(description="URL, file, folder or glob, or several; paths are relative to the registry")
    kind: str | None = Field(None, description="one of dateline.sources.kinds.KINDS; recognised where it is missing")
    title: str | None = Field(None, description="what its articles name as their source")
    schedule: Name = Field("daily", description="the schedule group whose deployment reads it")
    politeness: PolitenessSettings = Field(default_factory=PolitenessSettings)
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="detected where it is missing")
    licence: str | None = None
    retention_days: int | None = Field(None, ge=1, description="how long texts may be kept after they were first stored; missing: for ever")
    fresh_days: float | None = Field(None, gt=0, description="days without a new item after which a check warns; missing: a week")
    follow: bool | None = Field(None, description="fetch the pages of entries without full text; missing: where the feed is fetched")
    columns: dict[str, str] = Field(default_factory=dict, description="article key -> column or key of a table or JSON line")
    enabled: bool = True

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str | None) -> str | None:
        if value is not None and value not in KINDS:
            raise ValueError(f"unknown kind {value!r}; known: {', '.join(KINDS)}")
        return value

    @property
    def locations(self) -> tuple[str, ...]:
        """The locations, as one tuple."""
        return (self.location,) if isinstance(self.location, str) else self.location

    @property
    def is_fetched(self) -> bool:
        """Whether any of its locations is a URL."""
        return any(is_url(one) for one in self.locations)

    def options(self, *, since: date | None = None, until: date | None = None, keep_raw: Path | None = None) -> ReadOptions:
        """Return how the source is read; `since` and `until`, both included, are for a backfill."""
        polite = self.politeness
        return ReadOptions(
            source=self.title or self.name,
            language=self.language,
            licence=self.licence,
            kind=self.kind,
            columns=self.columns,
            follow=self.follow,
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
            keep_raw=keep_raw,
            fetch=FetchPolicy(user_agent=polite.user_agent, allow_hosts=frozenset(polite.allow_hosts), obey_robots=polite.robots, delay=polite.delay),
        )


def load_registry(path: Path) -> tuple[Source, ...]:
    """Return the registered sources, in the file's order, with paths made absolute.

    Raises ConfigurationError with the file, the source and the field where something is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"Cannot read the registry {path}: no such file. `dateline sources add NAME LOCATION` makes one; DATELINE_SOURCES names another.",
            code="registry",
            item=str(path),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"Cannot read the registry {path}: {error}. It is a TOML file in UTF-8.", code="registry", item=str(path)) from error
    return _parsed(text, path)


def sources_of_group(sources: Sequence[Source], group: str) -> tuple[Source, ...]:
    """Return the enabled sources of a schedule group. Raises UsageError where the registry has no such group."""
    groups = sorted({source.schedule for source in sources})
    if group not in groups:
        raise UsageError(f"Unknown schedule group {group!r}. Known: {', '.join(groups) or 'none'}.", code="unknown_group", item=group)
    return tuple(source for source in sources if source.schedule == group and source.enabled)


def find_source(sources: Sequence[Source], name: str) -> Source:
    """Return the source of that name. Raises UsageError where there is none."""
    for source in sources:
        if source.name == name:
            return source
    raise UsageError(f"Unknown source {name!r}. Known: {', '.join(s.name for s in sources) or 'none'}.", code="unknown_source", item=name)


def add_source(path: Path, fields: dict[str, Any]) -> Source:
    """Append a source to the registry (made where it is missing), as a whole or not at all, and return it.

    Raises:
        UsageError: a field is wrong, or the name is taken; the registry stays as it was.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else "# Sources that Dateline reads (docs/sources.md).\n"
    _parsed(before, path)
    after = before.rstrip("\n") + "\n\n" + _table(fields)
    try:
        added = _parsed(after, path)[-1]
    except ConfigurationError as error:
        said = error.message.removeprefix(f"Cannot read the registry {path}: ")
        raise UsageError(f"Cannot add to {path}: {said}", code="bad_source", item=str(fields.get("name"))) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
        stream.write(after)
    Path(stream.name).chmod(path.stat().st_mode if path.exists() else 0o644)
    Path(stream.name).replace(path)
    return added


def check_source(source: Source, *, items: int = CHECKED_ITEMS, resolver: Resolver = resolve) -> list[Item]:
    """Return the first items that the source gives now; nothing is stored. Raises UsageError where its path names nothing."""
    return list(islice(read(source.locations, options=source.options(), resolver=resolver), items))


def _parsed(text: str, path: Path) -> tuple[Source, ...]:
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"Cannot read the registry {path}: no TOML ({error}).", code="registry", item=str(path)) from error
    tables = record.pop("source", [])
    if record or not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        extra = ", ".join(record) or "source"
        raise ConfigurationError(f"Cannot read the registry {path}: unexpected {extra}. It holds [[source]] tables only.", code="registry", item=str(path))
    sources: dict[str, Source] = {}
    for number, table in enumerate(tables, 1):
        source = _source(table, number, path)
        if source.name in sources:
            raise ConfigurationError(f"Cannot read the registry {path}: the name {source.name!r} is used twice.", code="registry", item=str(path))
        sources[source.name] = source
    return tuple(sources.values())


def _source(table: dict[str, Any], number: int, path: Path) -> Source:
    try:
        source = Source(**table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"Cannot read the registry {path}: source {table.get('name') or number}, field {where}: {_wording(first)}.", code="registry", item=str(path)
        ) from error
    absolute = tuple(one if is_url(one) else str(path.parent.resolve() / one) for one in source.locations)
    return source.model_copy(update={"location": absolute if len(absolute) > 1 else absolute[0]})


def _wording(found: Any) -> str:
    """Return what is wrong with a field in words; `found` is one of pydantic's errors."""
    if found["type"] == "extra_forbidden":
        return f"no such field. Known fields: {', '.join(Source.model_fields)}"
    if found["type"] == "string_pattern_mismatch" and found["ctx"]["pattern"] == NAME:
        return f"{str(found['input'])[:80]!r} is no name, which has lower case letters, digits, - and _ only"
    return str(found["msg"]).removeprefix("Value error, ").rstrip(".")


def _table(fields: dict[str, Any]) -> str:
    """Return a [[source]] table; JSON strings, numbers and lists of them are TOML too, and nested tables are written inline."""
    return "[[source]]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in fields.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)  # ASCII, so that escapes are those of TOML
