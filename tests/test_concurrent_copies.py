"""Workers that store copies of the same stories at the same moment link them, whoever is first."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from random import Random
from typing import Any

from sqlalchemy import func, select

from crawler.address import address_of
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, revisions
from tests import news_texts
from tests.news_texts import Text
from tests.storing import keep, roots

WORKERS = 4
STORIES = 500
AT_ONCE = 25  # stories between two barriers
TIMEOUT = 120
VERSIONS = (
    news_texts.headline_changed,
    news_texts.dateline_changed,
    news_texts.sentence_added,
    news_texts.sentence_dropped,
)


def url_of(story: int, worker: int) -> str:
    host = ("www", "medan", "jogja", "bali")[worker]
    return f"https://{host}.tribunnews.com/2021/05/21/kisah-cerita-nomor-{story}-x"


def text_of(random: Random) -> Text:
    """A story so long that its versions stay close: whether bands meet is not the question here."""
    return Text(title="T", dateline="JAKARTA, KOMPAS.com", paragraphs=news_texts.paragraphs(random, 10))


def work(database_url: str, worker: int, barrier: Any, failures: Any) -> None:
    """Store this worker's version of every story."""
    store = open_store(database_url)
    try:
        for number in range(STORIES):
            if number % AT_ONCE == 0:
                barrier.wait(TIMEOUT)
            random = Random(number)
            story = text_of(random)
            keep(store, url_of(number, worker), VERSIONS[worker](story, random))
    except Exception as error:  # whatever it is, the test has to tell it
        failures.put(f"worker {worker}: {type(error).__name__}: {error}")
        barrier.abort()
    finally:
        store.close()


def test_copies_stored_at_the_same_moment_are_linked(store: Store, database_url: str) -> None:
    processes = multiprocessing.get_context("spawn")
    barrier, failures = processes.Barrier(WORKERS), processes.Queue()
    workers = [
        processes.Process(target=work, args=(database_url, number, barrier, failures))
        for number in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(TIMEOUT)
    assert failures.empty(), failures.get()
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    with store.read() as connection:
        for table in (articles, revisions):
            assert connection.scalar(select(func.count()).select_from(table)) == WORKERS * STORIES, (
                "lost rows"
            )
    links = roots(store)
    split = Counter(
        sum(links[address_of(url_of(story, worker)).key] is None for worker in range(WORKERS))
        for story in range(STORIES)
    )
    assert split == {1: STORIES}, f"groups by their number of roots: {dict(split)}"
    assert all(links[root] is None for root in links.values() if root), "a copy points at a copy"
    firsts = {root.rpartition("/")[0] for root in links.values() if root}
    assert len(firsts) > 1, "one worker was always first: nothing was stored at the same moment"
