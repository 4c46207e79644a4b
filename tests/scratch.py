"""A folder for what the tests of one process share: a cache of extractions, Prefect's home. It goes with the process, or at the next start."""

from __future__ import annotations

import atexit

from flows.leftovers import drop_folder, own_folder, sweep
from flows.orphans import end_orphans, mark_children

PREFIX = "dateline-test-"

sweep(PREFIX)
end_orphans()  # servers of a test run that was killed
mark_children()
SCRATCH, _held = own_folder(PREFIX)
CACHE = SCRATCH / "cache"
atexit.register(drop_folder, SCRATCH, _held)
