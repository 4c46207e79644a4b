"""Linguistic knowledge as data: reads rules and name tables, validates every line, and hashes the whole for the lexicon version.

Here: `Resources`, one language's folder with an optional overlay folder (DATELINE_RESOURCES) laid over it. A rule file is JSON Lines: each
line one rule with at least `id`, `example` and `counter_example`, and a test runs every example. A table is tab-separated with a header
line; lines that begin with # name its source and the day of its review. Not here: what a rule means (dateline.timex, dateline.events,
dateline.names declare their own rule classes).

An overlay file of the same name adds its lines; a rule with a known `id`, or table rows with a known first column, replace the shipped ones.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from dateline.errors import ConfigurationError

T = TypeVar("T")
SHIPPED = Path(__file__).parent


class Resources:
    """One language's lexicons and rules. Get it through `resources_for`, which reads each folder once a process."""

    def __init__(self, language: str = "en", overlay: str | None = None) -> None:
        self.language = language
        self.folders = [SHIPPED / language]
        if not self.folders[0].is_dir():
            raise ConfigurationError(f"No resources for language {language!r}. Known: {', '.join(languages())}.", code="resources")
        if overlay:
            folder = Path(overlay)
            if not folder.is_dir():
                raise ConfigurationError(
                    f"Cannot read the resources overlay {overlay}: not a folder. "
                    f"DATELINE_RESOURCES must name a folder whose files bear the names of those in resources/{language}/.",
                    code="resources",
                )
            self.folders.append(folder)
        self._cache: dict[tuple[str, object], Any] = {}

    def rules(self, name: str, cls: type[T]) -> tuple[T, ...]:
        """Return the rules of `name` (such as "triggers.jsonl") as instances of the dataclass `cls`, in file order.

        JSON arrays become tuples. Raises ConfigurationError with file and line on unknown, missing or wrongly typed fields.
        """
        key = (name, cls)
        if key not in self._cache:
            found: dict[str, T] = {}
            for path, number, record in self._json_lines(name):
                rule = _instance(cls, record, self._label(path), number)
                identity = str(record["id"])
                if identity in found and path.parent == self.folders[0]:
                    raise ConfigurationError(f"Cannot read lexicon {self._label(path)}:{number}: id {identity!r} is used twice.", code="resources")
                found[identity] = rule
            self._cache[key] = tuple(found.values())
        result: tuple[T, ...] = self._cache[key]
        return result

    def table(self, name: str) -> tuple[dict[str, str], ...]:
        """Return the rows of the tab-separated table `name`, in file order; an empty cell is ""."""
        key = (name, dict)
        if key not in self._cache:
            groups: dict[str, list[dict[str, str]]] = {}
            for folder in self._holding(name):
                layer: dict[str, list[dict[str, str]]] = {}
                for row in self._rows(folder / name):
                    layer.setdefault(next(iter(row.values())), []).append(row)
                groups.update(layer)
            self._cache[key] = tuple(row for group in groups.values() for row in group)
        result: tuple[dict[str, str], ...] = self._cache[key]
        return result

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any byte of any resource file, overlay included."""
        if ("", "version") not in self._cache:
            digest = hashlib.sha256()
            for folder in self.folders:
                for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in {".jsonl", ".tsv", ".json"}):
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
            self._cache[("", "version")] = digest.hexdigest()[:12]
        return str(self._cache[("", "version")])

    def _holding(self, name: str) -> list[Path]:
        folders = [f for f in self.folders if (f / name).is_file()]
        if not folders:
            raise ConfigurationError(f"Cannot read resource {self.language}/{name}: no such file. Reinstall Dateline, or correct the name.", code="resources")
        return folders

    def _label(self, path: Path) -> str:
        return f"{self.language}/{path.name}" if path.is_relative_to(SHIPPED) else str(path)

    def _json_lines(self, name: str) -> Iterator[tuple[Path, int, dict[str, Any]]]:
        for folder in self._holding(name):
            path = folder / name
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if not line.strip() or line.startswith("#"):
                    continue
                try:
                    record = json.loads(line)
                except ValueError as error:
                    raise ConfigurationError(
                        f"Cannot read lexicon {self._label(path)}:{number}: not JSON ({error}). One rule a line, as a JSON object.",
                        code="resources",
                    ) from error
                if not isinstance(record, dict) or "id" not in record:
                    raise ConfigurationError(f"Cannot read lexicon {self._label(path)}:{number}: a rule is a JSON object with an id.", code="resources")
                yield path, number, record

    def _rows(self, path: Path) -> Iterator[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = [(n, line) for n, line in enumerate(stream, 1) if line.strip() and not line.startswith("#")]
        numbers = [n for n, _ in lines]
        reader = csv.reader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(reader, [])
        for number, cells in zip(numbers[1:], reader, strict=True):
            if len(cells) != len(header):
                raise ConfigurationError(
                    f"Cannot read table {self._label(path)}:{number}: {len(cells)} columns, the header has {len(header)} "
                    f"({', '.join(header)}). Separate columns by one tab.",
                    code="resources",
                )
            yield dict(zip(header, cells, strict=True))


def languages() -> list[str]:
    """Return the codes of the languages that are shipped."""
    return sorted(p.name for p in SHIPPED.iterdir() if p.is_dir() and not p.name.startswith("_"))


@cache
def resources_for(language: str = "en", overlay: str | None = None) -> Resources:
    """Return the resources of a language, read once a process."""
    return Resources(language, overlay)


def _instance(cls: type[T], record: dict[str, Any], label: str, number: int) -> T:
    fields = {f.name: f for f in dataclasses.fields(cls)}  # type: ignore[arg-type]
    hints = typing.get_type_hints(cls)
    for name, value in record.items():
        if name not in fields:
            raise ConfigurationError(f"Cannot read lexicon {label}:{number}: unknown field {name!r}. Known fields: {', '.join(fields)}.", code="resources")
        if not _fits(value, hints[name]):
            raise ConfigurationError(f"Cannot read lexicon {label}:{number}: field {name!r} has the wrong type ({type(value).__name__}).", code="resources")
    missing = [n for n, f in fields.items() if n not in record and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    if missing:
        raise ConfigurationError(f"Cannot read lexicon {label}:{number}: field {missing[0]!r} is missing. Known fields: {', '.join(fields)}.", code="resources")
    return cls(**{k: _frozen(v) for k, v in record.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _fits(value: Any, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, h) for h in typing.get_args(hint))
    if origin is tuple:
        return isinstance(value, list)
    if origin is dict:
        return isinstance(value, dict)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is type(None):
        return value is None
    return hint is Any or isinstance(value, hint)
