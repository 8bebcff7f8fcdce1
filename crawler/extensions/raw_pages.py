"""Keeps the pages of the last days in the store, so that they can be read again after a rule was mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse

from crawler.crawling.session import session_of
from crawler.extensions.archive import raw_page
from crawler.store import raw_pages

if TYPE_CHECKING:
    from typing import Self


class RawPagesExtension:
    """Stores each page, parts of split stories included, for as many days as RAW_PAGES_DAYS says."""

    def __init__(self, crawler: Crawler) -> None:
        self._days: float = crawler.settings.getfloat("RAW_PAGES_DAYS")
        if self._days <= 0:
            raise NotConfigured
        self.crawler = crawler
        crawler.signals.connect(self.received, signal=signals.response_received)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl, unless RAW_PAGES_DAYS is 0."""
        return cls(crawler)

    def received(self, response: Response, request: Request) -> None:
        """Store a page before it is read."""
        is_page = response.status == 200 and isinstance(response, TextResponse)
        if is_page and not request.meta.get("is_robots"):
            with session_of(self.crawler).store.write() as connection:
                raw_pages.keep(connection, raw_page(response, request))

    def closed(self) -> None:
        """Drop what is older than that."""
        store = session_of(self.crawler).store
        with store.write() as connection:
            raw_pages.drop_older(connection, datetime.now(UTC) - timedelta(days=self._days))
        store.close()
