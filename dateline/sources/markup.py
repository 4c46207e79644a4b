"""What strangers' markup says, as plain values; run in the process that parses (dateline.sources.parser)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OPERATIONS: dict[str, Callable[..., dict[str, Any]]] = {}


def warm_up() -> None:
    """Import what parsing needs."""
