"""A SQLite file that is locked, full, read-only, damaged or not ours: one line, and nothing is lost."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.demo.sample_web import SEED, SampleWeb
from crawler.store.database import open_store
from crawler.store.schema import articles
from tests.crawling import TIMEOUT, Finished, clean_environment, command, crawl_arguments, run, start
from tests.half_written import half_written
from tests.small_web import Answer, SmallWeb, story

PAGE = "https://kabar.test/1"
CAP_DAC_OVERRIDE = 1  # linux/capability.h: root does not mind permissions
PR_CAPBSET_DROP = 24  # linux/prctl.h
STORIES = 39


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds a whole crawl of the sample web, closed."""
    file = tmp_path_factory.mktemp("filled") / "news.db"
    with SampleWeb() as web:
        done = run(*crawl_arguments(web.url, f"sqlite:///{file}"))
    assert done.status == 0, done.stderr
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture
def file(filled: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copy(filled, tmp_path / "news.db"))


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    """Long stories that lead from one to the next."""
    with SmallWeb({f"kabar.test/{n}": long_story(n) for n in range(1, STORIES + 1)}) as served:
        yield served


def long_story(number: int) -> Answer:
    """Return a story of about 20 kB that is like no other."""
    told = "".join(
        f"<p>Gelombang {number}-{n}: tim {number * 31 + n} memeriksa {n * 17} berkas dan {number * n} "
        f"catatan peserta di gudang {n % 7}, lalu menghitung {number + n * n} keluhan.</p>"
        for n in range(150)
    )
    answer = story(f"Data BPJS bocor {number}", f"https://kabar.test/{number + 1}")
    return replace(answer, body=answer.body.replace("</article>", f"{told}</article>"))


def run_limited(limit: Callable[[], None], *arguments: str, cwd: Path) -> Finished:
    """Run ``bacajuga`` under limits that are set in its process before it starts."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=cwd,
        env=clean_environment(),
        preexec_fn=limit,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def mind_permissions() -> None:
    """Let this process mind permissions, even when it is root's."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def said(ended: Finished) -> str:
    """Return the one line that says what went wrong; progress lines before it are not looked at."""
    assert "Traceback" not in ended.stderr, ended.stderr
    assert ended.stdout == ""
    lines = [line for line in ended.stderr.splitlines() if line.startswith("bacajuga: database")]
    assert len(lines) == 1, ended.stderr
    return lines[0]


def stories_of(file: Path) -> int:
    with closing(open_store(str(file))) as store, store.read() as connection:
        assert half_written(connection) == []
        return connection.scalar(select(func.count()).select_from(articles)) or 0


# --- Locked -------------------------------------------------------------------------------------


def test_lock_that_goes_away_is_waited_for(tmp_path: Path, web: SmallWeb) -> None:
    open_store(str(tmp_path / "news.db")).close()
    with closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        crawl = start(*crawl_arguments(web.url, str(tmp_path / "news.db"), PAGE), "--json")
        assert crawl.stderr is not None
        said_so_far = [crawl.stderr.readline()]
        while said_so_far[-1] and "database is locked" not in said_so_far[-1]:
            said_so_far.append(crawl.stderr.readline())
        other.execute("COMMIT")
        record, errors = json.loads(crawl.stdout.read() if crawl.stdout else ""), crawl.stderr.read()
    errors = "".join(said_so_far) + errors
    assert (crawl.wait(TIMEOUT), record["stop_reason"]) == (0, "finished"), errors
    told = [line for line in errors.splitlines() if "database" in line and line.startswith("bacajuga: ")]
    assert len(told) == 2, errors
    assert "database is locked by another process; waiting for it, at most 60 s" in told[0]
    assert "the database is back after" in told[1]


def test_lock_that_stays_ends_the_crawl_in_one_line(tmp_path: Path, web: SmallWeb) -> None:
    open_store(str(tmp_path / "news.db")).close()
    with closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = run(
            *crawl_arguments(web.url, "news.db", PAGE), "--quiet", "-s", "DATABASE_PATIENCE=2", cwd=tmp_path
        )
    assert ended.status == 1
    line = "bacajuga: database news.db: database is locked by another process; waited "
    assert said(ended).startswith(line)
    assert web.log == []


def test_command_that_writes_waits_for_the_lock_as_long_as_its_address_says(tmp_path: Path) -> None:
    open_store(str(tmp_path / "news.db")).close()
    with closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(open_store(f"sqlite:///{tmp_path / 'news.db'}?timeout=1.2")) as store:
            begun = time.monotonic()
            with pytest.raises(Exception, match="database is locked by another process"), store.write():
                pass
            assert time.monotonic() - begun > 1.0
            with store.read() as connection:
                assert half_written(connection) == [], "readers do not wait"


# --- Full, read-only ----------------------------------------------------------------------------


def test_file_that_may_not_grow_ends_the_crawl_and_goes_on_later(tmp_path: Path, web: SmallWeb) -> None:
    """RLIMIT_FSIZE: the system refuses to write, as a disk quota does."""
    file = tmp_path / "news.db"
    open_store(str(file)).close()
    # SQLite writes to the log beside the file first.
    room = 500 * 1024

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    arguments = [*crawl_arguments(web.url, "news.db", PAGE), "--quiet"]
    ended = run_limited(limit, *arguments, cwd=tmp_path)
    assert ended.status == 1, ended.stderr
    assert "disk I/O error; the disk of news.db does not take what is written" in said(ended)
    before = stories_of(file)
    assert 0 < before < STORIES
    finished = {request.path for request in web.log[: before - 1]}
    asked = len(web.log)
    assert run(*arguments, cwd=tmp_path).status == 0
    assert stories_of(file) == STORIES
    assert not finished & {request.path for request in web.log[asked:]} - {"/robots.txt"}


def test_full_disk_ends_the_crawl_and_goes_on_later(tmp_path: Path, web: SmallWeb) -> None:
    """SQLite's own limit on the file's pages, which gives the very error of a full disk."""
    (tmp_path / "full.py").write_text(
        "import sys\n"
        "from sqlalchemy import Engine, event\n"
        "@event.listens_for(Engine, 'connect')\n"
        "def fill(connection, _):\n"
        "    pages = connection.execute('PRAGMA page_count').fetchone()[0]\n"
        "    connection.execute(f'PRAGMA max_page_count = {max(pages, 150)}')\n"
        "from crawler.cli import main\n"
        "sys.argv[0] = 'bacajuga'\n"
        "main()\n"
    )
    file = tmp_path / "news.db"
    arguments = [*crawl_arguments(web.url, "news.db", PAGE), "--quiet"]
    done = subprocess.run(
        [sys.executable, "full.py", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=tmp_path,
        env=clean_environment(),
    )
    ended = Finished(done.returncode, done.stdout, done.stderr)
    assert ended.status == 1, ended.stderr
    assert said(ended) == (
        "bacajuga: database news.db: database or disk is full; nothing that was stored is lost: "
        "make room, then run the same command again"
    )
    assert 0 < stories_of(file) < STORIES
    assert run(*arguments, cwd=tmp_path).status == 0
    assert stories_of(file) == STORIES


def test_folder_that_may_not_be_written(tmp_path: Path, web: SmallWeb) -> None:
    folder = tmp_path / "shut"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        ended = run_limited(mind_permissions, *crawl_arguments(web.url, "shut/news.db", PAGE), cwd=tmp_path)
    finally:
        folder.chmod(stat.S_IRWXU)
    assert ended.status == 1
    assert said(ended) == (
        "bacajuga: database shut/news.db: unable to open database file; see that you may read and write "
        "shut/news.db and its folder, or name another file with --db"
    )
    assert list(folder.iterdir()) == []


def test_file_that_may_not_be_written(file: Path, web: SmallWeb) -> None:
    before = file.read_bytes()
    file.chmod(stat.S_IRUSR)
    ended = run_limited(mind_permissions, *crawl_arguments(web.url, "news.db", PAGE), cwd=file.parent)
    assert ended.status == 1
    assert said(ended) == (
        "bacajuga: database news.db: attempt to write a readonly database; give yourself leave to write "
        "news.db and its folder, or work on a copy"
    )
    assert file.read_bytes() == before
    assert web.log == []


def test_stories_of_a_file_that_may_not_be_written_can_be_exported(file: Path) -> None:
    file.chmod(stat.S_IRUSR)
    ended = run_limited(mind_permissions, "export", "articles", "--db", "news.db", cwd=file.parent)
    assert ended.status == 0, ended.stderr
    assert ended.stdout.count("\n") > 10


# --- Not a database of ours, or damaged ---------------------------------------------------------


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_header(content: bytes) -> bytes:
    return b"\0" * 100 + content[100:]


def with_garbage(content: bytes) -> bytes:
    """Spoil all pages but the first few, which hold the schema."""
    page = int.from_bytes(content[16:18], "big")
    start = 40 * page
    return content[:start] + bytes(byte ^ 0x5A for byte in content[start:])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (truncated, "database disk image is malformed; the file is damaged, and was left as it is"),
        (without_header, "file is not a database; name another file with --db; if it once was a database"),
        (with_garbage, "database disk image is malformed; the file is damaged, and was left as it is"),
    ],
)
@pytest.mark.parametrize("arguments", [["crawl"], ["export", "articles"], ["show", SEED]], ids=lambda a: a[0])
def test_damaged_file_is_told_and_left_as_it_is(
    file: Path, web: SmallWeb, spoil: Callable[[bytes], bytes], words: str, arguments: list[str]
) -> None:
    spoilt = spoil(file.read_bytes())
    file.write_bytes(spoilt)
    if arguments == ["crawl"]:
        ended = run(*crawl_arguments(web.url, "news.db", PAGE), "--quiet", cwd=file.parent)
    else:
        ended = run(*arguments, "--db", "news.db", cwd=file.parent)
    assert ended.status == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert words in ended.stderr
    assert "sqlite3 news.db .recover | sqlite3 rescued.db" in ended.stderr
    assert file.read_bytes() == spoilt
    assert web.log == []


def test_database_of_a_newer_version_is_left_as_it_is(file: Path, web: SmallWeb) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    ended = run(*crawl_arguments(web.url, "news.db", PAGE), cwd=file.parent)
    assert ended.status == 1
    assert "was written by a newer bacajuga (version 9999" in said(ended)
    assert web.log == []


def test_folder_given_as_the_file(tmp_path: Path) -> None:
    (tmp_path / "news.db").mkdir()
    ended = run("crawl", "data-breach", PAGE, "--db", "news.db", cwd=tmp_path)
    assert ended.status == 1
    assert said(ended) == (
        "bacajuga: database news.db: unable to open database file; news.db is a folder: name a file in it"
    )


def test_log_that_a_killed_process_left_is_read_and_a_spoilt_one_is_not(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from crawler.store.database import open_store\n"
        "from crawler.store.crawl.hosts import ensure_hosts\n"
        "store = open_store('news.db')\n"
        "for name in ('a.test', 'b.test'):\n"
        "    with store.write() as connection:\n"
        "        ensure_hosts(connection, {name: 1.0})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, timeout=TIMEOUT, check=False)
    log = tmp_path / "news.db-wal"
    assert log.stat().st_size > 0
    content = log.read_bytes()
    for kept, hosts_left in ((content, 2), (content[:-2000] + os.urandom(2000), 1)):
        copy = tmp_path / f"copy-{hosts_left}"
        copy.mkdir()
        shutil.copy(tmp_path / "news.db", copy)
        (copy / "news.db-wal").write_bytes(kept)
        with closing(open_store(str(copy / "news.db"))) as store, store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM hosts").scalar() == hosts_left


# --- Company ------------------------------------------------------------------------------------


def test_two_crawls_and_exports_work_on_one_file_at_once(tmp_path: Path) -> None:
    with SampleWeb() as web:
        arguments = [*crawl_arguments(web.url, "news.db", delay=0.05), "--quiet"]
        crawls = [
            subprocess.Popen(
                command(*arguments), cwd=tmp_path, env=clean_environment(), stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        rows = []
        while any(crawl.poll() is None for crawl in crawls):
            exported = run("export", "links", "--db", "news.db", cwd=tmp_path)
            assert exported.status in (0, 1, 3), exported.stderr
            assert exported.status != 1 or "no such file" in exported.stderr, "only before the crawls begin"
            rows.append(exported.stdout.count("\n"))
        assert [(crawl.wait(TIMEOUT), crawl.communicate()[1]) for crawl in crawls] == [(0, "")] * 2
    assert rows == sorted(rows)
    assert len(rows) > 1
    assert stories_of(tmp_path / "news.db") > 20
