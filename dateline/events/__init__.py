"""Events: triggers, participants, places, status, content, dates, and the merging of mentions into an article's events."""
