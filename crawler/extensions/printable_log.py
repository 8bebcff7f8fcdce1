"""Lines of the log in which nothing that a page or a server wrote moves a terminal, or passes for a line."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.log import get_scrapy_root_handler

from crawler.printable import printable

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class PrintableFormatter(logging.Formatter):
    """Formats a record with what a terminal obeys left out, and further lines of it indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, or lines."""
        return printable(super().format(record)).replace("\n", "\n    ")


class PrintableLog:
    """Gives Scrapy's log, on a terminal or in LOG_FILE, such lines: libraries log headers as they came."""

    def __init__(self, crawler: Crawler) -> None:
        self._settings = crawler.settings
        # Not before: Scrapy makes its log anew when all extensions are there.
        crawler.signals.connect(self.opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl."""
        return cls(crawler)

    def opened(self) -> None:
        """Take over the log's lines."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            formats = self._settings["LOG_FORMAT"], self._settings["LOG_DATEFORMAT"]
            handler.setFormatter(PrintableFormatter(*formats))
