"""robots.txt as RFC 9309 means it, read once a day for all crawls and workers together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.crawling.answers import (
    REDIRECTS,
    AddressRefused,
    ForbiddenByRobots,
    RobotsUnreadable,
    outcome_of_error,
)
from crawler.crawling.insecure_tls import UntrustedCertificate
from crawler.crawling.session import session_of
from crawler.urls import joined

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

# RFC 9309, 2.5 and 2.3.1.2.
MAX_BYTES = 500 * 1024
MAX_REDIRECTS = 5


class RobotsMiddleware:
    """Drops requests that a host's robots.txt does not allow.

    4xx means no rules; 5xx, 429 or no answer mean "not now"; a Crawl-delay slows the host for all workers.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self._name: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._max_age: float = crawler.settings.getfloat("ROBOTS_MAX_AGE_HOURS") * 3600
        self._rules: dict[str, tuple[Protego, float]] = {}
        self._fetching: dict[str, asyncio.Future[tuple[Protego, float]]] = {}
        crawler.signals.connect(self.cut, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl, unless ROBOTSTXT_OBEY is off."""
        return cls(crawler)

    def cut(self, data: bytes, request: Request) -> None:
        """Take no more of a robots.txt than has to be read, so that one without an end is obeyed, too.

        Raises:
            StopDownload: when that much is there.
        """
        if request.meta.get("is_robots"):
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > MAX_BYTES:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Let an allowed request pass.

        Raises:
            ForbiddenByRobots: when the rules do not allow the address.
            RobotsUnreadable: when the rules cannot be read now.
        """
        if request.meta.get("is_robots"):
            return
        session = session_of(self.crawler)
        asked_at = session.store.now()
        rules, read_at = await self._rules_for(request.url, asked_at)
        if not rules.can_fetch(request.url, self._name):
            raise ForbiddenByRobots(f"robots.txt of {urlsplit(request.url).netloc} does not allow it")
        if read_at >= asked_at:
            # The host has just been asked for its rules: the page is the next request, in its turn.
            await session.turns.wait_for(request.url)

    async def _rules_for(self, url: str, now: float) -> tuple[Protego, float]:
        """Return the rules of the address's site and when they were read, in seconds since 1970."""
        site = urlsplit(url).netloc.lower()
        if site in self._rules and now - self._rules[site][1] < self._max_age:
            return self._rules[site]
        if site in self._fetching:
            return await asyncio.shield(self._fetching[site])
        future: asyncio.Future[tuple[Protego, float]] = asyncio.get_running_loop().create_future()
        self._fetching[site] = future
        try:
            self._rules[site] = await self._load(url, site, now)
        except Exception as error:
            future.set_exception(error)
            future.exception()  # others may wait for it, or nobody
            raise
        finally:
            del self._fetching[site]
        future.set_result(self._rules[site])
        return self._rules[site]

    async def _load(self, url: str, site: str, now: float) -> tuple[Protego, float]:
        session = session_of(self.crawler)
        host = (urlsplit(url).hostname or "").lower()
        stored = session.robots_of(host)
        if stored is not None and now - stored.fetched_at < self._max_age:
            return Protego.parse(stored.text), stored.fetched_at
        text = await self._fetch(joined(url, "/robots.txt"), site)
        rules = Protego.parse(text)
        delay = rules.crawl_delay(self._name)
        read_at = session.store.now()
        session.keep_robots(host, text, read_at, float(delay) if delay else None)
        return rules, read_at

    async def _fetch(self, url: str, site: str) -> str:
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._download(url, site)
            location = response.headers.get("Location")
            if response.status in REDIRECTS and location:
                url = joined(url, location.decode("latin-1"))
                if not url:
                    raise RobotsUnreadable(f"robots.txt of {site} redirects to what is no address")
                continue
            if response.status == 429 or response.status >= 500:
                raise RobotsUnreadable(f"robots.txt of {site} answers with status {response.status}")
            if response.status >= 400:
                return ""
            # Postgres takes no NUL in a text.
            return response.body[:MAX_BYTES].decode("utf-8", "replace").replace("\0", "")
        # RFC 9309, 2.3.1.2: more redirects than that may be taken as no rules.
        return ""

    def _download(self, url: str, site: str) -> Awaitable[Response]:
        async def download() -> Response:
            request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"is_robots": True})
            assert self.crawler.engine is not None
            try:
                return await self.crawler.engine.download_async(request)
            except (AddressRefused, UntrustedCertificate) as error:
                if urlsplit(url).netloc.lower() == site:
                    raise  # its pages are no more to be had
                raise RobotsUnreadable(f"robots.txt: {error}") from error
            except Exception as error:
                detail = outcome_of_error(url, error).detail
                raise RobotsUnreadable(f"robots.txt: {detail}") from error

        return download()
