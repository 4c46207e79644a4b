"""docker-compose.yml without a container engine: each service's command, environment and healthcheck from the file, run natively.

Host names, ports and folders of containers are mapped to local ones; everything else is as the file says. Postgres is the test session's.
"""

# touches: docker-compose.yml|Dockerfile|prefect.yaml|^flows/|tests/acceptance/test_compose.py

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from compose_file import read_compose
from sqlalchemy import create_engine, text

from models.engine import parse_url

pytestmark = pytest.mark.acceptance

PASSWORD, AUTH = "s3cret-of-the-test", "admin:another"
STARTUP_SECONDS = 240


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """The services of the file on this machine."""

    def __init__(self, folder: Path, socket_folder: str) -> None:
        self.folder, self.services = folder, read_compose({"DATELINE_DB_PASSWORD": PASSWORD, "PREFECT_SERVER_API_AUTH_STRING": AUTH})["services"]
        self.api, self.health = free_port(), free_port()
        self.mapped = [
            ("@postgres:5432/dateline", f"@/dateline?host={socket_folder}"),
            ("@postgres:5432/prefect", f"@/prefect?host={socket_folder}"),
            ("http://server:4200", f"http://127.0.0.1:{self.api}"),
            ("127.0.0.1:4200", f"127.0.0.1:{self.api}"),
            ("0.0.0.0", "127.0.0.1"),
            ("127.0.0.1:8080", f"127.0.0.1:{self.health}"),
            ("/tmp/prefect", str(folder / "prefect")),
            ("/var/lib/dateline", str(folder / "work")),
        ]

    def local(self, value: Any) -> str:
        """Return a value of the file with the containers' names replaced by local ones."""
        found = str(value)
        for name, here in self.mapped:
            found = found.replace(name, here)
        return str(self.api) if found == "4200" else found

    def environment(self, name: str) -> dict[str, str]:
        """Return a service's environment and nothing else of ours but the path."""
        given = {key: self.local(value) for key, value in self.services[name]["environment"].items()}
        binaries = str(Path(sys.executable).parent)
        kept = {key: os.environ[key] for key in ("HOME", "LANG", "PYTHONPATH") if key in os.environ}
        return {**kept, "PATH": f"{binaries}:{os.environ['PATH']}", "PREFECT_WORKER_WEBSERVER_PORT": str(self.health), **given}

    def run(self, name: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command, by default the service's own, with the service's environment, and wait for it."""
        arguments = [self.local(part) for part in command or self.services[name]["command"]]
        return subprocess.run(arguments, env=self.environment(name), cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)

    def is_healthy(self, name: str) -> bool:
        """Run a service's healthcheck."""
        return self.run(name, *self.services[name]["healthcheck"]["test"][1:]).returncode == 0

    @contextmanager
    def up(self, name: str) -> Iterator[Path]:
        """Keep a service running for the length of the block, once it is healthy; yield its log."""
        log = self.folder / f"{name}.log"
        with log.open("w") as stream:
            command = [self.local(part) for part in self.services[name]["command"]]
            process = subprocess.Popen(command, env=self.environment(name), cwd=self.folder, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                wait_until(lambda: self.is_healthy(name), lambda: f"{name} is not healthy:\n{log.read_text()[-3000:]}", process)
                yield log
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


def wait_until(holds: Callable[[], bool], explain: Callable[[], str], process: subprocess.Popen[bytes]) -> None:
    """Wait until something holds, or fail with an explanation."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if holds():
            return
        time.sleep(1)
    pytest.fail(explain())


@pytest.fixture
def stack(postgres_server_apart: str, tmp_path: Path) -> Iterator[Stack]:
    """The services, with the databases that Postgres' image would make from the file."""
    url = parse_url(postgres_server_apart)
    folder = str(url.query["host"])
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    made = read_compose({"DATELINE_DB_PASSWORD": PASSWORD, "PREFECT_SERVER_API_AUTH_STRING": AUTH})
    with admin.connect() as connection:
        for statement in (f"CREATE ROLE dateline SUPERUSER LOGIN PASSWORD '{PASSWORD}'", "CREATE DATABASE dateline OWNER dateline"):
            connection.execute(text(statement))
        connection.execute(text(made["configs"]["prefect_database"]["content"]))
    yield Stack(tmp_path, folder)
    with admin.connect() as connection:
        for statement in ("DROP DATABASE dateline WITH (FORCE)", "DROP DATABASE prefect WITH (FORCE)", "DROP ROLE dateline"):
            connection.execute(text(statement))
    admin.dispose()


def test_the_stack_runs_a_deployment_to_completion(stack: Stack) -> None:
    migrated = stack.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    with stack.up("server"), stack.up("worker") as log:
        done = stack.run("worker", "prefect", "deployment", "run", "pipeline/pipeline", "--watch", "--watch-timeout", "240")
        assert done.returncode == 0, done.stdout + done.stderr + log.read_text()[-3000:]
        events = stack.run("worker", "dateline", "events", "--json")
        assert len(json.loads(events.stdout)) >= 5
        assert PASSWORD not in log.read_text() + done.stdout + events.stderr
