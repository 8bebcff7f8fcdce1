"""Several workers on one store share one crawl: nothing twice, nothing lost, every host in its own time."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from crawler.demo.sample_web import SampleWeb, truth
from crawler.store.crawl.frontier import DONE
from tests.crawling import (
    TIMEOUT,
    asked_more_than_once,
    crawl_arguments,
    hurried_hosts,
    keys_of,
    run,
    stored,
)
from tests.many_pages import asked_by_host, asked_for, start, states, too_fast, tree, url, wait_for_pages
from tests.small_web import SmallWeb

WORKERS = 3
DELAY = 0.15
AT_ONCE = 8  # CONCURRENT_REQUESTS
KILLS = 10
POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def end(worker: subprocess.Popen[str]) -> dict[str, object]:
    """Wait for a worker's end and return its report."""
    output, errors = worker.communicate(timeout=TIMEOUT)
    assert worker.returncode == 0, errors
    report: dict[str, object] = json.loads(output)
    return report


def test_workers_share_a_frontier(sample_web: SampleWeb, database_url: str) -> None:
    arguments = [*crawl_arguments(sample_web.url, database_url, delay=DELAY), "--json", "--quiet"]
    workers = [start(*arguments) for _ in range(WORKERS)]
    outputs = [worker.communicate(timeout=TIMEOUT) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * WORKERS, [error for _, error in outputs]

    found = stored(database_url)
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    assert wanted <= found.on_topic
    assert asked_more_than_once(sample_web.log, truth()) == {}
    records = [json.loads(output) for output, _ in outputs]
    assert sum(record["stories"] + record["copies"] for record in records) == len(found.on_topic)

    assert hurried_hosts(sample_web.log, DELAY) == {}


@POSTGRES
def test_rate_of_a_host_is_the_same_with_one_worker_and_with_four(database_url: str, tmp_path: Path) -> None:
    delay, pages, hosts = 0.4, 24, 3
    rates = []
    for number, database in ((1, f"sqlite:///{tmp_path}/one.db"), (4, database_url)):
        with SmallWeb(tree(pages, hosts)) as web:
            arguments = [*crawl_arguments(web.url, database, url(0, hosts), delay=delay), "--json", "--quiet"]
            for worker in [start(*arguments) for _ in range(number)]:
                assert end(worker)["stop_reason"] == "finished"
        assert too_fast(web, delay) == {}
        assert len(asked_for(web)) == pages
        rates.append(
            {host: (len(times) - 1) / (times[-1] - times[0]) for host, times in asked_by_host(web).items()}
        )
    one, four = rates
    for host in one:
        assert one[host] < 1.1 / delay
        # Four processes on two busy processors may be late, but never faster.
        assert 0.3 < four[host] / one[host] < 1.3, (host, one, four)


def test_pages_of_a_killed_worker_go_to_the_others(database_url: str) -> None:
    pages, hosts = 40, 8
    with SmallWeb(tree(pages, hosts, after=0.3)) as web:
        arguments = [*crawl_arguments(web.url, database_url, url(0, hosts)), "--json", "--quiet"]
        killed, other = start(*arguments), start(*arguments)
        wait_for_pages(web, 14, killed, other)
        killed.kill()
        killed_at = time.monotonic()
        report = end(other)
        killed.communicate()
        assert report["stop_reason"] == "finished"
        assert time.monotonic() - killed_at < 12, "waited for the lease to run out"
        assert set(states(database_url).values()) == {DONE}
        asked = Counter(asked_for(web))
    assert len(asked) == pages
    assert asked.total() <= pages + AT_ONCE


def test_worker_that_joins_late_helps(database_url: str) -> None:
    pages, hosts = 40, 8
    with SmallWeb(tree(pages, hosts, after=0.4)) as web:
        arguments = [
            *crawl_arguments(web.url, database_url, url(0, hosts)),
            *("--json", "--quiet", "-s", "CONCURRENT_REQUESTS=2"),
        ]
        first = start(*arguments)
        wait_for_pages(web, 4, first)
        second = start(*arguments)
        reports = [end(worker) for worker in (first, second)]
    assert [report["stop_reason"] for report in reports] == ["finished", "finished"]
    shares = [report["fetches"] for report in reports]
    assert min(map(int, map(str, shares))) >= 4, shares
    assert Counter(asked_for(web)).total() == pages


@POSTGRES
def test_ten_kills_among_four_workers_lose_nothing(database_url: str) -> None:
    delay, pages, hosts = 0.25, 110, 5
    chance = random.Random(20210521)
    with SmallWeb(tree(pages, hosts)) as web:
        arguments = [
            *crawl_arguments(web.url, database_url, url(0, hosts), delay=delay),
            *("--json", "--quiet"),
        ]
        workers = [start(*arguments) for _ in range(4)]
        asked = 0
        for _ in range(KILLS):
            asked += chance.randrange(2, 10)
            wait_for_pages(web, asked, *workers)
            place = chance.randrange(len(workers))
            assert workers[place].poll() is None, "ended before the others' pages were done"
            workers[place].kill()
            workers[place].communicate()
            workers[place] = start(*arguments)
        reports = [end(worker) for worker in workers]
        assert {report["stop_reason"] for report in reports} == {"finished"}
        found = states(database_url)
        times_asked = Counter(asked_for(web))
    assert len(found) == pages
    assert set(found.values()) == {DONE}
    assert set(times_asked) == set(found)
    assert times_asked.total() <= pages + KILLS * AT_ONCE
    assert too_fast(web, delay) == {}
    assert run(*arguments).record["fetches"] == 0, "all is done"
