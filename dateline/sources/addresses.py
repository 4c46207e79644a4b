"""Which addresses Dateline connects to: a host is resolved once, checked, and that very address is used.

Here: the check of an address and the network backend that pins it and keeps a whole fetch within its time. Because the check and the
connection use the same look-up, a name that turns private on the second look-up gains nothing. Next: dateline.sources.fetch.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from dateline.sources.fetch_errors import FetchFailed, FetchRefused

Resolver = Callable[[str, int], Sequence[str]]
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Return the host's addresses as the system gives them. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Say whether an address is a public one: not private, loopback, link-local, multicast or reserved, nor an IPv6 form of one of these."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


def choose_addresses(host: str, port: int, resolver: Resolver, allowed: Iterable[str]) -> Sequence[str]:
    """Resolve `host` once and return the addresses to connect to, the best first.

    Raises:
        FetchRefused: any of its addresses is not public and the host is not in `allowed`.
        FetchFailed: it cannot be resolved now.
    """
    try:
        addresses = resolver(host, port)
    except OSError as error:
        raise FetchFailed(
            f"Cannot fetch from {host}: its name does not resolve ({error}). Check the spelling and the network.", code="dns", item=host
        ) from error
    if not addresses:
        raise FetchFailed(f"Cannot fetch from {host}: its name has no address. Check the spelling.", code="dns", item=host)
    if host.lower().rstrip(".") not in {name.lower() for name in allowed}:
        private = [a for a in addresses if not is_public(a)]
        if private:
            raise FetchRefused(
                f"Cannot fetch from {host}: it resolves to {private[0]}, which is not a public address. Add {host} to allow_hosts if it is meant.",
                code="private_address",
                item=host,
            )
    return addresses


class Deadline:
    """The time that one fetch may take, in seconds from now on a clock that only runs forward."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Add time that was spent waiting out of politeness."""
        self._end += seconds

    def left(self, wanted: float | None = None) -> float:
        """Return the seconds left, at most `wanted`. Raises httpcore.ReadTimeout where none is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this fetch is over")
        return left if wanted is None else min(left, wanted)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to an address that was checked. Host header and TLS name stay those of the URL, since only the connection changes."""

    def __init__(self, resolver: Resolver, allowed: Iterable[str], deadline: Deadline) -> None:
        self._resolver, self._allowed, self._deadline = resolver, frozenset(allowed), deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers: without IPv6, its IPv6 addresses do not."""
        problem: Exception = httpcore.ConnectError("no address")
        for address in choose_addresses(host, port, self._resolver, self._allowed):
            try:
                stream = self._inner.connect_tcp(address, port, self._deadline.left(timeout), local_address, socket_options)
            except httpcore.ConnectError as error:
                problem = error
                continue
            return _TimedStream(stream, self._deadline)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every read and write ends with the deadline, so that a drip of single bytes cannot outlast it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
