"""How the database itself does: its size, its soundness, whether it takes what is written, and its clock."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select, text

from crawler.store.database import Store
from crawler.store.schema import hosts

# Seconds that a look waits for another process's transaction.
WAIT_SECONDS = 2.0
FAULTS_SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRobots:
    """A host's robots.txt as the store has it, and how the host fared when it was last asked."""

    host: str
    text: str | None  # None when it could not be read yet
    fetched_at: float | None  # seconds since 1970
    crawl_delay: float | None  # seconds
    trouble: str | None
    next_at: float  # nobody asks it before, in seconds since 1970


class _NothingKeptError(Exception):
    """Undoes a transaction that was only tried."""


def server_version(store: Store) -> str:
    """Return the database's product and version, such as "SQLite 3.46.1"."""
    if store.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    with store.read() as connection:
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"


def table_names(store: Store) -> list[str]:
    """Return the names of the tables in the database, whoever's they are."""
    with store.read() as connection:
        return sorted(inspect(connection).get_table_names())


def size_bytes(store: Store) -> int:
    """Return how much room the database takes, in bytes."""
    if not store.is_sqlite:
        with store.read() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    file = store.engine.url.database
    parts = [Path(f"{file}{ending}") for ending in ("", "-wal", "-shm")] if file else []
    return sum(part.stat().st_size for part in parts if part.exists())


def free_bytes(store: Store) -> int | None:
    """Return the bytes left on the disk of a SQLite file; None for a server, whose disk is its own."""
    file = store.engine.url.database
    if not store.is_sqlite or not file:
        return None
    return shutil.disk_usage(Path(file).absolute().parent).free


def faults(store: Store) -> list[str]:
    """Return what SQLite's own quick_check finds damaged (sqlite.org/pragma.html); a server checks itself.

    Raises:
        StoreError: when so much is damaged that the file cannot be looked through.
    """
    if not store.is_sqlite:
        return []
    with store.read() as connection:
        found = connection.exec_driver_sql(f"PRAGMA quick_check({FAULTS_SHOWN})").scalars().all()
    return [] if found == ["ok"] else [str(fault) for fault in found]


def try_to_write(store: Store) -> None:
    """Write to the store and undo it, so that it is known whether a crawl could.

    Raises:
        StoreError: when nothing can be written; StoreUnavailable when somebody else is writing for long.
    """
    store.lock_wait = min(store.lock_wait, WAIT_SECONDS)
    try:
        with store.write() as connection:
            if not store.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(WAIT_SECONDS * 1000)}"))
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            raise _NothingKeptError
    except _NothingKeptError:
        return


def clock_difference(store: Store) -> float | None:
    """Return the seconds by which the server's clock is ahead of this machine's; None for a SQLite file."""
    if store.is_sqlite:
        return None
    with store.read() as connection:
        before = time.time()
        theirs = float(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
        return theirs - (before + time.time()) / 2


def kept_robots(store: Store) -> list[KeptRobots]:
    """Return every host that has been asked, by name."""
    columns = (
        *(hosts.c.host, hosts.c.robots_text, hosts.c.robots_fetched_at),
        *(hosts.c.crawl_delay, hosts.c.trouble, hosts.c.next_at),
    )
    with store.read() as connection:
        rows = connection.execute(select(*columns).order_by(hosts.c.host)).all()
    return [
        KeptRobots(
            host=row.host,
            text=row.robots_text,
            fetched_at=row.robots_fetched_at,
            crawl_delay=row.crawl_delay,
            trouble=row.trouble,
            next_at=row.next_at,
        )
        for row in rows
    ]


def folder_fault(file: str) -> str | None:
    """Return why a new database could not be made at a path; None when it could."""
    folder = Path(file).absolute().parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"folder {folder} cannot be written: {error.strerror}"
