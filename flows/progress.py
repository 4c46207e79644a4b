"""How far a run has come, told to whoever listens: the command line's progress line, or nobody.

Here: `tell`, called by the flow, and `listening`, used by the command line. A listener is no parameter of the flow, because parameters are
stored by Prefect. Not here: drawing (flows.commands_run).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int | None], None]
_listeners: list[Listener] = []


def tell(stage: str, done: int, total: int | None = None) -> None:
    """Say that `done` of `total` articles (None: not known yet) have passed `stage`."""
    for listener in _listeners:
        listener(stage, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call `listener(stage, done, total)` while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
