"""What leads to pages: feeds with summaries, lists, sitemaps, archives; conditional fetching; kept bytes and their replay."""

import gzip
import io
import json

import pytest
from rude_server import page, redirect, serving, story
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline.errors import UsageError
from dateline.records import Article
from dateline.sources import FetchPolicy, Reading, ReadOptions, Rejected, SourceState, read, replay

FULL = "<p>" + "The premier of Quebec spoke in Montreal on Friday about the budget and the schools of the province. " * 6 + "</p>"


@pytest.fixture
def server():
    with serving() as running:
        yield running


def options(**changes):
    return ReadOptions(fetch=FetchPolicy(allow_hosts=frozenset({"news.test"}), delay=0, max_seconds=5), **changes)


def loopback(host, port):
    return ["127.0.0.1"]


def read_all(*locations, **changes):
    return list(read(locations, options=options(**changes), resolver=loopback))


def entry(server, n, body="In short.", title=None):
    return (
        f"<item><title>{title or f'Story {n}'}</title><link>{server.url(f'/{n}')}</link><guid>g{n}</guid>"
        f"<pubDate>Tue, 05 Mar 2024 0{n}:00:00 GMT</pubDate><description><![CDATA[{body}]]></description></item>"
    )


def rss(*entries, built="Tue, 05 Mar 2024 10:00:00 GMT"):
    return f"<rss version='2.0'><channel><title>Wire</title><lastBuildDate>{built}</lastBuildDate>{''.join(entries)}</channel></rss>"


def feed(*entries, built="Tue, 05 Mar 2024 10:00:00 GMT", **headers):
    return page(rss(*entries, built=built), kind="application/rss+xml", **headers)


def test_summaries_are_followed_and_whole_entries_are_not(server):
    server.routes["/feed"] = feed(entry(server, 1), entry(server, 2, FULL * 3))
    server.routes["/1"] = page(story("Page title"))
    first, second = read_all(server.url("/feed"))
    assert first.text.count("Portugal and Spain") == 12
    assert (first.doc_id, first.url, first.guid, first.title, first.source) == ("g1", server.url("/1"), "g1", "Story 1", "Wire")
    assert first.published == "2024-03-05T01:00:00+00:00"
    assert second.text.startswith("The premier of Quebec")
    assert server.paths() == ["/feed", "/1"]


def test_following_can_be_switched_off_and_a_local_feed_does_not_follow(server, tmp_path):
    server.routes["/feed"] = feed(entry(server, 1))
    assert read_all(server.url("/feed"), follow=False)[0].text == "In short."
    (tmp_path / "a.rss").write_text(rss(entry(server, 1)))
    assert read_all(str(tmp_path / "a.rss"))[0].text == "In short."
    assert server.paths() == ["/feed"]


def test_a_page_that_is_closed_leaves_the_summary_and_one_that_fails_for_now_does_not(server):
    server.routes["/feed"] = feed(entry(server, 1), entry(server, 2), entry(server, 3, body=""))
    server.routes["/1"] = page("", status=403)
    server.routes["/2"] = page("", status=503, Retry_After="0")
    server.routes["/3"] = page("", status=404)
    first, second, third = read_all(server.url("/feed"))
    assert first.text == "In short."
    assert (second.code, second.transient) == ("http_503", True)
    assert (third.code, third.transient) == ("http_404", False)


def test_a_feed_is_a_feed_whatever_the_server_calls_it(server):
    for kind in ("text/html", "text/plain", "application/octet-stream", ""):
        server.routes["/feed"] = page("\n" + rss(entry(server, 1, FULL * 3)), kind=kind)
        (article,) = read_all(server.url("/feed"))
        assert article.guid == "g1"


def test_a_single_url_is_its_page(server):
    server.routes["/old"] = redirect("/story#comments")
    server.routes["/story"] = page(story().encode("cp1252"), kind="text/html; charset=windows-1252")
    (article,) = read_all(server.url("/old"))
    assert (article.url, article.doc_id) == (server.url("/story"), server.url("/story"))
    assert article.source.startswith("news.test")
    assert article.published == "2024-03-05"


def test_lists_of_urls_are_read_in_order_each_once(server, tmp_path):
    for n in (1, 2):
        server.routes[f"/{n}"] = page(story(f"Story {n}"))
    path = tmp_path / "list.txt"
    path.write_text(f"# my list\n{server.url('/2')}\n\n{server.url('/1')}\n{server.url('/2')}\n")
    assert [a.title for a in read_all(str(path))] == ["Story 2", "Story 1"]
    path.write_text(f"{server.url('/1')}\nnot a url\n")
    good, bad = read_all(str(path), kind="links")
    assert isinstance(good, Article)
    assert (bad.code, bad.item) == ("bad_url", f"{path}:2")


def urlset(*locations):
    return "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" + "".join(f"<url>{one}</url>" for one in locations) + "</urlset>"


def test_sitemaps_and_their_indexes_are_followed_to_the_pages(server):
    news = "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><news:publication_date>2024-03-0{0}</news:publication_date></news:news>"
    maps = urlset(*(f"<loc>{server.url(f'/{n}')}</loc>{news.replace('{0}', str(n))}" for n in (1, 2, 3)))
    server.routes["/sitemap.xml.gz"] = page(gzip.compress(maps.encode()), kind="application/gzip")
    index = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{server.url('/sitemap.xml.gz')}</loc></sitemap></sitemapindex>"
    server.routes["/sitemap.xml"] = page(index, kind="application/xml")
    for n in (1, 2, 3):
        server.routes[f"/{n}"] = page(story(f"Story {n}", day=f"2024-03-0{n}"))
    assert [a.title for a in read_all(server.url("/sitemap.xml"))] == ["Story 1", "Story 2", "Story 3"]
    assert [a.title for a in read_all(server.url("/sitemap.xml"), since="2024-03-02", until="2024-03-02")] == ["Story 2"]


def test_depth_is_capped(server):
    for n in range(6):
        nested = f"<sitemapindex><sitemap><loc>{server.url(f'/{n + 1}')}</loc></sitemap></sitemapindex>"
        server.routes[f"/{n}"] = page(nested, kind="application/xml")
    (item,) = read_all(server.url("/0"), max_depth=3)
    assert item.code == "too_deep"
    assert len(server.paths()) == 4


def test_two_million_paragraphs_from_a_server_do_not_hold_up_the_next_page(server, tmp_path):
    server.routes["/bomb"] = page(b"<html><body>" + b"<p>" * 2_000_000)
    server.routes["/1"] = page(story())
    path = tmp_path / "a.urls"
    path.write_text(f"{server.url('/bomb')}\n{server.url('/1')}\n")
    bomb, good = read_all(str(path), page_seconds=2.0)
    assert (bomb.code, type(good)) == ("parse_timeout", Article)


@pytest.mark.parametrize("packed", [True, False])
def test_an_archives_pages_become_articles(tmp_path, packed):
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        for url, status, kind, body in [
            ("https://a.test/1", "200 OK", "text/html; charset=windows-1252", story("Café").replace("utf-8", "").encode("cp1252")),
            ("https://a.test/x.png", "200 OK", "image/png", b"\x89PNG"),
            ("https://a.test/404", "404 Not Found", "text/html", b"<p>none"),
            ("https://a.test/empty", "200 OK", "text/html", b""),
            ("https://a.test/2", "200 OK", "text/html", story("Second").encode()),
        ]:
            head = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
    first, empty, second = read_all(str(path))
    assert (first.title, first.url, second.title) == ("Café", "https://a.test/1", "Second")
    assert (empty.code, empty.item) == ("empty_file", f"{path}#https://a.test/empty")
    path.write_bytes(path.read_bytes()[:-400])
    items = read_all(str(path))  # broken off: of a packed one the last block is lost, the rest is read
    assert getattr(items[0], "title", None) == (None if packed else "Café")
    assert isinstance(items[-1], Rejected) or not packed


def test_a_source_is_asked_only_for_what_changed(server):
    server.routes["/feed"] = feed(entry(server, 1, FULL * 3), ETag='"1"', Last_Modified="Tue, 05 Mar 2024 10:00:00 GMT")
    first = Reading([server.url("/feed")], options=options(), resolver=loopback)
    assert len(list(first)) == 1
    server.routes["/feed"] = page("", status=304, kind="")
    again = Reading([server.url("/feed")], options=options(), state=SourceState.from_json(first.state.to_json()), resolver=loopback)
    assert list(again) == []
    headers = server.requests[-1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Tue, 05 Mar 2024 10:00:00 GMT")
    assert again.state == first.state


def test_an_entry_that_failed_for_now_is_tried_again_and_the_feed_is_asked_for_whole(server):
    server.routes["/feed"] = feed(entry(server, 1), entry(server, 2), ETag='"1"')
    server.routes["/1"], server.routes["/2"] = page(story("One")), page("", status=503)
    first = Reading([server.url("/feed")], options=options(), resolver=loopback)
    assert [type(i) for i in first] == [Article, Rejected]
    server.routes["/2"] = page(story("Two"))
    again = Reading([server.url("/feed")], options=options(), state=first.state, resolver=loopback)
    assert [i.guid for i in again] == ["g2"]
    assert "if-none-match" not in next(h for p, h in reversed(server.requests) if p == "/feed")
    assert server.paths().count("/1") == 1


def test_a_source_that_is_gone_is_not_asked_again(server):
    server.routes["/feed"] = page("", status=410)
    first = Reading([server.url("/feed")], options=options(), resolver=loopback)
    assert [i.code for i in first] == ["gone"]
    again = Reading([server.url("/feed")], options=options(), state=SourceState.from_json(first.state.to_json()), resolver=loopback)
    assert list(again) == []
    assert server.paths() == ["/feed"]


def test_kept_bytes_are_read_again_without_a_server(server, tmp_path):
    server.routes["/feed"] = feed(entry(server, 1), entry(server, 2, FULL * 3))
    server.routes["/1"] = page(story())
    kept = tmp_path / "raw"
    before = read_all(server.url("/feed"), keep_raw=kept)
    server.http.shutdown()
    assert list(replay(kept, options=options())) == before
    index = [json.loads(line) for line in (kept / "index.jsonl").read_text().splitlines()]
    assert [record["depth"] for record in index] == [0, 1]
    digest = index[1]["digest"]
    (kept / digest[:2] / digest[2:]).write_bytes(b"changed")
    assert [i.text for i in replay(kept, options=options())] == ["In short.", before[1].text]
    digest = index[0]["digest"]
    (kept / digest[:2] / digest[2:]).unlink()
    assert [i.code for i in replay(kept, options=options())] == ["raw_damaged"]
    with pytest.raises(UsageError, match="keep_raw"):
        list(replay(tmp_path))


def test_max_items_caps_a_location(server):
    server.routes["/feed"] = feed(*(entry(server, n, FULL * 3) for n in range(1, 6)))
    assert len(read_all(server.url("/feed"), max_items=2)) == 2
