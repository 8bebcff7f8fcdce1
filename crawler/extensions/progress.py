"""Live progress on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawling.progress_view import ProgressView
from crawler.crawling.session import session_of

if TYPE_CHECKING:
    from typing import Self


class ProgressExtension:
    """Shows pages, on-topic stories, harvest, what is left, and how each outlet fares.

    The setting PROGRESS says how: "live" draws on the terminal, "lines" prints a line now and then on
    stderr, "log" logs it, "off" is silent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.way: str = crawler.settings.get("PROGRESS", "log")
        if self.way == "off":
            raise NotConfigured
        self.crawler = crawler
        self._view: ProgressView | None = None
        self._loop: Any = None
        crawler.signals.connect(self.opened, signal=signals.spider_opened)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl, unless PROGRESS is off."""
        return cls(crawler)

    def opened(self) -> None:
        """Begin to draw, or to log."""
        session = session_of(self.crawler)
        line_seconds = self.crawler.settings.getfloat("PROGRESS_LINE_SECONDS", 10.0)
        self._view = ProgressView(self.way, line_seconds, session.store, session.name, session.floor)
        self._view.start()
        if self.way != "log":
            session.patience.listeners = [self._view.say]
        self._loop = create_looping_call(self.tick)
        self._loop.start(self._view.every_seconds, now=False)

    def closed(self) -> None:
        """Clear the drawing: the end report follows."""
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        if self._view is not None:
            self._view.stop()

    def tick(self) -> None:
        """Draw or log how far the crawl is."""
        if self._view is not None:
            self._view.show(session_of(self.crawler).figures)
