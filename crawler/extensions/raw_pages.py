"""Keeps the pages of the last days in the store, so that they can be read again after a rule was mended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response, TextResponse
from sqlalchemy import Connection

from crawler.archive import refuse_with_redaction
from crawler.crawling.session import session_of
from crawler.errors import BacaJugaError
from crawler.extensions.archive import raw_page
from crawler.store.crawl import raw_pages

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)


class RawPagesExtension:
    """Stores each page, parts of split stories included, for as many days as RAW_PAGES_DAYS says."""

    def __init__(self, crawler: Crawler) -> None:
        self._days: float = crawler.settings.getfloat("RAW_PAGES_DAYS")
        if self._days <= 0:
            raise NotConfigured
        refuse_with_redaction(crawler.settings, "RAW_PAGES_DAYS")
        self.crawler = crawler
        crawler.signals.connect(self.received, signal=signals.response_received)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl, unless RAW_PAGES_DAYS is 0.

        Raises:
            ArchiveError: with REDACT_AT_STORE.
        """
        return cls(crawler)

    def received(self, response: Response, request: Request) -> None:
        """Store a page before it is read."""
        is_page = response.status == 200 and isinstance(response, TextResponse)
        if is_page and not request.meta.get("is_robots"):
            page = raw_page(response, request)
            self._write(lambda connection: raw_pages.keep(connection, page))

    def closed(self) -> None:
        """Drop what is older than that."""
        before = datetime.now(UTC) - timedelta(days=self._days)
        self._write(lambda connection: raw_pages.drop_older(connection, before))
        session_of(self.crawler).store.close()

    def _write(self, change: Callable[[Connection], object]) -> None:
        session = session_of(self.crawler)
        if session.failure is not None:
            return

        def write() -> None:
            with session.store.write() as connection:
                change(connection)

        try:
            session.patience.work(write)
        except BacaJugaError as error:
            # A store that takes nothing any more ends the crawl when the page itself is written.
            logger.debug("the page as fetched is not kept: %s", error)
