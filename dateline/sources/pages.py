"""Saved and fetched HTML pages: trafilatura's text and metadata, htmldate's day.

Here: what a page's markup becomes as an article. The parsing itself runs in another process (dateline.sources.markup).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from dateline.errors import InputError
from dateline.jsonl import FOUND_BASES
from dateline.records import Article
from dateline.sources.context import Context
from dateline.sources.items import Found, Item

SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
TYPES = frozenset({"text/html", "application/xhtml+xml"})


def read(found: Found, context: Context) -> Iterator[Item]:
    """Yield the page's one article. Raises InputError where no article text is found in it (code "no_text")."""
    page = context.parse("page", found, url=found.url, charset=found.charset)
    if not page["text"].strip():
        raise InputError(
            f"Cannot read {found.item}: no article text in the page (a list, a video, or a page that a script fills). Leave it out.",
            code="no_text",
            item=found.item,
        )
    url = found.url or article_url(page["canonical"])
    article = Article(
        doc_id=found.doc_id,
        text=page["text"],
        published=page["day"],
        title=page["title"],
        source=context.options.source or page["site"] or (urlsplit(url).hostname if url else None),
        byline=page["author"],
        url=url,
        published_basis=page["day_basis"] if page["day_basis"] in FOUND_BASES else None,
    )
    yield context.finish(article, found.item)


def article_url(canonical: str | None) -> str | None:
    """Return a saved page's own URL as it declares it; None where it declares none, or only its site's front page."""
    if not canonical or not canonical.startswith(("http://", "https://")):
        return None
    return urldefrag(canonical).url if urlsplit(canonical).path.strip("/") else None
