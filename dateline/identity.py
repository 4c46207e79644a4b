"""What makes two articles, texts or reports the same (docs/contract.md, Identity). Pure functions of their arguments.

Here: article keys and ids, the digest of a normalised text, report ids. Not here: event ids (dateline.resolve), near-duplicates
(dateline.sources.duplicates).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata

from dateline.records import Article


def article_key(article: Article) -> str:
    """Return the article's key as text: (source, url), else (source, guid), else (source, doc_id)."""
    for field in ("url", "guid", "doc_id"):
        value = getattr(article, field)
        if value:
            return json.dumps([article.source or "", field, value], ensure_ascii=False)
    return json.dumps([article.source or "", "doc_id", ""])


def article_id(article: Article) -> str:
    """Return the id that names the article in the database: a hash of its key."""
    return _digest(article_key(article))[:20]


def normalised_text(text: str) -> str:
    """Return the text as it is compared: NFC, every run of white space one blank, none at the ends. Never stored, never searched."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def text_digest(text: str) -> str:
    """Return the sha256 of the normalised text in hexadecimal digits: equal for exact duplicates."""
    return _digest(normalised_text(text))


def report_id(key: str, event_type: str, start: int, end: int) -> str:
    """Return a report's id from its article's key, its type and the offsets of its first evidence (end exclusive)."""
    return _digest(json.dumps([key, event_type, start, end], ensure_ascii=False))[:20]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
