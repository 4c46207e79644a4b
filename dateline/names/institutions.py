"""Governments, ministries, parliaments and police that no table lists, from the words that make them.

"The South Korean government", "Germany's foreign ministry", "the Biden administration", "Ministry of Internal Affairs of Belarus".

Here: `Institution` and `institutions`. A government or administration is its country (GUIDELINE ruling 8); a province's government, a ministry
or an authority is an organisation of its own. Not here: "US officials", which are a description (dateline.names.reference).
"""

from __future__ import annotations

from dataclasses import dataclass

from dateline.names.scan import Hit, Scan


@dataclass(frozen=True, slots=True)
class Institution:
    """Words first..last - 1 name an institution. `name` is None for a government, which is its country."""

    first: int
    last: int
    name: str | None
    country: str | None
    government: bool = False


def institutions(scan: Scan, people: dict[int, str | None], main: str | None) -> list[Institution]:
    """Return the institutions of a text. `people` gives the country of the person whose mention ends before a word, `main` the country named most often."""
    found: list[Institution] = []
    folds = scan.words.folds
    for k, word in enumerate(folds):
        if word in scan.lists["government"] and _alone(scan, k):
            found.extend(_government(scan, k, people))
        elif word in scan.lists["institution"] and _alone(scan, k):
            found.extend(_head_last(scan, k))
            if word in scan.lists["institution_of"]:
                found.extend(_head_first(scan, k, main))
    return found


def _alone(scan: Scan, k: int) -> bool:
    hit = scan.holding.get(k)
    return hit is None or hit.of("title") is not None


def _left(scan: Scan, k: int) -> int:
    """Return the index of the word before the adjectives that stand between an institution's word and its country."""
    j = k - 1
    while j >= 0 and k - j < 7 and scan.words.joined(j + 1):
        hit = scan.holding.get(j)
        if hit is not None and any(e.detail == "party" for e in hit.entries):
            j = hit.first - 1  # "the Gillard Labor Government"
        elif hit is None and scan.words.folds[j] in scan.lists["between"]:
            j -= 1
        else:
            break
    return j


def _government(scan: Scan, k: int, people: dict[int, str | None]) -> list[Institution]:
    j = _left(scan, k)
    if j < 0 or not scan.words.joined(j + 1):
        return []
    if j + 1 in people:
        return [Institution(k, k + 1, None, people[j + 1], government=True)] if people[j + 1] else []
    hit = scan.holding.get(j)
    known = scan.surname(j) if hit is None else None
    if known is not None and known.country:  # "the Biden administration"
        return [Institution(k, k + 1, None, known.country, government=True)]
    entry = hit.of("demonym", "country") if hit else None
    if hit is not None and entry is not None and entry.detail != "people":
        return [Institution(hit.first, k + 1, None, entry.country, government=True)]
    place = hit.of("place") if hit else None
    if hit is not None and place is not None and scan.words.folds[k] == "government":
        if place.detail == "capital":
            return [Institution(hit.first, k + 1, None, place.country, government=True)]
        return [Institution(hit.first, k + 1, scan.words.span(hit.first, k + 1), place.country)]
    return []


def _head_last(scan: Scan, k: int) -> list[Institution]:
    """Find "German foreign ministry", "Japan's Ministry": a country, then adjectives, then the institution's word."""
    j = _left(scan, k)
    longer = k + 1 < len(scan.words) and scan.words.joined(k + 1) and scan.words.folds[k + 1] in scan.lists["institution"]
    hit = scan.holding.get(j) if j >= 0 and scan.words.joined(j + 1) and not longer else None
    entry = hit.of("demonym", "country", "place") if hit else None
    if hit is None or entry is None or entry.detail == "people" or (entry.sort == "place" and j + 1 != k):
        return []
    last = _complement(scan, k + 1) if scan.words.folds[k] in scan.lists["institution_of"] else k + 1
    return [Institution(hit.first, last, _spelled(scan, hit, last), entry.country)]


def _head_first(scan: Scan, k: int, main: str | None) -> list[Institution]:
    """Find "Ministry of Internal Affairs of Belarus", "Department of Trade"."""
    if not scan.words.texts[k][0].isupper() or k + 2 >= len(scan.words) or scan.words.folds[k + 1] not in ("of", "for"):
        return []
    last = _complement(scan, k + 1)
    if last <= k + 2:
        return []
    country, international = None, False
    for hit in (h for h in (scan.beginning(j) for j in range(k, last)) if h is not None):
        entry = hit.of("country", "demonym", "place", "organisation")
        country = country or (entry.country if entry else None)
        international = international or (entry is not None and entry.sort == "organisation" and not entry.country)
    return [Institution(k, last, scan.words.span(k, last), country or (None if international else main))]


def _complement(scan: Scan, k: int) -> int:
    """Return the end of "of Foreign Affairs and Trade of Japan" that begins at word `k`; `k` itself where there is none."""
    words, end = scan.words, k
    while k < len(words) and words.joined(k):
        hit = scan.beginning(k)
        if words.folds[k] in ("of", "for", "and", "the", ",", "&") or _on_field(scan, k):
            k += 1
        elif hit is not None and hit.of("country", "place", "organisation") and words.folds[k - 1] in ("of", "the"):
            return hit.last
        elif words.texts[k][0].isupper() and (words.folds[k] in scan.lists["portfolio"] or words.folds[k - 1] != ",") and hit is None:
            k += 1
            end = k
        else:
            break
    return end


def _on_field(scan: Scan, k: int) -> bool:
    """Say whether "on" leads to a commission's field ("Commission on Human Rights"), not to a day."""
    words = scan.words
    if words.folds[k] != "on" or k + 1 >= len(words) or k == 0 or words.folds[k - 1] not in scan.lists["institution_on"]:
        return False
    return words.texts[k + 1][0].isupper() and words.folds[k + 1] not in scan.lists["weekday"] and words.folds[k + 1][:3] not in scan.lists["month"]


def _spelled(scan: Scan, hit: Hit, last: int) -> str:
    return scan.words.span(hit.first, last)
