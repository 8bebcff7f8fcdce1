"""``bacajuga crawl --workers N``: several processes on this machine, one progress, one report, one budget."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.crawling.workers import DIED, run_workers
from crawler.demo.sample_web import SampleWeb, truth
from crawler.errors import BacaJugaError
from crawler.store.crawl import page_budget
from crawler.store.crawl.frontier import DONE, LEASED
from crawler.store.database import Store, open_store
from crawler.store.schema import crawls, page_budgets
from tests.crawling import TIMEOUT, asked_more_than_once, crawl_arguments, keys_of, run, start, stored
from tests.many_pages import asked_for, states, tree, url, wait_for_pages, wait_until
from tests.small_web import PATIENT, Gate, SmallWeb

HOSTS = 8
SOON = 60  # seconds; what a crawl would have to wait for otherwise takes longer


def worker_processes(parent: int) -> list[int]:
    """Return the process numbers of a crawl's workers, the first one's first."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(child) for child in children.split()]


def log_of_crawls(database: str) -> list[tuple[str | None, int]]:
    """Return each crawl's stop reason and fetches."""
    with closing(open_store(database)) as store, store.read() as connection:
        rows = connection.execute(select(crawls.c.stop_reason, crawls.c.figures).order_by(crawls.c.id))
        return [(row.stop_reason, row.figures["fetches"]) for row in rows]


def test_workers_of_one_command_report_together(sample_web: SampleWeb, database_url: str) -> None:
    ended = run(*crawl_arguments(sample_web.url, database_url, delay=0.05), "--workers", "3", "--json")
    assert ended.status == 0, ended.stderr
    found, report = stored(database_url), ended.record
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    assert wanted <= found.on_topic
    assert asked_more_than_once(sample_web.log, truth()) == {}
    assert (report["workers"], report["workers_lost"], report["resumed"]) == (3, 0, False)
    assert report["stories"] + report["copies"] == len(found.on_topic)
    assert report["fetches"] == sum(hit.path != "/robots.txt" for hit in sample_web.log)
    logged = log_of_crawls(database_url)
    assert [reason for reason, _ in logged] == ["finished"] * 3
    assert sum(fetches for _, fetches in logged) == report["fetches"]
    assert ended.stderr.count("new in this crawl") == 1


def test_budget_of_pages_is_one_for_all_workers(database_url: str) -> None:
    with SmallWeb(tree(40, HOSTS)) as web:
        arguments = crawl_arguments(web.url, database_url, url(0, HOSTS))
        ended = run(*arguments, "--workers", "3", "--max-pages", "17", "--json", "--quiet")
        assert (ended.status, ended.stderr) == (0, "")
        assert (ended.record["stop_reason"], ended.record["fetches"]) == ("max_pages", 17)
        assert len(asked_for(web)) == 17
    with closing(open_store(database_url)) as store, store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(page_budgets)) == 0


def test_death_of_a_worker_is_told_in_a_line_and_the_others_go_on(tmp_path: Path) -> None:
    database, pages = str(tmp_path / "news.db"), 30
    with Gate() as gate, SmallWeb(tree(pages, HOSTS, gate, held_from=8)) as web:
        crawl = start(
            *crawl_arguments(web.url, database, url(0, HOSTS)),
            *("--workers", "3", "--json", "--quiet", *PATIENT),
        )
        wait_for_pages(web, 9, crawl)
        os.kill(worker_processes(crawl.pid)[0], signal.SIGKILL)
        assert crawl.stderr is not None
        told = crawl.stderr.readline()
        gate.open()
        out, errors = crawl.communicate(timeout=TIMEOUT)
        assert crawl.returncode == 0, errors
        assert re.fullmatch(
            r"bacajuga: worker 1 \(process \d+\) died of SIGKILL; 2 go on with its pages\n", told
        )
        assert errors == ""
        assert '"workers_lost": 1' in out
        assert set(states(database).values()) == {DONE}
        assert len(set(asked_for(web))) == pages
    # A worker that was killed while it was starting is not in the log.
    assert (
        Counter(finished=2)
        <= Counter(reason for reason, _ in log_of_crawls(database))
        <= Counter({"finished": 2, DIED: 1})
    )


def test_crawl_whose_workers_all_died_is_an_error(tmp_path: Path) -> None:
    database = str(tmp_path / "news.db")
    with Gate() as gate, SmallWeb(tree(30, HOSTS, gate, held_from=3)) as web:
        arguments = crawl_arguments(web.url, database, url(0, HOSTS))
        crawl = start(*arguments, "--workers", "2", "--quiet", *PATIENT)
        wait_for_pages(web, 4, crawl)
        for worker in worker_processes(crawl.pid):
            os.kill(worker, signal.SIGKILL)
        _, errors = crawl.communicate(timeout=TIMEOUT)
        assert crawl.returncode == 1
        assert "no worker is left" in errors.splitlines()[-1]
        assert "run the same command to go on" in errors.splitlines()[-1]
        assert LEASED not in states(database).values()


@pytest.mark.parametrize("delay", [0.0, 100.0])
def test_workers_stop_soon_when_asked(tmp_path: Path, delay: float) -> None:
    database = str(tmp_path / "news.db")
    with Gate() as gate, SmallWeb(tree(30, HOSTS, gate, held_from=1)) as web:
        arguments = crawl_arguments(web.url, database, url(0, HOSTS), delay=delay)
        crawl = start(*arguments, "--workers", "3", *PATIENT)
        if delay:
            # Nothing but robots.txt is asked for: its page waits for the next turn.
            wait_until(lambda: bool(web.log), "robots.txt", crawl)
        else:
            wait_for_pages(web, 4, crawl)
        crawl.send_signal(signal.SIGTERM)
        _, errors = crawl.communicate(timeout=SOON)
    assert crawl.returncode == 130, errors
    assert "Traceback" not in errors
    assert "interrupted; run the same command to go on" in errors
    assert LEASED not in states(database).values()


def test_workers_do_not_outlive_the_command(tmp_path: Path) -> None:
    database = str(tmp_path / "news.db")
    with Gate() as gate, SmallWeb(tree(60, HOSTS, gate, held_from=3)) as web:
        arguments = crawl_arguments(web.url, database, url(0, HOSTS))
        crawl = start(*arguments, "--workers", "2", "--quiet", *PATIENT)
        wait_for_pages(web, 4, crawl)
        workers = worker_processes(crawl.pid)
        crawl.kill()
        crawl.communicate(timeout=TIMEOUT)
        wait_until(
            lambda: not any(Path(f"/proc/{worker}/stat").exists() for worker in workers),
            "the end of the workers, which go on alone",
        )
    assert {reason for reason, _ in log_of_crawls(database)} == {"shutdown"}
    assert LEASED not in states(database).values()


def test_error_of_all_workers_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(BacaJugaError, match="no topic named"):
        run_workers("banjir-bandang", workers=2, DATABASE_URL=str(tmp_path / "news.db"))
    ended = run("crawl", "data-breach", "https://a.test/1", "--workers", "0")
    assert ended.status == 2


def test_shared_budget_is_spent_and_never_overdrawn(store: Store) -> None:
    with store.write() as connection:
        number = page_budget.make_budget(connection, "data-breach", 3)
        page_budget.spend(connection, number, 2)
        assert page_budget.pages_left(connection, number) == 1
        page_budget.spend(connection, number, 2)
        assert page_budget.pages_left(connection, number) == 0
        page_budget.drop_budget(connection, number)
        assert page_budget.pages_left(connection, number) == 0
