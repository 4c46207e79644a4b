"""A real browser for tests: Chromium of Debian's packages, headless, which reaches nothing but this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (apt-get install chromium)")


def seen(address: str, profile: Path) -> str:
    """Return a page as it stands after its scripts ran."""
    reach = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run", f"--user-data-dir={profile}", reach]
    done = subprocess.run([CHROMIUM, *fixed, "--virtual-time-budget=10000", "--dump-dom", address], capture_output=True, timeout=90, check=True)
    return done.stdout.decode("utf-8", "replace")
