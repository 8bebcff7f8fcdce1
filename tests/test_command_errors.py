"""What goes wrong is one clear line on stderr, an exit status, and nothing on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.demo.sample_web import SEED, SampleWeb
from crawler.store.database import open_store
from crawler.store.schema import hosts
from tests.crawling import crawl_arguments, run
from tests.small_web import SmallWeb, story

ERROR, USAGE, NOTHING_FOUND, UNREACHABLE, GONE = 1, 2, 3, 4, 8
PAGE = "https://kabar.test/1"
FILES = {
    "broken.toml": b'name = "x"\n[broken',
    "empty.toml": b'name = "x"\n',
    "binary.toml": b"\xff\xfe\x00",
    "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "empty.html": b"",
    "notes.db": b"not a database, but notes\n" * 50,
}

# arguments, exit status, what the line says
MISTAKES: list[tuple[str, int, str]] = [
    ("crawl nosuch", ERROR, "no topic named 'nosuch'; known: "),
    ("crawl ./nosuch.toml", ERROR, "topic file nosuch.toml cannot be read: No such file"),
    ("crawl ./broken.toml", ERROR, "topic file broken.toml is not valid TOML"),
    ("crawl ./empty.toml", ERROR, "topic file empty.toml: no phrases to look for"),
    ("crawl ./binary.toml", ERROR, "topic file binary.toml"),
    ("crawl data-breach kabar", ERROR, "address 'kabar' is not a web address; write it with https://"),
    ("crawl data-breach ftp://kabar.test/1", ERROR, "address 'ftp://kabar.test/1' is not a web address"),
    ("crawl data-breach http://[", ERROR, "address 'http://[' is not a web address"),
    (f"crawl data-breach {PAGE} --db no/news.db", ERROR, "database no/news.db: unable to open database file"),
    (f"crawl data-breach {PAGE} --db /proc/news.db", ERROR, "database /proc/news.db: unable to open"),
    (f"crawl data-breach {PAGE} --db notes.db", ERROR, "database notes.db: file is not a database"),
    (f"crawl data-breach {PAGE} --db mysql://a/b", ERROR, "database kind 'mysql' is not supported"),
    (
        f"crawl data-breach {PAGE} --db postgresql://me:geheim@127.0.0.1:1/news",
        ERROR,
        "me:***@127.0.0.1:1/news: connection failed",
    ),
    (f"crawl data-breach {PAGE} --outlets detek", ERROR, "no outlet named 'detek'; known: "),
    (
        f"crawl data-breach {PAGE} -s HOST_DELAY=soon",
        ERROR,
        "setting HOST_DELAY cannot be 'soon'; give it a number",
    ),
    (
        f"crawl data-breach {PAGE} -s MAX_TRIES=1.5",
        ERROR,
        "setting MAX_TRIES cannot be '1.5'; give it a whole",
    ),
    (f"crawl data-breach {PAGE} -s ROBOTSTXT_OBEY=maybe", ERROR, "cannot be 'maybe'; give it 1 or 0"),
    (f"crawl data-breach {PAGE} -s CONNECT_TO=localhost", ERROR, "give it a server's address, as in http://"),
    (
        f"crawl data-breach {PAGE} -s HOSTDELAY=1",
        ERROR,
        "no setting named 'HOSTDELAY'; did you mean HOST_DELAY?",
    ),
    (f"crawl data-breach {PAGE} -s HOST_DELAY", USAGE, "'HOST_DELAY' is not of the form NAME=VALUE"),
    (f"crawl data-breach {PAGE} --max-pages many", USAGE, "Invalid value for '--max-pages'"),
    (f"crawl data-breach {PAGE} --min-score 3", USAGE, "Invalid value for '--min-score'"),
    ("crawl", USAGE, "Missing argument"),
    ("crwal data-breach", USAGE, "No such command 'crwal'"),
    (f"read nosuch.html --url {PAGE}", ERROR, "nosuch.html"),
    ("export articles --db nosuch.db", ERROR, "database nosuch.db: no such file; crawl first"),
    ("export articles --db notes.db", ERROR, "database notes.db: file is not a database"),
    ("show https://kabar.test/1 --db nosuch.db", ERROR, "database nosuch.db: no such file"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command runs in, with files that are not what they should be."""
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize(("arguments", "status", "said"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_mistake_is_one_clear_line(folder: Path, arguments: str, status: int, said: str) -> None:
    ended = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(
        app, arguments.split(), prog_name="bacajuga"
    )
    assert ended.exit_code == status, ended.output
    assert ended.stdout == ""
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "geheim" not in ended.stderr
    if status != USAGE:  # where Typer shows the usage, too
        assert ended.stderr.count("\n") == 1
        assert ended.stderr.startswith("bacajuga: ")
    made = {path.name for path in folder.iterdir()} - FILES.keys()
    assert not any(name.startswith(("nosuch", "no")) for name in made), made


@pytest.mark.parametrize("name", ["picture.html", "empty.html"])
def test_page_that_cannot_be_read_is_one_clear_line(folder: Path, name: str) -> None:
    ended = run("read", name, "--url", PAGE, cwd=folder)
    assert (ended.status, ended.stdout) == (NOTHING_FOUND, "")
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "not a story" in ended.stderr


def test_database_that_breaks_in_the_middle_ends_the_crawl_in_one_line(folder: Path) -> None:
    """The seed is taken, then every write fails: the crawl must not go round for ever."""
    store = open_store("news.db")
    with store.write() as connection:
        connection.execute(hosts.insert().values(host="x.test", next_at=0.0, delay=0.0, failures=0))
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON pages "
            "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    store.close()
    with SampleWeb() as web:
        ended = run(*crawl_arguments(web.url, "news.db", SEED), cwd=folder)
    assert (ended.status, ended.stdout) == (ERROR, "")
    lines = [line for line in ended.stderr.splitlines() if line.startswith("bacajuga: ")]
    assert lines == ["bacajuga: database news.db: database or disk is full"]
    assert "Traceback" not in ended.stderr, ended.stderr


def test_pages_that_are_gone_have_a_status_of_their_own(folder: Path) -> None:
    with SampleWeb() as web:
        ended = run(*crawl_arguments(web.url, "news.db", "https://www.kompas.com/tidak/ada"), cwd=folder)
    assert ended.status == GONE
    assert ended.stdout == ""


def test_story_that_the_database_does_not_take_is_no_reason_to_end_the_crawl(folder: Path) -> None:
    store = open_store("news.db")
    with store.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER odd BEFORE INSERT ON revisions WHEN NEW.title LIKE 'Aneh%' "
            "BEGIN SELECT RAISE(FAIL, 'odd'); END"
        )
    store.close()
    answers = {"a.test/1": story("Aneh: data BPJS Kesehatan bocor"), "b.test/2": story("Data BPJS bocor")}
    with SmallWeb(answers) as web:
        seeds = ("https://a.test/1", "https://b.test/2")
        ended = run(*crawl_arguments(web.url, "news.db", *seeds), "--json", cwd=folder)
    assert (ended.status, ended.record["stories"], ended.record["outcomes"]) == (0, 1, {"error": 1})
    assert "Traceback" not in ended.stderr
