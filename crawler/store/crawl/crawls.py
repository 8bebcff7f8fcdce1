"""The log of crawls: when each ran, why it stopped, and what it brought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, distinct, func, select, update

from crawler.store.crawl.frontier import QUEUED, WAITING
from crawler.store.schema import article_topics, articles, crawls, frontier, links
from crawler.store.upsert import insert


@dataclass(kw_only=True, slots=True)
class Holdings:
    """What the store holds on a topic."""

    stories: int  # on topic, copies not counted
    copies: int  # on topic, the same text as an earlier story
    off_topic: int
    read_also_links: int  # printed in on-topic stories
    by_outlet: Counter[str] = field(default_factory=Counter)  # on-topic stories


def start_crawl(connection: Connection, topic: str, worker: str, figures: dict[str, Any]) -> int:
    """Open a line in the log; return the crawl's number."""
    crawl_id = connection.execute(
        insert(connection, crawls)
        .values(topic=topic, worker=worker, started_at=datetime.now(UTC), figures=figures)
        .returning(crawls.c.id)
    ).scalar_one()
    return int(crawl_id)


def end_crawl(connection: Connection, crawl_id: int, stop_reason: str, figures: dict[str, Any]) -> None:
    """Close the crawl's line with why it stopped and what it brought."""
    connection.execute(
        update(crawls)
        .where(crawls.c.id == crawl_id)
        .values(ended_at=datetime.now(UTC), stop_reason=stop_reason, figures=figures)
    )


def holdings(connection: Connection, topic: str) -> Holdings:
    """Return what the store holds on a topic."""
    rows = connection.execute(
        select(
            articles.c.outlet,
            article_topics.c.on_topic,
            articles.c.duplicate_of.is_not(None).label("is_copy"),
            func.count().label("number"),
        )
        .join(articles, articles.c.id == article_topics.c.article_id)
        .where(article_topics.c.topic == topic)
        .group_by(articles.c.outlet, article_topics.c.on_topic, articles.c.duplicate_of.is_not(None))
    ).all()
    printed = connection.scalar(
        select(func.count(distinct(links.c.id)))
        .join(article_topics, article_topics.c.article_id == links.c.source_id)
        .join(articles, articles.c.id == links.c.source_id)
        .where(article_topics.c.topic == topic, article_topics.c.on_topic, articles.c.duplicate_of.is_(None))
    )
    by_outlet: Counter[str] = Counter()
    for row in rows:
        if row.on_topic and not row.is_copy:
            by_outlet[row.outlet] += row.number
    return Holdings(
        stories=by_outlet.total(),
        copies=sum(row.number for row in rows if row.on_topic and row.is_copy),
        off_topic=sum(row.number for row in rows if not row.on_topic),
        read_also_links=printed or 0,
        by_outlet=by_outlet,
    )


def best_left(connection: Connection, topic: str) -> tuple[int, float | None]:
    """Return how many addresses were never fetched, and the best score among them."""
    row = connection.execute(
        select(func.count(), func.max(frontier.c.score)).where(
            frontier.c.topic == topic, frontier.c.state.in_([QUEUED, WAITING])
        )
    ).one()
    return row[0], row[1]
