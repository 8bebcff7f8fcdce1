"""The frontier: who fetches what, best first, each host in its own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, func, or_, select, true, update

from crawler.address import Address
from crawler.store.schema import frontier, hosts, links

QUEUED, WAITING, LEASED, DONE, FAILED = "queued", "waiting", "leased", "done", "failed"

# Statements that every page needs are built once: building costs more than running.
_FINISH = (
    update(frontier)
    .where(
        frontier.c.topic == bindparam("of_topic"),
        frontier.c.key == bindparam("of_key"),
        frontier.c.state == LEASED,
        frontier.c.worker == bindparam("of_worker"),
    )
    .values(
        state=bindparam("end_state"),
        outcome=bindparam("end_outcome"),
        detail=bindparam("end_detail"),
        article_key=bindparam("end_article_key"),
        crawl_id=bindparam("end_crawl_id"),
        done_at=bindparam("end_at"),
        worker=None,
        leased_until=None,
        due_at=None,
        is_revisit=False,
    )
)
_LEASE = (
    update(frontier)
    .where(frontier.c.id.in_(bindparam("ids", expanding=True)), frontier.c.state == QUEUED)
    .values(
        state=LEASED,
        worker=bindparam("by_worker"),
        leased_until=bindparam("until"),
        crawl_id=bindparam("in_crawl"),
    )
)
_WAKE = (
    update(frontier)
    .where(
        frontier.c.topic == bindparam("of_topic"),
        frontier.c.state == WAITING,
        frontier.c.due_at <= bindparam("now"),
    )
    .values(state=QUEUED, due_at=None)
)
_TAKE_TURN = (
    update(hosts)
    .where(hosts.c.host == bindparam("of_host"), hosts.c.next_at <= bindparam("now"))
    .values(next_at=bindparam("now") + hosts.c.delay)
)


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
    is_revisit: bool
    kind: str = "story"  # a PageKind
    request: dict[str, Any] | None = None  # of a user's own spider


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """Who asks the frontier for work, and what may be handed out."""

    topic: str
    worker: str
    crawl_id: int
    floor: float  # no address with a lower score
    seconds: float  # how long a lease holds
    outlets: tuple[str, ...] = ()  # only these; empty for all
    closed: tuple[str, ...] = ()  # outlets that give nothing new, or have had their share
    barren: tuple[tuple[str, str], ...] = ()  # outlet and page kind of lists that give nothing new


def lease(connection: Connection, terms: LeaseTerms, now: float, limit: int) -> list[Lease]:
    """Hand out the best addresses whose hosts are due, at most ``limit``, best first.

    A host with a delay gives one address and is due again after its delay, whatever the number of
    workers: the host's row is taken by compare-and-set. Ties leave in order of discovery.
    """
    _wake(connection, terms.topic, now)
    candidates = connection.execute(heads(terms, due=True), {"now": now}).all()
    candidates = sorted((row for row in candidates if row.id is not None), key=lambda r: (-r.score, r.id))
    leases: list[Lease] = []
    for head in candidates[:limit]:
        room = limit - len(leases)
        if room <= 0:
            break
        turn = connection.execute(_TAKE_TURN, {"of_host": head.host, "now": now})
        if turn.rowcount == 1:
            leases += _take(connection, terms, head.host, now, room if head.delay == 0 else 1)
    leases.sort(key=lambda taken: (-taken.score, taken.id))
    return leases


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
        _FINISH,
        {
            "of_topic": topic,
            "of_key": key,
            "of_worker": worker,
            "end_state": state,
            "end_outcome": outcome,
            "end_detail": detail,
            "end_article_key": article_key,
            "end_crawl_id": crawl_id,
            "end_at": datetime.now(UTC),
        },
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


def release(connection: Connection, topic: str, worker: str, but: Iterable[str] = ()) -> int:
    """Give a worker's leases back, but those of some keys; return how many it held."""
    freed = connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED, frontier.c.worker == worker)
        .where(frontier.c.key.not_in(list(but)))
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


def has_expired(connection: Connection, topic: str, now: float) -> bool:
    """Return whether a worker holds something that it has not been heard of in time."""
    found = connection.scalar(
        select(frontier.c.id)
        .where(frontier.c.topic == topic, frontier.c.state == LEASED, frontier.c.leased_until < now)
        .limit(1)
    )
    return found is not None


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


def wanted_by(terms: LeaseTerms) -> list[ColumnElement[bool]]:
    """Return the conditions on an address that may be handed out."""
    wanted: list[ColumnElement[bool]] = [frontier.c.score >= terms.floor]
    if terms.outlets:
        wanted.append(frontier.c.outlet.in_(terms.outlets))
    if terms.closed:
        wanted.append(frontier.c.outlet.not_in(terms.closed))
    for kind in sorted({kind for _, kind in terms.barren}):
        outlets = [outlet for outlet, barren in terms.barren if barren == kind]
        wanted.append(or_(frontier.c.kind != kind, frontier.c.outlet.not_in(outlets)))
    return wanted


@lru_cache(maxsize=64)
def heads(terms: LeaseTerms, *, due: bool) -> Select[Any]:
    """Return a SELECT of each host, or each that is due, with its best queued address."""
    best = (
        select(frontier.c.id)
        .where(
            frontier.c.topic == terms.topic,
            frontier.c.state == QUEUED,
            frontier.c.host == hosts.c.host,
            *wanted_by(terms),
        )
        .order_by(frontier.c.score.desc(), frontier.c.id)
        .limit(1)
        .correlate(hosts)
        .scalar_subquery()
    )
    wanted = hosts.c.next_at <= bindparam("now") if due else true()
    # Postgres would look for the best address twice, once for the join.
    chosen = (
        select(hosts.c.host, hosts.c.delay, hosts.c.next_at, best.label("id"))
        .where(wanted)
        .cte("chosen")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return select(chosen, frontier.c.score).join(frontier, frontier.c.id == chosen.c.id)


def _take(connection: Connection, terms: LeaseTerms, host: str, now: float, limit: int) -> list[Lease]:
    rows = connection.execute(_best_of_host(terms), {"of_host": host, "at_most": limit}).all()
    if not rows:
        return []
    connection.execute(
        _LEASE,
        {
            "ids": [row.id for row in rows],
            "by_worker": terms.worker,
            "until": now + terms.seconds,
            "in_crawl": terms.crawl_id,
        },
    )
    return [Lease(*row) for row in rows]


@lru_cache(maxsize=64)
def _best_of_host(terms: LeaseTerms) -> Select[Any]:
    return (
        select(*(frontier.c[name] for name in Lease.__slots__))
        .where(
            frontier.c.topic == terms.topic,
            frontier.c.state == QUEUED,
            frontier.c.host == bindparam("of_host"),
            *wanted_by(terms),
        )
        .order_by(frontier.c.score.desc(), frontier.c.id)
        .limit(bindparam("at_most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


def _wake(connection: Connection, topic: str, now: float) -> None:
    connection.execute(_WAKE, {"of_topic": topic, "now": now})


def _mine(topic: str, key: str, worker: str) -> tuple[ColumnElement[bool], ...]:
    return (
        frontier.c.topic == topic,
        frontier.c.key == key,
        frontier.c.state == LEASED,
        frontier.c.worker == worker,
    )
