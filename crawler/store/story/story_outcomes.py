"""The fetched pages that were no stories, and why, read page by page in constant memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, select

from crawler.store.answers.provenance import known_topics
from crawler.store.database import Store
from crawler.store.schema import frontier, pages
from crawler.store.story.story_filter import StoryFilter
from crawler.urls import host_of

PAGE_ROWS = 1000
STORY = "article"


@dataclass(kw_only=True, slots=True)
class StoredOutcome:
    """How the last visit of an address ended that gave no story."""

    url: str
    outlet: str
    host: str
    kind: str  # an OutcomeKind, or "listing"
    detail: str
    status: int | None
    fetched_at: datetime
    visits: int
    topics: list[str]


def stored_outcomes(store: Store, wanted: StoryFilter) -> Iterator[StoredOutcome]:
    """Yield the addresses that gave no story, ordered by their keys, hence by outlet.

    Of the filter count the topic, the outlets and the period, which is that of the visit.

    Raises:
        StoreError: when the store cannot be read.
    """
    last_key = ""
    while True:
        with store.read() as connection:
            rows = connection.execute(_page(wanted, last_key)).all()
            topics = _topics(connection, [row.page_key for row in rows])
        for row in rows:
            yield StoredOutcome(
                url=row.url,
                outlet=row.outlet,
                host=host_of(row.url),
                kind=row.outcome,
                detail=row.detail,
                status=row.status,
                fetched_at=row.fetched_at,
                visits=row.visits,
                topics=topics[row.page_key],
            )
        if len(rows) < PAGE_ROWS:
            return
        last_key = rows[-1].page_key


def _page(wanted: StoryFilter, last_key: str) -> Select[Any]:
    statement = select(pages).where(pages.c.outcome != STORY, pages.c.page_key > last_key)
    if wanted.topic is not None:
        asked_for = exists().where(frontier.c.topic == wanted.topic, frontier.c.key == pages.c.page_key)
        statement = statement.where(asked_for.correlate(pages))
    if wanted.outlets:
        statement = statement.where(pages.c.outlet.in_(wanted.outlets))
    if wanted.since is not None:
        statement = statement.where(pages.c.fetched_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(pages.c.fetched_at < wanted.until)
    return statement.order_by(pages.c.page_key).limit(PAGE_ROWS)


def _topics(connection: Connection, keys: Collection[str]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    # Topics are few, and the index of the frontier begins with them.
    rows = connection.execute(
        select(frontier.c.key, frontier.c.topic)
        .where(frontier.c.topic.in_(known_topics(connection)), frontier.c.key.in_(keys))
        .order_by(frontier.c.topic)
    )
    for key, topic in rows:
        found[key].append(topic)
    return found
