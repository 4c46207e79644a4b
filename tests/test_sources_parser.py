"""The process that parses: killed when a page takes too long or too much memory, and back for the next page."""

import os
import signal
import threading
import time

import pytest
from rude_server import story

from dateline.errors import InputError
from dateline.sources import ReadOptions, Rejected, read
from dateline.sources.parser import Parser, borrowed

BOMB = b"<html><body>" + b"<p>" * 2_000_000
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss version='2.0'><channel><item><title>&j;</title><description>&j;</description></item></channel></rss>"
)


@pytest.fixture
def parser():
    one = Parser(megabytes=1500)
    yield one
    one.close()


def parse(parser, data, seconds=20.0, operation="page", **arguments):
    return parser.parse(operation, data, "x", seconds=seconds, **arguments)


def test_two_million_paragraphs_end_in_time_and_the_next_page_is_read(parser):
    parse(parser, story().encode())
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        parse(parser, BOMB, seconds=1.5)
    assert caught.value.code == "parse_timeout"
    assert time.monotonic() - started < 4
    assert "Portugal and Spain" in parse(parser, story().encode())["text"]


def test_memory_is_capped():
    parser = Parser(megabytes=450)
    try:
        parse(parser, story().encode())
        with pytest.raises(InputError) as caught:
            parse(parser, BOMB * 3, seconds=60)
        assert caught.value.code in {"parse_memory", "parse_crashed", "not_html"}
        assert "Portugal and Spain" in parse(parser, story().encode())["text"]
    finally:
        parser.close()


def test_a_crash_is_that_pages_error_only(parser):
    parse(parser, story().encode())
    process = parser._process

    def kill():
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGKILL)

    threading.Thread(target=kill).start()
    with pytest.raises(InputError) as caught:
        parse(parser, BOMB)
    assert caught.value.code == "parse_crashed"
    assert parse(parser, story().encode())["day"] == "2024-03-05"


def test_one_process_serves_many_pages_and_readings(tmp_path):
    for n in range(3):
        (tmp_path / f"{n}.html").write_text(story(sentences=4 + n))
    with borrowed(megabytes=1500) as parser:
        parse(parser, story().encode())
        process = parser._process
    assert len(list(read([str(tmp_path)]))) == 3
    with borrowed(megabytes=1500) as parser:
        assert parser._process is process
        assert process.poll() is None


@pytest.mark.parametrize(("name", "data"), [("bomb.rss", ENTITIES), ("bomb.xml", ENTITIES.replace(b"rss", b"urlset"))], ids=["feed", "sitemap"])
def test_entity_bombs_expand_to_nothing(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    items = list(read([str(path)], options=ReadOptions(feed_seconds=5)))
    assert all(isinstance(i, Rejected) or len(i.text) < 10_000 for i in items)


def test_external_entities_are_not_opened(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret")
    path = tmp_path / "a.rss"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]>'
        "<rss version='2.0'><channel><item><title>t</title><guid>1</guid><description>&s; and text</description></item></channel></rss>"
    )
    assert "the secret" not in repr(list(read([str(path)])))
    path.with_suffix(".xml").write_text(path.read_text().replace("rss", "urlset").replace("description", "loc"))
    assert "the secret" not in repr(list(read([str(path.with_suffix(".xml"))])))


@pytest.mark.parametrize("depth", [500, 50_000])
def test_deep_nesting_is_survived(tmp_path, depth):
    path = tmp_path / "deep.html"
    path.write_text("<html><body>" + "<div>" * depth + story() + "</div>" * depth)
    (item,) = read([str(path)])
    assert isinstance(item, Rejected) or "Portugal" in item.text
