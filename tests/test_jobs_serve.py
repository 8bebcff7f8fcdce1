"""Two ``jobs serve`` on one store, killed and started again: no run beside another of its job, none lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.demo.sample_web import SEED, SampleWeb
from crawler.jobs.process import process_of
from crawler.jobs.schedule import Schedule
from crawler.store import jobs as store_jobs
from crawler.store.database import Store, open_store
from crawler.store.jobs import JobRun
from crawler.store.schema import crawls
from tests.crawling import clean_environment, command

PATIENCE = 300.0  # seconds
TOPICS = {"harian": "data-breach", "pantau": "ransomware"}
EVERY = timedelta(seconds=2)


@pytest.fixture
def jobs_file(tmp_path: Path, sample_web: SampleWeb) -> Path:
    """Two jobs that are due all the time."""
    file = tmp_path / "jobs.toml"
    file.write_text(
        "".join(
            f'[jobs.{name}]\ntopic = "{topic}"\nevery = "2s"\nseeds = ["{SEED}"]\n'
            "budget = { max_pages = 20 }\n"
            f'[jobs.{name}.settings]\nCONNECT_TO = "{sample_web.url}"\nHOST_DELAY = 0.05\n'
            for name, topic in TOPICS.items()
        )
    )
    return file


@contextmanager
def serving(file: Path, database: str, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Give so many ``jobs serve``; at the end all that are left are asked to stop."""
    found = [serve(file, database) for _ in range(number)]
    try:
        yield found
    finally:
        for process in found:
            process.terminate()
        for process in found:
            process.wait(timeout=PATIENCE)


def serve(file: Path, database: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("jobs", "serve", "--jobs", str(file)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment() | {"DATABASE_URL": database},
    )


def runs(store: Store) -> list[JobRun]:
    """Return all runs in order."""
    with store.read() as connection:
        return store_jobs.runs(connection)[::-1]


def wait_until(store: Store, happened: Callable[[list[JobRun]], bool], what: str) -> list[JobRun]:
    give_up_at = time.monotonic() + PATIENCE
    while not happened(found := runs(store)):
        assert time.monotonic() < give_up_at, f"waited for {what}; {[(run.id, run.outcome) for run in found]}"
        time.sleep(0.1)
    return found


def is_done(run: JobRun) -> bool:
    """Return whether the run has done its work, whatever came of it."""
    return run.outcome not in (None, "lost", "interrupted")


def ended(found: list[JobRun], job: str | None = None) -> int:
    return sum(run.outcome is not None and job in (None, run.job) for run in found)


def test_killed_servers_lose_no_run_and_never_run_a_job_twice(
    tmp_path: Path, database_url: str, jobs_file: Path
) -> None:
    with closing(open_store(database_url)) as store:
        with serving(jobs_file, database_url, 2) as servers:
            for killed in range(2):
                wait_until(store, lambda found: bool(found) and found[-1].outcome is None, "a run at work")
                servers[killed].kill()
                servers[killed].wait()
                servers[killed] = serve(jobs_file, database_url)
                before = ended(runs(store))
                wait_until(store, lambda found: ended(found) >= before + 2, "runs after a kill")  # noqa: B023
            crawl = kill_a_run(store)
            at_work = [run.id for run in runs(store)]
            wait_until(
                store,
                lambda found: all(
                    any(run.job == job and run.id > max(at_work) and is_done(run) for run in found)
                    for job in TOPICS
                ),
                "a good run of each job",
            )
            assert not process_of(crawl).is_alive
        wait_until(store, lambda found: ended(found) == len(found), "the end of all runs")
        found = runs(store)
        check_history(found)
        check_crawls(store, found)
    assert any(run.outcome == "lost" for run in found)
    assert sum(run.due_count for run in found) > len(found), (
        "nothing was missed: the test shows less than it could"
    )


def kill_a_run(store: Store) -> str:
    """Kill the process of a run whose crawl is at work; return the crawl's process."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        with store.read() as connection:
            leases = [store_jobs.lease_of(connection, job) for job in TOPICS]
        for lease in leases:
            if lease is not None and lease.holder and lease.child:
                os.kill(process_of(lease.holder).pid, signal.SIGKILL)
                return lease.child
        time.sleep(0.02)
    pytest.fail("no crawl at work")


def check_history(found: list[JobRun]) -> None:
    """See that a job's runs follow each other, and stand for every due time once."""
    schedule = Schedule(zone="Asia/Jakarta", every=EVERY)
    for job in TOPICS:
        of_job = [run for run in found if run.job == job]
        assert len(of_job) >= 3
        for run in of_job:
            assert run.outcome not in (None, "failed", "timed_out"), run
            assert run.ended_at is not None
            assert Path(run.log_file).is_file()
            assert run.figures is not None or not is_done(run)
        for before, after in pairwise(of_job):
            assert before.ended_at is not None
            assert before.ended_at <= after.started_at, f"runs {before.id} and {after.id} overlap"
        done = [run for run in of_job if is_done(run)]
        for before, after in pairwise(done):
            assert after.covers_from == before.due_at, (
                f"due times between {before.id} and {after.id} are lost"
            )
        assert done[0].covers_from is not None
        assert done[-1].due_at is not None
        whole = schedule.due(done[0].covers_from, done[-1].due_at)
        assert whole is not None
        assert whole.count == sum(run.due_count for run in done)


def check_crawls(store: Store, found: list[JobRun]) -> None:
    """See that the crawls themselves, which know nothing of jobs, never ran side by side."""
    for topic in TOPICS.values():
        with store.read() as connection:
            rows = connection.execute(
                select(crawls.c.started_at, crawls.c.ended_at)
                .where(crawls.c.topic == topic)
                .order_by(crawls.c.id)
            ).all()
        assert len(rows) >= 3
        for before, after in pairwise(rows):
            assert before.ended_at is None or before.ended_at <= after.started_at
        lost = [run for run in found if run.topic == topic and not is_done(run)]
        assert sum(row.ended_at is None for row in rows) <= len(lost), (
            "a crawl was killed without anybody's notice"
        )
