"""Workers that store copies of the same stories at the same moment link them, whoever is first."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import func, select

from crawler.address import address_of
from crawler.comparing.likeness import CopyKind
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, copies, revisions
from tests import news_texts
from tests.news_texts import Text
from tests.storing import keep, roots

WORKERS = 4
STORIES = 500
AT_ONCE = 25  # stories between two barriers
EDITS = 40  # by each worker
TIMEOUT = 500  # seconds; on a quiet machine it takes ten
SEED = 20210521
Work = Callable[[Store, int, Any], None]
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


def store_versions(store: Store, worker: int, barrier: Any) -> None:
    """Store this worker's version of every story."""
    for number in range(STORIES):
        if number % AT_ONCE == 0:
            barrier.wait(TIMEOUT)
        random = Random(number)
        story = text_of(random)
        keep(store, url_of(number, worker), VERSIONS[worker](story, random))


def store_edits(store: Store, worker: int, barrier: Any) -> None:
    """Give a few stories one text after another, each of which other stories have had, too."""
    random = Random(SEED)
    stories = [news_texts.story(random) for _ in range(4)]
    texts = [version for story in stories for version in (story, news_texts.copy_of(story, random))]
    choose = Random(worker)
    barrier.wait(TIMEOUT)
    for minute in range(EDITS):
        keep(store, url_of(choose.randrange(12), 0), choose.choice(texts), minute=minute)


def work(do: Work, database_url: str, worker: int, barrier: Any, failures: Any) -> None:
    store = open_store(database_url)
    try:
        do(store, worker, barrier)
    except Exception as error:  # whatever it is, the test has to tell it
        failures.put(f"worker {worker}: {type(error).__name__}: {error}")
        barrier.abort()
    finally:
        store.close()


def run_workers(do: Work, database_url: str) -> None:
    """Run the work in processes of their own, to the end of all."""
    processes = multiprocessing.get_context("spawn")
    barrier, failures = processes.Barrier(WORKERS), processes.Queue()
    workers = [
        processes.Process(target=work, args=(do, database_url, number, barrier, failures))
        for number in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(TIMEOUT)
    assert failures.empty(), failures.get()
    assert [worker.exitcode for worker in workers] == [0] * WORKERS


def test_copies_stored_at_the_same_moment_are_linked(store: Store, database_url: str) -> None:
    run_workers(store_versions, database_url)
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


def test_edits_at_the_same_moment_leave_no_circle(store: Store, database_url: str) -> None:
    run_workers(store_edits, database_url)
    links = roots(store)
    assert len(links) == 12
    assert any(links.values())
    for story, root in links.items():
        passed = {story}
        while root is not None:
            assert root not in passed, f"a circle: {passed}"
            passed.add(root)
            root = links[root]
    with store.read() as connection:
        linked = connection.scalar(select(func.count()).where(copies.c.kind != CopyKind.CONTAINED))
    assert linked == sum(root is not None for root in links.values())
