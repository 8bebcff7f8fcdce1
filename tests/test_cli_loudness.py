"""-v and -q: on every command, before its name and behind it; -q hides no result, and nothing that failed."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from typer.main import get_command

from crawler.cli import exit_status, loudness
from crawler.cli.app import app
from crawler.cli.jobs.jobs_options import export_options
from crawler.cli.progress_line import ProgressLine
from crawler.demo.sample_web import SampleWeb
from crawler.jobs.jobs_file import read_jobs_file
from crawler.jobs.supervising import Supervisor
from crawler.store.database import open_store
from tests import stories
from tests.crawling import crawl_arguments, run
from tests.test_bad_input import walk
from tests.test_cli import Ran

LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ \[crawler\.cli\] INFO: .+")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    loudness.begin()


@pytest.fixture
def database(tmp_path: Path) -> str:
    address = str(tmp_path / "news.db")
    store = open_store(address)
    stories.fill(store)
    store.close()
    return address


def test_every_command_has_both() -> None:
    commands = list(walk(get_command(app)))
    assert len(commands) > 30
    for command in commands:
        assert command.options("verbose", "quiet") == ["--verbose", "--quiet"], command.path


@pytest.mark.parametrize("place", ["before", "behind", "between"])
def test_quiet_says_no_note_wherever_it_stands(place: str, database: str, tmp_path: Path) -> None:
    words = ["topics"] if place == "between" else ["export", "links", "-o", str(tmp_path / "links.csv")]
    words += [] if place == "between" else ["--db", database]
    spoken = Ran(*words)
    assert spoken.err != ""
    quiet = Ran("-q", *words) if place == "before" else Ran(*words, "--quiet")
    assert (quiet.status, quiet.err, quiet.out) == (exit_status.OK, "", spoken.out)


def test_next_command_of_the_same_process_is_not_quiet(database: str, tmp_path: Path) -> None:
    words = ("export", "links", "--db", database, "-o", str(tmp_path / "links.csv"))
    assert Ran("-q", *words).err == ""
    assert Ran(*words).err.startswith("5 links written to ")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ["export", "links", "--db", "nosuch.db"],
            exit_status.ERROR,
            "bacajuga: database nosuch.db: no such",
        ),
        (["show", "kompas"], exit_status.USAGE, "is not a web address"),
        (["show", stories.NEVER_LINKED], exit_status.NOTHING_FOUND, "not stored: "),
        (["search", "tidakada"], exit_status.NOTHING_FOUND, "nothing found for tidakada"),
        (["threads", "banjir"], exit_status.NOTHING_FOUND, "its topics: data-breach"),
        (["export", "articles", "--topic", "banjir"], exit_status.NOTHING_FOUND, "no stories of that kind"),
        (["jobs", "run", "pagi"], exit_status.ERROR, "no jobs file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_quiet_says_why_it_did_not_go_well(
    arguments: list[str],
    status: int,
    said: str,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = Ran("--quiet", *arguments, env={"DATABASE_URL": database, "COLUMNS": "300"})
    assert ran.status == status
    assert said in ran.err


def test_verbose_shows_the_log_and_the_results(database: str) -> None:
    plain = Ran("threads", stories.TOPIC, "--min", "1", "--db", database)
    for words in (("-v", "threads"), ("threads", "-v")):
        told = Ran(*words, stories.TOPIC, "--min", "1", "--db", database)
        assert (told.status, told.out) == (exit_status.OK, plain.out)
        lines = [line for line in told.err.splitlines() if LOG_LINE.fullmatch(line)]
        assert any(f"database {database}" in line for line in lines), told.err
        assert any("comparing stories: 3 in " in line for line in lines)
    assert not LOG_LINE.search(Ran("threads", stories.TOPIC, "--db", database).err)
    assert not any(isinstance(each, loudness._LogHandler) for each in logging.root.handlers)


def test_last_one_counts(database: str, tmp_path: Path) -> None:
    words = ("export", "links", "--db", database, "-o", str(tmp_path / "links.csv"))
    assert "INFO" in Ran("-q", *words, "-v").err
    assert Ran("-v", *words, "-q").err == ""


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ([], {"LOG_LEVEL": "ERROR", "PROGRESS": "lines"}),
        (["--quiet"], {"LOG_LEVEL": "ERROR", "PROGRESS": "off"}),
        (["--verbose"], {"PROGRESS": "log"}),
    ],
)
def test_crawl_is_told_how_much_to_say(arguments: list[str], settings: dict[str, str]) -> None:
    Ran(*arguments, "topics")
    assert loudness.crawl_log() == settings
    assert loudness.as_options() == arguments


def test_quiet_crawl_says_in_one_line_what_stood_in_its_way(tmp_path: Path) -> None:
    with SampleWeb() as web:
        words = crawl_arguments(web.url, "news.db", "https://www.kompas.com/tidak/ada")
        ended = run("-q", *words, cwd=tmp_path)
    assert (ended.status, ended.stdout) == (exit_status.GONE, "")
    assert ended.stderr == "bacajuga: data-breach: none of the pages is there any more; start from others\n"


def test_verbose_crawl_logs_each_line_once(tmp_path: Path) -> None:
    with SampleWeb() as web:
        words = crawl_arguments(web.url, "news.db", "https://www.kompas.com/tidak/ada")
        ended = run("-v", *words, cwd=tmp_path)
    assert ended.stderr.count("INFO: Spider opened") == 1
    assert ended.stderr.count("INFO: Spider closed") == 1
    assert ended.stderr.count(" ended after ") == 1


def test_progress_is_drawn_logged_or_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    def told(*arguments: str) -> str:
        Ran(*arguments, "topics")
        with ProgressLine() as progress:
            progress._printed_at -= 60  # as if nothing had been said for a minute
            progress("writing \x1b[31mx", 2, 4)
        return capsys.readouterr().err

    assert re.fullmatch(r"writing x: 2 of 4 \(50%\), \S+ a second\n", told())
    assert told("-q") == ""
    assert re.fullmatch(r"\S+ \S+ \[crawler\.cli\] INFO: writing x: 2 in \d\.\d s\n", told("-v"))


@pytest.fixture
def jobs_file(tmp_path: Path) -> Path:
    file = tmp_path / "jobs.toml"
    file.write_text('[jobs.pagi]\ntopic = "./nosuch.toml"\nevery = "1m"\n')
    return file


def test_job_that_fails_is_told_with_quiet_and_its_crawl_logs_with_verbose(jobs_file: Path) -> None:
    quiet = run("jobs", "run", "pagi", "-q", "--db", "news.db", cwd=jobs_file.parent)
    assert quiet.status == exit_status.ERROR
    assert re.fullmatch(r"bacajuga: job pagi: run 1 failed after .*\n", quiet.stderr), quiet.stderr
    verbose = run("jobs", "run", "pagi", "-v", "--db", "news.db", cwd=jobs_file.parent)
    assert "job pagi: run 2 begins (" in verbose.stderr
    log = Path(verbose.stderr.split("; log ")[1].splitlines()[0])
    assert log.read_text().startswith("$ bacajuga --verbose crawl ")


def test_supervisor_passes_on_what_went_wrong_apart_from_the_rest(jobs_file: Path) -> None:
    said: list[str] = []
    complained: list[str] = []
    jobs = read_jobs_file(jobs_file, export_options())
    supervisor = Supervisor(jobs, "news.db", said.append, complained.append)
    program = "import sys; print('pagi begins\\nbacajuga: pagi failed\\npagi ends', file=sys.stderr)"
    with TemporaryFile() as stderr:
        supervisor._pass_on(subprocess.Popen([sys.executable, "-c", program], stderr=stderr), stderr.fileno())
    assert (said, complained) == (["pagi begins", "pagi ends"], ["pagi failed"])
