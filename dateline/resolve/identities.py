"""Event ids: made at birth, kept for life, redirected when events merge (docs/contract.md, Identity).

Here: `event_id_of`, `assign_ids`. Pure: what ids exist already is an argument. Not here: which reports form an event (clusters.py).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence


def event_id_of(report_id: str, attempt: int = 0) -> str:
    """Return the id of an event whose smallest report is `report_id`; `attempt` gives another one where that is taken."""
    return hashlib.sha256(json.dumps(["event", report_id, attempt]).encode()).hexdigest()[:20]


def assign_ids(
    groups: Sequence[tuple[str, ...]], known: Mapping[str, str], *, taken: Container[str] = ()
) -> tuple[dict[tuple[str, ...], str], tuple[tuple[str, str], ...]]:
    """Give each group of report ids its event id, and list redirects from ids that were absorbed.

    An id stays with the group that holds most of the reports that bore it (then the smallest report id). A group that inherits several keeps
    the one most of its reports bore (then the smallest id); the others redirect to it. `taken` are ids in use elsewhere.
    """
    votes: dict[str, Counter[int]] = defaultdict(Counter)
    for index, group in enumerate(groups):
        for report in group:
            if report in known:
                votes[known[report]][index] += 1
    heirs = {event: min(counts, key=lambda i: (-counts[i], groups[i])) for event, counts in votes.items()}
    claims: dict[int, list[str]] = defaultdict(list)
    for event, index in heirs.items():
        claims[index].append(event)
    ids: dict[tuple[str, ...], str] = {}
    redirects: list[tuple[str, str]] = []
    for index, events in claims.items():
        kept = min(events, key=lambda e: (-votes[e][index], e))
        ids[groups[index]] = kept
        redirects += [(event, kept) for event in events if event != kept]
    used = set(votes)
    for group in groups:
        if group not in ids:
            ids[group] = _born(group, used, taken)
            used.add(ids[group])
    return ids, tuple(sorted(redirects))


def _born(group: tuple[str, ...], used: set[str], taken: Container[str]) -> str:
    attempt = 0
    while (event := event_id_of(min(group), attempt)) in used or event in taken:
        attempt += 1
    return event
