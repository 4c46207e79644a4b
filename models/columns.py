"""The column types and naming rules that every table uses, so that SQLite and Postgres hold the same values.

Here: `metadata` with named constraints, UTC timestamps, text that Postgres can hold, floats without NaN, JSON, and CHECKs for closed sets.
The tables are in tables_articles.py, tables_events.py and tables_ledger.py, which come next.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Double, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: str) -> str:
    """Replace what Postgres cannot store (NUL, lone surrogates) by U+FFFD, one for one, so that offsets stay true."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value) if _UNSTORABLE.search(value) else value


def utc_now() -> datetime:
    """Return the present moment for timestamp columns; nothing else in the database depends on the clock."""
    return datetime.now(UTC)


class CleanText(TypeDecorator[str]):
    """Text as both databases can store it (see `storable`), ordered by code point on both."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Give Postgres the collation that SQLite and Python have; its default depends on the server's locale."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Make the value storable on its way in."""
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with a zone in Python and always UTC in the database. SQLite would drop a zone without converting."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC; a naive value is a bug in the caller and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Cannot store {value!r} as a moment: it has no time zone. Pass an aware datetime.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware UTC datetime on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FiniteFloat(TypeDecorator[float]):
    """A double that is never NaN or infinite: such a value is unknown, so it becomes NULL on both databases."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:  # noqa: ARG002
        """Turn NaN and infinities into NULL."""
        return value if value is not None and math.isfinite(value) else None


def json_column() -> Any:
    """Return the JSON type: None is SQL NULL, JSONB on Postgres, text on SQLite."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def closed(column: str, values: Sequence[str]) -> CheckConstraint:
    """Return the named CHECK that keeps `column` inside a closed set; NULL passes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
