"""Opening the store: SQLite in a file by default, Postgres by address, migrated before use."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from crawler.errors import StoreError, StoreUnavailable
from crawler.store.clock import steady
from crawler.store.faults import store_error
from crawler.store.sqlite import WRITES, lock_wait, sqlite_engine

DEFAULT_URL = "sqlite:///bacajuga.db"
# Months may pass, and machines differ: the server's clock is read again now and then.
CLOCK_SECONDS = 300.0
# Seconds until a server that does not answer counts as away, and a network that swallows everything, too
# (libpq's own waits are minutes to hours).
POSTGRES_WAITS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


class Store:
    """An open database: ``read()`` and ``write()`` give connections inside one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # How long a transaction that writes waits for another process's, on SQLite.
        self.lock_wait = lock_wait(engine.url) if self.is_sqlite else 0.0
        self._clock: tuple[float, float] | None = None  # its time less ours, and when that was measured

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
            StoreError: when the database cannot be read; StoreUnavailable when that passes by itself.
        """
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, or none when the block raises.

        Raises:
            StoreError: when the database cannot be written; StoreUnavailable when that passes by itself.
        """
        with self._explained(), self.engine.connect() as connection:
            connection = connection.execution_options(**{WRITES: self.lock_wait})
            with connection.begin():
                yield connection

    def now(self) -> float:
        """Return seconds since 1970 by the database's clock, which all workers share.

        It goes on steadily when somebody sets this machine's time.
        """
        measured_at = self._clock[1] if self._clock is not None else None
        if measured_at is None:
            self._clock = self._measured_clock()
        elif not self.is_sqlite and steady() - measured_at > CLOCK_SECONDS:
            with suppress(StoreError):
                self._clock = self._measured_clock()
        assert self._clock is not None
        return steady() + self._clock[0]

    def _measured_clock(self) -> tuple[float, float]:
        if self.is_sqlite:
            their_time = time.time()
        else:
            with self.read() as connection:
                their_time = float(
                    connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0
                )
        measured_at = steady()
        return their_time - measured_at, measured_at

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise store_error(error, self.engine.url, self.address) from error


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
    except StoreUnavailable as error:
        store.close()
        step = "wait" if store.is_sqlite else "see that the server runs and that its address is right"
        raise StoreUnavailable(f"{error}; {step}, then run the same command again") from error
    except StoreError:
        store.close()
        raise
    return store


def attach(url: str) -> Store | None:
    """Return the store at a database address as it stands: nothing is made and nothing migrated.

    None when the file of a SQLite database is not there.

    Raises:
        StoreError: when the address is wrong, or its driver is missing.
    """
    address = _parse(url)
    if address.get_backend_name() == "sqlite" and not _sqlite_file_exists(address):
        return None
    return Store(_engine(address))


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
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True)


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
        # May hold a password, in one place or the other, with any sign in it.
        shown = re.sub(r"//.*@", "//***@", re.sub(r"(password=)[^&]*", r"\1***", url), flags=re.DOTALL)
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
            return sqlite_engine(address)
        # When a connection breaks, so does its way back to the pool: the error that is raised says it all.
        logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
        waits = {name: value for name, value in POSTGRES_WAITS.items() if name not in address.query}
        return create_engine(address, pool_pre_ping=True, connect_args=waits)
    except ValueError as error:
        raise StoreError(
            f"database address {readable_address(address)} has a timeout that is no number; write ?timeout=5"
        ) from error
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            f"{error}: the Postgres driver is missing; install it with: pip install 'psycopg[binary]'"
        ) from error


def _bring_up_to_date(store: Store, *, migrate: bool) -> None:
    version = schema_version(store)
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
    if version is None and store.is_sqlite:
        _refuse_foreign(store)
    upgrade(store)


def _refuse_foreign(store: Store) -> None:
    """See that a file without our tables has none at all: one of another program's gets none of ours."""
    with store.read() as connection:
        tables = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' LIMIT 4")
        ).scalars()
        found = ", ".join(tables)
    if found:
        raise StoreError(
            f"database {store.address} is another program's (it holds {found}); name another file with --db"
        )


def schema_version(store: Store) -> str | None:
    """Return the migration that the database is at, or None when it has none of our tables.

    Raises:
        StoreError: when the database cannot be read.
    """
    exists = (
        "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        if store.is_sqlite
        else "SELECT count(*) FROM information_schema.tables"
        " WHERE table_name = 'alembic_version' AND table_schema = current_schema()"
    )
    with store.read() as connection:
        if not connection.scalar(text(exists)):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version
