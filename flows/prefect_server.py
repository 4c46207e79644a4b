"""Prefect's server as the commands need it: one that answers, or one started beside the command.

Here: waiting for a server and starting one. Not here: what it is told (flows.deploying), the servers of single runs, which Prefect starts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from dateline.errors import TransientError
from flows import console

STARTUP_SECONDS = 180.0


@contextmanager
def server(port: int) -> Iterator[str]:
    """Yield the address of a Prefect server: PREFECT_API_URL's, or one started here for as long as the block lasts."""
    given = os.environ.get("PREFECT_API_URL")
    if given:
        wait_for(given, 10.0)
        yield given.removesuffix("/").removesuffix("/api")
        return
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    console.note("Starting Prefect's server ...")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(f"{address}/api", STARTUP_SECONDS, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(api: str, seconds: float, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until the server answers. Raises TransientError where it does not in time."""
    import httpx

    deadline = time.monotonic() + seconds
    reason = "no answer"
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise TransientError(f"Prefect's server ended at once (exit {process.returncode}). Is another program using its port? Give another with --port.")
        try:
            response = httpx.get(f"{api.rstrip('/')}/health", timeout=5.0)
        except httpx.HTTPError as error:
            reason = type(error).__name__
        else:
            if response.status_code == 200:
                return
            reason = f"it answered {response.status_code}"
        time.sleep(0.3)
    raise TransientError(
        f"Cannot reach Prefect's server at {api}: {reason}. Start it with `prefect server start`, or correct PREFECT_API_URL.", code="prefect_api"
    )
