"""The database: whether it is there, of this version, sound, writable, and has room."""

from __future__ import annotations

import re

from crawler.doctor.finding import Finding, fail, ok, warn
from crawler.errors import StoreError, StoreUnavailable
from crawler.store.database import DEFAULT_URL, Store, attach, newest_version, schema_version
from crawler.store.health import (
    clock_difference,
    faults,
    folder_fault,
    free_bytes,
    server_version,
    size_bytes,
    table_names,
    try_to_write,
)

ROOM = 500 * 2**20  # bytes; a crawl of 10,000 pages with their raw copies takes about that
LITTLE_ROOM = 50 * 2**20
SLOW_TO_CHECK = 200 * 2**20  # bytes
CLOCKS_APART = 5.0  # seconds; leases and turns count by the server's clock, logs by this machine's


def open_database(address: str) -> tuple[Store | None, list[Finding]]:
    """Return the store when it can be read and is of this version, and what was found on the way.

    Nothing is made and nothing is migrated.

    Args:
        address: the database's address, or a file's path.
    """
    try:
        store = attach(address)
        if store is None:
            return None, [_absent(address)]
        version = schema_version(store)
    except StoreError as error:
        return None, [_failed(error)]
    shown, newest = store.address, newest_version()
    if version is None:
        return None, [_without_ours(store)]
    if version > newest:
        text = f"{shown} is of a newer version ({version}; this one knows {newest})"
        return None, [fail("database", text, "upgrade bacajuga, or name another database with --db")]
    told = f"{shown}: {server_version(store)}, version {version}, {_megabytes(size_bytes(store))}"
    if version < newest:
        how = "the next command that opens it upgrades it" if store.is_sqlite else "run: bacajuga db upgrade"
        state = warn if store.is_sqlite else fail
        return None, [state("database", f"{told}; this bacajuga needs version {newest}", how)]
    return store, [ok("database", told)]


def database_findings(store: Store) -> list[Finding]:
    """Return whether an open store is sound, takes what is written, has room, and keeps the time."""
    found: list[Finding] = []
    for look in (_sound, _writable, _room, _clock):
        try:
            finding = look(store)
        except StoreError as error:
            finding = _failed(error)
        if finding is not None:
            found.append(finding)
    return found


def takes_long(store: Store) -> bool:
    """Return whether looking the database through takes more than a moment."""
    return store.is_sqlite and size_bytes(store) > SLOW_TO_CHECK


def _sound(store: Store) -> Finding | None:
    if not store.is_sqlite:
        return None
    found = faults(store)
    if not found:
        return ok("integrity", "SQLite's quick_check finds nothing damaged")
    file = store.engine.url.database
    return fail(
        "integrity",
        f"{store.address} is damaged: {'; '.join(found)}",
        f"put a backup in its place, or save what can be read: sqlite3 {file} .recover | sqlite3 rescued.db",
    )


def _writable(store: Store) -> Finding:
    try:
        try_to_write(store)
    except StoreUnavailable as error:
        return warn("writable", str(error), "somebody writes to it for long: wait, or end that program")
    return ok("writable", "a change was written, and undone")


def _room(store: Store) -> Finding | None:
    free = free_bytes(store)
    if free is None:
        return None
    told = f"{_megabytes(free)} free"
    if free < LITTLE_ROOM:
        return fail("disk", told, "make room: a crawl ends when the disk is full")
    if free < ROOM:
        return warn("disk", told, "make room, or set a smaller --max-pages")
    return ok("disk", told)


def _clock(store: Store) -> Finding | None:
    ahead = clock_difference(store)
    if ahead is None:
        return None
    told = f"the database server's clock is {abs(ahead):.1f} s {'ahead' if ahead > 0 else 'behind'}"
    if abs(ahead) > CLOCKS_APART:
        return warn("clock", told, "let both machines set their clocks by the network (NTP)")
    return ok("clock", told)


def _absent(address: str) -> Finding:
    file = address.partition(":///")[2] or address
    fault = folder_fault(file)
    if fault:
        return fail("database", f"{file} is not there, and {fault}", "name another file with --db")
    known = "" if address == DEFAULT_URL else "; if there should be one, name it with --db"
    return ok("database", f"{file} is not there yet: the first crawl makes it{known}")


def _without_ours(store: Store) -> Finding:
    try:
        others = table_names(store)
    except StoreError as error:
        return _failed(error)
    if others and store.is_sqlite:
        told = f"{store.address} is another program's: it holds {', '.join(others[:4])}"
        return fail("database", told, "name another file with --db")
    return ok("database", f"{store.address} is empty: the first crawl sets it up")


def _failed(error: StoreError) -> Finding:
    text, _, step = str(error).partition("; ")
    known = "see that the server runs and lets you in, and that --db or DATABASE_URL names it rightly"
    return fail("database", re.sub(r"^database (?!kind|address)", "", text), step or known)


def _megabytes(number: int) -> str:
    if number >= 2**30:
        return f"{number / 2**30:.1f} GB"
    return f"{number / 2**20:.1f} MB" if number >= 2**20 / 10 else f"{number / 2**10:.0f} kB"
