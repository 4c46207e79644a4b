"""Which articles of a source repeat one another, for a person to read: groups, pairs with their likeness, and how two texts differ.

    python benchmarks/duplicates_report.py ../shared/corpus/news.jsonl.xz --pairs 30 --missed 2000

`--missed N` compares N articles with all others of their days by exact shingles, which MinHash only estimates, and prints the pairs that the rules
let go, the most alike first. Nothing is stored; what the database says of the same articles is v_articles.duplicate_of.
"""

from __future__ import annotations

import argparse
import difflib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from dateline.identity import article_key, normalised_text
from dateline.records import Article
from dateline.sources import read
from dateline.sources.duplicates import MAX_DAYS, MIN_WORDS, SHINGLE, WORD, Member, groups, member_of, similar, similarity

NEARLY = 0.6  # exact containment from which on a pair that was let go is worth a look


@dataclass(frozen=True)
class Known:
    """An article with what is compared of it."""

    article: Article
    member: Member

    @property
    def shingles(self) -> frozenset[str]:
        """The runs of five words, exactly."""
        words = WORD.findall(normalised_text(self.article.text).lower())
        return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(max(0, len(words) - SHINGLE + 1)))

    def __str__(self) -> str:
        """Return who says it, when and under which title."""
        return f"{self.member.day or 'no day'}  {self.article.source or '?'}: {(self.article.title or self.article.doc_id)[:90]}"


def main() -> None:
    """Read, group and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--pairs", type=int, default=20, help="pairs to show")
    parser.add_argument("--missed", type=int, default=0, help="articles to compare exactly")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    known = {article_key(one): Known(one, member_of(one)) for one in read(given.paths) if isinstance(one, Article)}
    found = groups(one.member for one in known.values())
    in_groups = sum(len(group.members) for group in found)
    sizes = sorted((len(group.members) for group in found), reverse=True)
    exact = sum(len({m.digest for m in group.members}) == 1 for group in found)
    print(f"{len(known)} articles, {in_groups} of them in {len(found)} groups ({exact} of equal texts); the largest: {sizes[:10]}")
    pairs = [(known[a.key], known[b.key]) for group in found for a, b in combinations(group.members, 2)]
    print(f"{len(pairs)} pairs within groups; {min(given.pairs, len(pairs))} of them:\n")
    for one, other in random.Random(given.seed).sample(pairs, min(given.pairs, len(pairs))):
        show(one, other)
    if given.missed:
        show_missed(list(known.values()), given.missed, given.seed, {frozenset((a.member.key, b.member.key)) for a, b in pairs})


def show(one: Known, other: Known) -> None:
    """Print a pair: both articles, how alike they are, and the words in which they differ."""
    a, b = one.member.signature, other.member.signature
    estimated = "equal" if one.member.digest == other.member.digest else f"{similarity(a, b):.2f}" if a and b else "too short"
    print(f"likeness {estimated}\n  {one}\n  {other}")
    print(f"  differ in: {' | '.join(differences(one.article.text, other.article.text)) or 'nothing but white space'}\n")


def differences(one: str, other: str, most: int = 4) -> list[str]:
    """Return the first places in which two texts differ, as "these words > those words"."""
    a, b = normalised_text(one).split()[:1500], normalised_text(other).split()[:1500]
    changes = [part for part in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if part[0] != "equal"]
    return [f"{' '.join(a[i:j])[:60]} > {' '.join(b[k:n])[:60]}" for _kind, i, j, k, n in changes[:most]]


def show_missed(known: list[Known], number: int, seed: int, taken: set[frozenset[str]]) -> None:
    """Print pairs of nearly the same words that are in no group together."""
    by_day: dict[int, list[Known]] = defaultdict(list)
    for one in known:
        by_day[ordinal(one)].append(one)
    found, compared = [], 0
    for one in random.Random(seed).sample(known, min(number, len(known))):
        held = one.shingles
        for other in near(one, by_day):
            compared += 1
            more = other.shingles
            if min(len(held), len(more)) < MIN_WORDS or frozenset((one.member.key, other.member.key)) in taken:
                continue
            share = len(held & more) / min(len(held), len(more))
            if share >= NEARLY:
                found.append((share, len(held), len(more), one, other))
    print(f"{compared} pairs compared exactly, {len(found)} with {NEARLY:.0%} and more of the shorter text in the longer are in no group:\n")
    for share, first, second, one, other in sorted(found, key=lambda each: -each[0]):
        a, b = one.member.signature, other.member.signature
        print(f"{share:.2f} of {first} and {second} shingles, similar: {bool(a and b and similar(a, b))}\n  {one}\n  {other}")
        print(f"  differ in: {' | '.join(differences(one.article.text, other.article.text))}\n")


def near(one: Known, by_day: dict[int, list[Known]]) -> Iterator[Known]:
    """Yield the articles of the days around one."""
    middle = ordinal(one)
    for day in range(middle - MAX_DAYS, middle + MAX_DAYS + 1) if middle else [0]:
        yield from (other for other in by_day[day] if other is not one)


def ordinal(one: Known) -> int:
    """Return the number of the article's day; 0 for none."""
    return date.fromisoformat(one.member.day).toordinal() if one.member.day else 0


if __name__ == "__main__":
    main()
