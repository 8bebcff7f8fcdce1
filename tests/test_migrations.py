"""Opening a database: made, migrated, refused or explained."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect, text, update

from crawler.errors import StoreError
from crawler.store import database
from crawler.store.answers.search_index import is_search_index
from crawler.store.database import Store, newest_version, open_store
from crawler.store.schema import hosts, metadata


@pytest.fixture
def new_database_url(database_url: str) -> str:
    """The address of a database that has never been opened by us."""
    if database_url.startswith("postgresql"):
        with create_engine(database_url).begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    return database_url


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A SQLite store that another program is writing to."""
    file = tmp_path / "news.db"
    open_store(str(file)).close()
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield file


def complaint(url: str, **options: bool) -> str:
    """Return what opening the database says when it cannot be done."""
    with pytest.raises(StoreError) as raised:
        open_store(url, **options).close()
    message = str(raised.value)
    assert "\n" not in message
    assert "sqlalche" not in message.lower(), "says what happened inside, not what to mend"
    return message


def tables_of(store: Store) -> dict[str, list[str]]:
    inspector = inspect(store.engine)
    return {
        name: [column["name"] for column in inspector.get_columns(name)]
        for name in inspector.get_table_names()
        if not is_search_index(name)
    }


def is_in_the_schema(name: str | None, _kind: str, _parents: object) -> bool:
    return not is_search_index(name)


def test_migrations_give_the_tables_of_the_schema(new_database_url: str) -> None:
    store = open_store(new_database_url)
    with store.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_in_the_schema}
        )
        differences = compare_metadata(context, metadata)
        assert not differences, f"schema.py has changed: add a migration for {differences}"
    store.close()


def test_migrations_keep_the_order_of_the_frontiers_index(new_database_url: str) -> None:
    store = open_store(new_database_url)
    with store.read() as connection:
        definition = connection.scalar(
            text("SELECT sql FROM sqlite_master WHERE name = 'ix_frontier_best'")
            if store.is_sqlite
            else text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_frontier_best'")
        )
    assert "score DESC" in str(definition)
    store.close()


def test_second_opening_changes_nothing_and_is_quick(new_database_url: str) -> None:
    first = open_store(new_database_url)
    with first.write() as connection:
        connection.execute(hosts.insert().values(host="www.detik.com", next_at=0.0, delay=1.0, failures=0))
    before = tables_of(first)
    first.close()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    second = open_store(new_database_url)
    event.remove(Engine, "before_cursor_execute", note)
    assert 0 < len(asked) < 20, asked
    assert tables_of(second) == before
    with second.read() as connection:
        assert connection.scalar(hosts.select()) == "www.detik.com"
    second.close()


def test_two_processes_may_open_a_new_database_at_once(new_database_url: str) -> None:
    program = f"from crawler.store.database import open_store; open_store({new_database_url!r}).close()"
    workers = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for worker in workers:
        _, errors = worker.communicate(timeout=300)
        assert worker.returncode == 0, errors
    store = open_store(new_database_url)
    assert set(tables_of(store)) == {*metadata.tables, "alembic_version"}
    store.close()


@pytest.mark.parametrize(
    ("version", "advice"),
    [("9999", f"newer bacajuga (version 9999, this one knows {newest_version()})")],
)
def test_database_of_a_newer_version_is_refused(database_url: str, version: str, advice: str) -> None:
    set_version(database_url, version)
    assert advice in complaint(database_url)


def test_older_database_is_upgraded_where_nobody_else_may_be_using_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_store(database_url).close()
    added = "op.execute('CREATE TABLE added (id int)')"
    monkeypatch.setattr("crawler.store.database._migrations", lambda: migrations_and(tmp_path, added))
    if database_url.startswith("postgresql"):
        assert "run: bacajuga db upgrade" in complaint(database_url)
    store = open_store(database_url, migrate=database_url.startswith("postgresql"))
    assert "added" in tables_of(store)
    store.close()
    open_store(database_url).close()


def set_version(database_url: str, version: str) -> None:
    store = open_store(database_url)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    store.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://me:geheim@localhost/news", "kind 'mysql' is not supported; use sqlite or postgresql"),
        ("postgresql://me:geheim@localhost:port/news", "cannot be read; write sqlite:///FILE or"),
        ("://geheim", "cannot be read; write sqlite:///FILE or"),
        ("postgresql://me:geheim@127.0.0.1:1/news?connect_timeout=2", "***@127.0.0.1:1/news"),
        ("", "write sqlite:///FILE or"),
    ],
)
def test_wrong_address_is_one_line_without_the_password(address: str, said: str) -> None:
    message = complaint(address)
    assert said in message
    assert "geheim@" not in message
    assert ":geheim" not in message


def test_missing_file_is_not_made_when_it_is_to_be_read(tmp_path: Path) -> None:
    message = complaint(str(tmp_path / "news.db"), create=False)
    assert (
        message == f"database {tmp_path / 'news.db'}: no such file; crawl first, or name the file with --db"
    )
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert complaint(str(tmp_path / "no" / "news.db")) == (
        f"database {tmp_path / 'no' / 'news.db'}: unable to open database file; "
        f"there is no folder {tmp_path / 'no'}: make it, or name another file with --db"
    )


def test_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    assert complaint(str(tmp_path)).startswith(f"database {tmp_path}: unable to open")


@pytest.mark.parametrize("content", [b"not a database\n" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    assert complaint(str(file)).startswith(f"database {file}: ")
    assert file.read_bytes() == content


def test_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE articles (name TEXT)")
    assert complaint(str(file)) == (
        f"database {file} is another program's (it holds articles); name another file with --db"
    )
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("articles",)]


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    open_store(str(file)).close()
    store = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(StoreError, match="readonly database"), store.write() as connection:
        connection.execute(update(hosts).values(failures=0))
    store.close()


def test_locked_file_is_waited_for_and_then_named(locked: Path) -> None:
    store = open_store(f"sqlite:///{locked}?timeout=0.3")
    begun = time.perf_counter()
    with pytest.raises(StoreError, match=r"news\.db: database is locked by another process$"), store.write():
        pytest.fail("two programs wrote at once")
    assert time.perf_counter() - begun > 0.2
    store.close()


def test_failure_in_the_middle_of_a_migration_leaves_an_empty_database(
    new_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = "op.execute('SELECT 1 FROM nowhere')"
    monkeypatch.setattr("crawler.store.database._migrations", lambda: migrations_and(tmp_path, wrong))
    assert "nowhere" in complaint(new_database_url)
    engine = create_engine(new_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def migrations_and(folder: Path, statement: str) -> Path:
    """Return a copy of our migrations, with one more that runs the statement."""
    ours = Path(database.__file__).parent / "migrations"
    copied = folder / "migrations"
    if not copied.exists():
        shutil.copytree(ours, copied)
        newest = newest_version()
        following = f"{int(newest) + 1:04}"
        (copied / "versions" / f"{following}_more.py").write_text(
            f"from alembic import op\nrevision, down_revision = {following!r}, {newest!r}\n"
            f"def upgrade():\n    {statement}\n"
        )
    return copied
