"""Coming back to stories: when each is due again, and what an unchanged page says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select, update

from crawler.store.crawl.frontier import DONE, QUEUED
from crawler.store.schema import article_topics, articles, frontier, links, pages


def next_visit_at(first_seen_at: datetime, now: datetime, after_hours: Sequence[float]) -> datetime | None:
    """Return when a story is due again, dense at first: the next of these ages that lies ahead.

    >>> from datetime import UTC
    >>> first = datetime(2026, 11, 23, 8, tzinfo=UTC)
    >>> next_visit_at(first, first + timedelta(hours=2), [1, 6, 24]).hour
    14
    >>> next_visit_at(first, first + timedelta(days=2), [1, 6, 24]) is None
    True
    """
    ahead = (first_seen_at + timedelta(hours=hours) for hours in sorted(after_hours))
    return next((moment for moment in ahead if moment > now), None)


def plan_visit(
    connection: Connection, page_key: str, article_key: str, now: datetime, after_hours: Sequence[float]
) -> None:
    """Write when the page of a story is due again."""
    first_seen_at = connection.scalar(
        select(articles.c.first_seen_at).where(articles.c.article_key == article_key)
    )
    due_at = next_visit_at(first_seen_at, now, after_hours) if first_seen_at is not None else None
    connection.execute(update(pages).where(pages.c.page_key == page_key).values(next_visit_at=due_at))


def queue_revisits(connection: Connection, topic: str, now: datetime) -> int:
    """Put a topic's stories that are due again back into the frontier; return how many.

    They are asked for under the address that gave the whole story, which is the one whose ETag is known.
    """
    due = connection.execute(
        select(frontier.c.id, pages.c.url, article_topics.c.relevance)
        .join(pages, pages.c.page_key == frontier.c.key)
        .join(articles, articles.c.article_key == pages.c.article_key)
        .join(
            article_topics,
            and_(article_topics.c.article_id == articles.c.id, article_topics.c.topic == frontier.c.topic),
        )
        .where(
            frontier.c.topic == topic,
            frontier.c.state == DONE,
            article_topics.c.on_topic,
            articles.c.gone_at.is_(None),
            pages.c.next_visit_at <= now,
        )
        .order_by(frontier.c.id)
    ).all()
    for row in due:
        connection.execute(
            update(frontier)
            .where(frontier.c.id == row.id, frontier.c.state == DONE)
            .values(state=QUEUED, url=row.url, is_revisit=True, attempts=0, redirects=0, tried=[])
        )
    return len(due)


def validators_of(connection: Connection, page_key: str, url: str) -> tuple[str | None, str | None]:
    """Return the ETag and Last-Modified of an address as last fetched, for a conditional request."""
    row = connection.execute(
        select(pages.c.etag, pages.c.last_modified).where(pages.c.page_key == page_key, pages.c.url == url)
    ).one_or_none()
    return (row.etag, row.last_modified) if row is not None else (None, None)


def note_unchanged(connection: Connection, page_key: str, seen_at: datetime) -> str | None:
    """Count a visit that found the page as it was (status 304); return the story's key.

    The story and the links that it still prints have been seen again.
    """
    article_key: str | None = connection.scalar(
        update(pages)
        .where(pages.c.page_key == page_key)
        .values(visits=pages.c.visits + 1, fetched_at=seen_at, status=304)
        .returning(pages.c.article_key)
    )
    still_printed = (
        select(links.c.id)
        .join(articles, articles.c.id == links.c.source_id)
        .where(articles.c.article_key == article_key, links.c.last_seen_at == articles.c.last_seen_at)
    )
    connection.execute(
        update(links).where(links.c.id.in_(still_printed.scalar_subquery())).values(last_seen_at=seen_at)
    )
    connection.execute(
        update(articles).where(articles.c.article_key == article_key).values(last_seen_at=seen_at)
    )
    return article_key


def note_gone(connection: Connection, page_key: str, gone_at: datetime) -> None:
    """Write when a story was found deleted, or its address led elsewhere; its text stays."""
    article_key = connection.scalar(select(pages.c.article_key).where(pages.c.page_key == page_key))
    connection.execute(
        update(articles)
        .where(
            articles.c.article_key.in_([key for key in (page_key, article_key) if key]),
            articles.c.gone_at.is_(None),
        )
        .values(gone_at=gone_at)
    )
