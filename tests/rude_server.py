"""A web server on the loopback that behaves as a test tells it to, well or badly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class RudeServer:
    """`routes` maps a path to what answers it; `requests` are the (path, headers) that came, in order."""

    def __init__(self, address: str) -> None:
        self.routes: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                answer = server.routes.get(self.path, page("not here", status=404))
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    return

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer((address, 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        self.stopped = threading.Event()

    def url(self, path: str, host: str = "news.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _headers in self.requests if path != "/robots.txt"]


@contextmanager
def serving(address: str = "127.0.0.1") -> Iterator[RudeServer]:
    server = RudeServer(address)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.http.shutdown()
        server.http.server_close()


def page(body: str | bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    """Answer with a body; header names are written with underscores."""
    data = body.encode() if isinstance(body, str) else body
    length = headers.pop("content_length", str(len(data)))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if kind:
            handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", length)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def redirect(location: str, status: int = 302) -> Answer:
    return page("", status=status, Location=location)


def dripping(server: RudeServer, head: bytes, drop: bytes = b"x", pause: float = 0.05) -> Answer:
    """Send `head`, then drop after drop, until the server stops."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while not server.stopped.wait(pause):
            handler.wfile.write(drop)
            handler.wfile.flush()

    return answer


def story(title: str = "Ministers meet in Lisbon", sentences: int = 12, day: str = "2024-03-05") -> str:
    """A whole news page in English."""
    told = "".join(
        f"<p>The foreign ministers of Portugal and Spain met in Lisbon on Monday and spoke about item {n} of their agenda.</p>" for n in range(sentences)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{day}T09:30:00+00:00"></head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{told}</article><footer>All rights reserved</footer></body></html>"
    )
