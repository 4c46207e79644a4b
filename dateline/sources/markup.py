"""What strangers' markup says, as plain values: pages, feeds, sitemaps. Run in the process that parses (dateline.sources.parser).

Here: pure functions from bytes to JSON-able mappings, named in OPERATIONS. Not here: what an article is made of (dateline.sources.pages,
dateline.sources.feeds, dateline.sources.sitemaps). Next: dateline.sources.feed_markup, dateline.sources.fragments.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from dateline.errors import InputError
from dateline.sources.charset import decode

# htmldate asks the clock for the latest day that it believes; a fixed one keeps the answer a function of the page alone.
LATEST_DAY = "2099-12-31"
NAMESPACE = "{*}"
DATED_MARKUP = "//meta/@content | //time/@datetime | //*[@itemprop]/@content | //script[contains(@type, 'json')]/text()"


def page(data: bytes, item: str, *, url: str | None = None, charset: str | None = None) -> dict[str, Any]:
    """Return a page's text, title, author, site, canonical URL, and its day with how it is known.

    `day` is an ISO day; `day_basis` is "metadata" (markup made for it), "url" or "text" (found in the page's words). None is unknown.
    """
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    text = decode(_without_nulls(data), item=item, http=charset, markup=True).text
    tree = load_html(text)
    if tree is None:
        raise InputError(
            f"Cannot read {item}: no HTML, or more than the parser's memory holds. Name the kind if it is something else.", code="not_html", item=item
        )
    day, basis = _day(tree, text, url)
    dates = {"original_date": True, "extensive_search": False, "max_date": LATEST_DAY}
    found: Any = bare_extraction(tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if found is None:
        return {"text": "", "day": day, "day_basis": basis}
    if basis == "text" and day and found.url and _in_url(day, found.url):
        basis = "url"
    return {
        "text": found.text or "",
        "title": found.title,
        "author": found.author,
        "site": found.sitename,
        "canonical": found.url,
        "day": day,
        "day_basis": basis,
    }


def sitemap(data: bytes, item: str, **_: str | None) -> dict[str, Any]:
    """Return a sitemap's `locations` (url, modified, published, title) and whether it is an index of sitemaps (sitemaps.org, 0.9)."""
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"Cannot read {item}: no XML ({error}). Name the kind if it is something else.", code="not_xml", item=item) from error
    if root is None:
        raise InputError(f"Cannot read {item}: no XML. Name the kind if it is something else.", code="not_xml", item=item)
    index = etree.QName(root).localname == "sitemapindex"
    entries = root.iterfind(NAMESPACE + ("sitemap" if index else "url"))
    found = [
        {
            "url": _below(entry, "loc"),
            "modified": _below(entry, "lastmod"),
            "published": _day_of(_below(entry, ".//publication_date")),
            "title": _below(entry, ".//title"),
        }
        for entry in entries
    ]
    return {"index": index, "locations": [f for f in found if f["url"]]}


def warm_up(_data: bytes, _item: str, *, operation: str | None = None) -> dict[str, Any]:
    """Import what an operation needs, so that its first page takes no longer than the next."""
    if operation == "page":
        page(b"<html><body><p>Warm.</p></body></html>", "warm-up")
    elif operation == "feed":
        _feed(b"<rss><channel><title>Warm</title></channel></rss>", "warm-up")
    return {}


def _feed(data: bytes, item: str, **arguments: str | None) -> dict[str, Any]:
    from dateline.sources.feed_markup import feed

    return feed(data, item, **arguments)


OPERATIONS: dict[str, Callable[..., dict[str, Any]]] = {"page": page, "sitemap": sitemap, "feed": _feed, "warm_up": warm_up}


def _day(tree: Any, text: str, url: str | None) -> tuple[str | None, str | None]:
    from htmldate import find_date

    def find(*, extensive: bool) -> str | None:
        found = find_date(text, original_date=True, extensive_search=extensive, url=url, max_date=LATEST_DAY, deferred_url_extractor=True)
        return str(found) if found else None

    day = find(extensive=False) or find(extensive=True)
    if day is None:
        return None, None
    if any(day in value for value in tree.xpath(DATED_MARKUP)):
        return day, "metadata"
    return day, "url" if url and _in_url(day, url) else "text"


def _in_url(day: str, url: str) -> bool:
    return re.search(day.replace("-", r"\D?"), url) is not None


def _without_nulls(data: bytes) -> bytes:
    """Return a page without stray null bytes, which browsers pass over; one with many is binary, or in another encoding, and stays as it is."""
    found = data.count(b"\0")
    return data.replace(b"\0", b"") if 0 < found <= len(data) // 100 else data


def _day_of(moment: str | None) -> str | None:
    """Return an ISO date or datetime as it is; None for what is neither, such as a month alone."""
    try:
        return moment if moment and datetime.fromisoformat(moment) else None
    except ValueError:
        return None


def _below(entry: Any, path: str) -> str | None:
    prefix, name = (".//", path[3:]) if path.startswith(".//") else ("", path)
    text = entry.findtext(f"{prefix}{NAMESPACE}{name}")
    return text.strip() if text and text.strip() else None
