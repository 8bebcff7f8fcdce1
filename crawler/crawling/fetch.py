"""Reading one page from the web, with the same manners as a crawl, and storing nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import scrapy
from scrapy.http import Response

from crawler.crawling.answers import outcome_of_error
from crawler.crawling.reading_limits import reading_limits
from crawler.errors import PageError
from crawler.items import Article, Item, Outcome, OutcomeKind, PageKind
from crawler.reading.whole_story import is_part, whole_story
from crawler.spiders.baca_juga import read_response


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as it came, and the address that gave it."""

    url: str
    html: bytes


class OnePageSpider(scrapy.Spider):
    """Fetches one address and keeps the item it turns out to be."""

    name = "one_page"

    def __init__(self, url: str, kind: PageKind, into: list[Item], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.kind = kind
        self.into = into

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the page, following redirects."""
        yield scrapy.Request(self.url, callback=self.parse, errback=self.failed, dont_filter=True)

    async def parse(self, response: Response) -> None:
        """Keep the story, whole, or the listing."""
        item = read_response(response, self.kind, reading_limits(self.settings))
        if isinstance(item, Article) and is_part(item):
            item = await whole_story(item, self._read_part)
        self.into.append(item)

    def failed(self, failure: Any) -> None:
        """Keep why there is no page."""
        self.into.append(outcome_of_error(failure.request.url, failure.value))

    async def _read_part(self, url: str) -> Item:
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(scrapy.Request(url, dont_filter=True))
        except Exception as error:
            return outcome_of_error(url, error)
        return read_response(response, limits=reading_limits(self.settings))


class SavingSpider(scrapy.Spider):
    """Fetches addresses and keeps the pages as they came."""

    name = "saving"

    def __init__(self, urls: list[str], into: list[SavedPage | Outcome], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.into = into

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for the pages, following redirects."""
        for url in self.urls:
            yield scrapy.Request(url, callback=self.parse, errback=self.failed, dont_filter=True)

    async def parse(self, response: Response) -> None:
        """Keep the page, or why it is none."""
        if response.status == 200:
            self.into.append(SavedPage(response.url, response.body))
        else:
            item = read_response(response)
            outcome = item if isinstance(item, Outcome) else None
            self.into.append(outcome or Outcome(url=response.url, kind=OutcomeKind.UNREADABLE))

    def failed(self, failure: Any) -> None:
        """Keep why there is no page."""
        self.into.append(outcome_of_error(failure.request.url, failure.value))


def fetch_page(url: str, kind: PageKind = PageKind.STORY, **overrides: Any) -> Item:
    """Return what the page at an address turns out to be, a story in pages made whole.

    Args:
        url: a web address.
        kind: what is expected there.
        overrides: settings, such as ``CONNECT_TO``.

    Raises:
        PageError: when the fetch itself could not be made.
    """
    into: list[Item] = []
    _run(OnePageSpider, overrides, url=url, kind=kind, into=into)
    if not into:
        raise PageError(f"page {url} could not be fetched; see why with: bacajuga crawl -v")
    return into[0]


def fetch_html(urls: list[str], **overrides: Any) -> list[SavedPage]:
    """Return the pages at some addresses as they came, unread; to be called once in a process.

    Args:
        urls: web addresses.
        overrides: settings, such as ``CONNECT_TO``.

    Raises:
        PageError: when one of them cannot be had.
    """
    into: list[SavedPage | Outcome] = []
    _run(SavingSpider, overrides, urls=urls, into=into)
    for each in into:
        if isinstance(each, Outcome):
            raise PageError(f"page {each.url} could not be fetched: {each.kind} ({each.detail})")
    if len(into) < len(urls):
        raise PageError(f"page {urls[-1]} could not be fetched; see why with: bacajuga crawl -v")
    return [each for each in into if isinstance(each, SavedPage)]


def _run(spider: type[scrapy.Spider], overrides: dict[str, Any], **arguments: Any) -> None:
    """Let a spider fetch pages that are stored nowhere."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.crawling.crawl import crawl_settings

    settings = crawl_settings(
        {
            "SCHEDULER": "scrapy.core.scheduler.Scheduler",
            "ITEM_PIPELINES": {},
            "DOWNLOAD_DELAY": 1.0,
            # One page keeps no robots.txt for a day and draws no progress.
            "DATABASE_URL": "sqlite://",
            "PROGRESS": "off",
            "LOG_LEVEL": "ERROR",
        }
        | overrides
    )
    settings.setdict(
        {
            "DOWNLOADER_MIDDLEWARES": dict(settings["DOWNLOADER_MIDDLEWARES"])
            | {"scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600}
        },
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    process.crawl(spider, **arguments)
    process.start()
