"""A user's own spider in the frontier: its requests are taken in, and its visits end, page by page."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.crawling.answers import outcome_of_status
from crawler.crawling.session import session_of
from crawler.frontier.own_requests import own_request
from crawler.items import Outcome
from crawler.store.crawl.own_requests import OwnRequest

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)


class UnusableAnswer(IgnoreRequest):
    """An answer whose status says that there is no page, which goes to the errback."""

    def __init__(self, outcome: Outcome, response: Response) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome
        self.response = response


class OwnSpiderMiddleware:
    """Writes what a callback yields to the frontier in one transaction with "this page is done"."""

    def __init__(self, crawler: Crawler) -> None:
        if hasattr(crawler.spider, "request_for"):
            raise NotConfigured  # a spider of ours yields items, and the frontier does the rest
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl by a user's own spider."""
        return cls(crawler)

    def process_spider_input(self, response: Response) -> None:
        """Let a page pass to its callback.

        Raises:
            UnusableAnswer: for an error's or a redirect's status that the spider does not handle itself.
        """
        outcome = outcome_of_status(response)
        if outcome is not None and not self._is_handled(response):
            raise UnusableAnswer(outcome, response)

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Yield the items; when there are no more, end the visit and take in the requests."""
        spider, lease = self.crawler.spider, response.meta.get("lease")
        wanted: list[OwnRequest] = []
        async for entry in result:
            if spider is not None and lease is not None and isinstance(entry, Request):
                try:
                    wanted.append(own_request(entry, spider, lease))
                except ValueError as error:
                    logger.warning(
                        "%s is kept in memory only, and lost when the crawl is killed: %s", entry, error
                    )
                    yield entry
            else:
                yield entry
        if lease is not None:
            session_of(self.crawler).end_own_visit(lease, wanted)

    def _is_handled(self, response: Response) -> bool:
        handled = response.meta.get(
            "handle_httpstatus_list", getattr(self.crawler.spider, "handle_httpstatus_list", ())
        )
        return bool(response.meta.get("handle_httpstatus_all")) or response.status in handled
