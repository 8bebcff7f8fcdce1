"""INSERT that gives way to a row that is already there, for both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    # The two dialects' statements share every method that we use.
    Insert = sqlite.Insert


def insert(connection: Connection, table: Table) -> Insert:
    """Return an INSERT statement that knows ON CONFLICT in the connection's dialect."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)  # type: ignore[return-value]
