"""Parse what strangers wrote (HTML, feeds, sitemaps) in a process of its own, which can be killed and whose memory is capped.

Here: the parent's side. One process serves page after page, so a page costs a pipe's round trip (0.1 ms) and not a start (0.7 s). Not
here: the parsing (dateline.sources.markup), the child's loop (dateline.sources.parser_process). Answers are JSON, never pickles: the
child is not trusted.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from types import TracebackType
from typing import Any, Self

from dateline.errors import ConfigurationError, InputError

START_SECONDS = 60.0
PAGES_PER_PROCESS = 2000  # then a new one: parsers' caches grow
ANSWER_BYTES = 100_000_000
STEP = 1 << 20


class Parser:
    """A process that parses. Started at the first call; after a time-out or a crash the next call starts another."""

    def __init__(self, *, seconds: float, megabytes: int) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def parse(self, operation: str, data: bytes, item: str, **arguments: str | None) -> dict[str, Any]:
        """Return what dateline.sources.markup's function `operation` makes of `data`.

        Raises:
            InputError: it took too long (code "parse_timeout"), too much memory ("parse_memory"), crashed ("parse_crashed"), or
                the data is not what it should be (the code that markup gave).
        """
        process = self._running()
        head = json.dumps({"operation": operation, "size": len(data), "item": item, "arguments": arguments}).encode() + b"\n"
        try:
            answer = self._exchange(process, head, data, self._seconds)
        except TimeoutError:
            self.close()
            raise InputError(
                f"Cannot read {item}: not parsed within {self._seconds:g} seconds. Leave it out, or raise page_seconds.", code="parse_timeout", item=item
            ) from None
        except OSError:
            answer = b""
        if not answer:
            self.close()
            raise InputError(f"Cannot read {item}: its parser crashed. Leave it out.", code="parse_crashed", item=item)
        result: dict[str, Any] = json.loads(answer)
        if "error" in result:
            if result["error"]["code"] == "parse_memory":
                self.close()
            raise InputError(result["error"]["message"], code=result["error"]["code"], item=item)
        return result

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._process.poll() is not None or self._served >= PAGES_PER_PROCESS):
            self.close()
        if self._process is None:
            self._process = self._start()
            self._served = 0
        self._served += 1
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "dateline.sources.parser_process", str(self._megabytes)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        try:
            ready = self._exchange(process, b"", b"", START_SECONDS)
        except (TimeoutError, OSError):
            ready = b""
        if not ready:
            process.kill()
            process.communicate()
            raise ConfigurationError(
                "Cannot start the process that parses pages (python -m dateline.sources.parser_process). Run it by hand to see why.", code="parser"
            )
        return process

    def _exchange(self, process: subprocess.Popen[bytes], head: bytes, data: bytes, seconds: float) -> bytes:
        """Send a request and return the answer's line, b"" where the process ended instead. Raises TimeoutError."""
        assert process.stdin is not None
        if head:
            process.stdin.write(head)
            process.stdin.write(data)
            process.stdin.flush()
        return _read_line(process, time.monotonic() + seconds)


def _read_line(process: subprocess.Popen[bytes], end: float) -> bytes:
    assert process.stdout is not None
    line, stream = bytearray(), process.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            part = os.read(stream, STEP)
            if not part or len(line) > ANSWER_BYTES:
                return b""
            line += part
    return bytes(line)
