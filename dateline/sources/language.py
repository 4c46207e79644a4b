"""What language an article is in, and which articles extraction passes over.

Here: detection by py3langid, `skip_code`. A text too short for detection (py3langid takes "NATO" alone for Italian) has no known
language and is not passed over. Not here: counting what was skipped (flows).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from dateline.records import Article

MIN_LETTERS = 60
MIN_CONFIDENCE = 0.8
SAMPLE = 3000


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the text's language, or None where it is too short or not clear."""
    sample = text[:SAMPLE].lower()  # capitals throughout, as in old releases, look like no language
    if sum(c.isalpha() for c in sample) < MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(sample)
    return str(code) if confidence >= MIN_CONFIDENCE else None


def skip_code(article: Article, language: str = "en") -> str | None:
    """Return why extraction passes over the article: "empty", "language", or None where it does not. Pure."""
    if not article.text.strip():
        return "empty"
    known = (article.language or "").replace("_", "-").split("-")[0].lower()
    return "language" if known and known != language else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
