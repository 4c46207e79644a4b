"""The JSON Lines forms of docs/contract.md: articles in, extractions out, and back.

Here: nothing but the translation between lines and records, with one clear error for each way a line can be wrong. Reading files is
dateline.sources, extraction is dateline.extract.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from dateline.errors import InputError
from dateline.records import BASES, PRECISIONS, STATUSES, Article, Content, Event, Evidence, Extraction, Participant, Place, Problem, Timex

SCHEMA_VERSION = 1
ARTICLE_KEYS = ("doc_id", "text", "published", "title", "source", "byline", "url", "language", "guid", "licence")
FOUND_BASES = ("url", "text")  # how `dateline read` may have found `published`; the key is passed on, and otherwise ignored
PUBLIC_EVENT_KEYS = ("type", "plover", "cameo", "title", "start", "end", "precision", "basis", "status")


def article_from_line(line: str, number: int) -> Article:
    """Read one line of input. Unknown keys are ignored.

    Raises:
        InputError: the line is no JSON object, a required key is missing, or a known key has the wrong type. `code` says which.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"Cannot read line {number}: not JSON ({error}). Each line must be one JSON object.", code="invalid_json") from error
    if not isinstance(record, dict):
        raise InputError(f"Cannot read line {number}: {_kind(record)} where a JSON object is expected.", code="invalid_json")
    return article_from_record(record, f"line {number}")


def article_from_record(record: dict[str, Any], where: str) -> Article:
    """Make an article of a mapping; `where` names it in errors."""
    for key in ("doc_id", "text"):
        if record.get(key) is None:
            raise InputError(f"Cannot read {where}: required key {key!r} is missing.", code="missing_key")
    values = {key: record[key] for key in ARTICLE_KEYS if record.get(key) is not None}
    for key, value in values.items():
        if not isinstance(value, str):
            raise InputError(f"Cannot read {where}: key {key!r} must be a string, not {_kind(value)}.", code="wrong_type")
    if "published" in values:
        published_day(values["published"], where)
        if record.get("published_basis") in FOUND_BASES:
            values["published_basis"] = record["published_basis"]
    return Article(**values)


def published_day(published: str, where: str = "article") -> date:
    """Return the day of an ISO date or datetime, in its own offset. Raises InputError (code "published") where it is neither."""
    try:
        return datetime.fromisoformat(published.strip()).date()
    except ValueError as error:
        raise InputError(f"Cannot read {where}: published {published[:40]!r} is no ISO date or datetime, such as 2023-07-11.", code="published") from error


def article_to_json(article: Article) -> dict[str, Any]:
    """Return the article in the input form of `dateline extract`."""
    record = {key: getattr(article, key) for key in (*ARTICLE_KEYS, "published_basis")}
    return {k: v for k, v in record.items() if v is not None or k == "published"}


def extraction_to_json(extraction: Extraction, *, timexes: bool = False) -> dict[str, Any]:
    """Return one output line of `dateline extract` as a mapping, keys in the contract's order."""
    out: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "line": extraction.line,
        "doc_id": extraction.doc_id,
        "published": _iso(extraction.published),
        "published_basis": extraction.published_basis,
        "language": extraction.language,
        "events": [event_to_json(e) for e in extraction.events],
    }
    if timexes:
        out["timexes"] = [timex_to_json(t) for t in extraction.timexes]
    if extraction.error:
        out["error"] = {"code": extraction.error.code, "message": extraction.error.message}
    if extraction.skipped:
        out["skipped"] = {"code": extraction.skipped.code}
    return out


def event_to_json(event: Event) -> dict[str, Any]:
    """Return the contract's EVENT."""
    place, content = event.place, event.content
    return {
        "type": event.type,
        "plover": event.plover,
        "cameo": event.cameo,
        "title": event.title,
        "start": _iso(event.start),
        "end": _iso(event.end),
        "precision": event.precision,
        "basis": event.basis,
        "status": event.status,
        "place": place_to_json(place) if place else None,
        "participants": [
            {"name": p.name, "role": p.role, "kind": p.kind, "country": p.country, "mentions": [list(m) for m in p.mentions]} for p in event.participants
        ],
        "content": {"start": content.start, "end": content.end, "text": content.text} if content else None,
        "evidence": [{"start": e.start, "end": e.end, "text": e.text, "sentence": list(e.sentence), "quote": e.quote} for e in event.evidence],
        "confidence": event.confidence,
        "rules": list(event.rules),
    }


def place_to_json(place: Place) -> dict[str, Any]:
    """Return the contract's PLACE."""
    return {key: getattr(place, key) for key in ("name", "venue", "admin", "country", "latitude", "longitude")}


def timex_to_json(timex: Timex) -> dict[str, Any]:
    """Return the contract's TIMEX."""
    days = {"first_day": _iso(timex.first_day), "last_day": _iso(timex.last_day)}
    return {
        **{key: getattr(timex, key) for key in ("start", "end", "text", "type", "value")},
        **days,
        "precision": timex.precision,
        "rule": timex.rule,
    }


def extraction_from_line(line: str, number: int) -> Extraction:
    """Read one line of extraction output. Keys beyond the contract's (`title`, `source` of the article) are kept where they are known.

    Raises:
        InputError: the line is no extraction, with the key that is missing or wrong.
    """
    try:
        return extraction_from_json(json.loads(line))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(
            f"Cannot read line {number}: not a line of `dateline extract` output ({type(error).__name__}: {error}). Pipe `dateline extract` into this command.",
            code="invalid_extraction",
        ) from error


def extraction_from_json(record: dict[str, Any]) -> Extraction:
    """Make an Extraction of one output line's mapping; the inverse of `extraction_to_json`.

    Raises KeyError, TypeError, ValueError or AttributeError where the mapping is none; a closed set's unknown word is a ValueError.
    """
    error, skipped = record.get("error"), record.get("skipped")
    return Extraction(
        line=record["line"],
        doc_id=None if record["doc_id"] is None else _words(record, "doc_id"),
        published=_day(record.get("published")),
        published_basis=record.get("published_basis") or "none",
        language=record.get("language"),
        events=tuple(event_from_json(e) for e in record["events"]),
        timexes=tuple(_timex(t) for t in record.get("timexes", ())),
        error=Problem(error["code"], error["message"]) if error else None,
        skipped=Problem(skipped["code"]) if skipped else None,
        title=record.get("title"),
        source=record.get("source"),
    )


def event_from_json(record: dict[str, Any]) -> Event:
    """Make an Event of the contract's EVENT."""
    place, content = record.get("place"), record.get("content")
    return Event(
        type=_words(record, "type"),
        start=_day(record["start"]),
        end=_day(record["end"]),
        precision=_words(record, "precision", PRECISIONS),
        basis=_words(record, "basis", BASES),
        status=_words(record, "status", STATUSES),
        participants=tuple(
            Participant(_words(p, "name"), _words(p, "role"), p.get("kind"), p.get("country"), tuple((m[0], m[1]) for m in p.get("mentions", ())))
            for p in record["participants"]
        ),
        evidence=tuple(Evidence(e["start"], e["end"], _words(e, "text"), (e["sentence"][0], e["sentence"][1]), _words(e, "quote")) for e in record["evidence"]),
        place=Place(**{k: place.get(k) for k in ("name", "venue", "admin", "country", "latitude", "longitude")}) if place else None,
        content=Content(content["start"], content["end"], _words(content, "text")) if content else None,
        title=record.get("title"),
        plover=record.get("plover"),
        cameo=record.get("cameo"),
        confidence=float(record.get("confidence", 0.0)),
        rules=tuple(record.get("rules", ())),
    )


def dumps(record: dict[str, Any]) -> str:
    """Return one line of JSON, without its newline; lone surrogates are escaped, so that any text can be printed."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return text if text.isascii() or _encodable(text) else json.dumps(record, allow_nan=False)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _timex(record: dict[str, Any]) -> Timex:
    return Timex(
        **{k: record[k] for k in ("start", "end", "text", "type", "value", "precision", "rule")},
        first_day=_day(record["first_day"]),
        last_day=_day(record["last_day"]),
    )


def _words(record: dict[str, Any], key: str, known: tuple[str, ...] = ()) -> str:
    """Return a key's text. Raises TypeError where it is none, ValueError where it is not one of those known."""
    value = record[key]
    if not isinstance(value, str):
        raise TypeError(f"{key!r} is {_kind(value)}, not a string")
    if known and value not in known:
        raise ValueError(f"{key!r} is {value[:40]!r}; known: {', '.join(known)}")
    return value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "a boolean", int: "a number", float: "a number", str: "a string", type(None): "null"}
    return names.get(type(value), type(value).__name__)
