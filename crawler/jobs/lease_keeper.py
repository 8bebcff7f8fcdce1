"""Holding a job's lease while it runs, and noticing when it is lost."""

from __future__ import annotations

import threading
import time

from crawler.errors import StoreError
from crawler.store import jobs as store_jobs
from crawler.store.database import Store


class LeaseKeeper(threading.Thread):
    """Renews a lease until it is stopped; ``lost`` is set when another process may have taken it.

    It is set before the lease runs out, so that what it stands for can be ended in time.
    """

    def __init__(self, store: Store, job: str, holder: str, seconds: float) -> None:
        super().__init__(name=f"lease of {job}", daemon=True)
        self.store, self.job, self.holder, self.seconds = store, job, holder, seconds
        self.lost = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Renew the lease four times in its life."""
        renewed_at = time.monotonic()
        while not self._stopped.wait(self.seconds / 4):
            begun_at = time.monotonic()
            try:
                with self.store.write() as connection:
                    if not store_jobs.renew(connection, self.job, self.holder, self.seconds):
                        self.lost.set()
                        return
                renewed_at = begun_at
            except StoreError:
                if time.monotonic() - renewed_at > self.seconds * 0.7:
                    self.lost.set()
                    return

    def stop(self) -> None:
        """Renew no more."""
        self._stopped.set()
        if self.is_alive():
            self.join(timeout=5)
