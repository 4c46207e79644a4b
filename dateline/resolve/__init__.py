"""Reports from many articles become canonical events: pure, deterministic, reversible."""
