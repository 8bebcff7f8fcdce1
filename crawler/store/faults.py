"""What a database's error means: whether it passes by itself, and what a person can do about it."""

from __future__ import annotations

import sqlite3
from enum import Enum
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from crawler.errors import StoreError, StoreFailureError, StoreUnavailable


class Fault(Enum):
    """How long an error lasts."""

    AWAY = "away"  # no connection, or another process holds the lock: to be tried again later
    CONFLICT = "conflict"  # undone for another transaction's sake: to be tried again at once
    FAILED = "failed"  # nothing can be read or written until somebody has seen to it
    REFUSED = "refused"  # this one thing is not taken


# SQLSTATE (PostgreSQL, appendix A): connection exceptions (class 08), shutdown, crash and start of the
# server, too many connections, a lock that was not to be had, a standby that is not promoted yet.
_AWAY_CLASS = "08"
_AWAY_STATES = frozenset({"57P01", "57P02", "57P03", "53300", "55P03", "25006"})
# Authorization, no such database, no room or memory, system errors, damaged data.
_FAILED_CLASSES = ("28", "3D", "53", "58", "XX")
_CONFLICT_STATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
# Errors of a connection that say the address is wrong, in the words of libpq, which gives them no code.
_WRONG_ADDRESS = (
    "authentication failed",
    "does not exist",
    "no pg_hba.conf entry",
    "not permitted to log in",
    "no password supplied",
)

_FAILED_CODES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CANTOPEN,
    }
)

_DAMAGED = (
    "the file is damaged, and was left as it is: put a backup in its place, or save what can be read "
    "with: sqlite3 {file} .recover | sqlite3 rescued.db"
)


def fault_of(error: DBAPIError) -> Fault:
    """Return how long a driver's error lasts."""
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the kind, the rest its extension (sqlite.org/rescode.html).
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Fault.AWAY
        return Fault.FAILED if code in _FAILED_CODES else Fault.REFUSED
    state = getattr(error.orig, "sqlstate", None)
    if state in _CONFLICT_STATES:
        return Fault.CONFLICT
    if state is not None:
        if state in _AWAY_STATES or state.startswith(_AWAY_CLASS):
            return Fault.AWAY
        return Fault.FAILED if state.startswith(_FAILED_CLASSES) else Fault.REFUSED
    if any(words in str(error.orig) for words in _WRONG_ADDRESS):
        return Fault.FAILED
    # The server has said nothing: it was not reached, or went away in the middle.
    return (
        Fault.AWAY if error.connection_invalidated or isinstance(error, OperationalError) else Fault.REFUSED
    )


def store_error(error: DBAPIError, url: URL, shown: str) -> StoreError:
    """Return a driver's error as ours, in one line with the next step.

    Args:
        error: what the driver raised.
        url: the database's address.
        shown: the same for a person, without its password.
    """
    fault = fault_of(error)
    if fault in (Fault.AWAY, Fault.CONFLICT):
        by_whom = " by another process" if isinstance(error.orig, sqlite3.Error) else ""
        return StoreUnavailable(f"database {shown}: {first_line(error)}{by_whom}")
    step = _next_step(error, url)
    kind = StoreFailureError if fault is Fault.FAILED else StoreError
    return kind(f"database {shown}: {first_line(error)}" + (f"; {step}" if step else ""))


def first_line(error: DBAPIError) -> str:
    """Return the driver's own words, without SQL, parameters and links."""
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def _next_step(error: DBAPIError, url: URL) -> str:
    """Return what a person can do about an error that lasts; empty when its own words say it."""
    if not isinstance(error.orig, sqlite3.Error):
        # SQLSTATE 53100: disk full
        return _MAKE_ROOM if getattr(error.orig, "sqlstate", None) == "53100" else ""
    file = Path(url.database or "")
    match getattr(error.orig, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _MAKE_ROOM
        case sqlite3.SQLITE_IOERR:
            return f"the disk of {file} does not take what is written; nothing that was stored is lost"
        case sqlite3.SQLITE_CORRUPT:
            return _DAMAGED.format(file=file)
        case sqlite3.SQLITE_NOTADB:
            return f"name another file with --db; if it once was a database, {_DAMAGED.format(file=file)}"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return f"give yourself leave to write {file} and its folder, or work on a copy"
        case sqlite3.SQLITE_CANTOPEN:
            return _why_not_opened(file)
        case _:
            return ""


_MAKE_ROOM = "nothing that was stored is lost: make room, then run the same command again"


def _why_not_opened(file: Path) -> str:
    if file.is_dir():
        return f"{file} is a folder: name a file in it"
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}: make it, or name another file with --db"
    return f"see that you may read and write {file} and its folder, or name another file with --db"
