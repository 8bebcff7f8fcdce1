"""A clock for turns and leases that does not jump when somebody sets the machine's time."""

from __future__ import annotations

import time

from sqlalchemy import Connection, case, or_, update

from crawler.store.crawl.frontier import LEASED, QUEUED, WAITING
from crawler.store.schema import frontier, hosts

SLACK = 60.0  # seconds by which two machines' clocks may differ


def steady() -> float:
    """Return seconds since the machine was started, time asleep included where the system counts it.

    >>> steady() <= steady()
    True
    """
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


def mend_times(
    connection: Connection, topic: str, now: float, *, longest_wait: float, lease_seconds: float
) -> None:
    """Forget turns and leases that lie further ahead than any is ever set.

    They were written by a clock that was wrong, or the clock was set back since: without this the crawl
    would wait for as long as the clock had jumped.

    Args:
        connection: a write transaction.
        topic: whose frontier.
        now: seconds since 1970.
        longest_wait: seconds for which a host, or an address, is left alone at most.
        lease_seconds: for how long a lease holds.
    """
    ahead = now + SLACK
    longest = case((hosts.c.delay > longest_wait, hosts.c.delay), else_=longest_wait)
    statements = (
        update(hosts).where(hosts.c.next_at > ahead + longest).values(next_at=now),
        update(hosts)
        .where(hosts.c.robots_fetched_at > ahead)
        .values(robots_text=None, robots_fetched_at=None),
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == WAITING)
        .where(frontier.c.due_at > ahead + longest_wait)
        .values(due_at=now),
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED)
        .where(or_(frontier.c.leased_until > ahead + lease_seconds, frontier.c.leased_until.is_(None)))
        .values(state=QUEUED, worker=None, leased_until=None),
    )
    for statement in statements:
        connection.execute(statement)
