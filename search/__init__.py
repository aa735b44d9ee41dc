"""One search over all parts: apps register what is found, who may see it and in which language.

Owns the index (PostgreSQL text search per language, SQLite FTS5) and its upkeep. Knows people as
`settings.AUTH_USER_MODEL` only.
"""
