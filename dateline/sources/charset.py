"""Bytes become text: byte order mark, the server's word, the page's own word, strict UTF-8, and only then a guess.

Here: one function, `decode`, and the search for a page's <meta charset> or an XML declaration. Not here: what the text means.
charset-normalizer comes last because it called short cp1252 texts cp852.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from dateline.errors import InputError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""",
    re.IGNORECASE,
)
# What pages call by these names is the larger Windows set (WHATWG Encoding Standard, "Names and labels").
LARGER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
GUESS_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it had, and how that is known: bom, http, declared, utf-8 or guess."""

    text: str
    encoding: str
    basis: str


def decode(data: bytes, *, item: str, http: str | None = None, markup: bool = False) -> Decoded:
    """Decode `data`; `http` is the server's charset, `markup` says that the data may declare its own.

    A declared encoding that is unknown or does not fit the bytes is passed over. Raises InputError (code "binary" or "encoding").
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, name, item), name, "bom")
    if b"\0" in data[:GUESS_BYTES] and not _wide(http):
        raise InputError(f"Cannot read {item}: binary data (null bytes) where text is expected. Name a text, page or table file.", code="binary", item=item)
    declared = _declared(data) if markup else None
    for encoding, basis in ((http, "http"), (declared, "declared"), ("utf-8", "utf-8")):
        text = _try(data, encoding)
        if text is not None:
            return Decoded(text, str(encoding), basis)
    return _guess(data, item)


def _wide(name: str | None) -> bool:
    return name is not None and name.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


def _strict(data: bytes, name: str, item: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise InputError(
            f"Cannot read {item}: marked as {name} but broken at byte {error.start}. Save it again as UTF-8.", code="encoding", item=item
        ) from error


def _declared(data: bytes) -> str | None:
    match = DECLARED.search(data[:4096])
    name = (match[1] or match[2]).decode("ascii") if match else None
    return None if _wide(name) else name  # found in single bytes, so it is not in UTF-16, whatever it says


def _try(data: bytes, name: str | None) -> str | None:
    if not name:
        return None
    name = LARGER.get(name.lower(), name)
    try:
        if codecs.lookup(name)._is_text_encoding:
            return data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    return None


def _guess(data: bytes, item: str) -> Decoded:
    """Guess: Windows' Western set where most bytes are ASCII, as in English text with typographic quotes; else charset-normalizer's word."""
    from charset_normalizer import from_bytes

    name = "cp1252" if _mostly_ascii(data) else None
    text = _try(data, name)
    if text is None:
        best = from_bytes(data[:GUESS_BYTES]).best()
        name = best.encoding if best is not None else None
        text = _try(data, name)
    if name is None or text is None:
        raise InputError(f"Cannot read {item}: neither UTF-8 nor any encoding that fits. Save it as UTF-8.", code="encoding", item=item)
    return Decoded(text, name, "guess")


def _mostly_ascii(data: bytes) -> bool:
    sample = data[:GUESS_BYTES]
    return sum(byte > 127 for byte in sample) * 6 < len(sample)
