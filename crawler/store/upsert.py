"""INSERT that gives way to, or refreshes, a row that is already there, for both databases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    # The two dialects' statements share every method that we use.
    Insert = sqlite.Insert

Row = dict[str, Any]


def insert(connection: Connection, table: Table) -> Insert:
    """Return an INSERT statement that knows ON CONFLICT in the connection's dialect."""
    return _insert(connection.dialect.name, table)


def insert_new(connection: Connection, table: Table, rows: Row | Sequence[Row]) -> None:
    """Insert the rows whose keys are not there yet; the others are left as they are."""
    connection.execute(_insert_new(connection.dialect.name, table), rows)


def upsert(
    connection: Connection,
    table: Table,
    rows: Row | Sequence[Row],
    *,
    key: tuple[str, ...],
    changing: tuple[str, ...],
    adding: tuple[str, ...] = (),
    where: ColumnElement[bool] | None = None,
    returning: str | None = None,
) -> CursorResult[Any]:
    """Insert rows, or refresh those that are there.

    Args:
        connection: a write transaction.
        table: where to.
        rows: values by column; many rows go at once, sorted by key so that two workers cannot deadlock.
        key: columns of the primary key or unique constraint.
        changing: columns that take the new row's value.
        adding: columns to whose value the new row's is added.
        where: only rows that are there and fulfil this are refreshed; the same object at each call.
        returning: a column to return.
    """
    statement = _upsert(connection.dialect.name, table, key, changing, adding, where, returning)
    return connection.execute(statement, rows)


# Building a statement costs ten times more than running it: each is built once.


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)  # type: ignore[return-value]


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


@cache
def _upsert(
    dialect: str,
    table: Table,
    key: tuple[str, ...],
    changing: tuple[str, ...],
    adding: tuple[str, ...],
    where: ColumnElement[bool] | None,
    returning: str | None,
) -> Any:
    statement = _insert(dialect, table)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: new[name] for name in changing} | {name: table.c[name] + new[name] for name in adding},
        where=where,
    )
    return statement.returning(table.c[returning]) if returning else statement
