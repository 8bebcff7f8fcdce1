"""What a page costs on the whole path, beside a bare Scrapy spider that only fetches the same pages.

    python tests/benchmarks/crawl.py [--pages 600] [--rounds 3] [--database ADDRESS] [--profile FILE]
        [--set NAME=VALUE ...]

Loopback pages of about 80 kB with 150 links each, all on topic; every tenth is a near copy of the one before,
and each links to the page of its tag, which lists 20 stories: frontier, near-duplicates and discovery all
have their work. Both run one after the other in each round, in processes of their own; "CPU" is the crawling
process (user and system) after a warm-up of 20 pages, the server's not counted. The ratio is the median over
the rounds. The split by part is measured in the same runs; "Scrapy" is what is left, the network included.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import wraps
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import news_texts

HOSTS = ("news.detik.com", "inet.detik.com", "finance.detik.com", "health.detik.com")
TOPICS = (
    "nasabah bank",
    "peserta asuransi",
    "pengguna toko daring",
    "pemilih",
    "mahasiswa",
    "pelanggan seluler",
)
READ_ALSO = 4  # links a page
LISTED = 20  # stories a tag page
COPY_EVERY = 10  # pages
PARAGRAPHS = 8  # about 2.2 kB: saved real pages have 2.1 on average
WARM_UP = 20  # pages, while modules are imported and statements compiled


def address(number: int) -> str:
    """Return the address of a page."""
    return f"https://{HOSTS[number % len(HOSTS)]}/berita/d-{6_000_000 + number}/data-bocor-nomor-{number}"


def tag_address(number: int) -> str:
    """Return the address of the page that lists a story and its neighbours."""
    return f"https://www.detik.com/tag/kebocoran-data-{number // LISTED}"


def title_of(number: int) -> str:
    """Return the headline of a story."""
    return f"Data {number + 1} Ribu {TOPICS[number % len(TOPICS)].title()} Bocor dan Dijual Peretas"


def tag_page(number: int) -> bytes:
    """Return the page that lists the stories from a number on."""
    entries = "".join(
        f'<article class="list-content__item"><h3 class="media__title"><a href="{address(n)}" '
        f'class="media__link">{title_of(n)}</a></h3>'
        f'<div class="media__date"><span title="Jumat, 21 Mei 2021 10:00 WIB">lalu</span></div></article>'
        for n in range(number, number + LISTED)
    )
    return (
        f'<!DOCTYPE html><html lang="id"><head><title>Kebocoran data</title></head>'
        f'<body><div class="list-content">{entries}</div></body></html>'
    ).encode()


def page(number: int, pages: int) -> bytes:
    """Return a page of about 80 kB in Detik's markup: a story of 8 paragraphs, 150 links around it."""
    title = title_of(number)
    told = number - 1 if number % COPY_EVERY == COPY_EVERY - 1 else number  # whose text it has
    who = TOPICS[told % len(TOPICS)]
    paragraphs = [
        f"<p>{f'Kebocoran data {who}: ' if n % 4 == 0 else ''}{text}</p>"
        for n, text in enumerate(news_texts.paragraphs(Random(told), PARAGRAPHS))
    ]
    for n in range(READ_ALSO):
        target = (number * READ_ALSO + n + 1) % pages
        paragraphs.insert(
            1 + 2 * n,
            '<table class="linksisip"><tbody><tr><td><div class="lihatjg"><strong>Baca juga: </strong>'
            f'<a href="{address(target)}">Data {target + 1} Ribu Orang Bocor</a>'
            "</div></td></tr></tbody></table>",
        )
    side = "".join(
        f'<li class="list-content__item"><h3 class="media__title"><a href="/berita/d-{n}/kabar-{n}" '
        f'class="media__link" data-index="{n}">Kabar lain nomor {n} dari halaman {number}</a></h3>'
        f'<div class="media__date"><span title="Jumat, 21 Mei 2021">{n} menit yang lalu</span></div></li>'
        for n in range(150)
    )
    slots = "".join(f"window.slot{n} = {{size: [300, {n}], page: {number}}};\n" for n in range(15))
    weight = f"<script>{slots}</script>" * 52
    return (
        f'<!DOCTYPE html><html lang="id"><head><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta name="dtk:publishdate" content="2021/05/21 10:{number % 60:02d}:00"></head><body>{weight}'
        f'<article class="detail"><div class="detail__header"><h1 class="detail__title">{title}</h1>'
        '<div class="detail__author">Rani Puspita - detikNews</div>'
        f'<div class="detail__date">Jumat, 21 Mei 2021 10:{number % 60:02d} WIB</div></div>'
        f'<div class="detail__body-text itp_bodycontent">{"".join(paragraphs)}</div>'
        f'<div class="detail__body-tag"><a href="{tag_address(number)}">Kebocoran Data {number // LISTED}</a>'
        "</div></article>"
        f"<aside><ul>{side}</ul></aside></body></html>"
    ).encode()


class Pages(BaseHTTPRequestHandler):
    """Serves the pages, whatever the host."""

    protocol_version = "HTTP/1.1"
    bodies: dict[str, bytes]

    def do_GET(self) -> None:
        body = self.bodies.get(self.path.split("/")[-1])
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(pages: int) -> None:
    """Serve until killed; print the port."""
    Pages.bodies = {address(n).rpartition("/")[2]: page(n, pages) for n in range(pages)}
    Pages.bodies |= {tag_address(n).rpartition("/")[2]: tag_page(n) for n in range(0, pages, LISTED)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


class Parts:
    """CPU seconds of the functions that do a part of the work.

    By the thread's clock: where the process's is coarse, it gives one part what another has used.
    """

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inside = False

    def time(self, part: str, owner: Any, name: str) -> None:
        """Count a function's time for a part, unless it is called from within another."""
        function: Callable[..., Any] = getattr(owner, name)

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            if self._inside:
                return function(*arguments, **named)
            self._inside, begun_at = True, time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                self._inside = False
                self.seconds[part] += time.thread_time() - begun_at

        setattr(owner, name, timed)


def watch_parts() -> Parts:
    """Return the parts of a crawl, each of which is measured from now on."""
    import pipelines.deduplicate
    import pipelines.relevance
    from crawler.crawling.session import CrawlSession
    from crawler.spiders import baca_juga

    parts = Parts()
    parts.time("reading", baca_juga, "read_response")
    parts.time("relevance", pipelines.relevance, "score")
    parts.time("fingerprint", pipelines.deduplicate, "mark_text")
    parts.time("store: record", CrawlSession, "record")
    for name in ("lease", "outlook", "validators_of", "renew_leases", "free_abandoned", "add_seeds"):
        parts.time("store: frontier", CrawlSession, name)
    return parts


def measured(process: Any, crawler: Any, parts: Parts | None = None, profile: Any = None) -> dict[str, Any]:
    """Run a crawl and return its CPU and wall seconds, without start and end, and its pages."""
    from scrapy import signals

    figures: dict[str, Any] = {"pages": 0.0, "seen": 0.0}

    def received(response: Any) -> None:
        figures["seen"] += not response.url.endswith("robots.txt")
        if figures["seen"] == WARM_UP:
            figures["cpu"], figures["wall"] = time.process_time(), time.monotonic()
            if parts is not None:
                parts.seconds.clear()
            if profile is not None:
                profile.enable()
        figures["pages"] = figures["seen"] - WARM_UP

    def closed() -> None:
        figures["cpu"] = time.process_time() - figures["cpu"]
        figures["wall"] = time.monotonic() - figures["wall"]
        if parts is not None:
            figures["parts"] = dict(parts.seconds)
        if profile is not None:
            profile.disable()

    crawler.signals.connect(received, signal=signals.response_received, weak=False)
    crawler.signals.connect(closed, signal=signals.spider_closed, weak=False)
    process.start()
    return figures


def run_bare(server: str, pages: int) -> dict[str, float]:
    """Fetch all pages with a spider that does nothing else, Scrapy's defaults but for logs and loopback."""
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for number in range(pages):
                yield scrapy.Request(server + "/" + address(number).split("/", 3)[3])

        def parse(self, response: Any) -> None:
            pass

    process = AsyncCrawlerProcess(
        {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    )
    crawler = process.create_crawler(Bare)
    process.crawl(crawler)
    return measured(process, crawler)


def run_ours(server: str, database: str, overrides: list[str], profile: Any = None) -> dict[str, Any]:
    """Crawl the pages from the first one, by their read-also links and their tags."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.crawling.crawl import crawl_settings

    settings = crawl_settings(
        {
            "DATABASE_URL": database,
            "CONNECT_TO": server,
            "HOST_DELAY": 0,
            "LOG_LEVEL": "ERROR",
            "PROGRESS": "off",
            "DISCOVER": True,
            "OUTLETS": ["detik"],
            # The pages are so alike that forty copies in a row would end the crawl.
            "OUTLET_PATIENCE": 0,
            **dict(each.split("=", 1) for each in overrides),
        }
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("baca_juga")
    process.crawl(crawler, topic="data-breach", start=address(0))
    return measured(process, crawler, watch_parts() if profile is None else None, profile)


def in_a_process(*arguments: str) -> dict[str, Any]:
    """Run one side in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Run both sides in turn and print what a page costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", help="default: a SQLite file in a folder that is removed")
    parser.add_argument("--profile", metavar="FILE", help="write a cProfile of our side")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of ours")
    parser.add_argument("--side", choices=["serve", "bare", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side == "serve":
        serve(options.pages)
    elif options.side == "bare":
        print(json.dumps(run_bare(options.server, options.pages)))
    elif options.side == "ours" and options.profile:
        import cProfile

        profile = cProfile.Profile()
        figures = run_ours(options.server, options.database, options.set, profile)
        profile.dump_stats(options.profile)
        print(json.dumps(figures))
    elif options.side == "ours":
        print(json.dumps(run_ours(options.server, options.database, options.set)))
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Print CPU and pages a second of both sides, and their ratio."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--side", "serve", "--pages", str(options.pages)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        weight = statistics.mean(len(page(n, options.pages)) for n in range(0, options.pages, 50)) / 1000
        print(f"{options.pages} pages of {weight:.0f} kB, {options.rounds} rounds")
        ratios, ours_costs, bare_costs = [], [], []
        parts: dict[str, list[float]] = {}
        for number in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                database = options.database or str(Path(folder) / "benchmark.db")
                bare = in_a_process("--side", "bare", "--server", url, "--pages", str(options.pages))
                more = ["--profile", options.profile] if options.profile else []
                more += [f"--set={each}" for each in options.set]
                ours = in_a_process("--side", "ours", "--server", url, "--database", database, *more)
            for name, figures, costs in (("bare", bare, bare_costs), ("ours", ours, ours_costs)):
                costs.append(1000 * figures["cpu"] / figures["pages"])
                print(
                    f"round {number + 1}  {name}  {figures['pages']:.0f} pages  "
                    f"{costs[-1]:.2f} ms CPU a page  "
                    f"{figures['pages'] / figures['wall']:.0f} pages/s"
                )
            ratios.append(ours_costs[-1] / bare_costs[-1])
            shares = ours.get("parts", {})
            for name, seconds in {**shares, "Scrapy": ours["cpu"] - sum(shares.values())}.items():
                parts.setdefault(name, []).append(1000 * seconds / ours["pages"])
        print(
            f"median: bare {statistics.median(bare_costs):.2f} ms, "
            f"ours {statistics.median(ours_costs):.2f} ms, "
            f"ratio {statistics.median(ratios):.2f}"
        )
        print("of these:", ", ".join(f"{name} {statistics.median(each):.2f}" for name, each in parts.items()))
    finally:
        server.kill()


if __name__ == "__main__":
    main()
