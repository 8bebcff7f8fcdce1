"""The delay between two requests to a host, counted from when a request leaves."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.crawling.session import session_of

if TYPE_CHECKING:
    from typing import Self


# What the first pages need, and what takes longer to load than some hosts' delay.
LOADED_LATE = ("crawler.crawling.bounded_http11", "trafilatura")


class PaceMiddleware:
    """Holds the host's next request back when this one leaves later than its turn began.

    A worker that reads a page, or waits for the store, sends late; the next request, of another worker maybe,
    would follow too soon.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        if crawler.settings.getbool("TWISTED_REACTOR_ENABLED"):
            for name in LOADED_LATE:
                import_module(name)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request leave in its host's turn."""
        if request.meta.get("is_robots"):
            return
        session = session_of(self.crawler)
        while wait := session.turns.keep(request.url):
            await asyncio.sleep(wait)
