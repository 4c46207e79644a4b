"""Tables of what came in: source, article, and how articles repeat one another.

Not here: what articles report (tables_events.py), loads and quarantine (tables_ledger.py). Analysts read the views (views.py), not these.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table

from dateline.records import PUBLISHED_BASES
from models.columns import CleanText, UtcDateTime, closed, metadata

source = Table(
    "source",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("first_seen", UtcDateTime, nullable=False),
    comment="Where articles come from, as the article or the registry names it.",
)

article = Table(
    "article",
    metadata,
    Column("article_id", CleanText, primary_key=True),
    Column("article_key", CleanText, nullable=False, unique=True),
    Column("source", CleanText, ForeignKey("source.name"), index=True),
    Column("doc_id", CleanText, nullable=False),
    Column("guid", CleanText),
    Column("url", CleanText),
    Column("title", CleanText),
    Column("byline", CleanText),
    Column("language", CleanText),
    Column("licence", CleanText),
    Column("digest", CleanText, nullable=False, index=True),
    Column("text", CleanText, comment="NULL where only evidence sentences are kept"),
    Column("published", CleanText, comment="as the source gave it"),
    Column("published_on", Date, index=True),
    Column("published_basis", CleanText, nullable=False),
    Column("given_basis", CleanText, comment="how its source found the given day: url or text; NULL: its metadata said so, or none was given"),
    Column("day", Date, comment="the day known before the text is read; decides who represents duplicates"),
    Column("duplicate_of", CleanText, ForeignKey("article.article_id")),
    Column("skipped", CleanText, comment="why it was recorded but not read, such as not_english"),
    Column("signature", LargeBinary, comment="MinHash, as the caller made it"),
    Column("raw_digest", CleanText, comment="sha256 of the bytes, where they are kept"),
    Column("extractor_version", CleanText, comment="NULL: not extracted, or its reports are another's"),
    Column("model", CleanText),
    Column("lexicon_version", CleanText),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    closed("published_basis", PUBLISHED_BASES),
)
# Most articles repeat no other: an index of all would look useless to the planner, and it would read the table.
_twins = article.c.duplicate_of.is_not(None)
Index("ix_article_duplicate_of", article.c.duplicate_of, sqlite_where=_twins, postgresql_where=_twins)
Index("ix_article_versions", article.c.extractor_version, article.c.model, article.c.lexicon_version)

article_band = Table(
    "article_band",
    metadata,
    Column("band", CleanText, primary_key=True),
    Column("article_id", CleanText, ForeignKey("article.article_id", ondelete="CASCADE"), primary_key=True, index=True),
    comment="Locality-sensitive hash bands: articles that share one may be near-duplicates.",
)

near_duplicate = Table(
    "near_duplicate",
    metadata,
    Column("article_a", CleanText, ForeignKey("article.article_id", ondelete="CASCADE"), primary_key=True),
    Column("article_b", CleanText, ForeignKey("article.article_id", ondelete="CASCADE"), primary_key=True, index=True),
    CheckConstraint("article_a < article_b", name="ordered"),
    comment="Pairs found alike; groups are their connected components together with equal digests.",
)

watermark = Table(
    "watermark",
    metadata,
    Column("source", CleanText, primary_key=True),
    Column("name", CleanText, primary_key=True),
    Column("value", CleanText),
    Column("changed_at", UtcDateTime, nullable=False),
    comment="How far a source was read: etag, last item, day.",
)

search_tokens = Table(
    "search_tokens",
    metadata,
    Column("search_id", Integer, primary_key=True),
    Column("kind", CleanText, nullable=False),
    Column("item_id", CleanText, nullable=False),
    Column("day", Date),
    Column("tokens", CleanText, nullable=False, comment="folded, stemmed, unique, sorted, joined by spaces"),
    closed("kind", ("article", "quote", "title")),
)
Index("uq_search_tokens_kind_item_id", search_tokens.c.kind, search_tokens.c.item_id, unique=True)
