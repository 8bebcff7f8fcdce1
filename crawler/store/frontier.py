"""The frontier: who fetches what, best first, each host in its own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true, update

from crawler.address import Address
from crawler.store.schema import frontier, hosts, links

QUEUED, WAITING, LEASED, DONE, FAILED = "queued", "waiting", "leased", "done", "failed"


@dataclass(frozen=True, slots=True)
class Lease:
    """An address handed to one worker, who has to say how the visit ended before the lease runs out."""

    id: int
    key: str
    url: str
    host: str
    outlet: str
    depth: int
    score: float
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """Who asks the frontier for work, and what may be handed out."""

    topic: str
    worker: str
    crawl_id: int
    floor: float  # no address with a lower score
    seconds: float  # how long a lease holds
    outlets: tuple[str, ...] = ()  # only these; empty for all


def lease(connection: Connection, terms: LeaseTerms, now: float, limit: int) -> list[Lease]:
    """Hand out the best addresses whose hosts are due, at most ``limit``, best first.

    A host with a delay gives one address and is due again after its delay, whatever the number of
    workers: the host's row is taken by compare-and-set. Ties leave in order of discovery.
    """
    _wake(connection, terms.topic, now)
    candidates = connection.execute(_heads(terms, now)).all()
    candidates = sorted((row for row in candidates if row.id is not None), key=lambda r: (-r.score, r.id))
    leases: list[Lease] = []
    for head in candidates[:limit]:
        room = limit - len(leases)
        if room <= 0:
            break
        turn = connection.execute(
            update(hosts)
            .where(hosts.c.host == head.host, hosts.c.next_at <= now)
            .values(next_at=now + hosts.c.delay)
        )
        if turn.rowcount == 1:
            leases += _take(connection, terms, head.host, now, room if head.delay == 0 else 1)
    leases.sort(key=lambda taken: (-taken.score, taken.id))
    return leases


def next_due(connection: Connection, terms: LeaseTerms, now: float) -> float | None:
    """Return when the next address may be fetched, in seconds since 1970, or None when none is left."""
    heads = connection.execute(_heads(terms, None)).all()
    times = [row.next_at for row in heads if row.id is not None]
    waiting = connection.scalar(
        select(func.min(frontier.c.due_at)).where(
            frontier.c.topic == terms.topic, frontier.c.state == WAITING, *_wanted(terms)
        )
    )
    if waiting is not None:
        times.append(waiting)
    return max(min(times), now) if times else None


def others_at_work(connection: Connection, terms: LeaseTerms, now: float) -> bool:
    """Return whether another worker holds a lease of the topic, whose page may bring new links."""
    found = connection.scalar(
        select(frontier.c.id)
        .where(
            frontier.c.topic == terms.topic,
            frontier.c.state == LEASED,
            frontier.c.worker != terms.worker,
            frontier.c.leased_until > now,
        )
        .limit(1)
    )
    return found is not None


def finish(
    connection: Connection,
    lease_of: tuple[str, str, str],
    *,
    state: str,
    outcome: str,
    detail: str = "",
    article_key: str | None = None,
    crawl_id: int | None = None,
) -> bool:
    """Say how a visit ended; return False when the lease had gone to somebody else meanwhile.

    Args:
        connection: a write transaction.
        lease_of: topic, key and worker.
        state: ``DONE`` or ``FAILED``.
        outcome: "article", "listing" or an outcome's kind.
        detail: one line for a person.
        article_key: the story that the page turned out to be.
        crawl_id: the crawl that made the visit.
    """
    topic, key, worker = lease_of
    done = connection.execute(
        update(frontier)
        .where(*_mine(topic, key, worker))
        .values(
            state=state,
            outcome=outcome,
            detail=detail,
            article_key=article_key,
            crawl_id=crawl_id,
            done_at=datetime.now(UTC),
            worker=None,
            leased_until=None,
            due_at=None,
        )
    )
    return done.rowcount == 1


def put_back(
    connection: Connection, topic: str, key: str, worker: str, *, due_at: float, detail: str
) -> None:
    """Return a leased address to the frontier for another try, not before ``due_at``."""
    connection.execute(
        update(frontier)
        .where(*_mine(topic, key, worker))
        .values(
            state=WAITING,
            due_at=due_at,
            attempts=frontier.c.attempts + 1,
            detail=detail,
            worker=None,
            leased_until=None,
        )
    )


def addresses_tried(connection: Connection, topic: str, key: str) -> list[str]:
    """Return the addresses under which the story has been asked for, the one at hand included."""
    row = connection.execute(
        select(frontier.c.url, frontier.c.tried).where(frontier.c.topic == topic, frontier.c.key == key)
    ).one_or_none()
    return [*row.tried, row.url] if row is not None else []


def other_address(connection: Connection, topic: str, key: str) -> str | None:
    """Return another address under which the story has been linked, one that has not been tried yet."""
    tried = addresses_tried(connection, topic, key)
    return connection.scalar(
        select(links.c.target_url)
        .where(links.c.target_key == key, links.c.target_url.not_in(tried))
        .order_by(links.c.id)
        .limit(1)
    )


def try_other_address(connection: Connection, topic: str, key: str, worker: str, target: Address) -> None:
    """Fetch the same story under another of its addresses, after one that gave nothing or redirects."""
    connection.execute(
        update(frontier)
        .where(*_mine(topic, key, worker))
        .values(
            state=QUEUED,
            url=target.url,
            host=target.host,
            tried=addresses_tried(connection, topic, key),
            worker=None,
            leased_until=None,
        )
    )


def redirects_of(connection: Connection, topic: str, key: str) -> int:
    """Return how often the address has already been replaced by one that it redirects to."""
    count = connection.scalar(
        select(frontier.c.redirects).where(frontier.c.topic == topic, frontier.c.key == key)
    )
    return count or 0


def release(connection: Connection, topic: str, worker: str) -> int:
    """Give a worker's leases back; return how many it held."""
    freed = connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED, frontier.c.worker == worker)
        .values(state=QUEUED, worker=None, leased_until=None)
    )
    return freed.rowcount


def release_expired(connection: Connection, topic: str, now: float) -> int:
    """Give back what workers hold that have not been heard of in time; return how many."""
    freed = connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED, frontier.c.leased_until < now)
        .values(state=QUEUED, worker=None, leased_until=None)
    )
    return freed.rowcount


def renew(connection: Connection, topic: str, worker: str, until: float) -> None:
    """Hold all leases of a worker longer."""
    connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED, frontier.c.worker == worker)
        .values(leased_until=until)
    )


def workers(connection: Connection, topic: str) -> set[str]:
    """Return the names of all workers that hold a lease."""
    names = connection.scalars(
        select(frontier.c.worker).where(frontier.c.topic == topic, frontier.c.state == LEASED).distinct()
    )
    return {name for name in names if name}


def retry_failed(connection: Connection, topic: str, outcomes: Iterable[str], before: datetime) -> int:
    """Give addresses that failed with one of the outcomes before that moment another chance."""
    revived = connection.execute(
        update(frontier)
        .where(
            frontier.c.topic == topic,
            frontier.c.state == FAILED,
            frontier.c.outcome.in_(list(outcomes)),
            frontier.c.done_at < before,
        )
        .values(state=QUEUED, attempts=0, redirects=0)
    )
    return revived.rowcount


def left(connection: Connection, topic: str, floor: float) -> int:
    """Return how many addresses above the score floor are still to be fetched."""
    return (
        connection.scalar(
            select(func.count()).where(
                frontier.c.topic == topic,
                frontier.c.state.in_([QUEUED, WAITING, LEASED]),
                frontier.c.score >= floor,
            )
        )
        or 0
    )


def _wanted(terms: LeaseTerms) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [frontier.c.score >= terms.floor]
    if terms.outlets:
        wanted.append(frontier.c.outlet.in_(terms.outlets))
    return wanted


def _heads(terms: LeaseTerms, now: float | None) -> Select[Any]:
    """Return a SELECT of each host with its best queued address; only hosts that are due, given a time."""
    best = (
        select(frontier.c.id)
        .where(
            frontier.c.topic == terms.topic,
            frontier.c.state == QUEUED,
            frontier.c.host == hosts.c.host,
            *_wanted(terms),
        )
        .order_by(frontier.c.score.desc(), frontier.c.id)
        .limit(1)
        .correlate(hosts)
        .scalar_subquery()
    )
    due = hosts.c.next_at <= now if now is not None else true()
    chosen = select(hosts.c.host, hosts.c.delay, hosts.c.next_at, best.label("id")).where(due).subquery()
    return select(chosen, frontier.c.score).join(frontier, frontier.c.id == chosen.c.id)


def _take(connection: Connection, terms: LeaseTerms, host: str, now: float, limit: int) -> list[Lease]:
    columns = [frontier.c[name] for name in Lease.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(
            frontier.c.topic == terms.topic,
            frontier.c.state == QUEUED,
            frontier.c.host == host,
            *_wanted(terms),
        )
        .order_by(frontier.c.score.desc(), frontier.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return []
    connection.execute(
        update(frontier)
        .where(frontier.c.id.in_([row.id for row in rows]), frontier.c.state == QUEUED)
        .values(
            state=LEASED,
            worker=terms.worker,
            leased_until=now + terms.seconds,
            crawl_id=terms.crawl_id,
        )
    )
    return [Lease(*row) for row in rows]


def _wake(connection: Connection, topic: str, now: float) -> None:
    connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == WAITING, frontier.c.due_at <= now)
        .values(state=QUEUED, due_at=None)
    )


def _mine(topic: str, key: str, worker: str) -> tuple[ColumnElement[bool], ...]:
    return (
        frontier.c.topic == topic,
        frontier.c.key == key,
        frontier.c.state == LEASED,
        frontier.c.worker == worker,
    )
