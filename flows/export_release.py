"""A release: a folder that others can cite, check and read without Dateline.

Here: CSV of every view, the codebook, versions, licences, citation and hashes. Everything comes from one state of the database and nothing from the
clock: the release bears the day of the last finished load, so the same database gives the same bytes. The folder appears whole or not at all. Not
here: exports of a selection (flows.export).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from dateline import __version__
from dateline.errors import UsageError
from flows.export_codebook import codebook, codebook_markdown
from flows.export_formats import write_csv_rows
from flows.export_rows import freeze

# A total order, so that the bytes do not depend on the plan of the query.
_ORDER = {
    "v_events": "event_id",
    "v_participants": "event_id, role, actor_name, actor_id",
    "v_dyads": "actor_a, actor_b, event_type, start_year NULLS LAST, start_quarter NULLS LAST",
    "v_reports": "report_id",
    "v_articles": "article_id",
    "v_timeline": "day, event_id",
    "v_loads": "load_id",
    "v_quarantine": "quarantine_id",
}
# Columns with words of the articles themselves, blanked with quotes=False. Titles of events are ours.
_WORDS = {"v_reports": ("quote", "content")}


def write_release(engine: Engine, folder: Path, *, quotes: bool = True, title: str | None = None) -> dict[str, int]:
    """Write the release and return the rows of each view.

    Args:
        engine: the event database.
        folder: must not exist yet, or be empty.
        quotes: False leaves the articles' own sentences out, where their licences ask for it.
        title: what the citation calls it; None is "Dateline events".

    Raises:
        UsageError: the folder holds something already, or its parent does not exist.
    """
    _check(folder)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.absolute().parent))
    try:
        with engine.connect() as connection, connection.begin():
            freeze(connection)
            counts = {view: _write_view(connection, view, work, quotes=quotes) for view in _ORDER}
            _write_papers(connection, work, counts, title or "Dateline events", quotes=quotes)
        _write_hashes(work)
        work.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return counts


def _check(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"Cannot release into {folder}: it exists and is not an empty folder. Name a new one; a release is never overwritten.")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"Cannot release into {folder}: the folder {folder.absolute().parent} does not exist. Create it first.")


def _write_view(connection: Connection, view: str, folder: Path, *, quotes: bool) -> int:
    names = [column.name for column in codebook()[view][1]]
    blank = [] if quotes else [names.index(name) for name in _WORDS.get(view, ())]
    listed = ", ".join(f'"{name}"' for name in names)
    rows = connection.execution_options(yield_per=5_000).execute(text(f"SELECT {listed} FROM {view} ORDER BY {_ORDER[view]}"))
    with (folder / f"{view.removeprefix('v_')}.csv").open("wb") as out:
        return write_csv_rows(names, ([None if i in blank else value for i, value in enumerate(row)] for row in rows), out)


def _write_papers(connection: Connection, folder: Path, counts: dict[str, int], title: str, *, quotes: bool) -> None:
    versions = _versions(connection, counts, quotes=quotes)
    licences = _licences(connection)
    with (folder / "licences.csv").open("wb") as out:
        write_csv_rows(("source", "licence", "articles"), licences, out)
    _write(folder / "versions.json", json.dumps(versions, indent=2, ensure_ascii=False) + "\n")
    _write(folder / "CODEBOOK.md", codebook_markdown(counts))
    _write(folder / "CITATION.cff", _citation(title, versions["released"]))
    _write(folder / "datapackage.json", json.dumps(_package(title, versions["released"]), indent=2) + "\n")
    _write(folder / "README.md", _readme(title, versions, licences, quotes=quotes))


def _versions(connection: Connection, counts: dict[str, int], *, quotes: bool) -> dict[str, Any]:
    """Return what made the rows: the extractor versions of the articles now held, and the last finished load's day."""
    loads = connection.execute(
        text("SELECT DISTINCT extractor_version, model, lexicon_version FROM v_loads WHERE status = 'done' ORDER BY extractor_version, model, lexicon_version")
    )
    last = connection.execute(text("SELECT MAX(finished_at) FROM v_loads WHERE status = 'done'")).scalar_one()
    return {
        "schema_version": 1,
        "dateline": __version__,
        "released": str(last)[:10] if last is not None else None,
        "loaded_with": [dict(row) for row in loads.mappings()],
        "rows": counts,
        "quotes": quotes,
    }


def _licences(connection: Connection) -> list[tuple[Any, ...]]:
    rows = connection.execute(text("SELECT source, licence, COUNT(*) FROM v_articles GROUP BY source, licence ORDER BY source NULLS LAST, licence NULLS LAST"))
    return [tuple(row) for row in rows]


def _citation(title: str, released: str | None) -> str:
    lines = ["cff-version: 1.2.0", "message: If you use these data, please cite them as below.", "type: dataset", f"title: {json.dumps(title)}"]
    lines += ["authors:", "  - name: The Dateline authors", f'version: "{__version__}"']
    if released:
        lines.append(f"date-released: {released}")
    return "\n".join(lines) + "\n"


def _package(title: str, released: str | None) -> dict[str, Any]:
    """Return a Data Package descriptor (Frictionless v1), so that tools read the CSV with their types."""
    types = {"text": "string", "day": "date", "moment": "string", "whole": "integer", "real": "number"}
    resources = [
        {
            "name": view.removeprefix("v_"),
            "path": f"{view.removeprefix('v_')}.csv",
            "profile": "tabular-data-resource",
            "schema": {"fields": [{"name": c.name, "type": types[c.type], "description": c.meaning} for c in codebook()[view][1]], "missingValues": [""]},
        }
        for view in _ORDER
    ]
    made = {"created": f"{released}T00:00:00Z"} if released else {}
    return {"name": "dateline-events", "title": title, "profile": "tabular-data-package", **made, "resources": resources}


def _readme(title: str, versions: dict[str, Any], licences: list[tuple[Any, ...]], *, quotes: bool) -> str:
    unknown = sum(count for _, licence, count in licences if licence is None)
    rows = "\n".join(f"| {view.removeprefix('v_')}.csv | {count} | {codebook()[view][0]} |" for view, count in versions["rows"].items())
    words = (
        "The sentences in `reports.csv` (`quote`, `content`) are quotations from the articles and stay under their publishers' terms."
        if quotes
        else "The articles' own sentences were left out: `quote` and `content` of `reports.csv` are empty."
    )
    return (
        f"# {title}\n\nEvents that Dateline {versions['dateline']} found in the news; released {versions['released'] or 'before any finished load'}.\n\n"
        f"| file | rows | what |\n| --- | --- | --- |\n{rows}\n\n"
        "CODEBOOK.md says what every column means, datapackage.json says it to machines, versions.json names what made the rows, and\n"
        "`sha256sum -c SHA256SUMS` checks the files. CITATION.cff says how to cite.\n\n"
        "Text that a spreadsheet would run as a formula (it begins with = + - @ or a tab) has an apostrophe before it.\n\n"
        f"## Licences\n\n{words} licences.csv counts articles by source and licence; the licence of {unknown} articles is not known.\n"
    )


def _write_hashes(folder: Path) -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
    _write(folder / "SHA256SUMS", "".join(lines))


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")
