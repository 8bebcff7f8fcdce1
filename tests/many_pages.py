"""A web of stories that link to each other, with what its log tells of the manners of those who asked."""

from __future__ import annotations

import subprocess
import time
from contextlib import closing
from itertools import pairwise

from sqlalchemy import select

from crawler.store.database import open_store
from crawler.store.schema import frontier
from tests.crawling import clean_environment, command
from tests.small_web import Answer, SmallWeb, story

PATIENCE = 60  # seconds
FAN_OUT = 4  # links a story
RUN = 5  # gaps


def tree(pages: int, hosts: int, after: float = 0.0) -> dict[str, Answer]:
    """Return stories that link to four others each, hosts in turn; each takes ``after`` seconds."""
    answers = {}
    for number in range(pages):
        children = range(number * FAN_OUT + 1, min(number * FAN_OUT + FAN_OUT + 1, pages))
        page = story(f"Data BPJS Kesehatan bocor bagian {number}", *(url(child, hosts) for child in children))
        answers[address(number, hosts)] = Answer(page.status, page.body, page.headers, after)
    return answers


def address(number: int, hosts: int) -> str:
    return f"host{number % hosts}.test/{number}"


def url(number: int, hosts: int) -> str:
    return f"https://{address(number, hosts)}"


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )


def wait_for_pages(web: SmallWeb, number: int, *crawls: subprocess.Popen[str]) -> None:
    """Wait until the server has been asked for so many pages, or all crawls have ended."""
    give_up_at = time.monotonic() + PATIENCE
    while len(asked_for(web)) < number and any(crawl.poll() is None for crawl in crawls):
        assert time.monotonic() < give_up_at, "the crawl asks for nothing"
        time.sleep(0.005)


def asked_for(web: SmallWeb) -> list[str]:
    """Return the addresses of the pages that were asked for, in order."""
    return [request.host + request.path for request in list(web.log) if request.path != "/robots.txt"]


def asked_by_host(web: SmallWeb) -> dict[str, list[float]]:
    """Return when each host was asked for a page."""
    times: dict[str, list[float]] = {}
    for request in list(web.log):
        if request.path != "/robots.txt":
            times.setdefault(request.host, []).append(request.at)
    return times


def too_fast(web: SmallWeb, delay: float) -> dict[str, list[float]]:
    """Return the hosts that were asked more often than once in ``delay`` seconds, with the gaps between.

    On a busy machine a request may leave, or be noted, up to a delay late, and the next one in time: what
    counts is how long any five gaps in a row take.
    """
    found = {}
    for host, times in asked_by_host(web).items():
        gaps = [round(later - earlier, 3) for earlier, later in pairwise(times)]
        runs = [gaps[start : start + RUN] for start in range(max(len(gaps) - RUN + 1, 1))] if gaps else []
        if any(sum(run) < (len(run) - 1) * delay for run in runs):
            found[host] = gaps
    assert len(web.log) > len(asked_by_host(web)) * RUN, "ask the hosts more often"
    return found


def states(database_url: str) -> dict[str, str]:
    """Return the frontier's state of each address."""
    with closing(open_store(database_url)) as store, store.read() as connection:
        rows = connection.execute(select(frontier.c.url, frontier.c.state))
        return {row.url.removeprefix("https://"): row.state for row in rows}
