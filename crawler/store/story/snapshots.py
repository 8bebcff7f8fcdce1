"""Snapshots: rows as they were exported at one moment, kept whatever becomes of the stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from crawler.errors import StoreError
from crawler.store.database import Store
from crawler.store.schema import snapshot_parts, snapshots

# One that is not complete after so long belongs to a process that has died.
UNFINISHED_FOR = timedelta(days=1)
SHORTEST_BEGINNING = 4  # characters of an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A complete snapshot."""

    row_id: int
    id: str  # the first digits of the SHA-256 of all that follows
    name: str
    topic: str | None
    filter: dict[str, Any]  # as given on the command line
    tables: dict[str, dict[str, Any]]  # by name: columns, rows, bytes and SHA-256 of the canonical CSV
    is_redacted: bool
    made_at: datetime
    software: str


def begin_snapshot(
    store: Store,
    *,
    name: str,
    topic: str | None,
    given: dict[str, Any],
    is_redacted: bool,
    made_at: datetime,
    software: str,
) -> int:
    """Take a name for a snapshot that is going to be filled, and return its row's number.

    Args:
        store: an open store.
        name: what a person calls it.
        topic: of its stories; None for all.
        given: the filter as given on the command line.
        is_redacted: whether personal data is masked.
        made_at: now.
        software: what makes it.

    Raises:
        StoreError: when there is a snapshot of that name, or the store cannot be written.
    """
    given_up = snapshots.c.made_at < made_at - UNFINISHED_FOR
    with store.write() as connection:
        unfinished = select(snapshots.c.row_id).where(snapshots.c.id.is_(None), given_up)
        connection.execute(delete(snapshot_parts).where(snapshot_parts.c.snapshot_id.in_(unfinished)))
        connection.execute(delete(snapshots).where(snapshots.c.id.is_(None), given_up))
        known = connection.execute(select(snapshots.c.id).where(snapshots.c.name == name)).one_or_none()
        if known is not None:
            state = f"its id is {known.id}" if known.id else "it is still being made"
            raise StoreError(
                f"there is a snapshot named {name!r} ({state}); take another name, or free this one with: "
                f"bacajuga snapshot delete {name}"
            )
        row: dict[str, Any] = {
            "name": name,
            "topic": topic,
            "filter": given,
            "tables": [],
            "is_redacted": is_redacted,
            "made_at": made_at,
            "software": software,
        }
        return int(
            connection.execute(insert(snapshots).values(row).returning(snapshots.c.row_id)).scalar_one()
        )


def add_part(store: Store, row_id: int, table_name: str, part: int, rows: int, packed: bytes) -> None:
    """Keep some rows of a table of an unfinished snapshot.

    Raises:
        StoreError: when the store cannot be written.
    """
    with store.write() as connection:
        connection.execute(
            insert(snapshot_parts).values(
                snapshot_id=row_id, table_name=table_name, part=part, rows=rows, packed=packed
            )
        )


def complete_snapshot(store: Store, row_id: int, snapshot_id: str, tables: dict[str, Any]) -> Snapshot:
    """Give a filled snapshot its id; from now on it does not change.

    Raises:
        StoreError: when the store cannot be written.
    """
    with store.write() as connection:
        connection.execute(
            update(snapshots)
            .where(snapshots.c.row_id == row_id)
            # A list: Postgres does not keep the order of an object.
            .values(id=snapshot_id, tables=[facts | {"name": name} for name, facts in tables.items()])
        )
    return find_snapshot(store, snapshot_id)


def delete_snapshot(store: Store, row_id: int) -> None:
    """Delete a snapshot, complete or not.

    Raises:
        StoreError: when the store cannot be written.
    """
    with store.write() as connection:
        connection.execute(delete(snapshot_parts).where(snapshot_parts.c.snapshot_id == row_id))
        connection.execute(delete(snapshots).where(snapshots.c.row_id == row_id))


def unfinished_snapshot(store: Store, name: str) -> int | None:
    """Return the row's number of a snapshot that is being made, or was when its process died; else None.

    Raises:
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        number: int | None = connection.scalar(
            select(snapshots.c.row_id).where(snapshots.c.id.is_(None), snapshots.c.name == name)
        )
    return number


def all_snapshots(store: Store) -> list[Snapshot]:
    """Return the complete snapshots, oldest first.

    Raises:
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        rows = connection.execute(
            select(snapshots).where(snapshots.c.id.is_not(None)).order_by(snapshots.c.row_id)
        ).all()
    return [_snapshot(row) for row in rows]


def find_snapshot(store: Store, id_or_name: str) -> Snapshot:
    """Return the complete snapshot with an id, the beginning of one, or a name.

    Raises:
        StoreError: when there is none, or several begin so.
    """
    asked = id_or_name.strip()
    is_meant = or_(snapshots.c.id == asked, snapshots.c.name == asked)
    if len(asked) >= SHORTEST_BEGINNING:
        begins = func.substr(snapshots.c.id, 1, len(asked)) == asked.lower()
        is_meant = or_(is_meant, begins)
    with store.read() as connection:
        rows = connection.execute(select(snapshots).where(snapshots.c.id.is_not(None), is_meant)).all()
        known = connection.scalars(
            select(snapshots.c.name).where(snapshots.c.id.is_not(None)).order_by(snapshots.c.row_id)
        ).all()
    exact = [row for row in rows if asked in (row.id, row.name)] or rows
    if not exact:
        there = f"there are: {', '.join(known)}" if known else "make one with: bacajuga snapshot create NAME"
        raise StoreError(f"no snapshot {id_or_name!r} in {store.address}; {there}")
    if len(exact) > 1:
        raise StoreError(f"several snapshots begin with {id_or_name!r}: {', '.join(row.id for row in exact)}")
    return _snapshot(exact[0])


def parts_of(store: Store, snapshot: Snapshot, table_name: str) -> Iterator[bytes]:
    """Yield the packed rows of a table of a snapshot, in order.

    Raises:
        StoreError: when the store cannot be read.
    """
    statement = select(snapshot_parts.c.part, snapshot_parts.c.packed).where(
        snapshot_parts.c.snapshot_id == snapshot.row_id, snapshot_parts.c.table_name == table_name
    )
    last = -1
    while True:
        with store.read() as connection:
            row = connection.execute(
                statement.where(snapshot_parts.c.part > last).order_by(snapshot_parts.c.part).limit(1)
            ).one_or_none()
        if row is None:
            return
        yield row.packed
        last = row.part


def _snapshot(row: Row[Any]) -> Snapshot:
    facts = {name: getattr(row, name) for name in Snapshot.__slots__}
    tables = {table["name"]: {key: table[key] for key in table if key != "name"} for table in row.tables}
    return Snapshot(**(facts | {"tables": tables, "filter": dict(sorted(row.filter.items()))}))
