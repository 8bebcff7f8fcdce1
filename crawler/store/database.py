"""Opening the store: SQLite in a file by default, Postgres by address, migrated before use."""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from crawler.errors import StoreError

DEFAULT_URL = "sqlite:///bacajuga.db"
LOCK_WAIT_SECONDS = 30
WRITE_AHEAD_WAIT_SECONDS = 5


class Store:
    """An open database: ``read()`` and ``write()`` give connections inside one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether one file on this machine holds everything."""
        return self.engine.dialect.name == "sqlite"

    @property
    def address(self) -> str:
        """The database's address without its password, for messages."""
        return readable_address(self.engine.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection with one consistent view of the store.

        Raises:
            StoreError: when the database cannot be read.
        """
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, or none when the block raises.

        Raises:
            StoreError: when the database cannot be written.
        """
        with self._explained(), self.engine.connect() as connection:
            # SQLite must take its one write lock first: a view that is read and then outdated cannot write.
            connection = connection.execution_options(bacajuga_write=True)
            with connection.begin():
                yield connection

    def now(self) -> float:
        """Return seconds since 1970 by the database's clock, which all workers share."""
        return time.time() + self._clock_offset

    @cached_property
    def _clock_offset(self) -> float:
        if self.is_sqlite:
            return 0.0
        with self.read() as connection:
            their_time = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
        return float(their_time or 0.0) - time.time()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(f"database {self.address}: {first_line(error)}") from error


def open_store(url: str = DEFAULT_URL, *, create: bool = True, migrate: bool = False) -> Store:
    """Return the store at a database address, its tables up to date.

    A SQLite file is made and migrated as needed; a Postgres database that is empty is set up, one
    of an older version is left alone until ``bacajuga db upgrade``.

    Args:
        url: an SQLAlchemy address, or the path of a SQLite file.
        create: whether a SQLite file that is not there is made.
        migrate: whether a Postgres database of an older version is brought up to date, too.

    Raises:
        StoreError: when the address is wrong, the database cannot be reached or is not ours.
    """
    address = _parse(url)
    if address.get_backend_name() == "sqlite" and not create and not _sqlite_file_exists(address):
        raise StoreError(
            f"database {readable_address(address)}: no such file; crawl first, or name the file with --db"
        )
    store = Store(_engine(address))
    try:
        _bring_up_to_date(store, migrate=migrate)
    except StoreError:
        store.close()
        raise
    return store


def upgrade(store: Store) -> None:
    """Bring the tables to this version's shape, in one transaction.

    Raises:
        StoreError: when the database cannot be written.
    """
    # Alembic is imported only when there is something to migrate: it costs more than the rest of the start.
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    with store.write() as connection:
        if not store.is_sqlite:
            # Two workers may open a new database at the same moment.
            connection.execute(text("SELECT pg_advisory_xact_lock(20210521)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newest_version() -> str:
    """Return the name of the newest migration."""
    versions = (path.name for path in _migrations().joinpath("versions").iterdir())
    return max(name[:4] for name in versions if re.match(r"\d{4}_.*\.py$", name))


def readable_address(url: URL) -> str:
    """Return a database address as a person would write it, the password hidden."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.render_as_string(hide_password=True)


def first_line(error: DBAPIError) -> str:
    """Return the driver's own words, without SQL, parameters and links."""
    return str(error.orig).strip().splitlines()[0]


def _migrations() -> Traversable:
    return files("crawler.store") / "migrations"


def _parse(url: str) -> URL:
    if "://" not in url and url.strip():
        url = f"sqlite:///{url}"
    if url.startswith("postgres://"):
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        shown = re.sub(r"//[^/]*@", "//***@", url)  # may hold a password
        raise StoreError(
            f"database address {shown!r} cannot be read; write sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from None
    backend = address.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise StoreError(f"database kind {backend!r} is not supported; use sqlite or postgresql")
    return address.set(drivername={"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[backend])


def _sqlite_file_exists(address: URL) -> bool:
    from pathlib import Path

    return not address.database or Path(address.database).exists()


def _engine(address: URL) -> Engine:
    try:
        if address.get_backend_name() == "sqlite":
            patience = {} if "timeout" in address.query else {"timeout": LOCK_WAIT_SECONDS}
            engine = create_engine(address, connect_args=patience)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = create_engine(address, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            f"{error}: the Postgres driver is missing; install it with: pip install 'psycopg[binary]'"
        ) from error
    return engine


def _prepare_sqlite(driver_connection: Any, _record: Any) -> None:
    # The driver would begin transactions late and by its own rules: _begin_sqlite does it instead.
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


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("bacajuga_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(store: Store, *, migrate: bool) -> None:
    version = _version(store)
    newest = newest_version()
    if version == newest:
        return
    if version is not None and version > newest:
        raise StoreError(
            f"database {store.address} was written by a newer bacajuga (version {version}, this one knows "
            f"{newest}); upgrade bacajuga, or name another database with --db"
        )
    if version is not None and not store.is_sqlite and not migrate:
        raise StoreError(
            f"database {store.address} has version {version}, this bacajuga needs {newest}; "
            "run: bacajuga db upgrade"
        )
    upgrade(store)


def _version(store: Store) -> str | None:
    """Return the migration that the database is at, or None when it is empty."""
    exists = (
        "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        if store.is_sqlite
        else "SELECT count(*) FROM information_schema.tables"
        " WHERE table_name = 'alembic_version' AND table_schema = current_schema()"
    )
    try:
        with store.read() as connection:
            if not connection.scalar(text(exists)):
                return None
            version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return version
    except OperationalError as error:
        raise StoreError(f"database {store.address}: {first_line(error)}") from error
