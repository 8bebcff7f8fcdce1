"""Requests of a user's own spider in the frontier, beside the addresses that stories print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text, update

from crawler.address import Address
from crawler.store.crawl.discovery import new_row
from crawler.store.crawl.frontier import DONE, FAILED, QUEUED
from crawler.store.crawl.hosts import ensure_hosts
from crawler.store.schema import frontier
from crawler.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """A request as the frontier keeps it."""

    key: str
    address: Address
    request: dict[str, Any]  # JSON values
    score: float
    depth: int
    found_via: str | None  # key of the page whose callback yielded it
    again: bool  # asked for even when it has been answered before


def add_requests(
    connection: Connection, topic: str, requests: Sequence[OwnRequest], delays: dict[str, float]
) -> int:
    """Take requests into the frontier, each once; return how many are new, or asked for again."""
    if not requests:
        return 0
    if connection.dialect.name == "postgresql":
        # They keep their order, so that two workers would lock each other's rows crosswise.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:topic))"), {"topic": topic})
    ensure_hosts(connection, delays)
    by_key = {request.key: request for request in requests}
    known = set(
        connection.scalars(
            select(frontier.c.key).where(frontier.c.topic == topic, frontier.c.key.in_(list(by_key)))
        )
    )
    rows = [_row(topic, request) for request in by_key.values() if request.key not in known]
    if rows:
        insert_new(connection, frontier, rows)
    asked_again = [key for key in known if by_key[key].again]
    revived = connection.execute(
        update(frontier)
        .where(
            frontier.c.topic == topic, frontier.c.key.in_(asked_again), frontier.c.state.in_([DONE, FAILED])
        )
        .values(state=QUEUED, attempts=0, redirects=0)
    )
    return len(rows) + revived.rowcount


def _row(topic: str, request: OwnRequest) -> dict[str, Any]:
    return new_row(topic, request.key, request.address) | {
        "state": QUEUED,
        "outcome": None,
        "detail": None,
        "request": request.request,
        "score": request.score,
        "depth": request.depth,
        "found_via": request.found_via,
        "is_seed": request.found_via is None,
        "anchor_text": "",
    }
