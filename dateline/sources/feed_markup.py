"""RSS, Atom (by feedparser, well-formed or not) and JSON Feed (jsonfeed.org, 1 and 1.1) as plain values.

Here: a feed's entries with their text, dates in their own offset, and whether the text is the whole article. Not here: following
entries to their pages (dateline.sources.feeds). Run in the process that parses (dateline.sources.parser).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from dateline.errors import InputError
from dateline.sources.charset import decode
from dateline.sources.fragments import fragment_text

# A body of its own of this length is an article; a summary must be longer to be taken for one. Counted on the corpus' feeds.
FULL_CONTENT, FULL_SUMMARY = 200, 1200
CUT_SHORT = re.compile(
    r"(\[?(…|\.\.\.)\]?|\b(read more|continue reading|keep reading|read (the )?(full|rest|whole)[^\n]{0,60}|full (article|story)))\W*\Z",
    re.IGNORECASE,
)
ISO_DAY = re.compile(r"\d{4}-[01]\d-[0-3]\d")
EPOCH = re.compile(r"1\d{9}(\d{3})?")  # seconds or milliseconds since 1970
SPELT_OUT = ("%A, %B %d, %Y - %H:%M", "%A, %B %d, %Y", "%B %d, %Y", "%b %d, %Y", "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%A, %d %B %Y", "%d %B %Y")
JSON_FEED = "jsonfeed.org/version"


def feed(data: bytes, item: str, *, charset: str | None = None) -> dict[str, Any]:
    """Return a feed's title, link, language, build date and `entries`, one for each of its items.

    Raises InputError (code "not_a_feed") where it is no feed at all; a feed with errors gives what can be read of it.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(data, item, charset)
    import feedparser

    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    # The feed's own address is not told: feedparser would make absolute URLs of guids. dateline.sources.feeds resolves the links.
    found = feedparser.parse(data, response_headers=headers)
    if not found.version and not found.entries:
        raise InputError(f"Cannot read {item}: no RSS, Atom or JSON feed. Name the kind if it is something else.", code="not_a_feed", item=item)
    return {
        "version": found.version,
        "title": _text(found.feed.get("title")),
        "link": _text(found.feed.get("link")),
        "language": _text(found.feed.get("language")),
        "built": _moment(found.feed, "updated") or _moment(found.feed, "published"),
        "entries": [_entry(entry) for entry in found.entries],
    }


def is_full(text: str, *, content: bool) -> bool:
    """Say whether an entry's text is the whole article: long enough, and not cut short. `content`: from a body, not a summary."""
    return len(text) >= (FULL_CONTENT if content else FULL_SUMMARY) and not CUT_SHORT.search(text)


def _entry(entry: Any) -> dict[str, Any]:
    bodies = [_body_text(body) for body in entry.get("content", ())]
    body = max(bodies, key=len, default="")
    summary = _body_text(entry.get("summary_detail") or {"value": entry.get("summary", ""), "type": "text/html"})
    text = body if len(body) >= len(summary) * 0.8 else summary
    return {
        "guid": _text(entry.get("id")),
        "url": _text(entry.get("link")),
        "title": fragment_text(str(entry.get("title") or "").replace("\0", "")) or None,
        "author": _authors(entry),
        "published": _moment(entry, "published") or _moment(entry, "updated"),
        "updated": _moment(entry, "updated"),
        "text": text,
        "full": is_full(text, content=text is body),
    }


def _body_text(body: Any) -> str:
    value = str(body.get("value") or "").replace("\0", "")  # what no character of XML is, some writers emit
    return value.strip() if body.get("type") == "text/plain" and "</" not in value else fragment_text(value)


def _authors(entry: Any) -> str | None:
    names = [_text(author.get("name")) for author in entry.get("authors", ())]
    return "; ".join(dict.fromkeys(n for n in names if n)) or _text(entry.get("author"))


def _moment(entry: Any, name: str) -> str | None:
    """Return a date as ISO text in its own offset, as the feed gives it; in UTC where only feedparser can read it; None for nonsense."""
    if not dict.__contains__(entry, name):
        return None
    raw = str(entry.get(name) or "").strip()
    if EPOCH.fullmatch(raw):
        return datetime.fromtimestamp(int(raw[:10]), UTC).isoformat()
    for parse in (datetime.fromisoformat, parsedate_to_datetime, _spelt_out):
        try:
            moment = parse(raw)
            return raw if ISO_DAY.fullmatch(raw) else moment.isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    parsed = entry.get(f"{name}_parsed")
    if not parsed:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).isoformat()
    except (ValueError, TypeError):
        return None


def _spelt_out(raw: str) -> datetime:
    """Return the moment of a date as content systems print it for readers. Raises ValueError."""
    for form in SPELT_OUT:
        try:
            return datetime.strptime(raw, form)  # noqa: DTZ007 - it names no offset
        except ValueError:
            continue
    raise ValueError(raw)


def _text(value: Any) -> str | None:
    return value.replace("\0", "").strip() or None if isinstance(value, str) else None


def is_json_feed(found: Any) -> bool:
    """Say whether a JSON value is a JSON Feed."""
    return isinstance(found, dict) and JSON_FEED in str(found.get("version")) and isinstance(found.get("items"), list)


def _json_feed(data: bytes, item: str, charset: str | None) -> dict[str, Any]:
    try:
        found = json.loads(decode(data, item=item, http=charset).text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"Cannot read {item}: a JSON feed that is no JSON ({error}).", code="not_a_feed", item=item) from error
    if not is_json_feed(found):
        raise InputError(f"Cannot read {item}: JSON, but no JSON Feed (no version of {JSON_FEED}, no items).", code="not_a_feed", item=item)
    return {
        "version": "json",
        "title": _text(found.get("title")),
        "link": _text(found.get("home_page_url")),
        "language": _text(found.get("language")),
        "built": None,
        "entries": [_json_entry(entry if isinstance(entry, dict) else {}) for entry in found["items"]],
    }


def _json_entry(entry: dict[str, Any]) -> dict[str, Any]:
    content = fragment_text(_text(entry.get("content_html")) or "") or _text(entry.get("content_text")) or ""
    text = content or _text(entry.get("summary")) or ""
    authors = entry.get("authors") if isinstance(entry.get("authors"), list) else [entry.get("author")]
    names = [_text(author.get("name")) for author in authors or () if isinstance(author, dict)]
    published = {name: _text(entry.get(f"date_{name}")) for name in ("published", "modified")}
    guid = entry.get("id")
    return {
        "guid": str(guid) if isinstance(guid, str | int | float) and guid != "" else None,
        "url": _text(entry.get("url")),
        "title": _text(entry.get("title")),
        "author": "; ".join(n for n in names if n) or None,
        "published": _moment(published, "published") or _moment(published, "modified"),
        "updated": _moment(published, "modified"),
        "text": text,
        "full": is_full(text, content=bool(content)),
    }
