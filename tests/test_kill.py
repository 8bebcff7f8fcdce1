"""A crawl that is killed, or asked to stop, goes on where it was."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.demo.sample_web import SampleWeb
from crawler.store.database import open_store
from crawler.store.schema import article_topics, articles, pages
from tests.crawling import TIMEOUT, Stored, crawl_arguments, run, start, stored
from tests.half_written import half_written
from tests.small_web import PATIENT, Answers, Gate, SmallWeb, story

KILLS = 5
AT_ONCE = 8  # CONCURRENT_REQUESTS
SOON = 60  # seconds; the page that hangs would take ten minutes


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """What a crawl that nobody disturbs finds."""
    database = f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'news.db'}"
    with SampleWeb() as web:
        done = run(*crawl_arguments(web.url, database))
    assert done.status == 0, done.stderr
    return stored(database)


def wait_for_requests(web: SampleWeb | SmallWeb, number: int, crawl: subprocess.Popen[str]) -> None:
    """Wait until the server has been asked that often, or the crawl has ended."""
    give_up_at = time.monotonic() + TIMEOUT
    while len(web.log) < number and crawl.poll() is None:
        assert time.monotonic() < give_up_at, "the crawl asks for nothing"
        time.sleep(0.002)


def finished_pages(database_url: str) -> set[str]:
    with closing(open_store(database_url)) as store, store.read() as connection:
        return set(connection.scalars(select(pages.c.url).where(pages.c.status == 200)))


def test_killed_crawl_resumes_without_refetching(undisturbed: Stored, database_url: str) -> None:
    chance = random.Random(20210521)
    with SampleWeb() as web:
        arguments = crawl_arguments(web.url, database_url)
        finished: set[str] = set()
        extra = 0
        for _ in range(KILLS):
            before = len(web.log)
            crawl = start(*arguments)
            wait_for_requests(web, before + chance.randrange(1, 14), crawl)
            time.sleep(chance.random() / 20)
            crawl.kill()
            crawl.communicate(timeout=TIMEOUT)
            asked = [hit.url for hit in web.log[before:] if hit.path != "/robots.txt"]
            assert not finished.intersection(asked), "fetched a finished page again"
            finished = finished_pages(database_url)
            with closing(open_store(database_url)) as store, store.read() as connection:
                assert half_written(connection) == []
            extra += len(set(asked) - finished)
            assert extra <= KILLS * AT_ONCE
        before = len(web.log)
        done = run(*arguments, "--json")
        assert done.status == 0, done.stderr
        assert done.record["stop_reason"] == "finished"
        assert done.record["resumed"] is True
        assert not finished.intersection(hit.url for hit in web.log[before:])
    result = stored(database_url)
    assert result.on_topic == undisturbed.on_topic
    assert result.titles == undisturbed.titles
    assert result.links == undisturbed.links
    assert len(result.copies) == len(undisturbed.copies)
    with closing(open_store(database_url)) as store, store.read() as connection:
        kept = list(connection.scalars(select(articles.c.article_key)))
        assert len(kept) == len(set(kept))
        scored = list(connection.scalars(select(article_topics.c.article_id)))
        assert len(scored) == len(kept), "a story without its relevance was half written"


def test_crawl_that_is_asked_to_stop_ends_soon_and_goes_on_later(tmp_path: Path) -> None:
    names = (signal.SIGINT, signal.SIGTERM)
    with Gate() as gate:
        answers: dict[str, Answers] = {
            "a.test/1": story("Data BPJS Kesehatan bocor", "https://b.test/2"),
            "b.test/2": gate.hold(story("Data BPJS Kesehatan bocor lagi")),
        }
        webs = [SmallWeb(answers) for _ in names]
        stop_and_go_on(webs, names, tmp_path)


def stop_and_go_on(webs: list[SmallWeb], names: tuple[signal.Signals, ...], folder: Path) -> None:
    """Send each crawl its signal while its second page hangs, then let the first one go on."""
    with webs[0], webs[1]:
        commands = [
            [*crawl_arguments(web.url, str(folder / f"{name.name}.db"), "https://a.test/1"), *PATIENT]
            for name, web in zip(names, webs, strict=True)
        ]
        crawls = [start(*arguments) for arguments in commands]
        for name, web, crawl in zip(names, webs, crawls, strict=True):
            wait_for_requests(web, 4, crawl)  # two robots.txt and two pages, of which the second hangs
            crawl.send_signal(name)
        for crawl in crawls:
            out, errors = crawl.communicate(timeout=SOON)
            assert (crawl.returncode, out) == (130, "")
            assert "1 story in the store" in errors, errors
            assert "interrupted; run the same command to go on" in errors
            assert "Traceback" not in errors
        webs[0].answers = {**webs[0].answers, "b.test/2": story("Data BPJS Kesehatan bocor lagi")}
        again = run(*commands[0], "--json").record
        assert (again["resumed"], again["stories"] + again["copies"]) == (True, 1)
        assert [len(webs[0].asked(page)) for page in ("a.test/1", "b.test/2")] == [1, 2]


def test_second_signal_ends_the_crawl_at_once(tmp_path: Path) -> None:
    seed = story("Data BPJS bocor", "https://b.test/2")
    with Gate() as gate, SmallWeb({"a.test/1": seed, "b.test/2": gate.hold(seed)}) as web:
        arguments = crawl_arguments(web.url, str(tmp_path / "news.db"), "https://a.test/1")
        crawl = start(*arguments, *PATIENT)
        wait_for_requests(web, 4, crawl)
        crawl.send_signal(signal.SIGINT)
        time.sleep(0.2)
        crawl.send_signal(signal.SIGINT)
        out, errors = crawl.communicate(timeout=SOON)
        assert (crawl.returncode, out) == (130, "")
        assert "interrupted; run the same command to go on" in errors
        assert "Traceback" not in errors
    with closing(open_store(str(tmp_path / "news.db"))) as store, store.read() as connection:
        assert half_written(connection) == []
