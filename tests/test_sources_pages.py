"""Saved pages: text, title, day and its basis, URL; and the corpus of saved news pages beside the project."""

import json
import re
import tarfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from rude_server import story

from dateline.document_time import find_document_time
from dateline.jsonl import article_from_record, article_to_json
from dateline.resources import resources_for
from dateline.sources import ReadOptions, Rejected, read
from dateline.sources.fragments import fragment_text
from dateline.sources.markup import page
from dateline.sources.pages import article_url

CORPUS = Path(__file__).resolve().parents[1] / "../shared/corpus/html"
WORD = re.compile(r"\w+")


def test_a_saved_page_gives_an_article(tmp_path):
    link = '<link rel="canonical" href="https://news.example/2024/03/05/lisbon#top"><meta property="og:site_name" content="The Example">'
    (tmp_path / "lisbon.html").write_text(story().replace("</head>", link + "</head>"))
    (article,) = read([str(tmp_path)])
    assert (article.doc_id, article.title, article.published, article.language) == ("lisbon", "Ministers meet in Lisbon", "2024-03-05", "en")
    assert (article.url, article.source) == ("https://news.example/2024/03/05/lisbon", "The Example")
    assert article.text.count("The foreign ministers of Portugal and Spain met in Lisbon on Monday") == 12
    assert "All rights reserved" not in article.text
    (article,) = read([str(tmp_path)], options=ReadOptions(source="Registered"))
    assert article.source == "Registered"


@pytest.mark.parametrize(
    ("canonical", "url"),
    [("https://a.test/", None), ("https://a.test", None), ("/story", None), (None, None), ("https://a.test/s?id=1#x", "https://a.test/s?id=1")],
)
def test_only_a_canonical_url_that_names_the_page_is_its_url(canonical, url):
    assert article_url(canonical) == url


@pytest.mark.parametrize(
    ("head", "body", "url", "day", "basis"),
    [
        ('<meta property="article:published_time" content="2024-03-05T23:30:00-05:00">', "", None, "2024-03-05", "metadata"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05"}</script>', "", None, "2024-03-05", "metadata"),
        ("", '<time datetime="2024-03-05">today</time>', None, "2024-03-05", "metadata"),
        ("", "", "https://a.test/2024/03/05/story", "2024-03-05", "url"),
        ("", '<p class="date">Published on March 5, 2024</p>', None, "2024-03-05", "text"),
        ("", "", None, None, None),
    ],
)
def test_the_day_comes_with_its_basis(head, body, url, day, basis):
    told = "<p>The foreign ministers of Portugal and Spain met in Lisbon and spoke about railways and rivers.</p>" * 5
    found = page(f"<html><head><title>t</title>{head}</head><body><article>{body}{told}</article></body></html>".encode(), "x", url=url)
    assert (found["day"], found["day_basis"]) == (day, basis)


def test_the_basis_goes_with_the_article_to_its_document_time(tmp_path):
    words = '<p class="date">Published on March 5, 2024</p>'
    told = "<p>The foreign ministers of Portugal and Spain met in Lisbon and spoke about railways and rivers.</p>" * 5
    (tmp_path / "a.html").write_text(f"<html><body><article>{words}{told}</article></body></html>")
    (article,) = read([str(tmp_path)])
    assert (article.published, article.published_basis) == ("2024-03-05", "text")
    assert article_from_record(article_to_json(article), "x") == article
    found = find_document_time(replace(article, text="The ministers met in Lisbon."), resources_for("en"))
    assert (found.day.isoformat(), found.basis) == ("2024-03-05", "text")
    assert article_from_record({"doc_id": "a", "text": "t", "published": "2024-03-05", "published_basis": "crawled"}, "x").published_basis is None


@pytest.mark.parametrize("charset", ["windows-1252", "utf-8", "utf-16"])
def test_a_page_in_any_charset_reads_the_same(tmp_path, charset):
    text = story("Café talks").replace('charset="utf-8"', f'charset="{charset}"').replace("Portugal", "São Tomé")
    (tmp_path / "a.html").write_bytes(text.encode(charset))
    (article,) = read([str(tmp_path)])
    assert (article.title, article.text.count("São Tomé")) == ("Café talks", 12)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain & simple", "Plain & simple"),
        ("<p>One <b>bold</b> word.</p><p>Two</p>", "One bold word.\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<p>a</p><script>bad()</script><style>x{}</style><iframe>no</iframe><p>b&nbsp;c &amp; d</p>", "a\n\nb\xa0c & d"),
        ("<div>" * 5000 + "deep" + "</div>" * 5000, ("deep", "")),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_fragments_become_paragraphs(markup, text):
    found = fragment_text(markup)
    assert found in text if isinstance(text, tuple) else found == text


def f1(one, other):
    """Token multiset F1, case folded: the measure of the corpus."""
    first, second = Counter(WORD.findall(one.lower())), Counter(WORD.findall(other.lower()))
    same = sum((first & second).values())
    return 2 * same / (first.total() + second.total()) if same else 0.0


@pytest.mark.shared
def test_saved_news_pages_reach_the_floors(tmp_path):
    if not (CORPUS / "manifest.json").exists():
        pytest.skip("needs ../shared/corpus/html")
    import trafilatura

    with tarfile.open(CORPUS / "pages.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    scores, days = [], []
    for entry in json.loads((CORPUS / "manifest.json").read_text()):
        path = tmp_path / entry["file"]
        started = time.monotonic()
        (item,) = read([str(path)])
        assert time.monotonic() - started < 5, path.name
        assert not isinstance(item, Rejected), item
        own = trafilatura.bare_extraction(path.read_bytes(), with_metadata=True)
        scores.append(f1(item.text, entry["gold_text"]))
        assert scores[-1] >= f1(own.text, entry["gold_text"]) - 0.02, path.name
        assert item.text.strip() or not entry["gold_text"].strip(), path.name
        if entry["gold_published"]:
            days.append(item.published == entry["gold_published"][:10])
    assert sum(scores) / len(scores) >= 0.92
    assert sum(days) / len(days) >= 0.9
