"""Acronyms that the article itself defines: "Coastal Harbours Repair Fund (CHRF)", then "the CHRF".

Here: `Definition` and `defined_acronyms`. An article's own definition wins over the tables ("Australian Federal Police (AFP)" is no news
agency). Not here: acronyms of the tables (dateline.names.tables).
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.names.scan import Scan

SMALL = frozenset(("of", "the", "and", "for", "on", "in", "to", "de", "&", "-"))


@dataclass(frozen=True, slots=True)
class Definition:
    """Words first..last - 1 are the full name of `acronym`, which stands at the word indices `uses`."""

    acronym: str
    first: int
    last: int
    uses: tuple[int, ...]


def defined_acronyms(scan: Scan) -> list[Definition]:
    """Return the acronyms that a text defines in brackets after a full name whose capitals they spell."""
    texts = scan.words.texts
    found: dict[str, Definition] = {}
    for k in range(2, len(texts) - 2):
        if texts[k] != "(" or texts[k + 2] != ")" or not _acronym(texts[k + 1]) or texts[k + 1] in found:
            continue
        first = _spelled_from(scan, k - 1, texts[k + 1].upper())
        if first is not None and not scan.lists["instrument"].intersection(scan.words.folds[first:k]):
            uses = tuple(j for j, text in enumerate(texts) if text == texts[k + 1])
            found[texts[k + 1]] = Definition(texts[k + 1], first, k, uses)
    return list(found.values())


def _acronym(text: str) -> bool:
    return 2 <= len(text) <= 8 and text.isalpha() and sum(c.isupper() for c in text) >= 2


def _spelled_from(scan: Scan, k: int, acronym: str) -> int | None:
    """Return where the name that ends at word `k` begins, if the first letters of its words spell the acronym; else None."""
    left = len(acronym)
    first: int | None = None
    while k >= 0 and left and scan.words.joined(k + 1):
        text = scan.words.texts[k]
        if text[0].isupper():
            if text[0] != acronym[left - 1]:
                return None
            left -= 1
            first = k
        elif scan.words.folds[k] not in SMALL:
            return None
        elif left and text[0].upper() == acronym[left - 1] and text not in ("the", "-", "&"):
            left -= 1
        k -= 1
    return first if left == 0 else None
