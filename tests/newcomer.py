"""docs/operation.md done literally: the commands of a section, run in their order, with the addresses of this test's machine in them.

Here: `read_commands` and `Newcomer`, who keeps the server and the worker running. What the document writes as an example (user, host, port, webhook)
is replaced; the rest is run as it stands. Not here: what is then seen (acceptance/test_browser.py).
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from processes import tree

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "operation.md"
STAY = ("prefect server start", "prefect worker start")  # commands that run until they are ended
STARTUP_SECONDS = 240


def read_commands(heading: str) -> list[str]:
    """Return the commands of a section of the document, without comments."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"\n\n((?: {4,}\S.*\n)+)", section)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Hook:
    """A web server that notes what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        posted = self.posted

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()


class Newcomer:
    """Somebody with an empty folder and a Postgres who follows the document. `socket_folder` is where Postgres listens."""

    def __init__(self, folder: Path, socket_folder: str, programs: Path) -> None:
        self.folder, self.port, self.hook = folder, free_port(), Hook()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._here = [
            ("user:password@host/dateline", f"postgres@/dateline?host={socket_folder}"),
            ("user:password@host/prefect", f"postgres@/prefect?host={socket_folder}"),
            ("http://127.0.0.1:4200", f"http://127.0.0.1:{self.port}"),
            ("https://example.org/hook", self.hook.address),
        ]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PREFECT_"))}
        path = f"{Path(sys.executable).parent}:{programs}:{os.environ['PATH']}"
        own = {"PREFECT_SERVER_API_PORT": str(self.port), "PREFECT_HOME": str(folder / "prefect"), "DATELINE_CACHE": str(folder / "cache")}
        self.environment = {**kept, "PATH": path, "PGHOST": socket_folder, "PGUSER": "postgres", **own}

    def follow(self, commands: list[str]) -> None:
        """Run commands in order; servers and workers go on running."""
        for command in commands:
            local = command
            for name, here in self._here:
                local = local.replace(name, here)
            if local.startswith("export "):
                name, _, value = local.removeprefix("export ").partition("=")
                self.environment[name] = value
            elif local.startswith(STAY):
                self.start(local)
            else:
                self.run(local)
            if " schedule create " in local:
                self.eventually(lambda: self.runs(auto_scheduled=True, state_type="COMPLETED"))

    def run(self, command: str, seconds: float = 300) -> str:
        """Run a command to its good end and return what it printed."""
        done = subprocess.run(["bash", "-c", command], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}{self.logs()}"
        return done.stdout

    def start(self, command: str) -> None:
        """Start a command that stays, in a session of its own, and wait until a server answers."""
        name = command.split()[1]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {command}"], env=self.environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.running[name] = process
        if name == "server":
            self.eventually(lambda: self.answers("/health"))

    def kill(self, name: str) -> None:
        """Send SIGKILL to a server or worker and to all that it started: what a lost machine does."""
        started = self.running.pop(name)
        for process in tree(started.pid):
            os.kill(process, signal.SIGKILL)
        started.wait()

    def end(self) -> None:
        """End what still runs."""
        for name in list(self.running)[::-1]:
            process = self.running[name]
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.hook.close()

    def answers(self, path: str) -> bool:
        """Whether the server answers a question."""
        try:
            self.ask(path)
        except OSError:
            return False
        return True

    def ask(self, path: str, question: dict[str, Any] | None = None) -> Any:
        """Ask the server's API."""
        body = None if question is None else json.dumps(question).encode()
        request = urllib.request.Request(self.api + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self, **where: Any) -> list[dict[str, Any]]:
        """Return flow runs, the newest first; `where` are fields that must be equal."""
        found = self.ask("/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC", "limit": 200})
        return [run for run in found if all(run[name] == value for name, value in where.items())]

    def eventually(self, look: Callable[[], Any], seconds: float = STARTUP_SECONDS) -> Any:
        """Return what `look` gives once it is something."""
        deadline = time.monotonic() + seconds
        while not (found := look()):
            if time.monotonic() > deadline:
                pytest.fail(f"waited {seconds} s in vain{self.logs()}")
            time.sleep(0.5)
        return found

    def logs(self) -> str:
        """Return the ends of the logs."""
        return "".join(f"\n--- {path.name}\n{path.read_text(errors='replace')[-2500:]}" for path in sorted(self.folder.glob("*.log")))
