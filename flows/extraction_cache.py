"""Extractions already made, on disk, found again by what went into them.

Here: `ExtractionCache`, one small file per article named by the digest of its normalised text and a digest of everything that an extraction depends
on: the text and metadata of the article, and the versions of extractor, model and lexicon. A file that cannot be read counts as absent; the
folder may be deleted at any time. Not here: what is known to the database already (models.planning), which is asked first.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dateline.identity import text_digest
from dateline.records import Article, Extraction

log = logging.getLogger(__name__)

FORMAT = 1  # raised when the records change their fields
_DEPENDS_ON = ("text", "published", "title", "source", "byline", "url", "language", "published_basis")
_ADAPTER = TypeAdapter(Extraction)


class ExtractionCache:
    """A folder of extractions made by one set of versions.

    Args:
        folder: where the files lie; None keeps nothing.
        versions: what names extractor, model and lexicon.
    """

    def __init__(self, folder: str | None, versions: tuple[str, ...]) -> None:
        self.folder = Path(folder) if folder else None
        self.versions = versions

    def get(self, article: Article) -> Extraction | None:
        """Return what was extracted from an equal article, under this article's own doc_id, or None."""
        if self.folder is None:
            return None
        try:
            found = _ADAPTER.validate_json(zlib.decompress(self._path(article).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, zlib.error, ValidationError) as error:
            log.warning("Ignoring the cached extraction of %s: %s", article.doc_id, type(error).__name__)
            return None
        return dataclasses.replace(found, doc_id=article.doc_id)

    def put(self, article: Article, extraction: Extraction) -> None:
        """Keep an extraction. Failures are not kept; a disk that takes no more only costs the cache."""
        if self.folder is None or extraction.error is not None:
            return
        path = self._path(article)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as stream:
                stream.write(zlib.compress(_ADAPTER.dump_json(dataclasses.replace(extraction, timexes=())), 1))
            Path(name).replace(path)
        except OSError as error:
            log.warning("Not keeping extractions in %s: %s", self.folder, error.strerror or error)
            self.folder = None

    def _path(self, article: Article) -> Path:
        parts = [FORMAT, *self.versions, *(getattr(article, name) for name in _DEPENDS_ON)]
        digest, text = hashlib.sha256(json.dumps(parts).encode()).hexdigest(), text_digest(article.text)
        return (self.folder or Path()) / text[:2] / f"{text[2:34]}-{digest[:32]}.z"


def drop_cached(folder: Path, digests: Iterable[str]) -> None:
    """Remove what was extracted, by any version, from texts of these digests, since it quotes them. No such folder, such as "off", is no error."""
    for digest in digests:
        for path in (folder / digest[:2]).glob(f"{digest[2:34]}-*.z"):
            path.unlink(missing_ok=True)
