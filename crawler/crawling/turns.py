"""The hosts' turns that a worker takes: a host is asked once in its delay, by all workers together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from crawler.address import Address, address_of
from crawler.crawling.answers import HostNotDue
from crawler.store.crawl import hosts
from crawler.store.database import Store
from crawler.store.patience import Patience, patient

LATE = 0.05  # of a host's delay: so much later than its turn a request may leave
# Seconds that a page which is on its way waits for a turn; a Crawl-delay may be of a hundred years.
PATIENT = 120.0


class HostTurns:
    """When this worker last took each host's turn, and the taking of the next."""

    def __init__(
        self, store: Store, patience: Patience, delay_of: Callable[[Address], float], longest_wait: float
    ) -> None:
        self.store = store
        self.patience = patience
        self._delay_of = delay_of  # seconds between two requests to an address's host
        self._longest_wait = longest_wait
        self._taken_at: dict[str, float] = {}

    def note(self, taken: Iterable[str], at: float) -> None:
        """Remember the hosts whose turns came with leases."""
        self._taken_at.update(dict.fromkeys(taken, at))

    @patient
    def take(self, url: str) -> float:
        """Take the next turn of an address's host; return 0, or the seconds to wait for it.

        Raises:
            StoreError: when the database cannot be written.
        """
        address = address_of(url)
        with self.store.write() as connection:
            now = self.store.now()
            hosts.ensure_hosts(connection, {address.host: self._delay_of(address)})
            if hosts.take_turn(connection, address.host, now):
                self._taken_at[address.host] = now
                return 0.0
            return max(hosts.next_turn(connection, address.host) - now, 0.0) + 0.001

    async def wait_for(self, url: str) -> None:
        """Wait for the next turn of an address's host, and take it.

        Raises:
            HostNotDue: when that is longer away than PATIENT, and than MAX_HOST_WAIT.
            StoreError: when the database cannot be written.
        """
        while wait := self.take(url):
            if wait > max(self._longest_wait, PATIENT):
                host = address_of(url).host
                raise HostNotDue(f"{host} wants {wait:,.0f} seconds until its next page: more than we wait")
            await asyncio.sleep(wait)

    def keep(self, url: str) -> float:
        """Let a late turn of a host begin now; return 0, or the seconds to wait for another.

        Raises:
            StoreError: when the database cannot be written.
        """
        address = address_of(url)
        taken_at, delay = self._taken_at.get(address.host), self._delay_of(address)
        if taken_at is None or self.store.now() - taken_at <= LATE * delay or delay == 0:
            return 0.0
        return self._renew(address, taken_at)

    @patient
    def _renew(self, address: Address, taken_at: float) -> float:
        with self.store.write() as connection:
            now = self.store.now()
            if hosts.renew_turn(connection, address.host, taken_at, now):
                self._taken_at[address.host] = now
                return 0.0
            wait = hosts.next_turn(connection, address.host) - now
        # A host that has failed meanwhile wants more patience: this request was on its way by then.
        return self.take(address.url) if wait <= self._longest_wait else 0.0
