"""Fill in the answers of docs/queries.md, and the ready queries of `dateline explore`, from the example database (tools/example_database.py).

    python tools/fill_queries.py

Here: reading the document's fenced blocks, which the tests do with the same functions. Not here: checking the answers (tests/test_docs_queries.py).
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "queries.md"
READY = DOCUMENT.parents[1] / "flows" / "explore_queries.json"
# What the document names as an example, and the parameter in its place.
PARAMETERS = {
    "'Clara Nogueira'": ("actor", ":actor"),
    "'2024-05-16'": ("day", ":day"),
    "date('2024-06-25')": ("today", "date(COALESCE(NULLIF(:today, ''), 'now'))"),
    "'Nairobi'": ("place", ":place"),
    "'2024-04-22'": ("from", ":from"),
    "s.start_date BETWEEN :from AND '2024-05-16'": ("to", "s.start_date BETWEEN :from AND :to"),
    "e.start_year = 2024": ("year", "e.start_year = CAST(COALESCE(NULLIF(:year, ''), strftime('%Y', 'now')) AS INTEGER)"),
    "'%great lakes health summit%'": ("words", "'%' || LOWER(:words) || '%'"),
}
_SECTION = re.compile(r"^## (\d+)\. (.+?)\n(.*?)(?=^## |\Z)", re.M | re.S)
_BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Question:
    """One section: the query for each database and the printed answer."""

    number: int
    title: str
    queries: dict[str, str]
    answer: str


def questions(document: str) -> list[Question]:
    """Return the document's questions in order."""
    found = []
    for number, title, body in _SECTION.findall(document):
        blocks = _BLOCK.findall(body)
        queries = {}
        for kind, database, content in blocks:
            if kind == "sql":
                queries |= {database: content} if database else {"sqlite": content, "postgres": content}
        found.append(Question(int(number), title, queries, next(content for kind, _, content in blocks if kind == "text")))
    return found


def printed(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an answer as `dateline sql` prints it into a file."""
    from flows.console import print_rows

    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_rows(columns, rows)
    return out.getvalue()


def ready(asked: Sequence[Question]) -> list[dict[str, Any]]:
    """Return the questions as `dateline explore` offers them: on SQLite, with parameters where the document names its example."""
    entries = []
    for question in asked:
        query, params = question.queries["sqlite"].strip(), []
        for example, (parameter, replacement) in PARAMETERS.items():
            if example in query:
                query = query.replace(example, replacement)
                params.append(parameter)
        name = re.sub("[^a-z]+", "-", question.title.lower()).strip("-")
        entries.append({"name": name, "title": question.title, "sql": query, "params": params})
    return entries


def main() -> None:
    """Write the answers into the document."""
    import example_database

    from models.readonly import run_query

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/example.db"
        example_database.main(url)
        text = DOCUMENT.read_text(encoding="utf-8")
        for question in questions(text):
            result = run_query(url, question.queries["sqlite"])
            head, body = text.split(f"## {question.number}. ", 1)
            filled = re.sub(r"^```text\n.*?^```$", lambda _, r=result: f"```text\n{printed(r.columns, r.rows)}```", body, count=1, flags=re.M | re.S)
            text = f"{head}## {question.number}. {filled}"
        DOCUMENT.write_text(text, encoding="utf-8")
        READY.write_text(json.dumps(ready(questions(text)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
