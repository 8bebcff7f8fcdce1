from __future__ import annotations

import csv
import io
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.cli.options import DEFAULT_DATABASE
from crawler.export.columns import LINK_COLUMNS
from crawler.store.database import DEFAULT_URL, Store, open_store
from crawler.store.story import stories as stories_module
from tests import stories

HEAVY = ("scrapy", "twisted", "sqlalchemy", "alembic", "trafilatura", "lxml", "dateparser", "pandas")
COMMANDS = [
    ["crawl"], ["demo"], ["read"], ["export"], ["show"], ["why"], ["why-not"], ["yields"], ["outlets"],
    ["outlets", "show"], ["outlets", "check"], ["outlets", "new"], ["diff"], ["dedupe"], ["reread"],
    ["topics"], ["topics", "show"], ["topics", "check"], ["topics", "new"],
    ["topics", "review"], ["db"], ["db", "upgrade"],
    ["brief"], ["report"], ["doctor"],
    ["jobs"], ["jobs", "example"], ["jobs", "list"], ["jobs", "run"], ["jobs", "due"], ["jobs", "serve"],
    ["jobs", "history"], ["jobs", "show"], ["jobs", "install"],
    ["search"], ["timeline"], ["threads"], ["stats"],
    ["snapshot"], ["snapshot", "create"], ["snapshot", "list"], ["snapshot", "show"], ["snapshot", "export"],
    ["snapshot", "cite"], ["snapshot", "verify"], ["snapshot", "delete"],
]  # fmt: skip
PAGE = """<html><head><meta property="og:type" content="article"></head><body><h1>Data Bocor</h1>
<div class="detail__date">Jumat, 21 Mei 2021 08:30 WIB</div><div class="detail__body-text"><p>Jakarta - Data
peserta bocor dan dijual di forum, kata juru bicara, Jumat.</p></div></body></html>"""
PAGE_URL = "https://news.detik.com/berita/d-5577123/data-bocor"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    yield opened
    opened.close()


@pytest.fixture
def database(store: Store) -> str:
    stories.fill(store)
    return store.engine.url.render_as_string(hide_password=False)


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        result = CliRunner(
            env={"COLUMNS": "100", "TERM": "dumb", "BACAJUGA_DEBUG": "", **(env or {})}
        ).invoke(app, list(arguments), prog_name="bacajuga")
        self.status, self.out, self.err = result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_ends_with_an_example(command: list[str]) -> None:
    ran = Ran(*command, "--help")
    assert ran.status == exit_status.OK
    assert f"$ bacajuga {' '.join(command)}" in ran.out.partition("Examples")[2]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_fits_a_terminal_and_reads_as_prose(command: list[str]) -> None:
    lines = Ran(*command, "--help", env={"COLUMNS": "80"}).out.splitlines()
    assert max(map(len, lines)) <= 80
    cut = [line for line in lines if "…" in line]
    assert not cut, "shorten the longest metavar or option"
    types = [line for line in lines if re.search(r"<(?:bool|str|int|float|list|path)", line, re.IGNORECASE)]
    assert not types, "give the option a metavar"
    # A paragraph is broken by the window, not where the source was: its lines but the last are full.
    about = [line.strip() for line in lines[2 : next(n for n, text in enumerate(lines) if "╭" in text)]]
    for line, following in itertools.pairwise(about):
        word = following.split(" ")[0]
        assert not following or not line or len(f"{line} {word}") > 77, f"broken early: {line}"


def test_examples_are_whole_lines_of_a_terminal() -> None:
    def epilogs(command: Any) -> Iterator[str]:
        yield from (command.epilog or "").splitlines()[1:]
        for child in getattr(command, "commands", {}).values():
            yield from epilogs(child)

    long = [line for line in epilogs(get_command(app)) if len(line.replace("\\[", "[")) > 78]
    assert not long, "nobody copies a command that is broken into two"


def test_every_command_is_tested_for_its_help() -> None:
    names = {command.name for command in app.registered_commands}
    assert names <= {command[0] for command in COMMANDS}


@pytest.mark.parametrize(
    "code",
    [
        "import crawler.cli, crawler.cli.app",
        "import sys; sys.argv = ['bacajuga', '--help']; from crawler.cli import main; main()",
    ],
)
def test_help_loads_nothing_heavy(code: str) -> None:
    report = f"import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n{code}"
    loaded = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True
    ).stderr.split()
    assert not set(HEAVY) & set(loaded)


def test_the_default_database_is_the_stores() -> None:
    assert DEFAULT_DATABASE == DEFAULT_URL


def test_version() -> None:
    assert Ran("--version").out.startswith("bacajuga 0.")


def test_export_to_stdout_is_data_only(database: str) -> None:
    ran = Ran("export", "articles", "--db", database)
    assert (ran.status, ran.err) == (exit_status.OK, "")
    assert [row["url"] for row in csv.DictReader(io.StringIO(ran.out, newline=""))] == [
        stories.SEED, stories.SECOND, stories.THIRD,
    ]  # fmt: skip


def test_the_database_is_taken_from_the_environment(database: str) -> None:
    assert stories.SEED in Ran("export", "articles", env={"DATABASE_URL": database}).out


def test_export_to_a_file_says_how_much(database: str, tmp_path: Path) -> None:
    path = tmp_path / "links.jsonl"
    ran = Ran("export", "links", "--db", database, "-o", str(path))
    assert (ran.out, ran.err) == ("", f"5 links written to {path}\n")
    assert json.loads(path.read_text().splitlines()[0])["source_url"] == stories.SEED


def test_export_filters(database: str) -> None:
    ran = Ran(
        "export", "articles", "--db", database, "--topic", stories.TOPIC, "--since", "2021-05-20",
        "--until", "2021-05-23", "--include-off-topic", "--include-duplicates", "--format", "jsonl",
    )  # fmt: skip
    assert [json.loads(line)["url"] for line in ran.out.splitlines()] == [
        stories.SEED, stories.SECOND, stories.LURE, stories.COPY,
    ]  # fmt: skip


def test_export_of_nothing_says_so(database: str) -> None:
    ran = Ran("export", "articles", "--db", database, "--topic", "banjir")
    assert ran.status == exit_status.NOTHING_FOUND
    assert "no stories of that kind" in ran.err
    assert "its topics: data-breach" in ran.err
    assert ran.out.startswith("url,outlet,")


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "pages"],
        ["export", "articles", "--since", "kemarin"],
        ["export", "articles", "--since", "2021-05-22", "--until", "2021-05-20"],
        ["export", "articles", "--format", "jsonl", "--bom"],
        ["show", "tribunnews"],
        ["why", "http://"],
        ["why", "https://[1/"],
        ["read", __file__],
        ["read", __file__, "--url", "detik"],
        ["read", "https://www.detik.com/", "-s", "DELAY"],
        ["nosuch"],
        ["export", "articles", "--nosuch"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str]) -> None:
    ran = Ran(*arguments)
    assert ran.status == exit_status.USAGE
    assert ran.out == ""
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "articles", "--db", "sqlite:////nowhere/news.db"], "no such file"),
        (["export", "articles", "--db", "mysql://x/y"], "not supported"),
        (["show", stories.SEED, "--db", "no/such/folder/news.db"], "no such file"),
        (
            ["why", stories.SEED, "--db", "postgresql://127.0.0.1:1/news?connect_timeout=2"],
            "database postgresql",
        ),
        (["outlets", "nosuch"], "no outlet named 'nosuch'; known: "),
        (["topics", "show", "nosuch"], "no topic named 'nosuch'"),
        (["topics", "show", "./nosuch.toml"], "nosuch.toml cannot be read"),
        (["export", "articles", "--topic", "./nosuch.toml"], "nosuch.toml cannot be read"),
        (["topics", "check", "data-breach", "nosuch.tsv"], "nosuch.tsv cannot be read"),
        (["read", "nosuch.html", "--url", PAGE_URL], "nosuch.html is not there"),
        (["read", ".", "--url", PAGE_URL], "cannot be read: Is a directory"),
        (["read", "a\0b", "--url", PAGE_URL], "cannot be read: embedded null"),
        (["db", "upgrade", "--db", "sqlite:////nowhere/news.db"], "unable to open"),
    ],
    ids=lambda value: " ".join(value).replace("\0", "") if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line(arguments: list[str], message: str, database: str) -> None:
    env = {} if "--db" in arguments else {"DATABASE_URL": database}
    ran = Ran(*arguments, env=env)
    assert ran.status == exit_status.ERROR
    assert ran.out == ""
    assert ran.err.startswith("bacajuga: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.write_text("no database " * 1000)
    ran = Ran("show", stories.SEED, "--db", str(path))
    assert (ran.status, ran.err.count("\n")) == (exit_status.ERROR, 1)
    assert "not a database" in ran.err


def test_an_unwritable_file_is_one_line(database: str, tmp_path: Path) -> None:
    ran = Ran("export", "articles", "--db", database, "-o", str(tmp_path / "no" / "x.csv"))
    assert ran.status == exit_status.ERROR
    assert "there is no folder" in ran.err


def test_a_fault_of_ours_is_one_line_unless_asked(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_module, "_page", lambda *_: 1 / 0)
    ran = Ran("export", "articles", "--db", database)
    assert ran.status == exit_status.ERROR
    assert ran.err.startswith("bacajuga: ZeroDivisionError: division by zero; ")
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(app, ["--debug", "export", "articles", "--db", database], catch_exceptions=False)


def test_the_columns_are_explained() -> None:
    ran = Ran("export", "links", "--columns")
    assert [line.split("\t")[0] for line in ran.out.splitlines()][1:] == [
        column.name for column in LINK_COLUMNS
    ]


def test_a_topic_file_stands_for_its_topic(database: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'name = "{stories.TOPIC}"\ntitle = "Mine"\nstrong = ["data bocor"]\n')
    ran = Ran("why", stories.SEED, "--db", database, "--topic", str(file), "--json")
    assert json.loads(ran.out)["findings"][0]["topic"] == stories.TOPIC
    assert Ran("export", "links", "--db", database, "--topic", str(file)).status == exit_status.OK


def test_show_tells_the_story(database: str) -> None:
    ran = Ran("show", stories.SECOND, "--db", database, "--text")
    assert ran.status == exit_status.OK
    for expected in (
        "Kominfo Blokir Raid Forums",
        "2021-05-22 08:30+07:00",
        "Ani Lestari, Budi",
        stories.COPY,
        "Paragraf kedua.",
    ):
        assert expected in ran.out
    assert f"{stories.THIRD}\n" in ran.out


def test_show_as_json(database: str) -> None:
    story = json.loads(Ran("show", stories.AMP_OF_SECOND, "--db", database, "--json").out)
    assert story["url"] == stories.SECOND
    assert story["published_at"] == "2021-05-22T08:30:00+07:00"
    assert story["links_out"][0]["label"] == "Baca juga"


def test_show_of_an_unknown_story(database: str) -> None:
    ran = Ran("show", stories.NEVER_LINKED, "--db", database)
    assert (ran.status, ran.out) == (exit_status.NOTHING_FOUND, "")
    assert ran.err.startswith("not stored: ")


def test_why_prints_the_chain(database: str) -> None:
    ran = Ran("why", stories.THIRD, "--db", database)
    assert ran.status == exit_status.OK
    lines = [line.strip() for line in ran.out.splitlines()]
    assert lines[4:7] == [
        "seed 279 Juta Data Peserta BPJS Bocor",
        stories.SEED,
        "relevance 0.90: data bocor, raid forums",
    ]
    assert lines[-4:] == [
        "└ Baca juga: “Dirut BPJS diperiksa soal data bocor”",
        "Bareskrim Periksa Dirut BPJS",
        stories.THIRD,
        "link 0.70, anchor 0.65, relevance 0.90: data bocor",
    ]


def test_why_of_an_address_that_is_not_there(database: str) -> None:
    ran = Ran("why", stories.BELOW_FLOOR, "--db", database)
    assert ran.status == exit_status.NOTHING_FOUND
    assert "below the floor" in ran.out


def test_why_as_json(database: str) -> None:
    ran = Ran("why", stories.THIRD, "--db", database, "--json", "--topic", stories.TOPIC)
    [finding] = json.loads(ran.out)["findings"]
    assert [hop["url"] for hop in finding["chain"]] == [stories.SEED, stories.SECOND, stories.THIRD]


def test_outlets_and_topics(tmp_path: Path) -> None:
    assert "detik\tdetikcom" in Ran("outlets").out
    assert json.loads(Ran("outlets", "detik", "--json").out)[0]["hosts"] == ["detik.com"]
    assert "data-breach" in Ran("topics").out
    topic = json.loads(Ran("topics", "--json").out)[0]
    assert Path(topic["file"]).is_file()
    assert json.loads(Ran("topics", "show", topic["file"], "--json").out) == topic
    assert f"  {topic['seeds'][0]}\n" in Ran("topics", "show", topic["name"]).out


def test_topics_check_measures_a_topic_file(tmp_path: Path) -> None:
    labelled = tmp_path / "headlines.tsv"
    labelled.write_text(
        "headline\tlabel\nData peserta BPJS bocor\t1\nGol indah di final\t1\nBocoran ponsel\t0\n"
    )
    report = json.loads(Ran("topics", "check", stories.TOPIC, str(labelled), "--json").out)
    assert (report["headlines"], report["precision"], report["recall"]) == (3, 1.0, 0.5)
    ran = Ran("topics", "check", stories.TOPIC, str(labelled))
    assert "missed  0.00  Gol indah di final\n" in ran.out
    assert "precision 1.000, recall 0.500" in ran.out


def test_read_prints_one_json_object(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    ran = Ran("read", str(page), "--url", PAGE_URL)
    assert ran.status == exit_status.OK
    record = json.loads(ran.out)
    assert (record["title"], record["outlet"]) == ("Data Bocor", "detik")


def test_read_of_a_page_without_a_story(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"\x00\xff<html")
    ran = Ran("read", str(page), "--url", PAGE_URL)
    assert (ran.status, ran.out) == (exit_status.ERROR, "")
    assert ran.err.startswith(f"bacajuga: {PAGE_URL}: ")


def test_db_upgrade(database: str) -> None:
    ran = Ran("db", "upgrade", "--db", database)
    assert ran.status == exit_status.OK
    assert "is at version 0" in ran.err
