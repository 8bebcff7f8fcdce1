"""What the frontier still promises a worker: when there is something to fetch, and whether more may come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from crawler.store.crawl.frontier import LEASED, WAITING, LeaseTerms, heads, wanted_by
from crawler.store.schema import frontier


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a worker may still hope for."""

    due_at: (
        float | None
    )  # when the next address may be fetched, in seconds since 1970; None when none is left
    others_at_work: bool  # another worker holds a lease, whose page may bring new links


def outlook(connection: Connection, terms: LeaseTerms) -> Outlook:
    """Return what is still to come, as it is at one moment.

    A lease that has run out counts until somebody gives it back: its address is still to be fetched.
    """
    # One statement: between two of them another worker could end a visit, or lease the last address.
    row = connection.execute(_outlook(terms)).one()
    times = [at for at in (row.due_at, row.waiting_until) if at is not None]
    return Outlook(due_at=min(times, default=None), others_at_work=bool(row.others_at_work))


@lru_cache(maxsize=64)
def _outlook(terms: LeaseTerms) -> Select[Any]:
    queued = heads(terms, due=False).subquery()
    waiting = select(func.min(frontier.c.due_at)).where(
        frontier.c.topic == terms.topic, frontier.c.state == WAITING, *wanted_by(terms)
    )
    others = exists().where(
        frontier.c.topic == terms.topic, frontier.c.state == LEASED, frontier.c.worker != terms.worker
    )
    return select(
        select(func.min(queued.c.next_at)).scalar_subquery().label("due_at"),
        waiting.scalar_subquery().label("waiting_until"),
        others.label("others_at_work"),
    )
