"""Fetch one URL safely and politely: http(s) only, pinned address, every redirect checked, capped in bytes and time.

Here: `Fetcher.fetch`, from URL to bytes with what the server said of them. Not here: addresses (dateline.sources.addresses), robots.txt
and waiting (dateline.sources.politeness), what the bytes hold (dateline.sources.kinds). Nothing is kept on disk.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore
import httpx

from dateline.sources.addresses import Deadline, PinnedBackend, Resolver, resolve
from dateline.sources.fetch_errors import FetchFailed, FetchRefused
from dateline.sources.items import FetchPolicy
from dateline.sources.politeness import Politeness

ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/*;q=0.8,*/*;q=0.5"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Top-level types and application/ subtypes that may hold text; anything else is refused before its body is read.
TEXT_SUBTYPES = ("json", "xml", "ndjson", "jsonl", "csv", "gzip", "x-gzip", "x-xz", "x-bzip2", "octet-stream", "warc", "parquet", "rss", "atom")
STEP = 65536


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent. `not_modified` (304): nothing new since the etag or date that was given, and `data` is empty."""

    url: str
    final_url: str
    status: int
    data: bytes
    content_type: str | None = None  # without parameters, lower case
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


class Fetcher:
    """Fetches for one reading, from one thread; remembers robots.txt, delays and Retry-After of each host."""

    def __init__(self, policy: FetchPolicy, *, resolver: Resolver = resolve) -> None:
        self.policy, self._resolver = policy, resolver
        self._politeness = Politeness(policy, self._robots)

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what `url` gives, after redirects.

        Raises:
            FetchFailed: time-out, broken connection, 429, 5xx; `retry_after` where the server gave it.
            FetchRefused: private address, robots.txt, too large, too many redirects, unfit content type, other 4xx (410: code "gone").
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        try:
            return self._follow(url, {k: v for k, v in conditions.items() if v}, polite=True)
        except (FetchRefused, FetchFailed) as error:
            error.item = without_login(url)  # what was asked for, wherever on the way it failed
            raise

    def _robots(self, url: str) -> Fetched:
        return self._follow(url, {}, polite=False)

    def _follow(self, url: str, headers: dict[str, str], *, polite: bool) -> Fetched:
        deadline, here = Deadline(self.policy.max_seconds), urldefrag(url).url
        for _ in range(self.policy.max_redirects + 1):
            check_url(here)
            if polite:
                deadline.extend(self._politeness.wait(here))
            answer = self._ask(url, here, headers, deadline)
            if isinstance(answer, Fetched):
                return answer
            here = urldefrag(urljoin(here, answer)).url
        raise FetchRefused(f"Cannot fetch {url}: more than {self.policy.max_redirects} redirects, the last to {here}.", code="redirects", item=url)

    def _ask(self, url: str, here: str, headers: dict[str, str], deadline: Deadline) -> Fetched | str:
        """Ask once; return the answer, or where it redirects to."""
        try:
            with self._client(deadline) as client, client.stream("GET", here, headers=headers) as response:
                if response.status_code in REDIRECTS and response.headers.get("location"):
                    return str(response.headers["location"])
                self._check_answer(url, here, response)
                data = b"" if response.status_code == 304 else self._body(url, response)
                return _fetched(url, here, response, data)
        except httpx.TimeoutException as error:
            raise FetchFailed(f"Cannot fetch {url}: not done within {self.policy.max_seconds:g} seconds. Try again later.", code="timeout", item=url) from error
        except (httpx.RemoteProtocolError, zlib.error) as error:
            raise FetchFailed(f"Cannot fetch {url}: the answer is broken off or malformed ({error}). Try again later.", code="truncated", item=url) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise FetchRefused(f"Cannot fetch {url}: no valid URL ({error}).", code="bad_url", item=url) from error
        except httpx.HTTPError as error:
            raise FetchFailed(f"Cannot fetch {url}: no connection ({error}). Check the network, or try again later.", code="connection", item=url) from error

    def _client(self, deadline: Deadline) -> httpx.Client:
        transport = httpx.HTTPTransport(verify=_tls(), trust_env=False)
        backend = PinnedBackend(self._resolver, self.policy.allow_hosts, deadline)
        # httpx has no public way to give its transport a network backend; a test fails should this attribute go.
        transport._pool = httpcore.ConnectionPool(ssl_context=_tls(), max_connections=1, network_backend=backend)
        headers = {"User-Agent": self.policy.user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        return httpx.Client(transport=transport, headers=headers, timeout=self.policy.max_seconds, trust_env=False, follow_redirects=False)

    def _check_answer(self, url: str, here: str, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            seconds = retry_after(response.headers.get("retry-after"), response.headers.get("date"))
            self._politeness.back_off(here, seconds)
            raise FetchFailed(
                f"Cannot fetch {url}: the server answered {status}. Try again later.", code=f"http_{status}", item=url, status=status, retry_after=seconds
            )
        if status == 410:
            raise FetchRefused(f"Cannot fetch {url}: gone for good (410). Remove the source.", code="gone", item=url, status=status)
        if status != 304 and not 200 <= status < 300:
            raise FetchRefused(f"Cannot fetch {url}: the server answered {status}. Check the URL.", code=f"http_{status}", item=url, status=status)
        kind = _content_type(response)[0]
        if status != 304 and kind and not _may_hold_text(kind):
            raise FetchRefused(f"Cannot fetch {url}: content of type {kind}, which holds no text. Name a page, feed or text.", code="content_type", item=url)

    def _body(self, url: str, response: httpx.Response) -> bytes:
        limit, data = self.policy.max_bytes, bytearray()
        for part in _decompressed(url, response):
            data += part
            if len(data) > limit:
                raise FetchRefused(f"Cannot fetch {url}: larger than {limit:,} bytes after decompression. Raise max_bytes.", code="too_large", item=url)
        return bytes(data)


def check_url(url: str) -> None:
    """Raise FetchRefused where a URL is none that we fetch."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchRefused(f"Cannot fetch {url}: no valid URL ({error}).", code="bad_url", item=url) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise FetchRefused(f"Cannot fetch {url}: only http and https are fetched.", code="bad_scheme", item=url)
    if parts.username is not None:
        shown = without_login(url)
        raise FetchRefused(f"Cannot fetch {shown}: a URL with a login in it, which would be stored and shown. Leave it out.", code="bad_url", item=shown)
    if not host:
        raise FetchRefused(f"Cannot fetch {url}: a URL without host.", code="bad_url", item=url)


def without_login(url: str) -> str:
    """Return a URL as it may be shown and stored: name and password before its host are hidden."""
    return re.sub(r"(://)[^/?#]*@", r"\1***@", url)


def retry_after(value: str | None, date: str | None) -> int | None:
    """Return the seconds of a Retry-After header; a date counts from the answer's own Date header, so that no clock is read."""
    if not value:
        return None
    if value.strip().isdigit():
        return int(value)
    try:
        return max(0, int((parsedate_to_datetime(value) - parsedate_to_datetime(date or "")).total_seconds()))
    except (TypeError, ValueError):
        return None


def _decompressed(url: str, response: httpx.Response) -> Iterator[bytes]:
    """Yield the body in steps of bounded size, however well it was compressed."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"", "identity"}:
        yield from response.iter_raw()
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchRefused(f"Cannot fetch {url}: content-encoding {coding!r}, which was not asked for.", code="content_encoding", item=url)
    unpack = zlib.decompressobj(wbits=47)  # gzip or zlib, by their headers
    for raw in response.iter_raw():
        while raw:
            yield unpack.decompress(raw, STEP)
            raw = unpack.unconsumed_tail
    if not unpack.eof:
        raise FetchFailed(f"Cannot fetch {url}: the compressed body is broken off. Try again later.", code="truncated", item=url)


def _fetched(url: str, here: str, response: httpx.Response, data: bytes) -> Fetched:
    kind, charset = _content_type(response)
    headers = response.headers
    not_modified = response.status_code == 304
    return Fetched(url, here, response.status_code, data, kind, charset, headers.get("etag"), headers.get("last-modified"), not_modified)


def _content_type(response: httpx.Response) -> tuple[str | None, str | None]:
    value = response.headers.get("content-type")
    if not value:
        return None, None
    message = Message()
    message["content-type"] = value
    return message.get_content_type() if "/" in value else None, message.get_content_charset()


def _may_hold_text(kind: str) -> bool:
    top, _, rest = kind.partition("/")
    return top == "text" or (top == "application" and any(word in rest for word in TEXT_SUBTYPES))


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
