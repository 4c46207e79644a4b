"""Politeness towards servers: robots.txt (RFC 9309, by protego), a delay between requests to one host, Retry-After.

Here: what a host asked for, remembered for one reading. Not here: the fetch itself (dateline.sources.fetch), which is passed in for
robots.txt. Waiting uses a clock that only runs forward; no date is read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dateline.errors import InputError
from dateline.sources.fetch_errors import FetchFailed, FetchRefused
from dateline.sources.items import FetchPolicy

if TYPE_CHECKING:
    from dateline.sources.fetch import Fetched

ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
LONGEST_DELAY = 60.0  # of a Crawl-delay; a larger one is cut to this


_free: dict[str, float] = {}  # host -> when the next request may go out, for all readings of this process
_blocked: dict[str, float] = {}  # host -> until when the server wants no request, for all readings of this process
_lock = threading.Lock()


def _turn(host: str, delay: float) -> float:
    """Take the next turn at a host and return the seconds until it."""
    with _lock:
        now = time.monotonic()
        turn = max(now, _free.get(host, 0.0))
        _free[host] = turn + delay
        return turn - now


class Politeness:
    """Says when, and whether, a URL may be asked for."""

    def __init__(self, policy: FetchPolicy, fetch: Callable[[str], Fetched], *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._policy, self._fetch, self._sleep = policy, fetch, sleep
        self._robots: dict[str, Any] = {}  # origin -> Protego, or None: everything is allowed

    def wait(self, url: str) -> float:
        """Wait until `url` may be asked for and return the seconds waited.

        Raises:
            FetchRefused: robots.txt forbids it (code "robots").
            FetchFailed: the host asked for quiet (code "backing_off"), or its robots.txt cannot be had (code "robots_unreachable").
        """
        host, started = urlsplit(url).netloc.lower(), time.monotonic()
        until = _blocked.get(host, 0.0)
        if until > started:
            raise FetchFailed(
                f"Cannot fetch {url}: {host} asked for quiet. Try again later.", code="backing_off", item=url, retry_after=int(until - started) + 1
            )
        robots = self._rules(url) if self._policy.obey_robots else None
        if robots is not None and not robots.can_fetch(url, self._policy.user_agent):
            raise FetchRefused(f"Cannot fetch {url}: the site's robots.txt forbids it. Ask the publisher, or leave it out.", code="robots", item=url)
        asked = robots.crawl_delay(self._policy.user_agent) if robots is not None else None
        delay = max(self._policy.delay, min(asked or 0.0, LONGEST_DELAY))
        self._sleep(_turn(host, delay))
        return time.monotonic() - started

    def back_off(self, url: str, seconds: int | None) -> None:
        """Ask nothing more of the URL's host for `seconds`, as its Retry-After said; None: it said nothing, and only this URL failed."""
        if seconds:
            _blocked[urlsplit(url).netloc.lower()] = time.monotonic() + seconds

    def _rules(self, url: str) -> Any:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_rules(f"{origin}/robots.txt", url)
        return self._robots[origin]

    def _read_rules(self, robots_url: str, url: str) -> Any:
        from protego import Protego

        try:
            fetched = self._fetch(robots_url)
        except FetchFailed as error:
            raise FetchFailed(
                f"Cannot fetch {url}: its robots.txt cannot be had ({error.message}), which forbids everything for now (RFC 9309).",
                code="robots_unreachable",
                item=url,
                status=error.status,
                retry_after=error.retry_after,
            ) from error
        except InputError as error:
            status = getattr(error, "status", None)
            if status is None and error.code in {"private_address", "bad_url", "bad_scheme"}:
                raise
            return None  # 4xx: no robots.txt, everything is allowed
        return Protego.parse(fetched.data[:ROBOTS_BYTES].decode("utf-8", "replace"))
