"""Statements over many rows that read the same on both databases: chunks, insert-unless-there, update by key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500  # values in one IN list: below every driver's limit, and one plan for all full chunks


def chunks(values: Collection[str]) -> Iterator[list[str]]:
    """Yield the distinct values, sorted, in lists of at most CHUNK."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def rows_where(connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[str]) -> Iterator[Row[Any]]:
    """Yield the rows of `statement` whose `column` is one of `values`."""
    for part in chunks(values):
        yield from connection.execute(statement.where(column.in_(part)))


def delete_where(connection: Connection, column: ColumnElement[Any], values: Collection[str]) -> None:
    """Delete the rows of the column's table whose value is one of `values`."""
    table = column.table
    for part in chunks(values):
        connection.execute(delete(table).where(column.in_(part)))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, if there are any."""
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; the first of equal keys wins, on both databases."""
    keys = [column.name for column in table.primary_key]
    unique = {tuple(row[key] for key in keys): dict(row) for row in reversed(rows)}
    if not unique:
        return
    dialect = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(dialect(table).on_conflict_do_nothing(index_elements=keys), list(unique.values()))


def update_rows(connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Update each row by its `key`; all rows name the same columns."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key]
    statement = update(table).where(table.c[key] == bindparam("key_")).values({name: bindparam(f"new_{name}") for name in names})
    connection.execute(statement, [{"key_": row[key], **{f"new_{name}": row[name] for name in names}} for row in rows])


def values_of(connection: Connection, column: ColumnElement[Any], where: ColumnElement[Any], values: Collection[str]) -> set[str]:
    """Return the distinct values of `column` in rows whose `where` is one of `values`."""
    return {row[0] for row in rows_where(connection, select(column).distinct(), where, values)}
