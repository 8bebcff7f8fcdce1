"""How a SQLite file is opened and locked, so that several processes work on it at once."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

LOCK_WAIT_SECONDS = 30.0  # for another process's transaction
WRITE_AHEAD_WAIT_SECONDS = 5
# SQLite waits inside its own code, where no signal is heard: a moment at a time, so that Ctrl-C works.
ONE_WAIT_SECONDS = 0.5

WRITES = "bacajuga_write"  # the option of a connection that is going to write: how long it waits for the lock


def lock_wait(address: URL) -> float:
    """Return the seconds to wait for the lock: as the address says ("?timeout=5"), else half a minute.

    Raises:
        ValueError: when the address gives no number.
    """
    asked = address.query.get("timeout")
    return float(str(asked)) if asked is not None else LOCK_WAIT_SECONDS


def sqlite_engine(address: URL) -> Engine:
    """Return an engine whose transactions begin where the block begins, and take the lock when they write."""
    wait = min(lock_wait(address), ONE_WAIT_SECONDS)
    engine = create_engine(address, connect_args={"timeout": wait})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(driver_connection: Any, _record: Any) -> None:
    # The driver would begin transactions late and by its own rules: _begin does it instead.
    driver_connection.isolation_level = None
    cursor = driver_connection.cursor()
    # A crawl writes a little with every page: readers go on meanwhile, and a commit needs no disk flush.
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    give_up_at = time.monotonic() + WRITE_AHEAD_WAIT_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # For others that open the same new file at this moment, SQLite does not wait by itself here.
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    seconds = connection.get_execution_options().get(WRITES)
    if seconds is None:
        connection.exec_driver_sql("BEGIN")
        return
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            # SQLite must take its one write lock first: a view that is read and then outdated cannot write.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            is_locked = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not is_locked or time.monotonic() >= give_up_at:
                raise
