"""The process that parses: reads requests from standard input, answers each with one line of JSON, until its input ends.

Here: the loop and the memory cap. Started by dateline.sources.parser only. Whatever the parsers print goes nowhere.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any, BinaryIO

MEGABYTE = 1 << 20


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    limit_memory(int(sys.argv[1]))
    logging.disable(logging.CRITICAL)
    answers.write(b"{}\n")
    while head := sys.stdin.buffer.readline():
        request = json.loads(head)
        data = _read_exactly(sys.stdin.buffer, request["size"])
        answers.write(json.dumps(answer_to(request, data)).encode() + b"\n")


def answer_to(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Return what the operation gives, or an `error` with code and message."""
    from dateline.errors import InputError
    from dateline.sources import markup

    item = request["item"]
    try:
        return markup.OPERATIONS[request["operation"]](data, item, **request["arguments"])
    except InputError as error:
        return {"error": {"code": error.code, "message": error.message}}
    except MemoryError:
        return {"error": {"code": "parse_memory", "message": f"Cannot read {item}: parsing it takes too much memory. Leave it out."}}
    except Exception as error:  # noqa: BLE001 - whatever a stranger's page does to a parser is that page's error and ends here
        return {"error": {"code": "parse_failed", "message": f"Cannot read {item}: its parser failed ({type(error).__name__}: {error}). Leave it out."}}


def limit_memory(megabytes: int) -> None:
    """Cap the address space of this process, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for name, value in ((resource.RLIMIT_AS, megabytes * MEGABYTE), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(name, (value, value))
        except (ValueError, OSError):  # macOS has no such cap
            continue


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise SystemExit
    return data


if __name__ == "__main__":
    main()
