"""Several workers on one store share one crawl: nothing twice, nothing lost, every host in its own time."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter

import pytest

from crawler.demo.sample_web import SampleWeb, truth
from crawler.store.crawl.frontier import DONE
from tests.crawling import (
    TIMEOUT,
    asked_more_than_once,
    crawl_arguments,
    keys_of,
    run,
    start,
    stored,
)
from tests.many_pages import asked_for, states, tree, url, wait_for_pages, wait_until
from tests.small_web import PATIENT, Gate, SmallWeb
from tests.turns import noted_turns

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
    with noted_turns(database_url) as turns:
        workers = [start(*arguments) for _ in range(WORKERS)]
        outputs = [worker.communicate(timeout=TIMEOUT) for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * WORKERS, [error for _, error in outputs]
        assert turns.hurried(((hit.host, hit.monotonic) for hit in sample_web.log), DELAY) == {}

    found = stored(database_url)
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    assert wanted <= found.on_topic
    assert asked_more_than_once(sample_web.log, truth()) == {}
    records = [json.loads(output) for output, _ in outputs]
    assert sum(record["stories"] + record["copies"] for record in records) == len(found.on_topic)


@pytest.mark.parametrize("number", [1, 4])
def test_host_is_asked_in_its_turns_whatever_the_number_of_workers(database_url: str, number: int) -> None:
    delay, pages, hosts = 0.3, 24, 3
    with SmallWeb(tree(pages, hosts)) as web, noted_turns(database_url) as turns:
        arguments = [*crawl_arguments(web.url, database_url, url(0, hosts), delay=delay), "--json", "--quiet"]
        for worker in [start(*arguments) for _ in range(number)]:
            assert end(worker)["stop_reason"] == "finished"
        assert turns.hurried(((request.host, request.at) for request in web.log), delay) == {}
    assert len(asked_for(web)) == pages


def test_pages_of_a_killed_worker_go_to_the_others(database_url: str) -> None:
    pages, hosts = 40, 8
    with Gate() as gate, SmallWeb(tree(pages, hosts, gate, held_from=5)) as web:
        arguments = [*crawl_arguments(web.url, database_url, url(0, hosts)), "--json", "--quiet", *PATIENT]
        killed, other = start(*arguments), start(*arguments)
        wait_until(lambda: gate.held > AT_ONCE, "pages on their way to both", killed, other)
        killed.kill()
        gate.open()
        # It would wait for an hour, if it waited for the lease to run out.
        report = end(other)
        killed.communicate()
        assert report["stop_reason"] == "finished"
        assert set(states(database_url).values()) == {DONE}
        asked = Counter(asked_for(web))
    assert len(asked) == pages
    assert pages < asked.total() <= pages + AT_ONCE


def test_worker_that_joins_late_helps(database_url: str) -> None:
    pages, hosts, at_once = 40, 8, 2
    with Gate() as gate, SmallWeb(tree(pages, hosts, gate, held_from=5)) as web:
        arguments = [
            *crawl_arguments(web.url, database_url, url(0, hosts)),
            *("--json", "--quiet", "-s", f"CONCURRENT_REQUESTS={at_once}", *PATIENT),
        ]
        first = start(*arguments)
        wait_until(lambda: gate.held == at_once, "the first one's hands to be full", first)
        second = start(*arguments)
        wait_until(lambda: gate.held == 2 * at_once, "the second one's hands to be full", first, second)
        gate.open()
        reports = [end(worker) for worker in (first, second)]
    assert [report["stop_reason"] for report in reports] == ["finished", "finished"]
    shares = [report["fetches"] for report in reports]
    assert min(map(int, map(str, shares))) >= at_once, shares
    assert Counter(asked_for(web)).total() == pages


@POSTGRES
def test_ten_kills_among_four_workers_lose_nothing(database_url: str) -> None:
    delay, pages, hosts = 0.25, 110, 5
    chance = random.Random(20210521)
    with (
        Gate() as gate,
        # The last ones wait, so that nobody is done before the last kill.
        SmallWeb(tree(pages, hosts, gate, held_from=pages - hosts)) as web,
        noted_turns(database_url) as turns,
    ):
        arguments = [
            *crawl_arguments(web.url, database_url, url(0, hosts), delay=delay),
            *("--json", "--quiet", *PATIENT),
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
        gate.open()
        reports = [end(worker) for worker in workers]
        assert {report["stop_reason"] for report in reports} == {"finished"}
        found = states(database_url)
        times_asked = Counter(asked_for(web))
        assert turns.hurried(((request.host, request.at) for request in web.log), delay) == {}
        assert len(found) == pages
        assert set(found.values()) == {DONE}
        assert set(times_asked) == set(found)
        assert times_asked.total() <= pages + KILLS * AT_ONCE
        assert run(*arguments).record["fetches"] == 0, "all is done"
