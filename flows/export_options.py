"""The filters of events as options, declared once: for events, export, timeline, map and network.

Here: the options and `selecting`, which puts them before a command's own and hands it one `Selection`. Not here: what is selected (flows.export_rows).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from dateline.errors import UsageError
from dateline.records import STATUSES
from flows.commands_text import day_option
from flows.selection import Selection

FILTERS: dict[str, tuple[Any, Any]] = {
    "since": (str | None, typer.Option(None, "--from", metavar="DAY", help="First day, YYYY-MM-DD: events that may touch it or a later one.")),
    "until": (str | None, typer.Option(None, "--to", metavar="DAY", help="Last day, included.")),
    "types": (list[str] | None, typer.Option(None, "--type", help="Event type; may be repeated.")),
    "statuses": (list[str] | None, typer.Option(None, "--status", help=f"{', '.join(STATUSES)}; may be repeated.")),
    "participant": (str | None, typer.Option(None, help="Words of a participant's name, in any script.")),
    "country": (str | None, typer.Option(None, help="Country of the place, ISO 3166-1 alpha-2.")),
    "min_confidence": (float, typer.Option(0.0, min=0.0, max=1.0, help="Leave out events below it.")),
    "place": (str | None, typer.Option(None, help="Part of the place's or venue's name.")),
    "limit": (int | None, typer.Option(None, min=1, help="At most so many events.")),
}


def selecting(*left_out: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return a decorator that gives a command the filters (save those left out) and calls it with the `selection` that they mean."""
    names = [name for name in FILTERS if name not in left_out]

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def wrapped(**given: Any) -> int:
            return command(selection=selection_of(**{name: given.pop(name) for name in names}), **given)

        own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != "selection"]
        kind = inspect.Parameter.KEYWORD_ONLY
        filters = [inspect.Parameter(name, kind, default=FILTERS[name][1], annotation=FILTERS[name][0]) for name in names]
        parameters = [*filters, *(one.replace(kind=kind) for one in own)]
        wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        wrapped.__annotations__ = {one.name: one.annotation for one in parameters}
        return wrapped

    return decorate


def selection_of(
    *,
    since: str | None = None,
    until: str | None = None,
    types: list[str] | None = None,
    statuses: list[str] | None = None,
    participant: str | None = None,
    country: str | None = None,
    min_confidence: float = 0.0,
    limit: int | None = None,
    place: str | None = None,
) -> Selection:
    """Return the selection that the options mean. UsageError for a day that is none, an unknown status, a period that ends before it begins."""
    first, last = day_option(since, "--from"), day_option(until, "--to")
    if first and last and last < first:
        raise UsageError(f"Cannot select from {first} to {last}: the last day lies before the first. Swap them.")
    unknown = [status for status in statuses or [] if status not in STATUSES]
    if unknown:
        raise UsageError(f"Cannot select the status {unknown[0]!r}: there are {', '.join(STATUSES)}.")
    return Selection(first, last, tuple(types or ()), tuple(statuses or ()), participant, country, min_confidence, limit, place)
