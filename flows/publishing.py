"""What a run shows in the Prefect UI: load counts, the quality report, new and changed events with links, an event for automations.

Here: artifacts and `emit_event`. Article text is escaped: it is somebody else's, and Markdown would run it. Not here: the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flows.asking import found_events
from flows.configuration import prepare_prefect
from flows.console import clean
from flows.outcome import RunOutcome
from flows.progress import tell
from flows.quality import quality_report

if TYPE_CHECKING:
    from flows.running import Run

prepare_prefect()

from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact, update_progress_artifact  # noqa: E402 - after its settings
from prefect.events import emit_event  # noqa: E402

COMPLETED = "dateline.load.completed"
MOST_EVENTS = 200
LONG_RUN_LOADS = 3
Event = Mapping[str, Any]
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line, without control or bidirectional characters."""
    return _MARKDOWN.sub(r"\\\1", clean(" ".join(text.split())))


def spans(numbers: Sequence[int]) -> str:
    """Return ascending numbers in words, those that follow one another as one span: "3, 5 to 9"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join(" to ".join(map(str, span)) for span in found)


def publish_counts(outcome: RunOutcome) -> None:
    """Publish the load counts as a table."""
    rows = [{"what": name.replace("_", " "), "number": number} for name, number in outcome.counts.as_dict().items()]
    create_table_artifact(table=rows, key="load-counts", description=f"What this run did; rows of v_loads: {spans(outcome.load_ids) or 'none'}")


def publish_quality(report: str) -> None:
    """Publish the quality report."""
    create_markdown_artifact(markdown=report, key="quality-report", description="Shares of this run beside the median of the last 7")


def publish_events(new: Sequence[Event], changed: Sequence[Event], new_count: int, changed_count: int, ui_url: str | None) -> None:
    """Publish new and changed events, as `found_events` gives them, with links; the counts say how many there are in all."""
    parts = [_section("New events", new, new_count, ui_url), _section("Changed events", changed, changed_count, ui_url)]
    create_markdown_artifact(markdown="\n\n".join(parts), key="events", description=f"{new_count} new, {changed_count} changed")


def publish_completed(outcome: RunOutcome, database: str) -> None:
    """Emit `dateline.load.completed`, which automations may wait for."""
    emit_event(
        event=COMPLETED,
        resource={"prefect.resource.id": f"dateline.database.{database}", "prefect.resource.name": database},
        payload={"counts": outcome.counts.as_dict(), "loads": outcome.load_ids, "failed_checks": [c.name for c in outcome.checks if not c.passed]},
    )


class Progress:
    """A progress artifact of a long run: made when the run is known to take several loads, brought up to date after each."""

    def __init__(self, loads: int) -> None:
        self.loads, self.done = loads, 0
        self.artifact: Any = None

    def advance(self) -> None:
        """Count a load as done."""
        self.done += 1
        if self.loads < LONG_RUN_LOADS:
            return
        share = min(100.0, 100.0 * self.done / self.loads)
        if self.artifact is None:
            self.artifact = create_progress_artifact(progress=share, key="progress", description=f"Loads of this run, {self.loads} in all")
        else:
            update_progress_artifact(artifact_id=self.artifact, progress=share)


def publish(run: Run) -> RunOutcome:
    """Close a run: judge it, store and publish what was found, and return its outcome."""
    tell("finish", run.done)
    earlier = run.earlier_checks()
    outcome = run.finish()
    publish_counts(outcome)
    publish_quality(quality_report(outcome.checks, earlier))
    new, changed = (found_events(run.engine, ids, MOST_EVENTS) for ids in (outcome.new_events, outcome.changed_events))
    publish_events(new, changed, len(outcome.new_events), len(outcome.changed_events), run.settings.ui_url)
    publish_completed(outcome, run.settings.shown_address)
    return outcome


@contextmanager
def tagged(names: Sequence[str]) -> Iterator[None]:
    """Give the flow run of the context, and the task runs of the block, these tags beside those it has."""
    from prefect import get_client, runtime, tags

    run_id = runtime.flow_run.id
    if run_id is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(run_id), tags=sorted({*runtime.flow_run.tags, *names}))
    with tags(*names):
        yield


def _section(title: str, events: Sequence[Event], count: int, ui_url: str | None) -> str:
    lines = [f"## {title}: {count}", "", *(_line(event, ui_url) for event in events)]
    if count > len(events):
        lines += ["", f"and {count - len(events)} more: `dateline events`"]
    return "\n".join(lines).rstrip()


def _line(event: Event, ui_url: str | None) -> str:
    """Return an event as an item of a list, whose title says who and where: the server's pages cut tables off on the right, and wrap lists."""
    start, end = event.get("start_date"), event.get("end_date")
    days = str(start or "undated") + (f" to {end}" if end and end != start else "")
    title = escape(str(event.get("title") or event["event_id"]))
    link = f"{ui_url.rstrip('/')}/v_events?event_id={event['event_id']}" if ui_url else event.get("url")
    if link and str(link).startswith(("http://", "https://")):
        address = re.sub(r"[<>\s]", "", str(link))
        title = f"[{title}](<{address}>)"
    return f"- **{days}** {event['event_type']}, {event['status']}: {title}"
