"""What belongs to the full-text index, which migration 0004 makes by each database's own means."""

from __future__ import annotations

from sqlalchemy import Connection, text

# SQLite: an FTS5 table over all versions of the stories, with the tables that SQLite keeps for it.
# Postgres: a column of ``revisions`` and its GIN index. Neither stands in the schema, since each is there
# on one of the two databases only.
INDEX = "search_index"

_POSTGRES_CONFIGURATION = text(
    "SELECT pg_get_expr(adbin, adrelid) LIKE '%indonesian%' FROM pg_attrdef JOIN pg_attribute"
    " ON attrelid = adrelid AND attnum = adnum WHERE adrelid = 'revisions'::regclass AND attname = :name"
)
_SQLITE_SIZE = text("SELECT sum(length(block)) FROM search_index_data")
_POSTGRES_SIZE = text(
    "SELECT pg_relation_size('ix_revisions_search_index') + coalesce(sum(pg_column_size(search_index)), 0)"
    " FROM revisions"
)


def is_search_index(name: str | None) -> bool:
    """Return whether a table, column or index is a part of the full-text index.

    >>> is_search_index("search_index_docsize"), is_search_index("articles")
    (True, False)
    """
    return name is not None and INDEX in name


def configuration(connection: Connection) -> str:
    """Return the name of the text search configuration that Postgres made the index with."""
    is_indonesian = connection.scalar(_POSTGRES_CONFIGURATION, {"name": INDEX})
    return "pg_catalog.indonesian" if is_indonesian else "pg_catalog.simple"


def index_bytes(connection: Connection) -> int:
    """Return how large the index is."""
    statement = _SQLITE_SIZE if connection.dialect.name == "sqlite" else _POSTGRES_SIZE
    return int(connection.scalar(statement) or 0)
