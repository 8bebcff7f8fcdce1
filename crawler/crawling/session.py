"""One crawl's share in the store: what spider, scheduler, middlewares and pipelines have in common."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.address import Address, address_of
from crawler.crawling.figures import Figures
from crawler.errors import BacaJugaError
from crawler.frontier import politeness
from crawler.items import Article, Item, Listing, Outcome, OutcomeKind, Visit
from crawler.outlets import add_outlets, outlet_for
from crawler.store import crawls, discovery, frontier, hosts, record, revisits
from crawler.store.database import Store, open_store
from crawler.store.frontier import Lease, LeaseTerms
from crawler.store.own_requests import OwnRequest, add_requests
from crawler.topic import Topic

logger = logging.getLogger(__name__)

# Hosts and pages may be back after an hour: a new crawl of the topic asks them again.
TRIED_AGAIN = (OutcomeKind.BLOCKED, OutcomeKind.HOST_DOWN, OutcomeKind.SERVER_ERROR, OutcomeKind.ERROR)
TRIED_AGAIN_AFTER = timedelta(hours=1)

_sessions: WeakKeyDictionary[Crawler, CrawlSession] = WeakKeyDictionary()


def session_of(crawler: Crawler) -> CrawlSession:
    """Return the session of a running crawl, opening its store at the first call.

    Raises:
        StoreError: when the database cannot be opened.
    """
    if crawler not in _sessions:
        topic = getattr(crawler.spider, "topic", None)
        if isinstance(topic, Topic):
            _sessions[crawler] = CrawlSession(crawler.settings, topic, topic.name)
        else:
            name = f"spider:{crawler.spider.name if crawler.spider else ''}"
            _sessions[crawler] = CrawlSession(crawler.settings, None, name)
    return _sessions[crawler]


class CrawlSession:
    """A crawl of one topic by one worker.

    ``topic`` is None for a spider of the user's own: then nothing is scored, and every story counts.
    """

    def __init__(self, settings: BaseSettings, topic: Topic | None, name: str) -> None:
        self.settings = settings
        self.topic = topic
        self.name = name
        add_outlets(settings["OUTLET_FOLDER"])
        self.store: Store = open_store(settings["DATABASE_URL"])
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns() // 1_000_000}"
        self.figures = Figures()
        self.stop_reason = ""
        self.failure: BacaJugaError | None = None  # what ended the crawl, when it could not go on
        self.on_recorded: list[Callable[[str], None]] = []
        floor = settings.get("MIN_SCORE")
        self.floor = float(floor) if floor is not None else topic.min_score if topic else 0.0
        self.crawl_id = self._start()
        self.terms = LeaseTerms(
            topic=name,
            worker=self.worker,
            crawl_id=self.crawl_id,
            floor=self.floor,
            seconds=settings.getfloat("LEASE_SECONDS"),
            outlets=tuple(settings.getlist("OUTLETS")),
        )
        self._revisit_hours = [float(hours) for hours in settings.getlist("REVISIT_AFTER_HOURS")]
        self._closed = False
        self._known_hosts: set[str] = set()  # those that have a row in the store
        with self.store.read() as connection:
            self._troubled = {trouble.host for trouble in hosts.troubled_hosts(connection, name)}

    def _start(self) -> int:
        with self.store.write() as connection:
            now = self.store.now()
            freed = frontier.release_expired(connection, self.name, now)
            for worker in frontier.workers(connection, self.name):
                if _is_dead(worker):
                    freed += frontier.release(connection, self.name, worker)
            before = datetime.now(UTC) - TRIED_AGAIN_AFTER
            frontier.retry_failed(connection, self.name, map(str, TRIED_AGAIN), before)
            self.resumed = freed > 0 or frontier.left(connection, self.name, self.floor) > 0
            return crawls.start_crawl(connection, self.name, self.worker, self.figures.as_record())

    def delay_of(self, address: Address) -> float:
        """Return the seconds between two requests to the address's host."""
        chosen = self.settings.get("HOST_DELAY")
        return float(chosen) if chosen is not None else outlet_for(address.url).delay

    def add_seeds(self, urls: list[str]) -> int:
        """Put addresses at the head of the frontier; return how many were new."""
        seeds = [address_of(url) for url in urls]
        delays = {seed.host: self.delay_of(seed) for seed in seeds}
        with self.store.write() as connection:
            # A person who asks for another pace gets it, for hosts that are already known too.
            if self.settings.get("HOST_DELAY") is not None:
                hosts.set_all_delays(connection, self.settings.getfloat("HOST_DELAY"))
            return discovery.add_seeds(connection, self.name, seeds, delays)

    def lease(self, limit: int) -> list[Lease]:
        """Return the best addresses that may be fetched now, at most ``limit``."""
        with self.store.write() as connection:
            return frontier.lease(connection, self.terms, self.store.now(), limit)

    def seconds_until_due(self) -> float | None:
        """Return how long until an address may be fetched; None when none is left."""
        now = self.store.now()
        with self.store.read() as connection:
            due = frontier.next_due(connection, self.terms, now)
            return None if due is None else due - now

    def others_at_work(self) -> bool:
        """Return whether another worker may still bring new links."""
        with self.store.read() as connection:
            return frontier.others_at_work(connection, self.terms, self.store.now())

    def take_turn(self, url: str) -> float:
        """Take the next turn of an address's host; return 0, or the seconds to wait for it."""
        address = address_of(url)
        now = self.store.now()
        with self.store.write() as connection:
            hosts.ensure_hosts(connection, {address.host: self.delay_of(address)})
            if hosts.take_turn(connection, address.host, now):
                return 0.0
            return max(hosts.next_turn(connection, address.host) - now, 0.0) + 0.001

    def add_own_requests(self, requests: list[OwnRequest]) -> int:
        """Take requests of a user's own spider into the frontier; return how many were new."""
        with self.store.write() as connection:
            return add_requests(connection, self.name, requests, self._delays_of_own(requests))

    def end_own_visit(self, lease: Lease, requests: list[OwnRequest]) -> None:
        """End the visit of a page by a user's own spider, and take in what it asked for.

        Raises:
            StoreError: when the database cannot be written; nothing is changed then.
        """
        with self.store.write() as connection:
            add_requests(connection, self.name, requests, self._delays_of_own(requests))
            frontier.finish(
                connection,
                (self.name, lease.key, self.worker),
                state=frontier.DONE,
                outcome="parsed",
                crawl_id=self.crawl_id,
            )
            self._note_success(connection, lease.host)
        self.figures.count_own(lease.outlet)
        for callback in self.on_recorded:
            callback(lease.key)

    def _delays_of_own(self, requests: list[OwnRequest]) -> dict[str, float]:
        return {request.address.host: self.delay_of(request.address) for request in requests}

    def visit_of(self, lease: Lease) -> Visit:
        """Return the visit that answers a lease, as long as nothing has been received."""
        return Visit(
            topic=self.name,
            frontier_key=lease.key,
            url=lease.url,
            crawl_id=self.crawl_id,
            worker=self.worker,
            depth=lease.depth,
            fetched_at=datetime.now(UTC),
            status=0,
            is_revisit=lease.is_revisit,
            tries=lease.attempts + 1,
            fetches=0,
        )

    def record(self, item: Item) -> bool:
        """Write what a visit brought and how it ended, in one transaction.

        Returns:
            whether the address goes back to the frontier, to be asked for again.

        Raises:
            StoreError: when the database cannot be written; nothing is changed then.
        """
        visit = item.visit
        if visit is None:
            return False
        address = address_of(visit.url)
        delays = self._delays(item)
        goes_back = False
        with self.store.write() as connection:
            match item:
                case Article():
                    record.record_article(connection, item, delays, self._revisit_hours)
                    self._note_success(connection, address.host)
                case Listing():
                    record.record_listing(connection, item, delays)
                    self._note_success(connection, address.host)
                case Outcome():
                    goes_back = self._record_outcome(connection, item, address, delays)
        if goes_back:
            self.figures.count_try(item, address.outlet)
        else:
            self.figures.count(item, address.outlet)
        self._known_hosts.update(delays)
        for callback in self.on_recorded:
            callback(visit.frontier_key)
        return goes_back

    def revisit(self) -> int:
        """Put the topic's stories that are due again into the frontier; return how many."""
        with self.store.write() as connection:
            return revisits.queue_revisits(connection, self.name, datetime.now(UTC))

    def validators_of(self, lease: Lease) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified that a re-visit is conditional on."""
        with self.store.read() as connection:
            return revisits.validators_of(connection, lease.key, lease.url)

    def _record_outcome(
        self, connection: Connection, outcome: Outcome, address: Address, delays: dict[str, float]
    ) -> bool:
        """Write the outcome; return whether the address goes back for another try."""
        visit = outcome.visit
        assert visit is not None
        if outcome.kind is OutcomeKind.UNCHANGED:
            record.record_unchanged(connection, visit, self._revisit_hours)
            return False
        now = self.store.now()
        wait = 0.0
        if outcome.kind in politeness.HOST_TROUBLE | politeness.TRANSIENT or outcome.retry_after is not None:
            failures = hosts.failures_in_a_row(connection, address.host) + 1
            wait = politeness.wait_after(failures, outcome.retry_after)
            hosts.note_failure(connection, address.host, outcome.detail, now + wait)
            self._troubled.add(address.host)
        elif outcome.kind is OutcomeKind.BLOCKED:
            failures = hosts.failures_in_a_row(connection, address.host) + 1
            wait = politeness.BLOCKED_WAIT if failures >= self.settings.getint("MAX_TRIES") else 0.0
            hosts.note_failure(connection, address.host, outcome.detail, now + wait)
            self._troubled.add(address.host)
        elif outcome.kind not in (OutcomeKind.FORBIDDEN, OutcomeKind.REFUSED, OutcomeKind.ERROR):
            self._note_success(connection, address.host)
        tries = visit.tries
        if politeness.is_worth_another_try(outcome, tries, self.settings.getint("MAX_TRIES")):
            frontier.put_back(
                connection,
                visit.topic,
                visit.frontier_key,
                visit.worker,
                due_at=now + wait,
                detail=outcome.detail,
            )
            return True
        return not record.record_outcome(connection, outcome, delays)

    def _note_success(self, connection: Connection, host: str) -> None:
        if host in self._troubled:
            hosts.note_success(connection, host)
            self._troubled.discard(host)

    def _delays(self, item: Item) -> dict[str, float]:
        urls: list[str] = []
        if isinstance(item, Article | Listing):
            urls = [link.url for link in item.links]
        elif item.redirect_url:
            urls = [item.redirect_url]
        found = {address.host: self.delay_of(address) for address in map(address_of, urls)}
        return {host: delay for host, delay in found.items() if host not in self._known_hosts}

    def renew_leases(self) -> None:
        """Hold what this worker has taken a little longer."""
        with self.store.write() as connection:
            frontier.renew(connection, self.name, self.worker, self.store.now() + self.terms.seconds)

    def close(self, stop_reason: str) -> None:
        """Give leases back and write why the crawl ended."""
        if self._closed:
            return
        self._closed = True
        self.stop_reason = self.stop_reason or stop_reason
        with self.store.write() as connection:
            frontier.release(connection, self.name, self.worker)
            crawls.end_crawl(connection, self.crawl_id, self.stop_reason, self.figures.as_record())
        self.store.close()


def _is_dead(worker: str) -> bool:
    """Return whether the worker ran on this machine and does not any more."""
    host, pid, _ = worker.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid()
