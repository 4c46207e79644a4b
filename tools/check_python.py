"""Say whether this Python can run Dateline: stop below 3.11, warn on one that was never tested. Runs on any Python 3, before anything is installed."""

import sys

OLDEST = (3, 11)
TESTED = [(3, 11)]  # the versions that the test suite has passed on


def verdict(version):
    """Return (exit code, message or None) for a (major, minor) version."""
    name = ".".join(map(str, version))
    tested = ", ".join(".".join(map(str, v)) for v in TESTED)
    if version < OLDEST:
        return 3, f"Dateline needs Python {'.'.join(map(str, OLDEST))} or later; this is {name}. Name another one: make run PYTHON=python3.11"
    if version not in TESTED:
        return (
            0,
            f"Note: Dateline was never tested on Python {name} (tested: {tested}). It may work; if it does not, name another one: make run PYTHON=python3.11",
        )
    return 0, None


if __name__ == "__main__":
    code, message = verdict(sys.version_info[:2])
    if message:
        sys.stderr.write(message + "\n")
    sys.exit(code)
