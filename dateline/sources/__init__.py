"""Files, JSON Lines, pages and feeds become articles: the only part of dateline that does input beside its own resources."""
