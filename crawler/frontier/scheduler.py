"""Scrapy's scheduler over the store: hands out the best address whose host is due."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import call_later, create_looping_call
from twisted.python.failure import Failure

from crawler.crawling.session import CrawlSession, session_of
from crawler.errors import BacaJugaError, Interrupted, StoreFailureError
from crawler.frontier.own_spider import OwnSpider
from crawler.items import Outcome, OutcomeKind, Visit
from crawler.store.crawl.frontier import Lease

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

WATCH_SECONDS = 2.0  # an item that has not come by the second look after all work is done will not come
POLL_SECONDS = 1.0  # while other workers may bring new links


class FrontierScheduler(BaseScheduler):
    """Leases addresses from the store and turns them into requests, a few at a time.

    An address stays leased until its item has been recorded, so a crawl killed at any moment loses nothing.
    """

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self.crawler = crawler
        self.session = session
        settings = crawler.settings
        self._in_flight_at_most: int = settings.getint("CONCURRENT_REQUESTS")
        self._max_pages: int = settings.getint("MAX_PAGES")
        self._max_seconds: float = settings.getfloat("MAX_MINUTES") * 60
        self._max_wait: float = settings.getfloat("MAX_HOST_WAIT")
        self._started_at = time.monotonic()
        self._ready: deque[Lease] = deque()
        self._out: dict[str, Lease] = {}  # keys whose item has not been recorded yet
        self._in_memory: deque[Request] = (
            deque()
        )  # what the frontier cannot hold, or a middleware sends again
        self._handed_out = 0
        self._has_more = True
        self._not_before = 0.0  # no use in asking the store sooner, on the monotonic clock
        self._renewal: Any = None
        self._watch: Any = None
        self._lost_before: set[str] = set()
        self._source: Any = None  # makes requests from leases: our spider, or what stands in for another

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler of a crawl, its store opened.

        Raises:
            StoreError: when the database cannot be opened.
        """
        return cls(crawler, session_of(crawler))

    def open(self, spider: Spider) -> None:
        """Listen for what ends a visit: a recorded item, or an error on its way."""
        is_ours = hasattr(spider, "request_for")
        self._source = spider if is_ours else OwnSpider(spider, self.session, self._record)
        connect = self.crawler.signals.connect
        connect(self._on_idle, signal=signals.spider_idle)
        connect(self._on_item_error, signal=signals.item_error)
        connect(self._on_item_dropped, signal=signals.item_dropped)
        connect(self._on_spider_error, signal=signals.spider_error)
        self.session.on_recorded.append(self._on_recorded)
        self._renewal = create_looping_call(self._renew)
        self._renewal.start(self.session.terms.seconds / 3, now=False)
        self._watch = create_looping_call(self._look_around)
        self._watch.start(WATCH_SECONDS, now=False)

    def close(self, reason: str) -> None:
        """Give back what has not been fetched and write why the crawl ended."""
        for loop in (self._renewal, self._watch):
            if loop is not None:
                loop.stop()
        try:
            self.session.close(reason)
        except BacaJugaError as error:
            self.session.failure = self.session.failure or error

    def has_pending_requests(self) -> bool:
        """Return whether there is, or may yet be, an address to fetch."""
        if self.session.failure is not None or self._is_budget_spent():
            return False
        return self._has_more or bool(self._in_memory)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request into the frontier; return whether it will be fetched.

        A spider of ours asks so for an address that a person chose. A request whose lease is still held
        comes from a downloader middleware, which wants it sent once more.
        """
        lease = request.meta.get("lease")
        try:
            if lease is not None and lease.key in self._out:
                self._in_memory.append(request)
                is_new = True
            elif isinstance(self._source, OwnSpider):
                is_new = self._source.keep(request)
            else:
                is_new = self.session.add_seeds([request.url]) > 0
        except ValueError as error:
            logger.debug("%s is kept in memory only: %s", request, error)
            self._in_memory.append(request)
            is_new = True
        except BacaJugaError as error:
            self._give_up(error)
            return False
        self._look_again()
        return is_new

    def next_request(self) -> Request | None:
        """Return a request for the best address that may be fetched now, or None for "ask again later"."""
        if self.session.failure is not None or self._is_budget_spent():
            return None
        try:
            if self._in_memory and (request := self._next_in_memory()):
                return request
            if not self._ready:
                self._fill()
            if not self._ready:
                return None
            lease = self._ready.popleft()
            self._handed_out += 1
            return self._source.request_for(lease)  # type: ignore[no-any-return]
        except BacaJugaError as error:
            self._give_up(error)
        except Exception as error:
            # The engine would log it and ask no more: the crawl would stand still for ever.
            logger.exception("the frontier cannot go on")
            self._give_up(BacaJugaError(f"the frontier cannot go on: {type(error).__name__}: {error}"))
        return None

    def _next_in_memory(self) -> Request | None:
        """Return a request that the frontier does not hold, in its host's turn."""
        wait = self.session.turns.take(self._in_memory[0].url)
        if wait:
            call_later(wait, self._wake_engine)
            return None
        return self._in_memory.popleft()

    def _fill(self) -> None:
        room = self._in_flight_at_most - len(self._out)
        if self._max_pages:
            room = min(room, self._max_pages - self._handed_out)
        if room <= 0 or time.monotonic() < self._not_before:
            return
        leases = self.session.lease(room, held=self._out)
        self._ready.extend(leases)
        self._out.update({lease.key: lease for lease in leases})
        if not leases:
            self._wait_or_stop()

    def _wait_or_stop(self) -> None:
        """Come back when a host is due; with nothing to come back for, let the crawl end."""
        if self.session.is_budget_spent:
            return
        outlook = self.session.outlook()
        wait = None if outlook.due_at is None else max(outlook.due_at - self.session.store.now(), 0.0)
        if outlook.others_at_work:
            # Their pages may bring links of hosts that are due sooner.
            self._come_back(POLL_SECONDS if wait is None else min(wait, POLL_SECONDS))
        elif wait is not None and (wait <= self._max_wait or self._out):
            self._come_back(min(wait, self._max_wait))
        elif not self._out:
            self._stop("finished" if wait is None else "waiting")

    def _renew(self) -> None:
        try:
            self.session.renew_leases()
        except BacaJugaError as error:
            self._give_up(error)

    def _look_around(self) -> None:
        """Take back what a dead worker held, and end the visits of this one whose item never came."""
        try:
            if self.session.free_abandoned():
                self._look_again()
            self._look_for_lost()
        except BacaJugaError as error:
            self._give_up(error)

    def _look_for_lost(self) -> None:
        """End the visits whose item never came, once the engine has nothing else to do."""
        engine = self.crawler.engine
        slot = engine.scraper.slot if engine is not None else None
        at_work = engine is None or slot is None or bool(engine.downloader.active) or not slot.is_idle()
        lost = {} if at_work or self._ready or self._in_memory else dict(self._out)
        for key, lease in lost.items():
            if key in self._lost_before:
                self._fail(self.session.visit_of(lease), RuntimeError("the page gave no item"))
        self._lost_before = set(lost)

    def _come_back(self, seconds: float) -> None:
        self._not_before = time.monotonic() + seconds
        call_later(seconds, self._wake_engine)

    def _stop(self, reason: str) -> None:
        self._has_more = False
        self.session.stop_reason = reason

    def _on_recorded(self, key: str) -> None:
        self._out.pop(key, None)
        self._look_again()

    def _look_again(self) -> None:
        self._has_more = True
        self._not_before = 0.0
        self._wake_engine()

    def _wake_engine(self) -> None:
        # The engine polls an empty scheduler every five seconds only, and has no public way to be woken.
        slot = self.crawler.engine._slot if self.crawler.engine else None
        if slot is not None and not slot.closing:
            slot.nextcall.schedule()

    def _is_budget_spent(self) -> bool:
        is_shared_one_spent = self.session.is_budget_spent and not self._ready
        if is_shared_one_spent or (self._max_pages and self._handed_out >= self._max_pages):
            self.session.stop_reason = "max_pages"
        elif self._max_seconds and time.monotonic() - self._started_at >= self._max_seconds:
            self.session.stop_reason = "max_minutes"
        else:
            return False
        return True

    def _on_item_error(self, item: Any, failure: Failure) -> None:
        self._fail(getattr(item, "visit", None), failure.value)

    def _on_item_dropped(self, item: Any, exception: Exception) -> None:
        visit = getattr(item, "visit", None)
        if isinstance(exception.__cause__, BacaJugaError):
            # One story that the store does not take is no reason to end the crawl; that it takes nothing is.
            self._fail(visit, exception.__cause__)
        elif visit is not None:
            detail = f"dropped: {exception}"
            self._record(Outcome(url=visit.url, kind=OutcomeKind.NOT_A_STORY, detail=detail, visit=visit))

    def _on_spider_error(self, failure: Failure, response: Any) -> None:
        request = getattr(response, "request", None)
        visit = request.meta.get("visit") if request is not None else None
        self._fail(visit, failure.value)

    def _fail(self, visit: Visit | None, error: BaseException | None) -> None:
        """End a visit that our own code could not finish, so that it does not come back for ever."""
        if isinstance(error, StoreFailureError | Interrupted):
            # The page is not to blame: it stays in the frontier.
            self._give_up(error)
        elif visit is not None:
            detail = f"{type(error).__name__}: {error}"[:300]
            self._record(Outcome(url=visit.url, kind=OutcomeKind.ERROR, detail=detail, visit=visit))

    def _record(self, outcome: Outcome) -> bool:
        """Write how a visit ended; return whether its address goes back for another try."""
        try:
            return self.session.record(outcome)
        except BacaJugaError as error:
            self._give_up(error)
            return False

    def _give_up(self, error: BacaJugaError) -> None:
        """End the crawl: without the store there is nothing to go on with."""
        self.session.failure = self.session.failure or error
        self.session.stop_reason = "store_error"
        self._has_more = False
        self._ready.clear()
        self._in_memory.clear()
        self._out.clear()
        self._wake_engine()

    def _on_idle(self) -> None:
        if self.session.stop_reason:
            raise CloseSpider(self.session.stop_reason)
