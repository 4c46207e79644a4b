"""Make dateline/resources/en/resolve_words.tsv: in how many of 10,000 news texts a word stem occurs.

Reads article JSON Lines (`text` in each) on standard input and writes the table on standard output. Counts only: no text passes through.
A stem that the table lacks is rare and weighs most (dateline.resolve.text).
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from dateline.resolve.text import stem, words

FLOOR = 30  # of 10,000: rarer stems are left out


def main() -> None:
    """Count stems by document and print those above the floor, commonest first."""
    counts: Counter[str] = Counter()
    total = 0
    for line in sys.stdin:
        total += 1
        counts.update({stem(word) for word in words(json.loads(line)["text"])})
    out = sys.stdout
    out.write(
        f"# Stems by the share of {total} news texts that hold them (State Department, White House, Australian Prime Ministers, Wikinews); counts only.\n"
    )
    out.write("# Reviewed 2026-11-22. Made by tools/make_resolve_words.py.\n")
    out.write("stem\tper_10000\n")
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        share = round(10_000 * count / total)
        if share >= FLOOR:
            out.write(f"{word}\t{share}\n")


if __name__ == "__main__":
    main()
