"""A user's own spider in place of ours: its requests from the frontier, and what becomes of their errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request, Spider
from twisted.python.failure import Failure

from crawler.crawling.answers import outcome_of_error
from crawler.crawling.session import CrawlSession
from crawler.frontier.own_requests import own_request, request_of
from crawler.items import Outcome, OutcomeKind
from crawler.store.crawl.frontier import Lease
from crawler.store.crawl.record import MAX_REDIRECTS


class OwnSpider:
    """Does for a spider of the user's own what ours does by itself: makes requests, ends visits that fail.

    ``record`` writes how a visit ended, and tells whether its address goes back for another try.
    """

    def __init__(self, spider: Spider, session: CrawlSession, record: Callable[[Outcome], bool]) -> None:
        self.spider = spider
        self.session = session
        self.record = record

    def keep(self, request: Request) -> bool:
        """Take a request into the frontier; return whether it will be fetched.

        Raises:
            ValueError: when it cannot be kept as JSON.
            StoreError: when the database cannot be written.
        """
        return self.session.add_own_requests([own_request(request, self.spider, found_on=None)]) > 0

    def request_for(self, lease: Lease) -> Request:
        """Return the request that fetches an address of the frontier."""
        request = request_of(lease, self.spider)
        request.meta.update(lease=lease, visit=self.session.visit_of(lease), depth=lease.depth)
        # Errors end the visit first; then they are the spider's own affair.
        request.meta["own_errback"] = request.errback
        return request.replace(errback=self._on_error)

    def _on_error(self, failure: Failure) -> Any:
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value or Exception("no reason given")
        outcome = getattr(error, "outcome", None) or outcome_of_error(request.url, error)
        outcome.visit = request.meta["visit"]
        if outcome.kind is OutcomeKind.REDIRECTED:
            if self._follow(request.meta["lease"], outcome.redirect_url or ""):
                return None
            outcome.kind, outcome.detail = OutcomeKind.UNREADABLE, f"more than {MAX_REDIRECTS} redirects"
        goes_back = self.record(outcome)
        errback = request.meta["own_errback"]
        return errback(failure) if errback is not None and not goes_back else None

    def _follow(self, lease: Lease, url: str) -> bool:
        """Let the address that a redirect names take the request's place; return False for one too many."""
        asked = request_of(lease, self.spider)
        hops = asked.meta.get("redirect_times", 0) + 1
        if hops > MAX_REDIRECTS:
            return False
        target = asked.replace(url=url, meta=asked.meta | {"redirect_times": hops}, dont_filter=False)
        self.session.end_own_visit(lease, [own_request(target, self.spider, lease)])
        return True
