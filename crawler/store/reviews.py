"""What a person says of a topic's stories: kept with the stories, read back for figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, reviews, revisions
from crawler.store.story.stories import PAGE_ROWS, local_time
from crawler.topic_review.picking import Candidate
from crawler.topic_review.reviewed_story import ReviewedStory

_AS_STORED = ("article_id", "url", "outlet", "title", "deck", "relevance", "on_topic", "matched", "label")


def candidates(store: Store, topic: str) -> list[Candidate]:
    """Every story of the topic but copies of others, in order of storing.

    Raises:
        StoreError: when the store cannot be read.
    """
    statement = (
        select(
            articles.c.id,
            articles.c.article_key,
            article_topics.c.relevance,
            article_topics.c.on_topic,
            reviews.c.label,
            reviews.c.is_drawn,
            reviews.c.reviewed_at,
        )
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(reviews, (reviews.c.article_id == articles.c.id) & (reviews.c.topic == topic))
        .where(article_topics.c.topic == topic, articles.c.duplicate_of.is_(None))
        .order_by(articles.c.id)
    )
    with store.read() as connection:
        return [
            Candidate(
                article_id=row.id,
                article_key=row.article_key,
                relevance=row.relevance,
                on_topic=row.on_topic,
                is_reviewed=row.reviewed_at is not None,
                is_drawn=bool(row.is_drawn),
                label=row.label,
            )
            for row in connection.execute(statement)
        ]


def reviewed_stories(store: Store, topic: str, ids: Collection[int]) -> dict[int, ReviewedStory]:
    """The stories with these numbers, by number."""
    found: dict[int, ReviewedStory] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE_ROWS):
        part = wanted[start : start + PAGE_ROWS]
        found.update((each.article_id, each) for each in _read(store, topic, articles.c.id.in_(part)))
    return found


def all_stories(store: Store, topic: str) -> Iterator[ReviewedStory]:
    """Every story of the topic but copies, read page by page."""
    after = 0
    while True:
        page = _read(store, topic, articles.c.id > after)
        yield from page
        if len(page) < PAGE_ROWS:
            return
        after = page[-1].article_id


def keep_review(
    connection: Connection, topic: str, article_id: int, label: bool | None, *, is_drawn: bool
) -> None:
    """Keep what the person says, in place of what they said before; None where they passed it over."""
    here = (reviews.c.topic == topic, reviews.c.article_id == article_id)
    was_drawn = connection.scalar(select(reviews.c.is_drawn).where(*here))
    now = datetime.now(UTC)
    if was_drawn is None:
        row = {"topic": topic, "article_id": article_id, "label": label}
        connection.execute(insert(reviews).values(**row, is_drawn=is_drawn, reviewed_at=now))
    else:
        changed = {"label": label, "is_drawn": was_drawn or is_drawn, "reviewed_at": now}
        connection.execute(update(reviews).where(*here).values(**changed))


def drop_review(connection: Connection, topic: str, article_id: int) -> None:
    """Forget what the person said of a story."""
    connection.execute(delete(reviews).where(reviews.c.topic == topic, reviews.c.article_id == article_id))


def mark_drawn(connection: Connection, topic: str, ids: Collection[int]) -> None:
    """Note that chance has drawn these stories, whatever they were first asked about for."""
    connection.execute(
        update(reviews)
        .where(reviews.c.topic == topic, reviews.c.article_id.in_(sorted(ids)))
        .values(is_drawn=True)
    )


def _read(store: Store, topic: str, condition: ColumnElement[bool]) -> list[ReviewedStory]:
    statement: Select[Any] = (
        select(
            articles.c.id.label("article_id"),
            *(articles.c[name] for name in ("url", "outlet", "title", "deck")),
            revisions.c.body,
            articles.c.published_at,
            articles.c.published_offset,
            *(article_topics.c[name] for name in ("relevance", "on_topic", "matched")),
            reviews.c.label,
            reviews.c.is_drawn,
        )
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(revisions, NEWEST_REVISION)
        .outerjoin(reviews, (reviews.c.article_id == articles.c.id) & (reviews.c.topic == topic))
        .where(article_topics.c.topic == topic, articles.c.duplicate_of.is_(None), condition)
        .order_by(articles.c.id)
        .limit(PAGE_ROWS)
    )
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return [
        ReviewedStory(
            **{name: row[name] for name in _AS_STORED},
            body=row["body"] or "",
            published_at=local_time(row["published_at"], row["published_offset"]),
            is_drawn=bool(row["is_drawn"]),
        )
        for row in rows
    ]
