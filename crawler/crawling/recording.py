"""Writing what a visit brought: a story, a listing, or why it was neither; and what it says of the host."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.address import Address, address_of
from crawler.crawling.discovery import Discovery
from crawler.frontier import politeness
from crawler.frontier.discovering import page_score
from crawler.items import Article, Item, Link, Listing, Outcome, OutcomeKind, PageKind
from crawler.store.crawl import discovery as store_discovery
from crawler.store.crawl import frontier, hosts, record
from crawler.store.database import Store

# Another worker may have failed at a host since this one last found it well.
WELL_SECONDS = 60.0

Made = TypeVar("Made")


class VisitRecorder:
    """Writes visits of one crawl, each in the transaction that it is given.

    A transaction that is rolled back is done again with the same item: what is remembered of it is taken in
    by ``written()``, after the commit, and what is worked out of an item is worked out once.

    Args:
        store: whose clock counts.
        settings: MAX_TRIES and REVISIT_AFTER_HOURS.
        discovery: which listings are worth asking for.
        delay_of: seconds between two requests to an address's host.
        troubled: hosts that failed when last asked.
    """

    def __init__(
        self,
        store: Store,
        settings: BaseSettings,
        discovery: Discovery,
        delay_of: Callable[[Address], float],
        troubled: set[str],
    ) -> None:
        self._store = store
        self._max_tries = settings.getint("MAX_TRIES")
        self._revisit_hours = [float(hours) for hours in settings.getlist("REVISIT_AFTER_HOURS")]
        self._discovery = discovery
        self._delay_of = delay_of
        self._troubled = troubled
        self._known_hosts: set[str] = set()  # those that have a row in the store
        self._well: dict[str, float] = {}  # when a host was last known to have no failures in the store
        self._made_rows: set[str] = set()  # hosts, in the transaction at hand
        self._answered: set[str] = set()  # the same
        self._made: tuple[Item, object] | None = None

    def record(self, connection: Connection, item: Item) -> bool:
        """Write an item that has its visit set; return whether its address goes back for another try."""
        assert item.visit is not None
        address = address_of(item.visit.url)
        self._made_rows, self._answered = set(), set()
        match item:
            case Article():
                listings = self._once(item, lambda: self._discovery.listings_for(item))
                delays = self._delays_of([*item.links, *listings])
                record.record_article(connection, item, delays, self._revisit_hours, listings)
                self.note_success(connection, address.host)
            case Listing():
                delays = self._record_listing(connection, item)
                self.note_success(connection, address.host)
            case Outcome():
                delays = self.delays_to([item.redirect_url] if item.redirect_url else [])
                return self._record_outcome(connection, item, address, delays)
        self._made_rows.update(delays)
        return False

    def written(self) -> None:
        """Remember what the last transaction wrote of hosts: it is committed."""
        self._known_hosts |= self._made_rows
        self._troubled -= self._answered
        self._well |= dict.fromkeys(self._answered, time.monotonic())
        self._made_rows, self._answered, self._made = set(), set(), None

    def note_success(self, connection: Connection, host: str) -> None:
        """Forget a host's failures, those that another crawl or worker has met included: it answers."""
        if host in self._troubled or time.monotonic() - self._well.get(host, -WELL_SECONDS) >= WELL_SECONDS:
            hosts.note_success(connection, host)
            self._answered.add(host)

    def delays_to(self, urls: list[str]) -> dict[str, float]:
        """Return the seconds between two requests for each host that may have no row yet."""
        found = {address.host: self._delay_of(address) for address in map(address_of, urls)}
        return {host: delay for host, delay in found.items() if host not in self._known_hosts}

    def _record_listing(self, connection: Connection, listing: Listing) -> dict[str, float]:
        """Write what of a listing is worth keeping; return the delays of the hosts that it leads to."""
        gain = self._once(listing, lambda: self._discovery.gain_of(connection, listing))
        leading_on = [*gain.links, *([gain.next_page] if gain.next_page else [])]
        delays = self._delays_of(leading_on)
        record.record_listing(
            connection,
            replace(listing, links=gain.links),
            delays,
            page_score=page_score(listing.kind),
            next_page=(gain.next_page, gain.next_page.anchor_score) if gain.next_page else None,
            detail=gain.detail + (f"; {listing.over_limit}" if listing.over_limit else ""),
        )
        return delays

    def _record_outcome(
        self, connection: Connection, outcome: Outcome, address: Address, delays: dict[str, float]
    ) -> bool:
        """Write the outcome; return whether the address goes back for another try."""
        visit = outcome.visit
        assert visit is not None
        if outcome.kind is OutcomeKind.UNCHANGED:
            record.record_unchanged(connection, visit, self._revisit_hours)
            return False
        now = self._store.now()
        wait = 0.0
        if outcome.kind in politeness.HOST_TROUBLE | politeness.TRANSIENT or outcome.retry_after is not None:
            failures = hosts.failures_in_a_row(connection, address.host) + 1
            wait = politeness.wait_after(failures, outcome.retry_after)
            hosts.note_failure(connection, address.host, outcome.detail, now + wait)
            self._troubled.add(address.host)
        elif outcome.kind in (OutcomeKind.BLOCKED, OutcomeKind.UNTRUSTED):
            failures = hosts.failures_in_a_row(connection, address.host) + 1
            wait = politeness.BLOCKED_WAIT if failures >= self._max_tries else 0.0
            hosts.note_failure(connection, address.host, outcome.detail, now + wait)
            self._troubled.add(address.host)
        elif outcome.kind not in (OutcomeKind.FORBIDDEN, OutcomeKind.REFUSED, OutcomeKind.ERROR):
            self.note_success(connection, address.host)
        if visit.kind is not PageKind.STORY and outcome.kind is OutcomeKind.HOST_DOWN:
            # The stories that it might list are not known yet: nothing is worth waiting for.
            store_discovery.give_up_listings(
                connection, visit.topic, address.host, str(outcome.kind), outcome.detail
            )
            return not record.record_outcome(connection, outcome, delays)
        tries = visit.tries
        if politeness.is_worth_another_try(outcome, tries, self._max_tries):
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

    def _once(self, item: Item, make: Callable[[], Made]) -> Made:
        """Return what is made of an item, made once: making it counts the item."""
        if self._made is None or self._made[0] is not item:
            self._made = (item, make())
        return self._made[1]  # type: ignore[return-value]

    def _delays_of(self, links: list[Link]) -> dict[str, float]:
        return self.delays_to([link.url for link in links])
