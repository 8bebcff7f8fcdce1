"""A web of stories that link to each other, with what its log tells of the manners of those who asked."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from sqlalchemy import select

from crawler.store.database import open_store
from crawler.store.schema import frontier
from tests.small_web import Answers, Gate, SmallWeb, story

PATIENCE = 240  # seconds
FAN_OUT = 4  # links a story


def tree(
    pages: int, hosts: int, gate: Gate | None = None, held_from: int = 0, after: float = 0.0
) -> dict[str, Answers]:
    """Return stories that link to four others each, hosts in turn.

    A gate holds those from a number on; each takes ``after`` seconds.
    """
    answers: dict[str, Answers] = {}
    for number in range(pages):
        children = range(number * FAN_OUT + 1, min(number * FAN_OUT + FAN_OUT + 1, pages))
        page = story(f"Data BPJS Kesehatan bocor bagian {number}", *(url(child, hosts) for child in children))
        page = replace(page, after=after)
        answers[address(number, hosts)] = gate.hold(page) if gate and number >= held_from else page
    return answers


def address(number: int, hosts: int) -> str:
    return f"host{number % hosts}.test/{number}"


def url(number: int, hosts: int) -> str:
    return f"https://{address(number, hosts)}"


def wait_until(happened: Callable[[], bool], what: str, *crawls: subprocess.Popen[str]) -> None:
    """Wait for something that happens while the crawls go on."""
    give_up_at = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up_at, f"waited for {what}"
        assert not crawls or any(crawl.poll() is None for crawl in crawls), f"the crawls ended before {what}"
        time.sleep(0.005)


def wait_for_pages(web: SmallWeb, number: int, *crawls: subprocess.Popen[str]) -> None:
    """Wait until the server has been asked for so many pages."""
    wait_until(lambda: len(asked_for(web)) >= number, f"{number} requests", *crawls)


def asked_for(web: SmallWeb) -> list[str]:
    """Return the addresses of the pages that were asked for, in order."""
    return [request.host + request.path for request in list(web.log) if request.path != "/robots.txt"]


def states(database_url: str) -> dict[str, str]:
    """Return the frontier's state of each address."""
    with closing(open_store(database_url)) as store, store.read() as connection:
        rows = connection.execute(select(frontier.c.url, frontier.c.state))
        return {row.url.removeprefix("https://"): row.state for row in rows}
