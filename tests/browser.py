"""A real browser for tests: Chromium of Debian's packages, headless, which reaches nothing but this machine.

Here: `seen`, a page after its scripts ran, and `Browser`, one that stays open: it waits, clicks and takes pictures, by Chromium's own protocol.
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import spent
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from flows.leftovers import drop_folder, own_folder, sweep

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (apt-get install chromium)")
REACH = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
FIXED = ["--headless", "--no-sandbox", "--disable-extensions", "--no-first-run", REACH]


def seen(address: str, profile: Path) -> str:
    """Return a page as it stands after its scripts ran."""
    command = [str(CHROMIUM), *FIXED, "--disable-gpu", f"--user-data-dir={profile}", "--virtual-time-budget=10000", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, timeout=90, check=True)
    return done.stdout.decode("utf-8", "replace")


class Browser:
    """One page of a browser that stays open. Get it from `open_browser`."""

    def __init__(self, socket: ClientConnection, pid: int) -> None:
        self._socket, self._pid, self._numbers = socket, pid, itertools.count(1)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of Chromium's protocol and return its result; events that come in between are passed over."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=180))
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                return dict(answer["result"])

    def run(self, script: str) -> Any:
        """Return the value of a JavaScript expression."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def go(self, address: str) -> None:
        """Open an address."""
        self.send("Page.navigate", url=address)

    def text(self) -> str:
        """Return the words on the page, as a person sees them."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def wait_for(self, *words: str, seconds: float = 180.0) -> str:
        """Wait until all these words are on the page, and return all of its words."""
        deadline = time.monotonic() + seconds
        while not all(word in (page := self.text()) for word in words):
            assert time.monotonic() < deadline, f"{[w for w in words if w not in page]} not seen on {self.run('location.href')}:\n{page[:3000]}"
            time.sleep(0.25)  # reading a page costs it time
        return page

    def click(self, label: str) -> None:
        """Click the innermost of the first elements that are seen and say `label`."""
        said = f"[...document.querySelectorAll('body *')].filter(e => e.offsetParent && e.innerText?.trim() === {json.dumps(label)})"
        find = f"(found => found.find(e => !found.some(other => other !== e && e.contains(other))))({said})"
        assert self.run(f"(e => e ? (e.click(), true) : false)({find})"), f"nothing to click on says {label!r}:\n{self.text()[:2000]}"

    def spent(self) -> float:
        """Return the processor seconds that the browser's processes have spent."""
        return spent(self._pid)

    def picture(self, path: Path, *, height: int | None = None) -> None:
        """Take a picture of the page, `height` pixels of it or all that a window of its size shows."""
        clip = {"clip": {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}} if height else {}
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png", **clip)["data"]))


WIDTH, HEIGHT = 1280, 900
PROFILE = "dateline-browser-"


@contextmanager
def open_browser(*options: str) -> Iterator[Browser]:
    """Keep a browser open for the length of the block, with a profile of its own and further command line options."""
    sweep(PROFILE)
    profile, held = own_folder(PROFILE)
    try:
        window = [f"--window-size={WIDTH},{HEIGHT}", "--enable-unsafe-swiftshader", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        process = subprocess.Popen([str(CHROMIUM), *FIXED, *window, *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_page_of(profile), max_size=None, open_timeout=30) as socket:
                browser = Browser(socket, process.pid)
                browser.send("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
                yield browser
        finally:
            process.terminate()
            process.wait(20)
    finally:
        drop_folder(profile, held)


def _page_of(profile: Path) -> str:
    """Return the address by which the first page of a starting browser is driven."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            port, path = (profile / "DevToolsActivePort").read_text().split()
            with connect(f"ws://127.0.0.1:{port}{path}") as socket:
                socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
                pages = [t for t in json.loads(socket.recv(timeout=10))["result"]["targetInfos"] if t["type"] == "page"]
                return f"ws://127.0.0.1:{port}/devtools/page/{pages[0]['targetId']}"
        except (OSError, ValueError, IndexError, WebSocketException):
            time.sleep(0.2)
    pytest.fail("Chromium did not start")
