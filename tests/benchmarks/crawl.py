"""What a page costs on the whole path, beside a bare Scrapy spider that only fetches the same pages.

    python tests/benchmarks/crawl.py [--pages 600] [--rounds 3] [--database ADDRESS] [--profile FILE]

Loopback pages of about 80 kB with 150 links each, all on topic. Both run one after the other in each round,
in processes of their own; "CPU" is the crawling process after a warm-up of 20 pages, the server's not
counted. The ratio is the median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

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
WARM_UP = 20  # pages, while modules are imported and statements compiled


def address(number: int) -> str:
    """Return the address of a page."""
    return f"https://{HOSTS[number % len(HOSTS)]}/berita/d-{6_000_000 + number}/data-bocor-nomor-{number}"


def page(number: int, pages: int) -> bytes:
    """Return a page of about 80 kB in Detik's markup: a story of 25 paragraphs, 150 links around it."""
    who = TOPICS[number % len(TOPICS)]
    title = f"Data {number + 1} Ribu {who.title()} Bocor dan Dijual Peretas"
    paragraphs = [
        f"<p>{'Kebocoran data' if n % 5 == 0 else 'Keterangan'} {who} gelombang {number}-{n} dijelaskan. "
        f"Tim {number * 31 % 97} memeriksa ruang ke-{n * 17 % 89} milik penyelenggara, "
        f"lalu mencatat {n + number} keluhan yang sempat masuk pada hari ke-{n}.</p>"
        for n in range(25)
    ]
    for n in range(READ_ALSO):
        target = (number * READ_ALSO + n + 1) % pages
        paragraphs.insert(
            3 + 5 * n,
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
    weight = f"<script>{slots}</script>" * 40
    return (
        f'<!DOCTYPE html><html lang="id"><head><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta name="dtk:publishdate" content="2021/05/21 10:{number % 60:02d}:00"></head><body>{weight}'
        f'<article class="detail"><div class="detail__header"><h1 class="detail__title">{title}</h1>'
        '<div class="detail__author">Rani Puspita - detikNews</div>'
        f'<div class="detail__date">Jumat, 21 Mei 2021 10:{number % 60:02d} WIB</div></div>'
        f'<div class="detail__body-text itp_bodycontent">{"".join(paragraphs)}</div></article>'
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
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


def measured(process: Any, crawler: Any) -> dict[str, float]:
    """Run a crawl and return its CPU and wall seconds, without start and end, and its pages."""
    from scrapy import signals

    figures = {"pages": 0.0, "seen": 0.0}

    def received(response: Any) -> None:
        figures["seen"] += not response.url.endswith("robots.txt")
        if figures["seen"] == WARM_UP:
            figures["cpu"], figures["wall"] = time.process_time(), time.monotonic()
        figures["pages"] = figures["seen"] - WARM_UP

    def closed() -> None:
        figures["cpu"] = time.process_time() - figures["cpu"]
        figures["wall"] = time.monotonic() - figures["wall"]

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


def run_ours(server: str, database: str) -> dict[str, float]:
    """Crawl the pages from the first one by their read-also links."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.crawling.crawl import crawl_settings

    settings = crawl_settings(
        {
            "DATABASE_URL": database,
            "CONNECT_TO": server,
            "HOST_DELAY": 0,
            "LOG_LEVEL": "ERROR",
            "PROGRESS": "off",
        }
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("baca_juga")
    process.crawl(crawler, topic="data-breach", start=address(0))
    return measured(process, crawler)


def in_a_process(*arguments: str) -> dict[str, float]:
    """Run one side in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
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
    parser.add_argument("--side", choices=["serve", "bare", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side == "serve":
        serve(options.pages)
    elif options.side == "bare":
        print(json.dumps(run_bare(options.server, options.pages)))
    elif options.side == "ours" and options.profile:
        import cProfile

        with cProfile.Profile() as profile:
            figures = run_ours(options.server, options.database)
        profile.dump_stats(options.profile)
        print(json.dumps(figures))
    elif options.side == "ours":
        print(json.dumps(run_ours(options.server, options.database)))
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
        for number in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                database = options.database or str(Path(folder) / "benchmark.db")
                bare = in_a_process("--side", "bare", "--server", url, "--pages", str(options.pages))
                profile = ["--profile", options.profile] if options.profile else []
                ours = in_a_process("--side", "ours", "--server", url, "--database", database, *profile)
            for name, figures, costs in (("bare", bare, bare_costs), ("ours", ours, ours_costs)):
                costs.append(1000 * figures["cpu"] / figures["pages"])
                print(
                    f"round {number + 1}  {name}  {figures['pages']:.0f} pages  "
                    f"{costs[-1]:.2f} ms CPU a page  "
                    f"{figures['pages'] / figures['wall']:.0f} pages/s"
                )
            ratios.append(ours_costs[-1] / bare_costs[-1])
        print(
            f"median: bare {statistics.median(bare_costs):.2f} ms, "
            f"ours {statistics.median(ours_costs):.2f} ms, "
            f"ratio {statistics.median(ratios):.2f}"
        )
    finally:
        server.kill()


if __name__ == "__main__":
    main()
