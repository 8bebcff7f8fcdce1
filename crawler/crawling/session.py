"""One crawl's share in the store: what spider, scheduler, middlewares and pipelines have in common."""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.address import Address, address_of
from crawler.crawling.abandoned import free_abandoned
from crawler.crawling.discovery import Discovery
from crawler.crawling.figures import Figures
from crawler.crawling.overrides import floor_of
from crawler.crawling.recording import VisitRecorder
from crawler.crawling.turns import HostTurns
from crawler.errors import BacaJugaError
from crawler.frontier import politeness
from crawler.items import Item, OutcomeKind, PageKind, Visit
from crawler.outlets import add_outlets, outlet_for
from crawler.store.clock import mend_times
from crawler.store.crawl import crawls, discovery, frontier, hosts, page_budget, revisits
from crawler.store.crawl.frontier import Lease, LeaseTerms
from crawler.store.crawl.outlook import Outlook, outlook
from crawler.store.crawl.own_requests import OwnRequest, add_requests
from crawler.store.database import Store, open_store
from crawler.store.patience import Patience, patient
from crawler.topic import Topic

logger = logging.getLogger(__name__)

# Hosts and pages may be back after an hour: a new crawl of the topic asks them again.
TRIED_AGAIN = (
    OutcomeKind.BLOCKED,
    OutcomeKind.HOST_DOWN,
    OutcomeKind.SERVER_ERROR,
    OutcomeKind.UNTRUSTED,
    OutcomeKind.ERROR,
)
TRIED_AGAIN_AFTER = timedelta(hours=1)
LOCK_WAIT = 1.0  # seconds for another process's transaction, before it counts as trouble

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


def _say(line: str) -> None:
    print(f"bacajuga: {line}", file=sys.stderr, flush=True)


def stop_waiting(crawlers: Collection[Crawler]) -> bool:
    """Let crawls wait for their database no more; return whether one is just asking it something."""
    sessions = [session for crawler in crawlers if (session := _sessions.get(crawler)) is not None]
    for session in sessions:
        session.patience.is_stopping = True
    return any(session.patience.is_at_work for session in sessions)


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
        self.patience = Patience(settings.getfloat("DATABASE_PATIENCE"))
        if settings.get("PROGRESS") in ("live", "lines"):
            self.patience.listeners.append(_say)
        # Patience waits better: it says so, and hears of a signal.
        self.store.lock_wait = min(self.store.lock_wait, LOCK_WAIT)
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns() // 1_000_000}"
        self.figures = Figures()
        self.stop_reason = ""
        self.failure: BacaJugaError | None = None  # what ended the crawl, when it could not go on
        self.on_recorded: list[Callable[[str], None]] = []
        self.floor = floor_of(settings, topic)
        self._budget = settings.getint("PAGE_BUDGET")  # that this worker shares with others; 0 for none
        self.is_budget_spent = False
        self.crawl_id = self._start()
        self.turns = HostTurns(self.store, self.patience, self.delay_of, settings.getfloat("MAX_HOST_WAIT"))
        self.terms = LeaseTerms(
            topic=name,
            worker=self.worker,
            crawl_id=self.crawl_id,
            floor=self.floor,
            seconds=settings.getfloat("LEASE_SECONDS"),
            outlets=tuple(settings.getlist("OUTLETS")),
        )
        self.discovery = Discovery.of(settings, topic, name)
        self._closed = False
        self._interruptions = 0  # those of our patience when leases were last taken
        troubled = {trouble.host for trouble in self.troubled_hosts()}
        self._recorder = VisitRecorder(self.store, settings, self.discovery, self.delay_of, troubled)

    @patient
    def _start(self) -> int:
        freed = free_abandoned(self.store, self.name)
        longest = politeness.LONGEST_WAIT
        lease_seconds = max(self.settings.getfloat("LEASE_SECONDS"), longest)
        with self.store.write() as connection:
            now = self.store.now()
            mend_times(connection, self.name, now, longest_wait=longest, lease_seconds=lease_seconds)
            before = datetime.now(UTC) - TRIED_AGAIN_AFTER
            frontier.retry_failed(connection, self.name, map(str, TRIED_AGAIN), before)
            self.resumed = freed > 0 or frontier.left(connection, self.name, self.floor) > 0
            return crawls.start_crawl(connection, self.name, self.worker, self.figures.as_record())

    def delay_of(self, address: Address) -> float:
        """Return the seconds between two requests to the address's host."""
        chosen = self.settings.get("HOST_DELAY")
        return float(chosen) if chosen is not None else outlet_for(address.url).delay

    @patient
    def add_seeds(self, urls: list[str]) -> int:
        """Put addresses at the head of the frontier; return how many were new."""
        by_kind: dict[PageKind, list[Address]] = {}
        for url in urls:
            kind = outlet_for(url).page_kind(url)
            by_kind.setdefault(kind, []).append(address_of(url, kind))
        delays = {seed.host: self.delay_of(seed) for seeds in by_kind.values() for seed in seeds}
        with self.store.write() as connection:
            # A person who asks for another pace gets it, for hosts that are already known too.
            if self.settings.get("HOST_DELAY") is not None:
                hosts.set_all_delays(connection, self.settings.getfloat("HOST_DELAY"))
            return sum(
                discovery.add_seeds(connection, self.name, seeds, delays, kind)
                for kind, seeds in by_kind.items()
            )

    @patient
    def discover(self) -> None:
        """Put the lists that outlets are known to have into the frontier, when the settings ask for it."""
        delays = self._recorder.delays_to(self.discovery.urls())
        with self.store.write() as connection:
            self.discovery.start(connection, delays)

    @patient
    def lease(self, limit: int, held: Collection[str] = ()) -> list[Lease]:
        """Return the best addresses that may be fetched now, at most ``limit``.

        ``held`` are the keys that were leased before and not recorded yet.
        """
        terms = self.discovery.narrow(self.terms, resting=True)
        interruptions = self.patience.interruptions
        with self.store.write() as connection:
            if interruptions != self._interruptions:
                # A lease may have been written although the database's word of it never came.
                frontier.release(connection, self.name, self.worker, but=held)
            if self._budget:
                pages = page_budget.pages_left(connection, self._budget)
                limit = min(limit, pages)
            now = self.store.now()  # not before: it may have taken a while to get the write lock
            leases = frontier.lease(connection, terms, now, limit)
            others = self.discovery.narrow(self.terms)
            if not leases and others != terms and outlook(connection, terms).due_at is None:
                # Nobody else has a link left: better more of the same outlet than nothing.
                leases = frontier.lease(connection, others, now, limit)
            if self._budget:
                page_budget.spend(connection, self._budget, len(leases))
                self.is_budget_spent = pages <= len(leases)
        self._interruptions = interruptions
        self.turns.note([lease.host for lease in leases], now)
        return leases

    @patient
    def free_abandoned(self) -> int:
        """Give back what dead workers hold; return how many addresses."""
        return free_abandoned(self.store, self.name, besides=self.worker)

    @patient
    def outlook(self) -> Outlook:
        """Return when there is something to fetch, and whether another worker may still bring new links."""
        with self.store.read() as connection:
            return outlook(connection, self.discovery.narrow(self.terms))

    @patient
    def troubled_hosts(self) -> list[hosts.HostTrouble]:
        """Return the hosts that failed when last asked and from which the topic still wants something."""
        with self.store.read() as connection:
            return hosts.troubled_hosts(connection, self.name)

    @patient
    def robots_of(self, host: str) -> hosts.Robots | None:
        """Return a host's robots.txt as last fetched by any crawl, or None."""
        with self.store.read() as connection:
            return hosts.stored_robots(connection, host)

    @patient
    def keep_robots(self, host: str, text: str, read_at: float, crawl_delay: float | None) -> None:
        """Keep a host's robots.txt for all crawls."""
        with self.store.write() as connection:
            hosts.store_robots(connection, host, text, read_at, crawl_delay)

    @patient
    def add_own_requests(self, requests: list[OwnRequest]) -> int:
        """Take requests of a user's own spider into the frontier; return how many were new."""
        with self.store.write() as connection:
            return add_requests(connection, self.name, requests, self._delays_of_own(requests))

    @patient
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
            self._recorder.note_success(connection, lease.host)
        self._recorder.written()
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
            kind=PageKind(lease.kind),
            score=lease.score,
            tries=lease.attempts + 1,
            fetches=0,
        )

    @patient
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
        outlet = address_of(visit.url).outlet
        with self.store.write() as connection:
            goes_back = self._recorder.record(connection, item)
        self._recorder.written()
        if goes_back:
            self.figures.count_try(item, outlet)
        else:
            self.figures.count(item, outlet)
            self.discovery.note(item, outlet)
            self.figures.closed_outlets = self.discovery.gains.closed
        for callback in self.on_recorded:
            callback(visit.frontier_key)
        return goes_back

    @patient
    def revisit(self) -> int:
        """Put the topic's stories that are due again into the frontier; return how many."""
        with self.store.write() as connection:
            return revisits.queue_revisits(connection, self.name, datetime.now(UTC))

    @patient
    def validators_of(self, lease: Lease) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified that a re-visit is conditional on."""
        with self.store.read() as connection:
            return revisits.validators_of(connection, lease.key, lease.url)

    @patient
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
        if not self.patience.is_away:
            self._end()
        # Else the next crawl finds the leases of a worker that is no more.
        self.store.close()

    @patient
    def _end(self) -> None:
        with self.store.write() as connection:
            frontier.release(connection, self.name, self.worker)
            crawls.end_crawl(connection, self.crawl_id, self.stop_reason, self.figures.as_record())
