"""Parse what strangers wrote (HTML, feeds, sitemaps) in a process of its own, which can be killed and whose memory is capped.

Here: the parent's side. One process serves page after page and reading after reading, so a page costs a pipe's round trip (0.1 ms) and
not a start (0.7 s); `borrowed` keeps the idle ones. Not here: the parsing (dateline.sources.markup), the child's loop
(dateline.sources.parser_process). Answers are JSON, never pickles: the child is not trusted.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dateline.errors import ConfigurationError, InputError

START_SECONDS = 60.0
PAGES_PER_PROCESS = 2000  # then a new one: parsers' caches grow
ANSWER_BYTES = 100_000_000
STEP = 1 << 20


class Parser:
    """A process that parses. Started at the first call; after a time-out or a crash the next call starts another."""

    def __init__(self, *, megabytes: int) -> None:
        self.megabytes, self.owner = megabytes, os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._warm: set[str] = set()

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def parse(self, operation: str, data: bytes, item: str, *, seconds: float, **arguments: str | None) -> dict[str, Any]:
        """Return what dateline.sources.markup's function `operation` makes of `data` within `seconds`.

        Raises:
            InputError: it took too long (code "parse_timeout"), too much memory ("parse_memory"), crashed ("parse_crashed"), or
                the data is not what it should be (the code that markup gave).
        """
        process = self._running(operation)
        try:
            answer = _exchange(process, _request(operation, data, item, arguments), data, seconds)
        except TimeoutError:
            self.close()
            raise InputError(
                f"Cannot read {item}: not parsed within {seconds:g} seconds. Leave it out, or allow more time.", code="parse_timeout", item=item
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

    def _running(self, operation: str) -> subprocess.Popen[bytes]:
        """Return the process, started if need be and with all loaded that the operation needs, which does not count as parsing."""
        if self._process is not None and (self._process.poll() is not None or self._served >= PAGES_PER_PROCESS):
            self.close()
        if self._process is None:
            self._process = _start(self.megabytes)
            self._served, self._warm = 0, set()
        self._served += 1
        if operation not in self._warm:
            try:
                _exchange(self._process, _request("warm_up", b"", operation, {"operation": operation}), b"", START_SECONDS)
            except (TimeoutError, OSError):
                self.close()
                raise _no_start() from None
            self._warm.add(operation)
        return self._process


@contextmanager
def borrowed(*, megabytes: int) -> Iterator[Parser]:
    """Lend a parser that nobody else uses meanwhile; its process stays for the next who borrows one."""
    parser = _take(megabytes)
    try:
        yield parser
    finally:
        with _lock:
            _idle.append(parser)


_idle: list[Parser] = []
_lock = threading.Lock()


def _take(megabytes: int) -> Parser:
    with _lock:
        # A forked process must not talk to its parent's parsers.
        _idle[:] = [parser for parser in _idle if parser.owner == os.getpid()]
        for parser in _idle:
            if parser.megabytes == megabytes:
                _idle.remove(parser)
                return parser
    return Parser(megabytes=megabytes)


@atexit.register
def _close_all() -> None:
    for parser in _idle:
        if parser.owner == os.getpid():
            parser.close()


def _start(megabytes: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "dateline.sources.parser_process", str(megabytes)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    try:
        ready = _exchange(process, b"", b"", START_SECONDS)
    except (TimeoutError, OSError):
        ready = b""
    if not ready:
        process.kill()
        process.communicate()
        raise _no_start()
    return process


def _no_start() -> ConfigurationError:
    return ConfigurationError(
        "Cannot start the process that parses pages (python -m dateline.sources.parser_process). Run it by hand to see why.", code="parser"
    )


def _request(operation: str, data: bytes, item: str, arguments: dict[str, str | None]) -> bytes:
    return json.dumps({"operation": operation, "size": len(data), "item": item, "arguments": arguments}).encode() + b"\n"


def _exchange(process: subprocess.Popen[bytes], head: bytes, data: bytes, seconds: float) -> bytes:
    """Send a request and return the answer's line, b"" where the process ended instead. Raises TimeoutError."""
    if process.stdin is not None and head:
        process.stdin.write(head + data)
        process.stdin.flush()
    return _read_line(process, time.monotonic() + seconds)


def _read_line(process: subprocess.Popen[bytes], end: float) -> bytes:
    if process.stdout is None:
        return b""
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
