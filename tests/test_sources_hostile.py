"""Feeds and pages as they are met: old dialects, broken encodings, what servers put before and into them. Counts are feedparser's, text trafilatura's."""

import gzip
import json

import feedparser
import pytest
import trafilatura
from rude_server import page, serving, story

from dateline.records import Article
from dateline.sources import FetchPolicy, ReadOptions, Rejected, read

TOLD = "The minister met the delegation in Geneva on Tuesday and spoke about the treaty. " * 16
BODY = f"<p>{TOLD}</p>"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
ATOM = "xmlns='http://www.w3.org/2005/Atom'"
JSON = "https://jsonfeed.org/version/1.1"


def item(n, more="", body=BODY):
    return f"<item><title>T{n}</title><link>https://wire.test/{n}</link><description><![CDATA[{body}]]></description>{more}</item>"


def rss(*items, head=""):
    return f"{head}<rss version='2.0'><channel><title>W</title><link>https://wire.test/</link>{''.join(items)}</channel></rss>"


def declared(charset):
    return f"<?xml version='1.0' encoding='{charset}'?>"


NETSCAPE = "http://my.netscape.com/rdf/"  # the namespace of RSS 0.90 begins so
CHANNEL = f"<channel><title>W</title></channel>{item(1)}{item(2)}"
FEEDS = {
    "rss-0.90.rdf": f"<rdf:RDF {RDF} xmlns='{NETSCAPE}simple/0.9/'>{CHANNEL}</rdf:RDF>",
    "rss-0.91.xml": "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.test/rss-0.91.dtd'>" + rss(item(1)),
    "rss-1.0.xml": f"<rdf:RDF {RDF} xmlns='http://purl.org/rss/1.0/'>{CHANNEL}</rdf:RDF>",
    "atom-0.3.xml": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>A</title><issued>2024-03-05T10:00:00Z</issued></entry></feed>",
    "atom-prefixed.xml": "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>1</a:id><a:title>A</a:title></a:entry></a:feed>",
    "atom-xhtml.xml": f"<feed {ATOM}><entry><id>1</id><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{BODY}</div></content></entry></feed>",
    "cdf.xml": "<CHANNEL HREF='https://wire.test/'><TITLE>W</TITLE><ITEM HREF='/1'><TITLE>A</TITLE></ITEM><ITEM HREF='/2'><TITLE>B</TITLE></ITEM></CHANNEL>",
    "after-a-long-comment.xml": rss(item(1), head=f"<!-- {'x' * 9000} -->"),
    "after-a-warning.xml": rss(item(1), item(2), head="<br />\n<b>Warning</b>: Undefined variable in <b>/www/feed.php</b> on line <b>3</b><br />\n"),
    "after-words.rss": rss(item(1), head="Notice: something\n"),
    "utf-32.xml": rss(item(1), head=declared("utf-32")).encode("utf-32"),
    "utf-16-without-mark.xml": rss(item(1), head=declared("utf-16")).encode("utf-16-le"),
    "latin-1-called-utf-8.xml": rss(item(1, body=BODY.replace("Geneva", "Genève")), head=declared("utf-8")).encode("latin-1"),
    "koi8-r.xml": rss(item(1, body=BODY.replace("Geneva", "Женева")), head=declared("koi8-r")).encode("koi8-r"),
    "null-and-control-characters.xml": rss(item(1).replace("T1", "T\0\x0b1"), item(2)),
    "ampersands.xml": rss(item(1).replace("T1", "A & B &nbsp; <b>c")),
    "broken-off.xml": rss(*map(item, range(6)))[:-700],
    "empty-items.xml": rss("<item/>", "<item></item>"),
    "items-outside.xml": f"<rss version='2.0'><channel><title>W</title></channel>{item(1)}{item(2)}</rss>",
    "deep.xml": rss(item(1, body="<div>" * 3000 + TOLD + "</div>" * 3000)),
    "named.html": rss(item(1)),
    "without-suffix": rss(item(1)),
    "no-entries.xml": rss(),
}


@pytest.mark.parametrize("name", FEEDS)
def test_every_entry_is_an_item(tmp_path, name):
    data = FEEDS[name] if isinstance(FEEDS[name], bytes) else FEEDS[name].encode()
    (tmp_path / name).write_bytes(data)
    items = list(read([str(tmp_path / name)]))
    assert all(isinstance(one, Article) for one in items)
    assert len(items) == len(feedparser.parse(data).entries)
    assert items or name == "no-entries.xml"


def test_feeds_are_known_by_what_they_hold(tmp_path):
    entries = [{"id": 1, "content_text": "One."}, {"id": None, "title": 5, "authors": "x", "date_published": 5}, None]
    files = {
        "sorted.json": json.dumps({"description": "x" * 6000, "items": entries, "version": JSON}, sort_keys=True).encode(),
        "marked.json": ("\ufeff" + json.dumps({"version": JSON, "items": entries})).encode(),
        "packed.xml": gzip.compress(rss(item(1), item(2), item(3)).encode()),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert [type(one) for one in read([str(tmp_path / name)])] == [Article] * 3


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Tuesday, March 5, 2024 - 10:00", "2024-03-05T10:00:00"),
        ("March 5, 2024", "2024-03-05T00:00:00"),
        ("1709632800", "2024-03-05T10:00:00+00:00"),
        ("1709632800000", "2024-03-05T10:00:00+00:00"),
        ("20240305T100000Z", "2024-03-05T10:00:00+00:00"),
        ("0000-00-00", None),
        ("Fri, 31 Feb 2024 10:00:00 GMT", None),
        ("05/03/2024", None),
    ],
)
def test_dates_are_read_as_written_or_stay_unknown(tmp_path, date, published):
    (tmp_path / "a.rss").write_text(rss(item(1, f"<pubDate>{date}</pubDate>")))
    (article,) = read([str(tmp_path / "a.rss")])
    assert article.published == published


SENTENCES = [
    "The foreign minister of Norway met her counterpart from Chile in Santiago on Tuesday to discuss fisheries.",
    "Both sides agreed to hold another round of talks in Oslo in June, a spokesman for the ministry said.",
    "The agreement covers quotas for the coming season and a joint patrol in the southern waters.",
    "Officials added that a final text would be signed before the end of the year if parliament approves.",
    "Environmental groups welcomed the move but asked for independent observers on board the vessels.",
]
STORY = "".join(f"<p>{one}</p>" for one in SENTENCES)
DATED = "<meta property='article:published_time' content='2024-03-05T09:30:00+00:00'>"
LINKED = '<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2024-03-05T08:00:00Z"{}}}</script>'


def document(body, head=DATED):
    return f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Talks</title>{head}</head><body>{body}</body></html>"


PAGES = {
    "amp": f"<!doctype html><html amp><head><title>T</title>{LINKED.format('')}</head><body><amp-sidebar>Menu</amp-sidebar><main>{STORY}</main></body></html>",
    "live-blog": document(
        "<main>"
        + "".join(f"<article><time datetime='2024-03-06T0{n}:00:00Z'>0{n}:00</time><h3>Update</h3><p>{one}</p></article>" for n, one in enumerate(SENTENCES))
    ),
    "gallery": document("<main>" + "".join(f"<figure><img src='a.jpg'><figcaption>{one}</figcaption></figure>" for one in SENTENCES) + "</main>"),
    "archived": document(f"<div id='wm-ipp-base'><a href='https://archive.test'>12 captures</a> 10 Nov 2025</div><article>{STORY}</article>"),
    "consent-wall": document(f"<div class='consent'><p>We and our 842 partners store cookies.</p><button>Accept</button></div><article>{STORY}</article>"),
    "release-in-a-table": f"<html><body><table><tr><td><b>RELEASE</b><br>March 5, 2024<br><br>{'<br><br>'.join(SENTENCES)}</td></tr></table></body></html>",
    "release": document(f"<h1>Statement</h1><div class='date'>March 5, 2024</div><div class='field--name-body'>{STORY}</div>", head=""),
    "filled-by-a-script": document("<div id='app'></div>" + LINKED.format(f', "articleBody": {json.dumps(" ".join(SENTENCES))}'), head=""),
    "without-scripts": document(f"<div id='app'></div><noscript>{STORY}</noscript>"),
    "divs-and-spans": document("".join(f"<div><div><span>{one}</span></div></div>" for one in SENTENCES)),
    "day-in-its-url": document(f"<article>{STORY}</article>", head="<link rel='canonical' href='https://wire.test/2024/03/05/talks.html'>"),
    "changed-later": document(f"<article>{STORY}</article>", head=f"<meta property='article:modified_time' content='2024-04-09T10:00:00Z'>{DATED}"),
    "null-characters": document(f"<article>{STORY}</article>".replace("Norway", "Nor\0way")),
    "utf-16": document(f"<article>{STORY}</article>").encode("utf-16"),
    "broken-nesting": document("<article><p><b><i>" + "</p><p><b>".join(SENTENCES) + "</article></b>"),
    "with-comments": document(
        f"<article>{STORY}</article><section id='comments'>{'<div class=comment><p>I do not believe a word of this.</p></div>' * 9}</section>"
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_story_and_its_day(tmp_path, name):
    data = PAGES[name] if isinstance(PAGES[name], bytes) else PAGES[name].encode()
    (tmp_path / f"{name}.html").write_bytes(data)
    (article,) = read([str(tmp_path / f"{name}.html")])
    told = " ".join(article.text.split())
    assert all(one in told for one in SENTENCES)
    assert "do not believe" not in told
    assert "842 partners" not in told
    assert "12 captures" not in told
    assert len(article.text) >= 0.98 * len((trafilatura.extract(data, include_comments=False) or "").replace("\0", ""))
    assert article.published == "2024-03-05"
    assert (article.published_basis == "url") == (name == "day-in-its-url")


@pytest.mark.parametrize(
    "body",
    ["<p></p>", "<html><head><title>x</title></head></html>", "<frameset><frame src='a.html'></frameset>", "<embed type='application/pdf' src='a.pdf'>"],
    ids=["nothing", "no body", "frames", "a PDF"],
)
def test_a_page_without_a_story_is_named(tmp_path, body):
    (tmp_path / "a.html").write_text(f"<!doctype html>{body}")
    (item,) = read([str(tmp_path / "a.html")])
    assert isinstance(item, Rejected)
    assert item.code == "no_text"


def test_xhtml_is_a_page_whatever_its_suffix(tmp_path):
    (tmp_path / "story.xml").write_text(
        f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title></head><body><div>{STORY}</div></body></html>"
    )
    (article,) = read([str(tmp_path / "story.xml")])
    assert article.text.startswith(SENTENCES[0])


def test_other_languages_come_with_their_code(tmp_path):
    french = "Le ministre des Affaires étrangères a rencontré son homologue à Genève mardi pour discuter de la pêche. " * 6
    arabic = "التقى وزير الخارجية نظيره في جنيف يوم الثلاثاء لبحث ملف الصيد البحري. " * 8
    for language, told in (("fr", french), ("ar", arabic)):
        (tmp_path / f"{language}.html").write_text(document(f"<article><p>{told}</p></article>"))
        (article,) = read([str(tmp_path / f"{language}.html")])
        assert article.language == language


BOMB = (
    "<!DOCTYPE rss [<!ENTITY a 'boom'>"
    + "".join(f"<!ENTITY {x} '{f'&{y};' * 10}'>" for x, y in zip("bcdefghi", "abcdefgh", strict=True))
    + "<!ENTITY file SYSTEM 'file:///etc/passwd'>]>"
)
SENT = {
    "a page in another charset than the server says": (
        document(f"<article>{STORY}</article>".replace("Norway", "Norvège")).encode("cp1252"),
        "text/html; charset=utf-8",
        "Norvège",
    ),
    "a page in a charset that does not exist": (document(f"<article>{STORY}</article>").encode(), "text/html; charset=klingon", "Norway"),
    "invalid XML": (rss(item(1)).replace("</item>", "</i>").replace("<title>W</title>", "<title>W"), "application/rss+xml", None),
    "an entity bomb": (rss(item(1).replace("T1", "&i;&file;"), head=BOMB), "application/rss+xml", "treaty"),
    "a bomb called a page": (BOMB.replace("rss", "html") + document(f"<article>{STORY}<p>&i;&file;</p></article>"), "text/html", "Norway"),
    "XML that is none": ("<?xml version='1.0'?><<<>>", "application/xml", None),
}


@pytest.mark.parametrize("what", SENT)
def test_what_a_misbehaving_server_sends_costs_its_own_item_at_most(what):
    body, kind, word = SENT[what]
    with serving() as server:
        server.routes["/it"] = page(body, kind=kind)
        server.routes["/next"] = page(story())
        options = ReadOptions(fetch=FetchPolicy(allow_hosts=frozenset({"news.test"}), delay=0, max_seconds=5))
        *items, last = read([server.url("/it"), server.url("/next")], options=options, resolver=lambda _host, _port: ["127.0.0.1"])
    assert isinstance(last, Article)
    assert "Portugal and Spain" in last.text
    texts = [one.text for one in items if isinstance(one, Article)]
    assert word is None or any(word in one for one in texts)
    assert not any("root:" in one or "boomboom" in one or "\ufffd" in one for one in texts)
