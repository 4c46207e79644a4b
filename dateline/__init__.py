"""Dateline reads news and finds dated events: who met, agreed or said what, when and where, each with its sentence.

Here: the two doors of the library, `Extractor` and `build_nlp`, loaded on first use so that importing a record stays cheap. The database is
in `models`, what runs it in `flows`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dateline.extract import Extractor
    from dateline.nlp import build_nlp

# The parser's matrices are small: a numeric library's threads only wait for each other (docs/decisions/0002). Parallel work is processes.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

__version__ = "0.1.0"
__all__ = ["Extractor", "__version__", "build_nlp"]


def __getattr__(name: str) -> Any:
    if name == "Extractor":
        from dateline.extract import Extractor

        return Extractor
    if name == "build_nlp":
        from dateline.nlp import build_nlp

        return build_nlp
    raise AttributeError(f"module 'dateline' has no attribute {name!r}")
