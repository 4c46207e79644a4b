"""The event database: tables, sessions, loading, views, search and read-only SQL, on SQLite and Postgres."""
