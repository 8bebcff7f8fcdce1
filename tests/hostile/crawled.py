"""One crawl through all the attacks, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select

from crawler.address import address_of
from crawler.outlets import outlet_for
from crawler.store.database import open_store
from crawler.store.schema import articles
from crawler.store.schema import frontier as entries
from tests.crawling import Finished, clean_environment
from tests.hostile.cases import CASES, GOOD, SETTINGS, Case, make_large_bodies, page, story
from tests.hostile.certificates import Authority, by_host
from tests.hostile.server import Answer, HostileServer

PUBLIC = "36.86.63.182"
PUBLIC_IPV6 = "2404:6800:4003:c00::5e"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl through the attacks left behind."""

    finished: Finished
    figures: dict[str, Any]  # of the process: connections, seconds, memory_mb
    ends: dict[str, Row[Any]]  # the frontier's entries by key
    titles: dict[str, str]  # of the stored stories, by address
    server: HostileServer
    database: str

    def end(self, url: str) -> Row[Any] | None:
        """Return how the visit of an address ended."""
        return self.ends.get(address_of(url, outlet_for(url).page_kind(url)).key)


def crawl(folder: Path, database: str, *options: str, cases: list[Case] | None = None) -> Crawled:
    """Run a crawl of all attacks and of good pages; return what it left.

    Args:
        folder: where its log goes.
        database: the address of an empty database.
        options: more options of ``bacajuga crawl``.
        cases: only these attacks.
    """
    cases = CASES if cases is None else cases
    links = "".join(
        f'<p>Baca juga: <a href="{case.address}">Data BPJS Kesehatan bocor</a></p>'
        for case in cases
        if case.is_link
    )
    answers: dict[str, Answer] = {
        f"{urlsplit(url).hostname}/1": page(story(extra=links if number == 0 else ""))
        for number, url in enumerate(GOOD)
    }
    for case in cases:
        if case.answer:
            answers[case.host + (urlsplit(case.address).path or "/1")] = case.answer
        if case.robots:
            answers[f"{case.host}/robots.txt"] = case.robots
    answers |= {
        f"redirects.test/{n}": answers["redirects.test/1"]
        for n in range(2, 20)
        if "redirects.test/1" in answers
    }
    make_large_bodies()
    authority = Authority(folder)
    secure = by_host(
        {
            "tls-good.test": authority.context("tls-good.test"),
            "tls-other-host.test": authority.context("lain.test"),
            "tls-expired.test": authority.context("tls-expired.test", days=-1),
            "tls-self-signed.test": authority.context("tls-self-signed.test", self_signed=True),
            "tls-excepted.test": authority.context("tls-excepted.test", self_signed=True),
        }
    )
    log, plan = folder / "log.json", folder / "internet.json"
    with HostileServer(answers) as server, HostileServer(answers, secure, server.log) as tls_server:
        ports = {f"{PUBLIC}:80": server.port, f"{PUBLIC}:443": tls_server.port}
        ports[f"{PUBLIC_IPV6}:80"] = server.port
        names = {case.host: list(case.resolves_to) for case in cases if case.resolves_to}
        plan.write_text(json.dumps({"names": names, "otherwise": PUBLIC, "ports": ports}))
        seeds = [*GOOD, *(case.address for case in cases if not case.is_link)]
        settings = [part for name, value in SETTINGS.items() for part in ("-s", f"{name}={value}")]
        command = ["crawl", "data-breach", *seeds, "--db", database, "--json", *settings, *options]
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.small_internet", str(plan), str(log), *command],
            capture_output=True,
            text=True,
            timeout=600,
            cwd=ROOT,
            env=clean_environment() | {"SSL_CERT_FILE": str(authority.file)},
        )
    with closing(open_store(database)) as store, store.read() as connection:
        ends = {row.key: row for row in connection.execute(select(entries))}
        titles = {row.url: row.title for row in connection.execute(select(articles.c.url, articles.c.title))}
    return Crawled(
        Finished(done.returncode, done.stdout, done.stderr),
        json.loads(log.read_text()),
        ends,
        titles,
        server,
        database,
    )
