"""Reports from many articles become one canonical event: pure, deterministic, incremental, order-free, reversible.

How two reports are compared: text.py (words), passages.py (sentences), actors.py, days.py, profile.py (one report), verdicts.py with
statements.py and gatherings.py (two reports). Which are compared: keys.py, links.py; what is worked out once:
comparer.py. What follows: clusters.py, identities.py, canonical.py, titles.py, confidence.py. In front: resolution.py (`resolve`),
explanation.py, api.py (without a database). docs/resolve.md tells the rules.
"""

from dateline.resolve.api import canonical_to_json, reports_of, resolve_extractions
from dateline.resolve.comparer import blocking_keys
from dateline.resolve.explanation import explain, explain_pair
from dateline.resolve.keys import keys_version
from dateline.resolve.links import neighbourhood
from dateline.resolve.resolution import Resolution, merge_pairs, resolve, split_pairs

__all__ = [
    "Resolution",
    "blocking_keys",
    "canonical_to_json",
    "explain",
    "explain_pair",
    "keys_version",
    "merge_pairs",
    "neighbourhood",
    "reports_of",
    "resolve",
    "resolve_extractions",
    "split_pairs",
]
