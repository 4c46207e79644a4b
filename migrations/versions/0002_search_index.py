"""The full-text index over search_tokens: FTS5 on SQLite, a GIN index on Postgres.

The tokens are made in Python and stored as they are (models/tokens.py), so neither index stems, folds or splits: both find the same rows. The
tsvector holds no positions; its parser is never used, because it would split tokens such as "1e5".
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='search_tokens', content_rowid='search_id', tokenize='unicode61', detail='none')",
    "CREATE TRIGGER search_tokens_added AFTER INSERT ON search_tokens BEGIN INSERT INTO search_index(rowid, tokens) VALUES (new.search_id, new.tokens); END",
    "CREATE TRIGGER search_tokens_removed AFTER DELETE ON search_tokens BEGIN"
    " INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.search_id, old.tokens); END",
    "CREATE TRIGGER search_tokens_changed AFTER UPDATE OF tokens, search_id ON search_tokens BEGIN"
    " INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.search_id, old.tokens);"
    " INSERT INTO search_index(rowid, tokens) VALUES (new.search_id, new.tokens); END",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)
TRIGGERS = ("search_tokens_added", "search_tokens_removed", "search_tokens_changed")
POSTGRES = "CREATE INDEX search_index ON search_tokens USING gin (array_to_tsvector(string_to_array(tokens, ' ')))"


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else (POSTGRES,):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE search_index")
    else:
        op.execute("DROP INDEX search_index")
