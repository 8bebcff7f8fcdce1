"""Crawls of the sample web in processes of their own, as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from crawler.address import address_of
from crawler.demo.sample_web import SEED
from crawler.demo.server import Hit
from crawler.demo.truth import Truth
from crawler.store.database import open_store
from crawler.store.schema import article_topics, articles, links

# Seconds. A crawl of the sample web takes about four; on a busy machine it may take many times as long.
TIMEOUT = 300


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def record(self) -> dict[str, Any]:
        """What ``--json`` printed."""
        record: dict[str, Any] = json.loads(self.stdout)
        return record


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crawler", *arguments]


def run(*arguments: str, cwd: Any = None, environment: Mapping[str, str] | None = None) -> Finished:
    """Run ``bacajuga`` to its end."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=cwd,
        env=clean_environment() | dict(environment or {}),
    )
    return Finished(done.returncode, done.stdout, done.stderr)


_started: list[subprocess.Popen[str]] = []


def start(*arguments: str, cwd: Any = None, stdout: Any = None) -> subprocess.Popen[str]:
    """Start ``bacajuga`` and return its process, which does not outlive the test."""
    process = subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=clean_environment(),
    )
    _started.append(process)
    return process


def end_started() -> None:
    """Kill what was started and goes on: it would write into the next test's database."""
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
            process.wait()


def crawl_arguments(web_url: str, database_url: str, *urls: str, delay: float = 0.0) -> list[str]:
    """Return the arguments of a crawl of the sample web."""
    return [
        *("crawl", "data-breach", *(urls or (SEED,)), "--db", database_url),
        *("-s", f"CONNECT_TO={web_url}", "-s", f"HOST_DELAY={delay}"),
    ]


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would steer a crawl."""
    steering = (
        "DATABASE_URL",
        "BACAJUGA_CONTACT",
        "http_proxy",
        "https_proxy",
        "SCRAPY_SETTINGS_MODULE",
        "BACAJUGA_OUTLETS",
    )
    return {name: value for name, value in os.environ.items() if name.lower() not in map(str.lower, steering)}


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store holds of the topic, by story key."""

    titles: dict[str, str]
    on_topic: set[str]
    copies: set[str]
    links: dict[str, list[str]]  # anchor texts in order, by key of the story that prints them


def stored(database_url: str) -> Stored:
    """Return what a store holds."""
    store = open_store(database_url)
    try:
        with store.read() as connection:
            rows = connection.execute(
                select(
                    articles.c.article_key,
                    articles.c.title,
                    articles.c.duplicate_of,
                    article_topics.c.on_topic,
                ).join(article_topics, article_topics.c.article_id == articles.c.id)
            ).all()
            printed = connection.execute(
                select(articles.c.article_key, links.c.anchor_text)
                .join(links, links.c.source_id == articles.c.id)
                .order_by(links.c.source_id, links.c.position, links.c.id)
            ).all()
    finally:
        store.close()
    by_source: dict[str, list[str]] = {}
    for key, anchor_text in printed:
        by_source.setdefault(key, []).append(anchor_text)
    return Stored(
        titles={row.article_key: row.title for row in rows},
        on_topic={row.article_key for row in rows if row.on_topic},
        copies={row.article_key for row in rows if row.duplicate_of is not None},
        links=by_source,
    )


def keys_of(urls: Iterable[str]) -> set[str]:
    """Return the story keys of addresses."""
    return {address_of(url).key for url in urls}


def asked_more_than_once(log: list[Hit], truth: Truth) -> dict[str, int]:
    """Return the addresses that were fetched again although they had been answered."""
    answered = Counter(hit.url for hit in log if hit.status == 200 and not hit.path.startswith("/robots.txt"))
    return {url: number for url, number in answered.items() if number > 1}
