"""What is known of a host: when it may be asked again, how it fared, and its robots.txt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, case, exists, func, select, update

from crawler.store.crawl.frontier import LEASED, QUEUED, WAITING
from crawler.store.schema import frontier, hosts
from crawler.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt as last fetched."""

    text: str
    fetched_at: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class HostTrouble:
    """A host that fails: how often in a row, why, and when it may be asked again."""

    host: str
    failures: int
    trouble: str
    next_at: float  # seconds since 1970


def ensure_hosts(connection: Connection, delays: dict[str, float]) -> None:
    """Make a row for each host that has none; ``delays`` gives the seconds between its requests."""
    rows = [{"host": host, "next_at": 0.0, "delay": delays[host], "failures": 0} for host in sorted(delays)]
    if rows:
        insert_new(connection, hosts, rows)


def set_all_delays(connection: Connection, delay: float) -> None:
    """Change the seconds between two requests to any host, but never below what its robots.txt asks for."""
    asked = func.coalesce(hosts.c.crawl_delay, 0.0)
    connection.execute(update(hosts).values(delay=case((asked > delay, asked), else_=delay)))


def take_turn(connection: Connection, host: str, now: float) -> bool:
    """Return whether the host is due, in which case its next request has to wait out the delay."""
    taken = connection.execute(
        update(hosts).where(hosts.c.host == host, hosts.c.next_at <= now).values(next_at=now + hosts.c.delay)
    )
    return taken.rowcount == 1


def renew_turn(connection: Connection, host: str, taken_at: float, now: float) -> bool:
    """Let a turn that was taken at ``taken_at`` begin now; return whether nobody has taken one since."""
    begun = connection.execute(
        update(hosts)
        # A later turn ends two delays after this one began, or later.
        .where(hosts.c.host == host, hosts.c.next_at < taken_at + 1.5 * hosts.c.delay)
        .values(next_at=now + hosts.c.delay)
    )
    return begun.rowcount == 1


def next_turn(connection: Connection, host: str) -> float:
    """Return when the host is due, in seconds since 1970."""
    return connection.scalar(select(hosts.c.next_at).where(hosts.c.host == host)) or 0.0


def note_success(connection: Connection, host: str) -> None:
    """Forget the host's failures: it answers."""
    connection.execute(
        update(hosts).where(hosts.c.host == host, hosts.c.failures > 0).values(failures=0, trouble=None)
    )


def note_failure(connection: Connection, host: str, trouble: str, not_before: float) -> None:
    """Count a failure of the host and leave it in peace until ``not_before``, or its next turn."""
    next_at = case((hosts.c.next_at < not_before, not_before), else_=hosts.c.next_at)
    connection.execute(
        update(hosts)
        .where(hosts.c.host == host)
        .values(failures=hosts.c.failures + 1, trouble=trouble, next_at=next_at)
    )


def failures_in_a_row(connection: Connection, host: str) -> int:
    """Return how often the host has failed since it last answered."""
    return connection.scalar(select(hosts.c.failures).where(hosts.c.host == host)) or 0


def troubled_hosts(connection: Connection, topic: str) -> list[HostTrouble]:
    """Return the hosts that failed when last asked and from which the topic still wants something."""
    wanted = exists().where(
        frontier.c.topic == topic,
        frontier.c.state.in_([QUEUED, WAITING, LEASED]),
        frontier.c.host == hosts.c.host,
    )
    rows = connection.execute(
        select(hosts.c.host, hosts.c.failures, hosts.c.trouble, hosts.c.next_at)
        .where(hosts.c.failures > 0, wanted)
        .order_by(hosts.c.host)
    )
    return [HostTrouble(row.host, row.failures, row.trouble or "", row.next_at) for row in rows]


def stored_robots(connection: Connection, host: str) -> Robots | None:
    """Return the host's robots.txt as last fetched, or None."""
    row = connection.execute(
        select(hosts.c.robots_text, hosts.c.robots_fetched_at).where(hosts.c.host == host)
    ).one_or_none()
    if row is None or row.robots_text is None:
        return None
    return Robots(row.robots_text, row.robots_fetched_at)


def store_robots(
    connection: Connection, host: str, text: str, fetched_at: float, crawl_delay: float | None
) -> None:
    """Keep a host's robots.txt, whose Crawl-delay stretches the host's delay; it has been asked just now."""
    asked = crawl_delay or 0.0
    delay = case((hosts.c.delay < asked, asked), else_=hosts.c.delay)
    due_at = fetched_at + delay
    connection.execute(
        update(hosts)
        .where(hosts.c.host == host)
        .values(
            robots_text=text,
            robots_fetched_at=fetched_at,
            crawl_delay=crawl_delay,
            delay=delay,
            next_at=case((hosts.c.next_at < due_at, due_at), else_=hosts.c.next_at),
        )
    )
