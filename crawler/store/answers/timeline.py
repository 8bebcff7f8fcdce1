"""A topic's stories by day, read from the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crawler.store.database import Store
from crawler.store.schema import article_topics, articles
from crawler.store.story.stories import local_time
from crawler.store.story.story_filter import StoryFilter
from crawler.threads.timeline import Moment, Step, Timeline, timeline_of

ROWS = 1_000


def timeline(store: Store, wanted: StoryFilter, step: Step | None = None) -> Timeline:
    """Return when the wanted stories were published, counted by day, week or month.

    Args:
        store: an open store.
        wanted: which stories; its topic is set.
        step: what a line stands for; by the span when not given.

    Raises:
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        timeless = _stories(wanted, func.count()).where(articles.c.published_at.is_(None))
        return timeline_of(_moments(connection, wanted), step, connection.scalar(timeless) or 0)


def _moments(connection: Connection, wanted: StoryFilter) -> Iterator[Moment]:
    statement = (
        _stories(wanted, *(articles.c[name] for name in _COLUMNS))
        .where(articles.c.published_at.is_not(None))
        .order_by(articles.c.published_at, articles.c.id)
    )
    for row in connection.execution_options(yield_per=ROWS).execute(statement):
        moment = local_time(row.published_at, row.published_offset)
        assert moment is not None
        yield Moment(published_at=moment, outlet=row.outlet, title=row.title, url=row.url)


def _stories(wanted: StoryFilter, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(articles)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(*wanted.conditions())
    )


_COLUMNS = ("published_at", "published_offset", "outlet", "title", "url")
