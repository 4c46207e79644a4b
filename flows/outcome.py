"""What a run hands to whoever started it: counts, changed events, checks. Plain records, importable by name from anywhere.

Here: data classes only. They may not stand in a flow file: Prefect loads those a second time under another name, and then no class would be
the same as itself. Not here: how the figures come about (flows.stages, flows.quality).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Counts:
    """What a run did, added up over its loads. Fields as in v_loads."""

    articles_read: int = 0
    articles_new: int = 0
    articles_revised: int = 0
    articles_unchanged: int = 0
    articles_duplicate: int = 0
    articles_skipped: int = 0
    articles_quarantined: int = 0
    reports_written: int = 0
    events_new: int = 0
    events_changed: int = 0
    events_removed: int = 0

    def add(self, counts: Mapping[str, int]) -> None:
        """Add counts by their names."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + counts.get(item.name, 0))

    def changed(self) -> bool:
        """Whether any row but those of the ledger and of quarantine was written."""
        return any(number for name, number in self.as_dict().items() if name not in ("articles_read", "articles_unchanged", "articles_quarantined"))

    def as_dict(self) -> dict[str, int]:
        """Return name and number of every count."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One data-quality check. `passed` is True where there was too little to judge; `message` says so. `value` None: nothing to measure."""

    name: str
    severity: str  # "warn" or "error"
    passed: bool
    value: float | None
    threshold: float | None
    message: str


@dataclass(slots=True)
class RunOutcome:
    """The result of one run of a flow."""

    counts: Counts = field(default_factory=Counts)
    load_ids: list[int] = field(default_factory=list)
    new_events: list[str] = field(default_factory=list)
    changed_events: list[str] = field(default_factory=list)
    checks: list[CheckOutcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out on purpose
    problems: list[str] = field(default_factory=list)  # the first messages of what went to quarantine

    @property
    def failed_items(self) -> int:
        """How many items went to quarantine."""
        return self.counts.articles_quarantined
