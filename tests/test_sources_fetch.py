"""Fetching from a server that misbehaves. All traffic stays on the loopback; names are resolved by the tests."""

import gzip
import pickle
import time
import zlib

import pytest
from rude_server import dripping, page, redirect, serving, story

from dateline.sources import addresses, read
from dateline.sources.addresses import choose_addresses, is_public
from dateline.sources.fetch import Fetcher, retry_after
from dateline.sources.fetch_errors import FetchFailed, FetchRefused
from dateline.sources.items import FetchPolicy


@pytest.fixture
def server():
    with serving() as running:
        yield running


def to_loopback(host, port):
    return ["169.254.169.254"] if host == "169.254.169.254" else ["127.0.0.1"]


def fetcher(resolver=to_loopback, **policy):
    settings = {"allow_hosts": frozenset({"news.test"}), "delay": 0.0, "max_seconds": 2.0, **policy}
    return Fetcher(FetchPolicy(**settings), resolver=resolver)


def code_of(action):
    with pytest.raises((FetchRefused, FetchFailed)) as caught:
        action()
    return caught.value


def test_a_page_comes_with_what_the_server_said_of_it(server):
    server.routes["/a"] = page("<p>Olá</p>".encode("cp1252"), kind="Text/HTML; Charset=windows-1252", ETag='"7"', Last_Modified="Tue, 05 Mar 2024 10:00:00 GMT")
    got = fetcher(user_agent="Reader/9").fetch(server.url("/a"))
    assert (got.status, got.content_type, got.charset, got.etag) == (200, "text/html", "windows-1252", '"7"')
    assert got.last_modified == "Tue, 05 Mar 2024 10:00:00 GMT"
    assert got.data.decode("cp1252") == "<p>Olá</p>"
    path, headers = server.requests[-1]
    assert path == "/a"
    assert headers["host"] == f"news.test:{server.port}"  # the name, though the connection went to the checked address
    assert headers["user-agent"] == "Reader/9"


def test_not_modified_is_no_content_and_no_error(server):
    server.routes["/feed"] = page("", status=304, kind="", ETag='"7"')
    got = fetcher().fetch(server.url("/feed"), etag='"7"', last_modified="Tue, 05 Mar 2024 10:00:00 GMT")
    assert got.not_modified
    assert got.data == b""
    headers = server.requests[-1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"7"', "Tue, 05 Mar 2024 10:00:00 GMT")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.5.5", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1"],
)
def test_private_addresses_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["fe80::1", "fe80::1%eth0", "fc00::7", "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::7f00:1"],
)
def test_private_addresses_are_known_in_their_other_forms(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_public_addresses_pass(address):
    assert is_public(address)


def test_a_name_with_one_private_address_among_public_ones_is_refused():
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        choose_addresses("mixed.test", 80, lambda h, p: ["93.184.216.34", "10.0.0.1"], frozenset())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_however_it_is_spelt(server, host):
    reader = Fetcher(FetchPolicy(delay=0))  # the system's own resolver
    assert code_of(lambda: reader.fetch(server.url("/a", host=host))).code == "private_address"
    assert server.requests == []


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://localhost:{port}/secret", "http://127.0.0.1:{port}/secret"])
def test_a_redirect_to_a_private_address_is_refused(server, target):
    server.routes["/a"] = redirect(target.format(port=server.port))
    server.routes["/secret"] = page("secret")
    error = code_of(lambda: fetcher().fetch(server.url("/a")))
    assert error.code == "private_address"
    assert error.item == server.url("/a")
    assert server.paths() == ["/a"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://news.test/a", "gopher://news.test/", "http://user:word@news.test/"])
def test_a_redirect_to_what_is_not_fetched_is_refused(server, target):
    server.routes["/a"] = redirect(target)
    assert code_of(lambda: fetcher().fetch(server.url("/a"))).code in {"bad_scheme", "bad_url"}


def test_a_password_in_a_url_is_neither_shown_nor_stored():
    (item,) = read(["http://user:word@news.test/a?b=c@d"])
    assert (item.code, item.item) == ("bad_url", "http://***@news.test/a?b=c@d")
    assert "word" not in item.message


def test_a_name_that_turns_private_on_the_second_look_up_is_looked_up_once(server, monkeypatch):
    looked_up = []

    def turning(host, port):
        looked_up.append(host)
        return ["127.0.0.2"] if len(looked_up) == 1 else ["127.0.0.1"]

    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.2")
    with serving("127.0.0.2") as public:
        server.http.server_close()  # whoever connects to 127.0.0.1 finds nobody
        public.routes["/a"] = page("public")
        got = fetcher(turning, allow_hosts=frozenset(), obey_robots=False).fetch(public.url("/a", host="turning.test"))
        assert got.data == b"public"
        assert looked_up == ["turning.test"]


def test_a_name_that_turns_private_between_robots_and_page_is_refused(server, monkeypatch):
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.2")
    with serving("127.0.0.2") as public:
        error = code_of(lambda: fetcher(lambda h, p: next(answers), allow_hosts=frozenset()).fetch(public.url("/a", host="turning.test")))
        assert error.code == "private_address"
        assert [path for path, _ in public.requests] == ["/robots.txt"]


def test_the_next_address_is_tried_where_the_first_does_not_answer(server):
    server.routes["/a"] = page("text")
    reader = fetcher(lambda host, port: ["127.0.0.3", "127.0.0.1"], obey_robots=False)
    assert reader.fetch(server.url("/a")).data == b"text"


def test_a_name_that_does_not_resolve_may_be_tried_again():
    def nowhere(host, port):
        raise OSError("Name or service not known")

    assert isinstance(code_of(lambda: fetcher(nowhere, obey_robots=False).fetch("http://nowhere.test/a")), FetchFailed)


def test_redirects_are_followed_and_end(server):
    server.routes["/old"] = redirect("/new", status=301)
    server.routes["/new"] = page("new")
    assert fetcher().fetch(server.url("/old")).final_url == server.url("/new")
    server.routes["/loop"] = redirect("/loop")
    assert code_of(lambda: fetcher(max_redirects=3).fetch(server.url("/loop"))).code == "redirects"
    assert server.paths().count("/loop") == 4


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"], ids=["answer", "header", "body"])
def test_a_slow_server_is_left_in_time(server, head):
    server.routes["/slow"] = dripping(server, head, pause=0.1) if head else lambda handler: server.stopped.wait(20)
    started = time.monotonic()
    error = code_of(lambda: fetcher(max_seconds=1.0, obey_robots=False).fetch(server.url("/slow")))
    assert error.code == "timeout"
    assert isinstance(error, FetchFailed)
    assert time.monotonic() - started < 4


def test_an_endless_body_is_cut(server):
    server.routes["/endless"] = dripping(server, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 65536, pause=0)
    assert code_of(lambda: fetcher(max_bytes=1_000_000, max_seconds=20).fetch(server.url("/endless"))).code == "too_large"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_decompression_bomb_is_cut(server, coding):
    packed = (gzip if coding == "gzip" else zlib).compress(b"0" * 200_000_000)
    assert len(packed) < 400_000
    server.routes["/bomb"] = page(packed, Content_Encoding=coding)
    assert code_of(lambda: fetcher(max_bytes=5_000_000, max_seconds=20).fetch(server.url("/bomb"))).code == "too_large"


def test_compressed_bodies_arrive_whole_or_not_at_all(server):
    packed = gzip.compress(story().encode())
    server.routes["/a"] = page(packed, Content_Encoding="gzip")
    server.routes["/cut"] = page(packed[:-20], Content_Encoding="gzip")
    server.routes["/other"] = page(b"xx", Content_Encoding="br")
    assert fetcher().fetch(server.url("/a")).data.decode() == story()
    assert code_of(lambda: fetcher().fetch(server.url("/cut"))).code == "truncated"
    assert code_of(lambda: fetcher().fetch(server.url("/other"))).code == "content_encoding"


def test_a_truncated_body_is_no_article(server):
    server.routes["/cut"] = page("<p>half", content_length="5000")
    error = code_of(lambda: fetcher().fetch(server.url("/cut")))
    assert error.code == "truncated"
    assert isinstance(error, FetchFailed)


@pytest.mark.parametrize(
    ("status", "headers", "code", "kind", "seconds"),
    [
        (429, {"Retry_After": "120"}, "http_429", FetchFailed, 120),
        (503, {"Retry_After": "Tue, 05 Mar 2024 10:05:00 GMT", "Date": "Tue, 05 Mar 2024 10:00:00 GMT"}, "http_503", FetchFailed, 300),
        (500, {}, "http_500", FetchFailed, None),
        (404, {}, "http_404", FetchRefused, None),
        (403, {}, "http_403", FetchRefused, None),
        (410, {}, "gone", FetchRefused, None),
    ],
)
def test_what_a_status_means(server, status, headers, code, kind, seconds):
    server.routes["/a"] = lambda handler: (
        handler.send_response_only(status),
        *[handler.send_header(k.replace("_", "-"), v) for k, v in headers.items()],
        handler.end_headers(),
    )
    error = code_of(lambda: fetcher().fetch(server.url("/a")))
    assert (error.code, type(error), error.status) == (code, kind, status)
    assert getattr(error, "retry_after", None) == seconds
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.code, again.status, getattr(again, "retry_after", None)) == (str(error), code, status, seconds)


def test_after_retry_after_the_host_is_left_alone(server):
    server.routes["/a"] = page("", status=429, Retry_After="60")
    server.routes["/b"] = page("b")
    reader = fetcher()
    assert code_of(lambda: reader.fetch(server.url("/a"))).code == "http_429"
    error = code_of(lambda: reader.fetch(server.url("/b")))
    assert (error.code, error.retry_after) == ("backing_off", 60)
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("7", None, 7),
        ("Tue, 05 Mar 2024 10:05:00 GMT", "Tue, 05 Mar 2024 10:00:00 GMT", 300),
        ("Tue, 05 Mar 2024 10:05:00 GMT", None, None),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_retry_after_needs_no_clock(value, date, seconds):
    assert retry_after(value, date) == seconds


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/pdf", "application/zip"])
def test_what_holds_no_text_is_not_loaded(server, kind):
    server.routes["/a"] = page(b"\x89PNG", kind=kind)
    assert code_of(lambda: fetcher().fetch(server.url("/a"))).code == "content_type"


def test_robots_txt_is_obeyed_and_asked_for_once(server):
    server.routes["/robots.txt"] = page("User-agent: *\nDisallow: /private\nCrawl-delay: 0\n", kind="text/plain")
    server.routes["/private/a"] = server.routes["/b"] = page("text")
    reader = fetcher()
    assert code_of(lambda: reader.fetch(server.url("/private/a"))).code == "robots"
    assert reader.fetch(server.url("/b")).data == b"text"
    assert [path for path, _ in server.requests] == ["/robots.txt", "/b"]
    assert fetcher(obey_robots=False).fetch(server.url("/private/a")).data == b"text"


@pytest.mark.parametrize(("status", "code"), [(404, None), (403, None), (503, "robots_unreachable")])
def test_a_missing_robots_txt_allows_and_an_unreachable_one_forbids(server, status, code):
    server.routes["/robots.txt"] = page("", status=status)
    server.routes["/a"] = page("text")
    if code is None:
        assert fetcher().fetch(server.url("/a")).data == b"text"
    else:
        assert code_of(lambda: fetcher().fetch(server.url("/a"))).code == code


def test_requests_to_one_host_keep_their_distance(server):
    server.routes["/a"] = server.routes["/b"] = page("text")
    reader = fetcher(delay=0.4, obey_robots=False)
    started = time.monotonic()
    reader.fetch(server.url("/a"))
    assert time.monotonic() - started < 0.4
    reader.fetch(server.url("/b"))
    assert time.monotonic() - started >= 0.4
