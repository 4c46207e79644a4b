"""What a worker process of a pool does first: it leaves Ctrl-C to its parent, and leaves when its parent does.

Here: `leave_with_parent`, for the initializer of a pool. Not here: the pools themselves (dateline.extract, flows.extraction).
"""

from __future__ import annotations

import os
import signal
import threading

LOOK_SECONDS = 1.0


def leave_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, so that a killed run leaves no workers behind. Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        never = threading.Event()
        while os.getppid() == parent:
            never.wait(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
