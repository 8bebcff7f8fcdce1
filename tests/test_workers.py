"""Several workers on one store share one crawl: nothing twice, nothing lost, every host in its own time."""

from __future__ import annotations

import json
import subprocess

from crawler.demo.sample_web import SampleWeb, truth
from tests.crawling import (
    TIMEOUT,
    asked_more_than_once,
    clean_environment,
    command,
    crawl_arguments,
    hurried_hosts,
    keys_of,
    stored,
)

WORKERS = 3
DELAY = 0.15


def test_workers_share_a_frontier(sample_web: SampleWeb, database_url: str) -> None:
    arguments = [*crawl_arguments(sample_web.url, database_url, delay=DELAY), "--json", "--quiet"]
    workers = [
        subprocess.Popen(
            command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )
        for _ in range(WORKERS)
    ]
    outputs = [worker.communicate(timeout=TIMEOUT) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * WORKERS, [error for _, error in outputs]

    found = stored(database_url)
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    assert wanted <= found.on_topic
    assert asked_more_than_once(sample_web.log, truth()) == {}
    records = [json.loads(output) for output, _ in outputs]
    assert sum(record["stories"] + record["copies"] for record in records) == len(found.on_topic)

    assert hurried_hosts(sample_web.log, DELAY) == {}
