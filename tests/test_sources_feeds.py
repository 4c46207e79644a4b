"""RSS, Atom and JSON feeds, whole entries and summaries; the corpus of feeds, well-formed and not."""

import json
from collections import Counter
from pathlib import Path

import pytest

from dateline.records import Article
from dateline.sources import Reading, Rejected, read
from dateline.sources.feed_markup import feed, is_full

CORPUS = Path(__file__).resolve().parents[1] / "../shared/corpus/feeds"
BODY = "<p>" + "The foreign ministers of Chile and Peru met in Arica on Tuesday to speak about the border. " * 4 + "</p><p>They agreed to meet again.</p>"
# feedparser takes no JSON feed and gives no entry for what is no feed at all; we read the first and name the second.
BEYOND_FEEDPARSER = {"feedjira_json_feed.json": 20, "feedparser_illformed_rss_empty_document.xml": 1, "rssparser_unrecognized.rss": 1}


def rss(*items, head=""):
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Wire</title><link>https://wire.example/</link>'
        f"{head}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def read_feed(tmp_path, text, name="a.rss"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read([str(path)]))


def test_an_rss_entry_is_an_article(tmp_path):
    (article,) = read_feed(
        tmp_path,
        rss(
            "<title>Chile &amp;amp; Peru meet</title><link>https://wire.example/1</link><guid>g-1</guid><dc:creator>Ana Paz</dc:creator>"
            f"<pubDate>Tue, 05 Mar 2024 22:15:00 -0500</pubDate><content:encoded><![CDATA[{BODY}<script>x()</script>]]></content:encoded>"
        ),
    )
    assert article.text.startswith("The foreign ministers of Chile")
    assert article.text.endswith("border.\n\nThey agreed to meet again.")
    expected = Article("g-1", article.text, "2024-03-05T22:15:00-05:00", "Chile & Peru meet", "The Wire", "Ana Paz", "https://wire.example/1", "en", "g-1")
    assert article == expected


def test_an_atom_entry_is_an_article(tmp_path):
    (article,) = read_feed(
        tmp_path,
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Atoms</title><link href="https://atoms.example/"/><entry>'
        '<title type="html">A &lt;b&gt;bold&lt;/b&gt; move</title>'
        '<id>tag:1</id><link href="/story/1"/><updated>2024-03-06T08:00:00Z</updated><published>2024-03-05T23:59:00-08:00</published>'
        f'<author><name>Ana</name></author><author><name>Rui</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{BODY}</div></content></entry></feed>',
        "a.atom",
    )
    assert (article.title, article.byline, article.published) == ("A bold move", "Ana; Rui", "2024-03-05T23:59:00-08:00")
    assert (article.url, article.guid, article.source) == ("https://atoms.example/story/1", "tag:1", "Atoms")


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_entry_is_an_article(tmp_path, version):
    item = {
        "id": 7,
        "url": "https://j.example/7",
        "title": "Seven",
        "content_html": BODY,
        "date_published": "2024-03-05T10:00:00+01:00",
        "author": {"name": "Ana"},
    }
    feed_json = {"version": version, "title": "J", "home_page_url": "https://j.example", "items": [item, "nonsense", {}]}
    first, *others = read_feed(tmp_path, json.dumps(feed_json), "feed.json")
    assert (first.guid, first.url, first.title, first.byline, first.published) == ("7", "https://j.example/7", "Seven", "Ana", "2024-03-05T10:00:00+01:00")
    assert [o.text for o in others] == ["", ""]


def test_an_entry_without_anything_still_keeps_its_place(tmp_path):
    items = read_feed(tmp_path, rss("", "<title>only a title</title>", "<description>only words</description>"))
    assert [(i.title, i.text) for i in items] == [(None, ""), ("only a title", ""), (None, "only words")]
    moved = read_feed(tmp_path, rss("<description>only words</description>", "<description>more words</description>"), "b.rss")
    assert moved[0].doc_id == items[2].doc_id
    assert len({i.doc_id for i in (*items, *moved)}) == 4


def test_a_guid_that_several_items_share_names_none_of_them(tmp_path):
    path = tmp_path / "a.rss"
    path.write_text(rss(*(f"<guid>same</guid><link>https://wire.example/{n}</link><description>{BODY} {n}</description>" for n in (1, 2))))
    reading = Reading([str(path)])
    assert [i.url for i in reading] == ["https://wire.example/1", "https://wire.example/2"]
    assert list(Reading([str(path)], state=reading.state)) == []


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Tue, 05 Mar 2024 22:15:00 GMT", "2024-03-05T22:15:00+00:00"),
        ("2024-03-05T22:15:00Z", "2024-03-05T22:15:00+00:00"),
        ("2024-03-05", "2024-03-05"),
        ("Tuesday, 5 March 2024 22:15 EST", "2024-03-05T22:15:00-05:00"),
        ("when it was done", None),
    ],
)
def test_dates_keep_their_own_offset(tmp_path, date, published):
    (article,) = read_feed(tmp_path, rss(f"<title>t</title><pubDate>{date}</pubDate><description>words</description>"))
    assert article.published == published


@pytest.mark.parametrize(
    ("text", "content", "full"),
    [
        ("word " * 60, True, True),
        ("word " * 60, False, False),
        ("word " * 300, False, True),
        ("word " * 300 + "[…]", True, False),
        ("word " * 300 + "...", True, False),
        ("word " * 300 + "Continue reading", True, False),
        ("word " * 300 + "Read the full story here »", True, False),
        ("word " * 300 + "The post first appeared in The Wire.", True, True),
    ],
)
def test_a_summary_is_not_taken_for_the_article(text, content, full):
    assert is_full(text.strip(), content=content) is full


@pytest.mark.parametrize(
    "damage",
    [
        lambda t: t.replace("</item>", ""),
        lambda t: "\n \n" + t,
        lambda t: t.replace("&amp;", "&"),
        lambda t: t[: len(t) - 40],
        lambda t: t.replace("utf-8", "bogus"),
    ],
)
def test_a_malformed_feed_gives_what_can_be_read_of_it(tmp_path, damage):
    text = rss(*(f"<title>a &amp; b {n}</title><guid>{n}</guid><description>words {n}</description>" for n in range(3)))
    items = read_feed(tmp_path, damage(text))
    assert Counter(type(i).__name__ for i in items)["Article"] >= 1


@pytest.mark.parametrize("data", [b"<rss><channel>", b"<html><body>no feed</body></html>", b"", b"\0\0", b"just words"])
def test_what_is_no_feed_is_named(tmp_path, data):
    items = read_feed(tmp_path, data)
    assert all(isinstance(i, Rejected) for i in items)


@pytest.mark.shared
def test_the_corpus_feeds_give_feedparsers_entries():
    if not (CORPUS / "manifest.json").exists():
        pytest.skip("needs ../shared/corpus/feeds")
    wrong = {}
    for entry in json.loads((CORPUS / "manifest.json").read_text()):
        items = list(read([str(CORPUS / entry["file"])]))
        if len(items) != BEYOND_FEEDPARSER.get(entry["file"], entry["entries"]):
            wrong[entry["file"]] = len(items)
        dated = sum(isinstance(i, Article) and i.published is not None for i in items)
        if dated != entry["with_date"] and entry["file"] not in BEYOND_FEEDPARSER:
            wrong[entry["file"] + " dates"] = dated
    assert wrong == {}


def test_a_feed_is_a_function_of_its_bytes():
    data = rss(f"<title>t</title><guid>1</guid><description>{BODY}</description>", head="<lastBuildDate>Tue, 05 Mar 2024 10:00:00 GMT</lastBuildDate>").encode()
    assert feed(data, "x") == feed(data, "x")
    assert feed(data, "x")["built"] == "2024-03-05T10:00:00+00:00"
