"""Every command with every kind of bad input: one line that names the thing, the value and the next step."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.store.database import open_store
from tests.crawling import run

ERROR, USAGE, NOTHING_FOUND = exit_status.ERROR, exit_status.USAGE, exit_status.NOTHING_FOUND
PAGE = "https://kabar.test/1"
# Reading it fails, for root too, as a damaged disk does; and nobody can make a file in this folder.
UNREADABLE, UNWRITABLE = "/proc/self/mem", "/proc"

# What each argument that has to be there is given, so that only the one thing is wrong.
GIVEN = {
    "topic": ["data-breach"],
    "url": [PAGE],
    "table": ["articles"],
    "page": ["page.html"],
    "pages": ["page.html", "page.html"],
    "headlines": ["headlines.tsv"],
    "number": ["1"],
    "words": ["kotz"],
    "query": ["kotz"],
    "asked": ["1"],
}
NAMES = {"jobs": ["pagi"], "outlets": ["detik"], "topics": ["my-topic"], "snapshot": ["one"]}
# What an option that may be left out has to have beside it.
BESIDE = {
    ("topics", "new"): ["--from", "example.txt"],
    ("read",): ["--url", PAGE],
    ("jobs", "install"): ["--cron"],
    ("outlets", "new"): ["--url", PAGE, "--url", PAGE],
}
# Tells what is amiss instead of failing on it, and has tests of its own.
DOCTOR = ("doctor",)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the program, as Typer has it."""

    path: tuple[str, ...]
    parameters: tuple[Any, ...]

    def arguments(self, **wrong: str) -> list[str]:
        """Return a command line in which only the positional argument named is wrong."""
        given = list(self.path)
        for each in self.parameters:
            if each.param_type_name == "argument" and (each.required or each.name in wrong):
                known = self.right_values(each.name) or ["1"]
                given += [wrong[each.name]] * len(known) if each.name in wrong else known
        return given + BESIDE.get(self.path, [])

    def right_values(self, name: str) -> list[str] | None:
        return NAMES.get(self.path[0]) if name == "name" else GIVEN.get(name)

    def options(self, *names: str) -> list[str]:
        """Return those options that the command has."""
        return [
            each.opts[0]
            for each in self.parameters
            if each.param_type_name == "option" and (each.name in names or set(names) & set(each.opts))
        ]

    def has_argument(self, name: str) -> bool:
        return any(each.name == name and each.param_type_name == "argument" for each in self.parameters)


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[Command]:
    for name, sub in getattr(command, "commands", {}).items():
        yield from walk(sub, (*path, name))
    if not getattr(command, "commands", {}):
        yield Command(path, tuple(command.params))


COMMANDS = [each for each in walk(get_command(app)) if each.path not in (DOCTOR, ("demo",))]


def rows(cases: Iterator[tuple[list[str], str]]) -> Any:
    """Return pytest's parameters for command lines and what is said of them."""
    given = list(cases)
    assert given, "no command of this kind: mend the walk"
    return pytest.mark.parametrize(
        ("arguments", "said"), given, ids=[" ".join(line)[:90] for line, _ in given]
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command runs in, with files that are not what they should be."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BACAJUGA_JOBS", "BACAJUGA_OUTLETS", "BACAJUGA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    files = {
        "notes.db": "not a database, but notes\n" * 50,
        "broken.toml": 'name = "x"\n[broken',
        "empty.toml": 'name = "x"\n',
        "jobs.toml": '[jobs.pagi]\ntopic = "data-breach"\nevery = "1h"\n',
        "page.html": "<html><p>Bukan berita</p></html>",
        "headlines.tsv": "headline\tlabel\nData bocor\t1\n",
        "example.txt": "Data bocor lagi\n\nData peserta bocor.\n\nBaca juga: Data bocor\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "folder").mkdir()
    with sqlite3.connect(tmp_path / "foreign.db") as theirs:
        theirs.execute("CREATE TABLE moz_places (url TEXT)")
    return tmp_path


def ended(arguments: list[str]) -> Any:
    return CliRunner(env={"COLUMNS": "400", "TERM": "dumb"}).invoke(app, arguments, prog_name="bacajuga")


def assert_one_line(result: Any, said: str, status: int = ERROR) -> None:
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert "fault of bacajuga" not in result.stderr
    assert "geheim" not in result.stderr
    if status != USAGE:
        assert result.stderr.startswith("bacajuga: ")
        assert result.stderr.count("\n") == 1, result.stderr
        assert "; " in result.stderr or "write " in result.stderr, f"no next step: {result.stderr}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each.path))
def test_every_argument_has_a_right_value(command: Command) -> None:
    needed = [
        each.name for each in command.parameters if each.param_type_name == "argument" and each.required
    ]
    unknown = [name for name in needed if not command.right_values(name)]
    assert not unknown, f"give {unknown} of {' '.join(command.path)} a right value: a row in GIVEN"


DATABASES = {
    "notes.db": "file is not a database; name another file",
    "folder": "is a folder: name a file in it",
    "foreign.db": "is another program's (it holds moz_places); name another file",
    "no/such.db": "no",
    "sqlite:///": "names no file; write sqlite:///FILE",
    "mysql://me:geheim@a/b": "database kind 'mysql' is not supported; use",
    "postgresql://me:geheim@127.0.0.1:1/x": "Connection refused; see that the server runs",
    "postgresql://me:geheim@127.0.0.1:port/x": "cannot be read; write sqlite:///FILE",
}


def wrong_databases() -> Iterator[tuple[list[str], str]]:
    for command in COMMANDS:
        if command.options("--db"):
            for address, said in DATABASES.items():
                yield [*command.arguments(), "--db", address], said


@rows(wrong_databases())
def test_wrong_database(arguments: list[str], said: str) -> None:
    assert_one_line(ended(arguments), said)


def test_file_that_is_not_there_is_not_made() -> None:
    makes_it = {
        ("crawl",),
        ("db", "upgrade"),
        ("jobs", "list"),
        ("jobs", "run"),
        ("jobs", "due"),
        ("jobs", "serve"),
    }
    looked_at = 0
    for command in COMMANDS:
        if command.options("--db") and command.path not in makes_it:
            assert_one_line(
                ended([*command.arguments(), "--db", "nosuch.db"]), "nosuch.db: no such file; crawl first"
            )
            assert not Path("nosuch.db").exists(), command.path
            looked_at += 1
    assert looked_at > 5


TOPICS = {
    "./nosuch.toml": "topic file nosuch.toml cannot be read: No such file or directory; list the topics",
    "./folder": "topic file folder cannot be read: Is a directory; list the topics",
    "./broken.toml": "topic file broken.toml is not valid TOML",
    "./empty.toml": "topic file empty.toml: no phrases to look for; give",
    UNREADABLE: "cannot be read: Input/output error; list the topics",
}


def wrong_topics() -> Iterator[tuple[list[str], str]]:
    for command in COMMANDS:
        if command.path[0] == "topics" and command.path[1:] == ("new",):
            continue
        for topic, said in TOPICS.items():
            if command.has_argument("topic"):
                arguments = command.arguments(topic=topic)
            elif command.options("--topic"):
                arguments = [*command.arguments(), "--topic", topic]
            else:
                break
            yield [*arguments, *(["--db", "empty.db"] if command.options("--db") else [])], said


@rows(wrong_topics())
def test_wrong_topic(arguments: list[str], said: str) -> None:
    open_store("empty.db").close()
    result = ended(arguments)
    if "broken" in said:  # Python's own words on TOML are the next step
        assert (result.exit_code, said in result.stderr, result.stderr.count("\n")) == (ERROR, True, 1)
    else:
        assert_one_line(result, said)


URLS = ("kabar", "ftp://kabar.test/1", "http://[", "https://", "https://a b/c", "https://a.test:99999/", "")


def wrong_urls() -> Iterator[tuple[list[str], str]]:
    for command in COMMANDS:
        if command.has_argument("url"):
            for url in URLS:
                yield command.arguments(url=url), f"{url!r} is not a web address"


@rows(wrong_urls())
def test_wrong_url(arguments: list[str], said: str) -> None:
    assert_one_line(ended(arguments), said, USAGE)


@pytest.mark.parametrize("url", URLS)
def test_wrong_url_to_start_from(url: str) -> None:
    assert_one_line(ended(["crawl", "data-breach", url]), f"address {url!r} is not a web address; write it")


def numbers() -> Iterator[tuple[list[str], str]]:
    for command in COMMANDS:
        for each in command.parameters:
            kind = str(getattr(each, "type_descriptor", ""))
            if not ("int" in kind or "float" in kind) or "interpolat" in kind:
                continue
            if each.param_type_name == "option":
                yield [*command.arguments(), each.opts[0], "banyak"], each.opts[0]
            elif each.name in GIVEN:
                yield command.arguments(**{each.name: "banyak"}), each.metavar or each.name.upper()


@rows(numbers())
def test_word_where_a_number_belongs(arguments: list[str], said: str) -> None:
    assert_one_line(ended(arguments), said, USAGE)


FILES = {"nosuch": "No such file", "folder": "Is a directory", UNREADABLE: "Input/output error"}


def wrong_files() -> Iterator[tuple[list[str], str]]:
    for name, said in FILES.items():
        there = "is not there; name" if name == "nosuch" else said
        yield ["read", name, "--url", PAGE], there
        yield ["outlets", "new", name, name, "--url", PAGE, "--url", PAGE], said
        yield ["topics", "check", "data-breach", name], said
        yield ["topics", "new", "my-topic", "--from", name], said
        if name != UNREADABLE:
            yield ["jobs", "list", "--jobs", f"{name}/x"], f"no jobs file {name}/x"
        yield ["reread", "--from", name, "--db", "empty.db"], "no .warc.gz file there; make one"


@rows(wrong_files())
def test_wrong_file_to_read(arguments: list[str], said: str) -> None:
    open_store("empty.db").close()
    assert_one_line(ended(arguments), said)


def wrong_outputs() -> Iterator[tuple[list[str], str]]:
    for place in ("no/such/folder", UNWRITABLE):
        said = "make it" if place.startswith("no") else "cannot "
        yield ["export", "articles", "--db", "empty.db", "-o", f"{place}/x.csv"], said
    yield ["export", "articles", "--db", "empty.db", "-o", "folder"], "it is a folder; name a file in it"
    yield ["outlets", "new", "page.html", "page.html", "--folder", "notes.db"], "it is a file; name another"
    yield (
        ["crawl", "data-breach", PAGE, "--archive", "notes.db"],
        "archive notes.db cannot be made: it is a file; name",
    )
    yield ["crawl", "data-breach", PAGE, "--archive", f"{UNWRITABLE}/x"], "cannot be made"


@rows(wrong_outputs())
def test_wrong_place_to_write(arguments: list[str], said: str) -> None:
    open_store("empty.db").close()
    result = ended(arguments)
    assert (result.exit_code, said in result.stderr, result.stderr.count("\n")) == (ERROR, True, 1), (
        result.stderr
    )
    assert "Traceback" not in result.stderr


def test_place_for_the_demo_that_is_none() -> None:
    result = ended(["demo", "--keep", "notes.db"])
    assert (result.exit_code, result.stdout) == (ERROR, "")
    assert result.stderr.endswith(
        "\nbacajuga: folder notes.db cannot be used: File exists; name another one\n"
    )


SETTINGS = {
    "MAX_PAGES=many": "give it a whole number",
    "MAX_PAGES=-1": "give it a whole number",
    "HOST_DELAY=nan": "give it a number",
    "HOST_DELAY=inf": "give it a number",
    "LOG_LEVEL=LOUD": "give it one of DEBUG, INFO",
    "CONNECT_TO=http://[": "give it a server's address",
    "CONNECT_TO=http://": "give it a server's address",
    "REVISIT_AFTER_HOURS=a,b": "give it numbers, as in 1,6,24",
    "ITEM_PIPELINES=x": "give it a table in JSON",
    "ROBOTSTXT_OBEY=maybe": "give it 1 or 0",
    "HOSTDELAY=1": "did you mean HOST_DELAY?",
    "OUTLET_FOLDER=nosuch": "folder of outlets 'nosuch' is not there; OUTLET_FOLDER",
}


@pytest.mark.parametrize(("setting", "said"), SETTINGS.items(), ids=list(SETTINGS))
def test_wrong_setting(setting: str, said: str) -> None:
    assert_one_line(ended(["crawl", "data-breach", PAGE, "-s", setting]), said)


@pytest.mark.parametrize(
    "command", [each for each in COMMANDS if each.options("-s")], ids=lambda each: " ".join(each.path)
)
def test_setting_of_another_form(command: Command) -> None:
    arguments = command.arguments(page=PAGE) if command.has_argument("page") else command.arguments()
    assert_one_line(
        ended([*arguments, "-s", "HOST_DELAY"]), "'HOST_DELAY' is not of the form NAME=VALUE", USAGE
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["crawl", "data-breach", PAGE, "--outlets", "detek"],
        ["crawl", "data-breach", PAGE, "--outlet", "kompas,detek"],
        ["search", "kotz", "--outlet", "detek", "--db", "empty.db"],
        ["reread", "--outlet", "detek", "--db", "empty.db"],
        ["outlets", "show", "detek"],
    ],
    ids=" ".join,
)
def test_unknown_outlet(arguments: list[str]) -> None:
    open_store("empty.db").close()
    assert_one_line(ended(arguments), "no outlet named 'detek'; known: detik, antaranews, ")


def test_days_the_wrong_way_round() -> None:
    days = ["--since", "2021-06-01", "--until", "2021-05-01"]
    assert_one_line(ended(["crawl", "data-breach", PAGE, *days]), "2021-05-01 is before --since", USAGE)


def test_job_that_is_not_in_the_file() -> None:
    assert_one_line(ended(["jobs", "run", "malam", "--db", "news.db"]), "no job named 'malam'")


@pytest.mark.parametrize("variable", ["DATABASE_URL", "BACAJUGA_OUTLETS", "BACAJUGA_JOBS"])
def test_wrong_environment_is_one_line(folder: Path, variable: str) -> None:
    value = {"DATABASE_URL": "mysql://me:geheim@a/b"}.get(variable, "nosuch")
    arguments = ["jobs", "list"] if variable == "BACAJUGA_JOBS" else ["show", PAGE]
    result = run(
        *arguments, cwd=folder, environment={variable: value} | {"HOME": os.environ.get("HOME", "/")}
    )
    assert (result.status, result.stdout, result.stderr.count("\n")) == (ERROR, "", 1), result.stderr
    assert "Traceback" not in result.stderr
    assert "geheim" not in result.stderr
