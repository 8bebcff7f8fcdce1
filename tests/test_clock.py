"""Somebody sets the clock in the middle of a crawl: no host is hurried, and nothing waits for hours."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from crawler.address import address_of
from crawler.demo.sample_web import SampleWeb
from crawler.store.clock import mend_times
from crawler.store.crawl import frontier as entries
from crawler.store.crawl.discovery import add_seeds
from crawler.store.database import Store, open_store
from crawler.store.schema import frontier, hosts
from tests.crawling import TIMEOUT, clean_environment, crawl_arguments
from tests.turns import noted_turns

DELAY = 0.3
HOUR = 3600.0
# The clock reads the jump, in seconds, from a file.
PROGRAM = """
import sys, time
from pathlib import Path
real, jump = time.time, Path(sys.argv.pop(1))
time.time = lambda: real() + float(jump.read_text())
sys.argv[0] = "bacajuga"
from crawler.cli import main
main()
"""


@pytest.mark.parametrize("hours", [-5, 5])
def test_clock_that_jumps_in_the_middle_of_a_crawl(database_url: str, tmp_path: Path, hours: int) -> None:
    jump = tmp_path / "jump"
    jump.write_text("0")
    with SampleWeb() as web, noted_turns(database_url) as turns:
        arguments = crawl_arguments(web.url, database_url, delay=DELAY)
        crawl = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(jump), *arguments, "--quiet", "--max-pages", "40"],
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )
        while len(web.log) < 12 and crawl.poll() is None:
            time.sleep(0.01)
        (tmp_path / "new").write_text(str(hours * HOUR))
        (tmp_path / "new").rename(jump)
        _, errors = crawl.communicate(timeout=TIMEOUT)
        assert (crawl.returncode, errors) == (0, "")
        assert len(web.log) > 40, "it went on to the end of its budget"
        assert turns.hurried(((hit.host, hit.monotonic) for hit in web.log), DELAY) == {}


def test_turns_and_leases_of_a_clock_that_was_wrong_are_forgotten(store: Store) -> None:
    urls = [f"https://kabar.test/{number}" for number in range(3)]
    now = 1_800_000_000.0
    with store.write() as connection:
        add_seeds(connection, "x", [address_of(url) for url in urls], {"kabar.test": 1.0})
        connection.execute(
            update(hosts).values(next_at=now + 5 * HOUR, robots_text="", robots_fetched_at=now + 9 * HOUR)
        )
        connection.execute(
            insert(hosts).values(host="patient.test", next_at=now + 1800, delay=1.0, failures=1)
        )
        connection.execute(
            insert(hosts).values(host="slow.test", next_at=now + 4 * HOUR, delay=5 * HOUR, failures=0)
        )
        for url, values in zip(
            urls,
            (
                {"state": entries.WAITING, "due_at": now + 5 * HOUR},
                {"state": entries.LEASED, "worker": "w:1:1", "leased_until": now + 5 * HOUR},
                {"state": entries.LEASED, "worker": "w:2:2", "leased_until": now + 200},
            ),
            strict=True,
        ):
            connection.execute(update(frontier).where(frontier.c.url == url).values(values))
        mend_times(connection, "x", now, longest_wait=HOUR, lease_seconds=300)
        turns = {row.host: row.next_at for row in connection.execute(select(hosts))}
        states = connection.execute(
            select(frontier.c.state, frontier.c.due_at, frontier.c.worker).order_by(frontier.c.id)
        ).all()
        robots = connection.scalars(select(hosts.c.robots_text).where(hosts.c.host == "kabar.test")).one()
    assert turns == {"kabar.test": now, "patient.test": now + 1800, "slow.test": now + 4 * HOUR}
    assert [tuple(row) for row in states] == [
        ("waiting", now, None),
        ("queued", None, None),
        ("leased", None, "w:2:2"),
    ]
    assert robots is None


def test_now_goes_on_steadily(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(database_url)) as store:
        before = store.now()
        assert abs(before - time.time()) < 60
        monkeypatch.setattr(time, "time", lambda: 0.0)
        assert 0 <= store.now() - before < 5
