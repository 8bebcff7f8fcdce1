"""Running a crawl from a program: one call in, one report out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crawler.crawling.figures import Figures
from crawler.crawling.overrides import check_overrides
from crawler.drift import OutletCheck
from crawler.errors import BacaJugaError, StoreError
from crawler.outlets import add_outlets
from crawler.store import frontier, hosts
from crawler.store.crawls import Holdings, best_left, holdings
from crawler.store.database import open_store
from crawler.store.drift import check_outlets
from crawler.store.hosts import HostTrouble
from crawler.topic import load_topic
from crawler.urls import is_web_address

SETTINGS_MODULE = "settings.base"


@dataclass(kw_only=True, slots=True)
class CrawlReport:
    """How a crawl ended, what it brought and what the store holds now."""

    topic: str
    title: str
    stop_reason: str  # finished, waiting, max_pages, max_minutes, shutdown, or an error
    seconds: float
    figures: Figures
    holdings: Holdings
    left: int  # addresses above the score floor that were not fetched
    below_floor: int
    best_left: float | None
    floor: float
    troubles: list[HostTrouble]
    broken_outlets: list[OutletCheck]  # those that look as if they had changed their pages
    database: str
    resumed: bool
    contact_missing: bool = False  # outlets were asked, and cannot reach who runs the crawl
    started_at: float = field(default_factory=time.time)

    @property
    def nothing_found(self) -> bool:
        """Whether the store holds no story on the topic."""
        return self.holdings.stories == 0

    @property
    def offline(self) -> bool:
        """Whether no host answered at all."""
        return bool(self.troubles) and self.figures.fetches == 0

    @property
    def unreachable(self) -> bool:
        """Whether the outlets could not be reached, or would not have us."""
        blocked = any(self.figures.outcomes[kind] for kind in ("blocked", "host_down", "server_error"))
        return (self.stop_reason == "waiting" or blocked or bool(self.troubles)) and self.figures.stories == 0


def crawl_settings(overrides: dict[str, Any]) -> Any:
    """Return the project's settings with the given ones over them.

    Raises:
        BacaJugaError: when a setting cannot have the value given.
    """
    import os

    from scrapy.settings import Settings
    from scrapy.utils.project import ENVVAR, get_project_settings

    if os.environ.get(ENVVAR):
        settings = get_project_settings()
    else:
        settings = Settings()
        settings.setmodule(SETTINGS_MODULE, priority="project")
    check_overrides(overrides, settings)
    for name, value in overrides.items():
        settings.set(name, value, priority="cmdline")
    add_outlets(settings["OUTLET_FOLDER"])
    return settings


def run_crawl(topic: str, urls: list[str] | None = None, **overrides: Any) -> CrawlReport:
    """Crawl a topic until nothing promising is left or a budget is spent, and return how it ended.

    Args:
        topic: a topic's name, or the path of a topic file.
        urls: where to start; None for the topic's own seeds.
        overrides: settings, such as ``DATABASE_URL``, ``MAX_PAGES`` or ``MIN_SCORE``.

    Raises:
        TopicError: when there is no such topic, or its file is not valid.
        StoreError: when the database cannot be opened or written.
        BacaJugaError: when an address to start from, or a setting, cannot be used.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.crawling.session import session_of
    from crawler.crawling.stopping import start_stoppable

    loaded = load_topic(topic)
    for url in urls or []:
        if not is_web_address(url):
            raise BacaJugaError(f"address {url!r} is not a web address; write it with https://")
    settings = crawl_settings(overrides)
    _check_outlets(settings.getlist("OUTLETS"), urls or list(loaded.seeds))
    # The database is tried before the crawl begins, so that an error is one line and not a crawl's.
    open_store(settings["DATABASE_URL"]).close()
    begun, begun_at = time.monotonic(), datetime.now(UTC)
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("baca_juga")
    task = process.crawl(crawler, topic=topic, start=" ".join(urls or []))
    start_stoppable(process)
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise _for_the_user(error)
    session = session_of(crawler)
    # Closed already, unless downloads that hang were left behind.
    session.close("shutdown")
    if session.failure is not None:
        raise session.failure
    store = open_store(settings["DATABASE_URL"])
    try:
        with store.read() as connection:
            above = frontier.left(connection, session.name, session.floor)
            all_left, best = best_left(connection, session.name)
            return CrawlReport(
                topic=session.name,
                title=loaded.title,
                stop_reason=session.stop_reason,
                seconds=time.monotonic() - begun,
                figures=session.figures,
                holdings=holdings(connection, session.name),
                left=above,
                below_floor=max(all_left - above, 0),
                best_left=best,
                floor=session.floor,
                troubles=hosts.troubled_hosts(connection, session.name),
                broken_outlets=[
                    check
                    for check in check_outlets(connection, session.figures.fetches_by_outlet, since=begun_at)
                    if check.broken
                ],
                database=store.address,
                resumed=session.resumed,
                contact_missing=settings["CONTACT"] == "contact-not-set" and not settings["CONNECT_TO"],
            )
    finally:
        store.close()


def _for_the_user(error: BaseException) -> BacaJugaError:
    """Return our own error behind what Scrapy made of it, or one that names Scrapy's."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, BacaJugaError):
            return behind
        behind = behind.__cause__ or behind.__context__
    return BacaJugaError(f"the crawl could not start: {type(error).__name__}: {error}")


def plan_crawl(topic: str, urls: list[str] | None, database: str) -> list[tuple[str, str]]:
    """Return the addresses that a crawl would begin with, and each one's state in the store.

    Raises:
        TopicError: when there is no such topic, or its file is not valid.
    """
    from crawler.address import address_of
    from crawler.store.explain import state_of

    loaded = load_topic(topic)
    seeds = urls or list(loaded.seeds)
    try:
        store = open_store(database, create=False)
    except StoreError:
        return [(url, "new") for url in seeds]
    try:
        with store.read() as connection:
            return [(url, state_of(connection, loaded.name, address_of(url).key)) for url in seeds]
    finally:
        store.close()


def _check_outlets(names: list[str], urls: list[str]) -> None:
    from crawler.address import address_of

    outlets = {address_of(url).outlet for url in urls}
    if names and outlets and not outlets & set(names):
        raise BacaJugaError(
            f"no address to start from is of {', '.join(names)}, only of {', '.join(sorted(outlets))}; "
            "give one of those outlets' addresses, or leave out --outlets"
        )
