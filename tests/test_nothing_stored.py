"""A store without what is asked for: one line that names the database and the next step, and status 3."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli.exit_status import NOTHING_FOUND
from crawler.store.database import open_store
from tests import stories
from tests.test_cli import Ran

PAGE = "https://kabar.test/1"
READERS = [
    *(
        ["search", "kotz"],
        ["threads", "data-breach"],
        ["timeline", "data-breach"],
        ["show", PAGE],
        ["diff", PAGE],
    ),
    *(["yields", "data-breach"], ["brief", "data-breach"], ["topics", "review", "data-breach"], ["reread"]),
    *(["stats"], ["dedupe"], ["outlets", "check"], ["outlets", "check", "detik"], ["report", "data-breach"]),
    *(["why", PAGE, "--topic", "data-breach"], ["snapshot", "create", "kini", "--topic", "data-breach"]),
    *(["threads", "nosuch"], ["timeline", "nosuch"], ["stats", "nosuch"], ["brief", "nosuch"]),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_empty_database_has_a_status_of_its_own(arguments: list[str]) -> None:
    open_store("empty.db").close()
    ran = Ran(*arguments, "--db", "empty.db")
    assert (ran.status, ran.out) == (NOTHING_FOUND, ""), ran.err
    assert ran.err.count("\n") == 1
    if arguments[0] in ("show", "diff"):
        return
    assert "empty.db" in ran.err, "which database?"
    assert "crawl" in ran.err, "no next step"


# Those that ask about one topic.
TOPIC_READERS = ["threads", "timeline", "stats", "brief", "report"]


@pytest.mark.parametrize("command", TOPIC_READERS)
def test_topic_that_is_not_in_the_store_is_no_topic_to_crawl(command: str) -> None:
    with closing(open_store("full.db")) as store:
        stories.fill(store)
    mistyped = Ran(command, "data-breech", "--db", "full.db")
    assert (mistyped.status, mistyped.out) == (NOTHING_FOUND, "")
    assert mistyped.err == (
        "no topic data-breech in full.db; its topics: data-breach; one of your own goes by its file, such as "
        "./data-breech.toml\n"
    )
    elsewhere = Ran(command, "ransomware", "--db", "full.db")
    assert elsewhere.err.endswith("; to gather it: bacajuga crawl ransomware\n")
