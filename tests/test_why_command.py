"""``bacajuga why`` and ``why-not`` as they are run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.cli import exit_status
from crawler.store.database import open_store
from crawler.store.schema import articles
from tests import stories
from tests.test_cli import Ran


@pytest.fixture
def database(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'news.db'}"
    store = open_store(address)
    stories.fill(store)
    with store.write() as connection:
        connection.execute(
            update(articles).where(articles.c.id == 3).values(title="Bocoran \x1b[31mPonsel\x1b[0m")
        )
    store.close()
    return address


def test_why_not_prints_one_paragraph(database: str) -> None:
    ran = Ran("why-not", stories.BELOW_FLOOR, "--db", database)
    assert ran.status == exit_status.OK
    [line] = ran.out.splitlines()
    assert line.startswith("data-breach: Found, but its link score 0.12 is below the floor of 0.20")
    assert ran.err == ""


def test_why_not_as_json(database: str) -> None:
    ran = Ran("why-not", stories.WAITING, "--topic", stories.TOPIC, "--json", "--db", database)
    record = json.loads(ran.out)
    assert (record["is_known"], record["answers"][0]["verdict"]) == (True, "waiting")


def test_why_not_of_what_the_store_has_never_seen(database: str) -> None:
    ran = Ran("why-not", stories.NEVER_LINKED, "--db", database)
    assert ran.status == exit_status.NOTHING_FOUND
    assert ran.out.startswith("The store has never seen this address")


def test_why_not_of_no_address(database: str) -> None:
    ran = Ran("why-not", "kompas", "--db", database)
    assert ran.status == exit_status.USAGE
    assert "is not a web address" in ran.err


@pytest.mark.parametrize("command", ["why", "why-not"])
def test_topic_that_the_store_does_not_know_is_told_from_an_address_without_links(
    command: str, database: str
) -> None:
    ran = Ran(command, stories.SEED, "--topic", "data-breech", "--db", database)
    assert (ran.status, ran.out, ran.err.count("\n")) == (exit_status.NOTHING_FOUND, "", 1)
    assert "no topic data-breech in " in ran.err
    assert "its topics: data-breach" in ran.err
