"""``bacajuga search``: what it prints, and what it says when it finds nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from crawler.cli import exit_status
from crawler.store.database import open_store
from tests import stories
from tests.searching import add
from tests.test_cli import Ran


@pytest.fixture
def database(tmp_path: Path) -> str:
    store = open_store(str(tmp_path / "news.db"))
    stories.fill(store)
    add(store, 7, "=HYPERLINK(0) \x1b]0;kotz\x07 hasil", "Kotz \x1b[31mmerah\x1b[0m.")
    store.close()
    return str(tmp_path / "news.db")


def test_command_prints_a_line_a_story_in_a_pipe(database: str) -> None:
    ran = Ran("search", "bpjs", "--db", database)
    assert ran.status == exit_status.OK
    heading, *lines = ran.out.splitlines()
    assert heading.split("\t") == [
        "PUBLISHED", "OUTLET", "TOPICS", "COPIES", "HEADLINE", "FOUND", "URL",
    ]  # fmt: skip
    assert {line.split("\t")[-1] for line in lines} == {stories.SEED, stories.THIRD}
    assert "\x02" not in ran.out


def test_command_takes_several_words(database: str) -> None:
    assert stories.SECOND in Ran("search", "raid", "forums", "--db", database).out


def test_command_prints_json_and_csv(database: str) -> None:
    record = json.loads(Ran("search", "raid", "--json", "--db", database).out)
    assert (record["query"], record["has_more"]) == ("raid", False)
    [hit] = record["hits"]
    assert (hit["url"], hit["found_words"], hit["copies"]) == (stories.SECOND, ["Raid"], 1)
    [row] = csv.DictReader(io.StringIO(Ran("search", "kotz", "--csv", "--db", database).out, newline=""))
    assert row["title"].startswith("'=HYPERLINK(0)"), "a spreadsheet would run it"
    assert Ran("search", "raid", "--csv", "--json", "--db", database).status == exit_status.USAGE


def test_command_prints_nothing_that_a_terminal_obeys(database: str) -> None:
    ran = Ran("search", "kotz", "--db", database)
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tidakada"], "try the beginning of the word with a star"),
        (["kotz", "tidakada"], "try fewer words"),
        (["raid", "--topic", "banjir"], "its topics: data-breach; one of your own goes by its file"),
        (["raid", "--outlet", "kompas"], "has no story of kompas; it has some of: detik, tribunnews"),
        (["raid", "--since", "2026-01-01"], "try it without --topic, --outlet"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nothing_found_says_what_to_try(database: str, arguments: list[str], said: str) -> None:
    ran = Ran("search", *arguments, "--db", database)
    assert (ran.status, ran.out) == (exit_status.NOTHING_FOUND, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_query_that_cannot_be_read_is_one_line(database: str) -> None:
    ran = Ran("search", "*bocor", "--db", database)
    assert (ran.status, ran.out, ran.err.count("\n")) == (exit_status.ERROR, "", 1)
    assert "write bocor*" in ran.err


def test_more_than_asked_for_is_told(database: str) -> None:
    ran = Ran("search", "paragraf", "--limit", "1", "--db", database)
    assert len(ran.out.splitlines()) == 2
    assert "more with --limit 5" in ran.err


def test_unknown_outlet_is_refused_and_near_names_come_first(database: str) -> None:
    ran = Ran("search", "raid", "--outlet", "kompass", "--db", database)
    assert (ran.status, ran.out, ran.err.count("\n")) == (exit_status.ERROR, "", 1)
    assert "no outlet named 'kompass'; known: kompas, antaranews, " in ran.err


def test_outlets_may_stand_together(database: str) -> None:
    both = Ran("search", "raid", "--outlet", "kompas,tribunnews", "--db", database)
    assert stories.SECOND in both.out
