"""Every version of the stories that was seen, read page by page in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select

from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, revisions
from crawler.store.story.story_filter import StoryFilter

PAGE_ROWS = 200


@dataclass(kw_only=True, slots=True)
class StoryRevision:
    """A version of a story's text."""

    url: str
    outlet: str
    article_key: str
    revision: int  # in the order in which they were first seen, from 1
    is_newest: bool
    seen_at: datetime
    modified_at: datetime | None
    title: str
    deck: str | None
    body: str
    authors: list[str]


def stored_revisions(store: Store, wanted: StoryFilter) -> Iterator[StoryRevision]:
    """Yield the versions of the wanted stories in the order in which they were first seen.

    Raises:
        StoreError: when the store cannot be read.
    """
    last_id = 0
    while True:
        with store.read() as connection:
            rows = connection.execute(_page(wanted, last_id)).all()
        for row in rows:
            yield StoryRevision(**{name: getattr(row, name) for name in StoryRevision.__slots__})
        if len(rows) < PAGE_ROWS:
            return
        last_id = rows[-1].id


def _page(wanted: StoryFilter, last_id: int) -> Select[Any]:
    earlier = revisions.alias("up_to_this")
    number = (
        select(func.count())
        .select_from(earlier)
        .where(earlier.c.article_id == revisions.c.article_id, earlier.c.id <= revisions.c.id)
        .correlate(revisions)
        .scalar_subquery()
    )
    story_wanted = (
        exists()
        .where(article_topics.c.article_id == articles.c.id, *wanted.conditions())
        .correlate(articles, revisions)
    )
    return (
        select(
            revisions.c.id,
            articles.c.url,
            articles.c.outlet,
            articles.c.article_key,
            number.label("revision"),
            NEWEST_REVISION.label("is_newest"),
            *(revisions.c[name] for name in ("seen_at", "modified_at", "title", "deck", "body", "authors")),
        )
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(revisions.c.id > last_id, story_wanted)
        .order_by(revisions.c.id)
        .limit(PAGE_ROWS)
    )
