"""The search index: SQLite FTS5 and PostgreSQL tsvector behind one small interface, asked in one small language."""
