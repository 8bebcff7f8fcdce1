"""Running a crawl from a program: one call in, one report out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.crawling.ending import Ending, ending_of
from crawler.crawling.figures import Figures
from crawler.crawling.overrides import check_overrides, floor_of
from crawler.drift import OutletCheck
from crawler.errors import BacaJugaError, StoreError
from crawler.outlets import add_outlets
from crawler.store.answers.drift import check_outlets
from crawler.store.answers.yields import YieldReport, yield_report
from crawler.store.crawl import frontier, hosts
from crawler.store.crawl.crawls import Holdings, best_left, holdings
from crawler.store.crawl.hosts import HostTrouble
from crawler.store.database import open_store
from crawler.store.patience import Patience
from crawler.topic import Topic, load_topic
from crawler.urls import is_web_address

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.crawling.session import CrawlSession

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
    searched: YieldReport | None = None  # what the fetches of this crawl brought, as the store has it
    contact_missing: bool = False  # outlets were asked, and cannot reach who runs the crawl
    insecure_tls_hosts: list[str] = field(default_factory=list)  # whose certificates nobody looked at
    workers: int = 1
    workers_lost: int = 0  # those of them that died
    started_at: float = field(default_factory=time.time)

    @property
    def ending(self) -> Ending:
        """What came of the crawl, or what stood in its way."""
        return ending_of(
            self.figures,
            stop_reason=self.stop_reason,
            troubles=self.troubles,
            stories_stored=self.holdings.stories,
        )

    @property
    def offline(self) -> bool:
        """Whether no host answered at all."""
        return bool(self.troubles) and self.figures.fetches == 0


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
    settings, loaded = prepare(topic, urls, overrides)
    run = CrawlRun(loaded, settings)
    session = crawl_once(topic, urls, settings)
    return run.report(
        figures=session.figures,
        stop_reason=session.stop_reason,
        resumed=session.resumed,
        crawl_ids=(session.crawl_id,),
    )


def prepare(topic: str, urls: list[str] | None, overrides: dict[str, Any]) -> tuple[Settings, Topic]:
    """Return a crawl's settings and topic, when everything about it is in order.

    Raises:
        TopicError: when there is no such topic, or its file is not valid.
        StoreError: when the database cannot be opened or written.
        BacaJugaError: when an address to start from, or a setting, cannot be used.
    """
    loaded = load_topic(topic)
    for url in urls or []:
        if not is_web_address(url):
            raise BacaJugaError(f"address {url!r} is not a web address; write it with https://")
    settings = crawl_settings(overrides)
    _check_outlets(settings.getlist("OUTLETS"), urls or list(loaded.seeds))
    # The database is tried before the crawl begins, so that an error is one line and not a crawl's.
    open_store(settings["DATABASE_URL"]).close()
    return settings, loaded


def crawl_once(
    topic: str,
    urls: list[str] | None,
    settings: Settings,
    on_opened: Callable[[CrawlSession], None] | None = None,
) -> CrawlSession:
    """Crawl in this process until nothing is left, a budget is spent or a signal comes; return the session.

    Args:
        topic: a topic's name, or the path of a topic file.
        urls: where to start; None for the topic's own seeds.
        settings: from ``prepare``.
        on_opened: is given the session when the crawl begins.

    Raises:
        BacaJugaError: when the crawl could not start, or not go on.
    """
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.crawling.session import session_of
    from crawler.crawling.stopping import start_stoppable

    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("baca_juga")

    def opened() -> None:
        if on_opened is not None:
            on_opened(session_of(crawler))

    crawler.signals.connect(opened, signal=signals.spider_opened)
    task = process.crawl(crawler, topic=topic, start=" ".join(urls or []))
    start_stoppable(process)
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise _for_the_user(error)
    session = session_of(crawler)
    # Closed already, unless downloads that hang were left behind.
    session.close("shutdown")
    if session.failure is not None:
        raise session.failure
    return session


class CrawlRun:
    """A crawl from its first moment to its report, by one worker or several."""

    def __init__(self, topic: Topic, settings: Settings) -> None:
        self.topic = topic
        self.settings = settings
        self.floor = floor_of(settings, topic)
        self._begun, self._begun_at = time.monotonic(), datetime.now(UTC)

    def report(
        self,
        *,
        figures: Figures,
        stop_reason: str,
        resumed: bool,
        crawl_ids: tuple[int, ...],
        workers: int = 1,
        workers_lost: int = 0,
    ) -> CrawlReport:
        """Return how the crawl ended, with what the store holds now.

        Raises:
            StoreError: when the database cannot be read.
        """
        patience = Patience(self.settings.getfloat("DATABASE_PATIENCE"))
        return patience.work(
            lambda: self._report(figures, stop_reason, resumed, crawl_ids, workers, workers_lost)
        )

    def _report(
        self,
        figures: Figures,
        stop_reason: str,
        resumed: bool,
        crawl_ids: tuple[int, ...],
        workers: int,
        workers_lost: int,
    ) -> CrawlReport:
        name = self.topic.name
        store = open_store(self.settings["DATABASE_URL"])
        try:
            with store.read() as connection:
                above = frontier.left(connection, name, self.floor)
                all_left, best = best_left(connection, name)
                checks = check_outlets(connection, figures.fetches_by_outlet, since=self._begun_at)
                return CrawlReport(
                    topic=name,
                    title=self.topic.title,
                    stop_reason=stop_reason,
                    seconds=time.monotonic() - self._begun,
                    figures=figures,
                    holdings=holdings(connection, name),
                    left=above,
                    below_floor=max(all_left - above, 0),
                    best_left=best,
                    floor=self.floor,
                    troubles=hosts.troubled_hosts(connection, name),
                    broken_outlets=[check for check in checks if check.broken],
                    database=store.address,
                    resumed=resumed,
                    searched=yield_report(connection, name, self.floor, crawl_ids),
                    insecure_tls_hosts=self.settings.getlist("INSECURE_TLS_HOSTS"),
                    contact_missing=self.settings["CONTACT"] == "contact-not-set"
                    and not self.settings["CONNECT_TO"],
                    workers=workers,
                    workers_lost=workers_lost,
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
    from crawler.store.answers.explain import state_of

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
            "give one of those outlets' addresses, or leave out --outlet"
        )
