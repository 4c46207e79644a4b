"""Paths, folders and globs become a list of files to read, each with its doc_id (docs/contract.md, Identity: Article key).

Here: what a location names, links that lead out of a folder, doc_ids, transparent .gz, .bz2 and .xz. Not here: what a file holds
(dateline.sources.kinds), URLs (dateline.sources.fetch).
"""

from __future__ import annotations

import glob
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from dateline.errors import UsageError
from dateline.sources.items import STDIN, UNPACKERS, Found, Rejected, found_file

STANDARD_INPUT = "-"


def is_url(location: str) -> bool:
    """Say whether a location is an http or https URL."""
    return location.lower().startswith(("http://", "https://"))


def check_locations(locations: Sequence[str]) -> None:
    """Raise UsageError for the first path or glob that names nothing, so that nothing is read when the command is mistyped."""
    for location in locations:
        if "\0" in location or not location:
            raise UsageError(f"Cannot read {location!r}: not a path or URL. Name a file, a folder, a glob, a URL, or - for standard input.", code="bad_path")
        if "://" in location and not is_url(location):
            raise UsageError(f"Cannot read {location}: only http and https URLs are fetched. Use one of these, or a path.", code="bad_scheme", item=location)
        if location == STANDARD_INPUT or is_url(location) or os.path.lexists(location):
            continue
        if glob.has_magic(location):
            if next(glob.iglob(location, recursive=True), None) is None:  # noqa: PTH207 - Path.glob takes no absolute pattern
                raise UsageError(f"Cannot read {location}: no file matches. Check the pattern; ** matches folders in folders.", code="no_match", item=location)
            continue
        raise UsageError(f"Cannot read {location}: no such file or folder. Check the path, or give a URL.", code="missing_path", item=location)


def find_files(locations: Sequence[str]) -> Iterator[Found | Rejected]:
    """Yield the files that paths, folders and globs name, in the order given and sorted within a folder, each file once."""
    listed: list[tuple[Path, PurePath] | Rejected] = []
    seen: set[str] = set()
    for location in locations:
        for entry in _listed(location):
            if isinstance(entry, Rejected):
                listed.append(entry)
            elif (real := os.path.realpath(entry[0])) not in seen:
                seen.add(real)
                listed.append(entry)
    stems = Counter(stem_of(entry[1]) for entry in listed if not isinstance(entry, Rejected))
    names = Counter(str(_without_suffix(entry[1])) for entry in listed if not isinstance(entry, Rejected))
    for entry in listed:
        if isinstance(entry, Rejected):
            yield entry
            continue
        path, below = entry
        doc_id = stem_of(below)
        if stems[doc_id] > 1:
            bare = _without_suffix(below)
            doc_id = bare.as_posix() if names[str(bare)] == 1 else below.as_posix()
        yield found_file(path, doc_id)


def found_standard_input() -> Found:
    """Return the Found of standard input, which can be opened once."""
    return Found(STDIN, "stdin", lambda: open(sys.stdin.fileno(), "rb", closefd=False), suffix=".jsonl")


def stem_of(path: PurePath) -> str:
    """Return the file's name without its suffix, nor that of its compression: "news.jsonl.xz" is "news"."""
    return _without_suffix(path).name


def _without_suffix(path: PurePath) -> PurePath:
    if path.suffix.lower() in UNPACKERS:
        path = path.with_suffix("")
    return path.with_suffix("")


def _listed(location: str) -> Iterator[tuple[Path, PurePath] | Rejected]:
    path = Path(location)
    if path.is_dir():
        yield from _in_folder(path)
    elif os.path.lexists(path):
        yield _checked(path, path.parent, root=None)
    else:
        for name in sorted(glob.glob(location, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute pattern
            if Path(name).is_dir():
                continue
            yield _checked(Path(name), _fixed_part(location), root=None)


def _in_folder(folder: Path) -> Iterator[tuple[Path, PurePath] | Rejected]:
    root, empty = Path(os.path.realpath(folder)), True
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in [*folders]:
            link = Path(parent) / name
            if link.is_symlink() and not Path(os.path.realpath(link)).is_relative_to(root):
                yield _outside(link, folder)
        for name in sorted(names):
            if name.startswith("."):
                continue
            empty = False
            yield _checked(Path(parent) / name, folder, root=root)
    if empty:
        yield Rejected(str(folder), "empty_folder", f"Cannot read {folder}: the folder holds no files (hidden ones are passed over). Name another folder.")


def _checked(path: Path, base: Path, *, root: Path | None) -> tuple[Path, PurePath] | Rejected:
    real = Path(os.path.realpath(path))
    if root is not None and not real.is_relative_to(root):
        return _outside(path, base)
    if not real.exists():
        return Rejected(str(path), "broken_link", f"Cannot read {path}: the link leads to {real}, which does not exist. Remove or mend the link.")
    if not real.is_file():
        return Rejected(str(path), "not_a_file", f"Cannot read {path}: neither a file nor a folder (a pipe or device). Name a file.")
    below = path.relative_to(base) if path.is_relative_to(base) else PurePath(path.name)
    return path, below


def _outside(path: Path, folder: Path) -> Rejected:
    return Rejected(
        str(path),
        "outside_folder",
        f"Cannot read {path}: the link leads out of {folder}. Name the linked file or folder itself if it is meant.",
    )


def _fixed_part(pattern: str) -> Path:
    parts = Path(pattern).parts
    fixed = [p for i, p in enumerate(parts) if not any(glob.has_magic(q) for q in parts[: i + 1])]
    return Path(*fixed) if fixed else Path()
