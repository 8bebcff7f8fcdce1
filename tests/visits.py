"""Visits without any web: what a worker leases from the frontier, and what it then records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select

from crawler.address import address_of
from crawler.items import Article, Link, Outcome, OutcomeKind, Relevance, Visit, Zone
from crawler.store.crawl import discovery, frontier, record
from crawler.store.crawl.frontier import Lease, LeaseTerms
from crawler.store.database import Store
from crawler.store.schema import frontier as entries

TOPIC = "data-breach"
NOW = 1_000_000.0  # of the frontier, in seconds
SEEN_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
ME = LeaseTerms(topic=TOPIC, worker="me:1:1", crawl_id=1, floor=0.2, seconds=300)
OTHER = replace(ME, worker="other:2:2", crawl_id=2)


def seed(store: Store, *urls: str, delay: float = 0.0) -> int:
    """Give the frontier these seeds, one after the other as the spider does; return how many were new."""
    with store.write() as connection:
        return sum(
            discovery.add_seeds(connection, TOPIC, [seed], {seed.host: delay})
            for seed in map(address_of, urls)
        )


def lease(store: Store, terms: LeaseTerms = ME, *, now: float = NOW, limit: int = 100) -> list[Lease]:
    """Take the best addresses that are due."""
    with store.write() as connection:
        return frontier.lease(connection, terms, now, limit)


def leased_urls(store: Store, terms: LeaseTerms = ME, *, now: float = NOW, limit: int = 100) -> list[str]:
    """Take the best addresses that are due; return them as text."""
    return [taken.url for taken in lease(store, terms, now=now, limit=limit)]


def entry(store: Store, url: str) -> Row[Any]:
    """Return the frontier's row of an address."""
    with store.read() as connection:
        return connection.execute(select(entries).where(entries.c.key == address_of(url).key)).one()


def visit(url: str, *, key: str | None = None, seen_at: datetime = SEEN_AT, status: int = 200) -> Visit:
    """Return my visit of an address; ``key`` when the frontier has it under another one."""
    return Visit(
        topic=TOPIC,
        frontier_key=key or address_of(url).key,
        url=url,
        crawl_id=ME.crawl_id,
        worker=ME.worker,
        fetched_at=seen_at,
        status=status,
    )


def article(url: str, *links: Link, fetched: str | None = None, **fields: Any) -> Article:
    """Return a story that calls ``url`` its own address, read at ``fetched``."""
    known: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "article_key": address_of(url).key,
        "outlet": address_of(url).outlet,
        "title": "Data Peserta BPJS Bocor",
        "body": "Data peserta bocor.",
        "links": list(links),
        "extractor": "test",
        "relevance": Relevance(score=0.8, on_topic=True, matched=["data bocor"]),
        "visit": visit(fetched or url, seen_at=fields.pop("seen_at", SEEN_AT)),
    } | fields
    return Article(**{"content_hash": sha256((known["title"] + known["body"]).encode()).hexdigest()} | known)


def keep(store: Store, story: Article) -> None:
    """Record a story, leased or not."""
    with store.write() as connection:
        record.record_article(connection, story, {address_of(link.url).host: 0.0 for link in story.links})


def end(store: Store, outcome: Outcome) -> None:
    """Record a visit that brought no story."""
    delays = {address_of(outcome.redirect_url).host: 0.0} if outcome.redirect_url else {}
    with store.write() as connection:
        record.record_outcome(connection, outcome, delays)


def link(
    store: Store,
    source: str,
    *targets: tuple[str, float],
    page_score: float = 0.8,
    depth: int = 0,
    delay: float = 0.0,
    zone: Zone = Zone.BODY,
) -> None:
    """Let a page print links with these anchor scores."""
    found = [
        (address_of(url), Link(url=url, anchor_text=url, anchor_score=score, label="Baca juga", zone=zone))
        for url, score in targets
    ]
    with store.write() as connection:
        discovery.add_links(
            connection,
            TOPIC,
            address_of(source).key,
            links=found,
            page_score=page_score,
            depth=depth,
            delays={address.host: delay for address, _ in found},
        )


def finish(store: Store, url: str, terms: LeaseTerms = ME, outcome: str = "article") -> bool:
    """End a visit; return whether the worker still held it."""
    with store.write() as connection:
        lease_of = (TOPIC, address_of(url).key, terms.worker)
        return frontier.finish(connection, lease_of, state=frontier.DONE, outcome=outcome)


def gone(url: str, key: str | None = None) -> Outcome:
    """A page that is not there any more."""
    return Outcome(url=url, kind=OutcomeKind.GONE, detail="status 404", visit=visit(url, key=key))
