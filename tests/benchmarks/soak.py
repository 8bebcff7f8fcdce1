"""What a long crawl costs over time: one process reads an endless news web, and is looked at now and then.

    python tests/benchmarks/soak.py [--minutes 10] [--database ADDRESS] [--every 15]

The web has no end: every story leads to four new ones, on four hosts, half of them on topic. Printed are
resident memory, open file handles, threads and CPU time a page of the crawling process, and at the end how
each grew over the second half of the run (least squares), when caches are full. What the store itself takes
(index depth) is part of the CPU time. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.crawling import clean_environment, command

HOSTS = ("news.detik.com", "inet.detik.com", "finance.detik.com", "health.detik.com")
BRANCHES = 4
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """What a process had used at a moment."""

    seconds: float
    pages: int
    memory: float  # MB, resident
    files: int
    threads: int
    cpu: float  # seconds


def page(host: str, number: int) -> bytes:
    """Return a story of about 6 kB in Detik's markup that leads to four others."""
    on_topic = number % 2 == 0
    subject = "Data Peserta BPJS Kesehatan Bocor" if on_topic else "Harga Beras di Pasar Induk Naik"
    paragraphs = [
        f"<p>{subject} gelombang {number}-{n}. Tim {number * 31 % 9973} memeriksa ruang ke-{n * 17 % 89}, "
        f"lalu mencatat {n + number} keluhan pada hari ke-{n}, kata pejabat {number % 83} dari {host}.</p>"
        for n in range(14)
    ]
    for branch in range(BRANCHES):
        target = number * BRANCHES + branch + 1
        address = f"https://{HOSTS[target % len(HOSTS)]}/berita/d-{6_000_000 + target}/data-bocor-{target}"
        paragraphs.insert(
            2 + 3 * branch,
            '<table class="linksisip"><tbody><tr><td><div class="lihatjg"><strong>Baca juga: </strong>'
            f'<a href="{address}">Kebocoran Data {target} Orang</a></div></td></tr></tbody></table>',
        )
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{subject} {number}</title></head><body><article>"
        f"<h1>{subject} Nomor {number}</h1><div class='detail__body-text'>{''.join(paragraphs)}</div>"
        "</article></body></html>"
    ).encode()


class Endless(BaseHTTPRequestHandler):
    """Answers every address of a story."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the story that the address numbers."""
        _, _, rest = self.path.partition("/d-")
        number = rest.partition("/")[0]
        host = urlsplit(f"//{self.headers['Host']}").hostname or ""
        body = page(host, int(number) - 6_000_000) if number.isdigit() else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve, crawl, look and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two looks")
    parser.add_argument("--delay", type=float, default=0.1, help="seconds between two requests to a host")
    parser.add_argument("--database", help="default: a SQLite file in a folder that is removed")
    options = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or f"sqlite:///{folder}/soak.db"
        settings = (
            f"CONNECT_TO=http://127.0.0.1:{server.server_port}",
            f"HOST_DELAY={options.delay}",
            "DISCOVER=0",
            "PROGRESS_LINE_SECONDS=1",
        )
        chosen = [part for setting in settings for part in ("-s", setting)]
        seed = f"https://{HOSTS[0]}/berita/d-6000000/data-bocor-0"
        crawl = subprocess.Popen(
            [
                *command("crawl", "data-breach", seed, "--db", database, "--json", *chosen),
                "--max-minutes",
                str(options.minutes),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )
        samples = watch(crawl, options.every)
        out, errors = crawl.communicate()
    if crawl.returncode:
        sys.exit(errors)
    record = json.loads(out)
    print(
        f"ended: {record['stop_reason']}, {record['fetches']:,} pages, {record['outcomes'] or 'no trouble'}"
    )
    print_growth(samples)


def watch(crawl: subprocess.Popen[str], every: float) -> list[Sample]:
    """Look at the process until it ends, and print what it uses."""
    fetched = [0]
    assert crawl.stderr is not None
    threading.Thread(target=follow, args=(crawl, fetched), daemon=True).start()
    print(f"{'time':>7}{'pages':>9}{'memory':>10}{'files':>7}{'threads':>9}{'CPU a page':>12}", flush=True)
    samples: list[Sample] = []
    begun = time.monotonic()
    while crawl.poll() is None:
        time.sleep(every)
        try:
            sample = look_at(crawl.pid, time.monotonic() - begun, fetched[0])
        except (FileNotFoundError, ProcessLookupError, KeyError):  # it has just ended
            break
        before = samples[-1] if samples else Sample(0, 0, 0, 0, 0, 0)
        samples.append(sample)
        print(
            f"{sample.seconds:6.0f}s{sample.pages:9,}{sample.memory:7.0f} MB"
            f"{sample.files:7}{sample.threads:9}"
            f"{cpu_a_page(before, sample):9.1f} ms",
            flush=True,
        )
    return samples


def follow(crawl: subprocess.Popen[str], fetched: list[int]) -> None:
    """Read the pages so far from the crawl's progress lines."""
    assert crawl.stderr is not None
    for line in crawl.stderr:
        words = line.split()
        if "fetched," in words:
            fetched[0] = int(words[words.index("fetched,") - 1].replace(",", ""))


def look_at(pid: int, seconds: float, pages: int) -> Sample:
    """Return what a process uses."""
    process = Path(f"/proc/{pid}")
    fields = process.joinpath("stat").read_text().rpartition(")")[2].split()
    status = dict(line.split(":", 1) for line in process.joinpath("status").read_text().splitlines())
    return Sample(
        seconds=seconds,
        pages=pages,
        memory=int(status["VmRSS"].split()[0]) / 1024,
        files=len(list(process.joinpath("fd").iterdir())),
        threads=int(status["Threads"]),
        cpu=(int(fields[11]) + int(fields[12])) / TICKS,
    )


def cpu_a_page(before: Sample, after: Sample) -> float:
    """Return the milliseconds of CPU that a page took between two looks."""
    return 1000 * (after.cpu - before.cpu) / max(after.pages - before.pages, 1)


def print_growth(samples: Sequence[Sample]) -> None:
    """Print how each figure grew over the second half."""
    half = [sample for sample in samples if sample.pages > 0][len(samples) // 2 :]
    if len(half) < 4:
        print("too few looks to tell a growth: run longer")
        return
    hours = [sample.seconds / 3600 for sample in half]
    pages = [sample.pages / 1000 for sample in half]
    memory = slope(pages, [sample.memory for sample in half])
    costs = [cpu_a_page(a, b) for a, b in pairwise(half)]
    print(
        f"growth in the second half: memory {memory:+.2f} MB a thousand pages "
        f"({slope(hours, [sample.memory for sample in half]):+.1f} MB an hour), "
        f"files {slope(hours, [sample.files for sample in half]):+.1f} an hour, "
        f"threads {slope(hours, [sample.threads for sample in half]):+.1f} an hour, "
        f"CPU {slope(pages[1:], costs):+.2f} ms a page each thousand pages "
        f"(mean {statistics.mean(costs):.1f})"
    )


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the least-squares slope of y over x."""
    return statistics.linear_regression(x, y).slope if len(set(x)) > 1 else 0.0


if __name__ == "__main__":
    main()
