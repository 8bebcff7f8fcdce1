"""The stored stories as a person wants them, read page by page in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from crawler.store.database import Store
from crawler.store.provenance import entries, found_via_urls
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, revisions
from crawler.store.story_filter import StoryFilter

PAGE_ROWS = 100


@dataclass(kw_only=True, slots=True)
class StoredStory:
    """A story within one topic, with how it was found and what it repeats."""

    url: str
    outlet: str
    title: str
    deck: str | None
    authors: list[str]
    editors: list[str]
    published_at: datetime | None
    modified_at: datetime | None
    section: str | None
    tags: list[str]
    body: str
    image_url: str | None
    language: str | None
    word_count: int
    topic: str
    relevance: float
    on_topic: bool
    matched: list[str]
    depth: int
    found_via: str | None  # address of the page whose link led here; None for a seed
    duplicate_of: str | None  # address of the first copy
    first_seen_at: datetime
    last_seen_at: datetime
    canonical_url: str
    article_key: str
    duplicate_kind: str | None  # exact or near


def stored_stories(store: Store, wanted: StoryFilter) -> Iterator[StoredStory]:
    """Yield the stories in the order in which they were first stored, once for each of their topics.

    Every page is a short read of its own: a long export does not hold up the crawl that writes
    meanwhile, and stories stored before the export began are all in it.
    """
    after: tuple[int, str] | None = None
    while True:
        with store.read() as connection:
            rows = connection.execute(_page(wanted, after)).all()
            stories = _with_sources(connection, rows)
        yield from stories
        if len(rows) < PAGE_ROWS:
            return
        after = (rows[-1].id, rows[-1].topic)


def local_time(moment: datetime | None, offset_minutes: int | None) -> datetime | None:
    """Return the moment with the offset that the page printed; in UTC when it printed none."""
    if moment is None or offset_minutes is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)) if offset_minutes else UTC)


def _page(wanted: StoryFilter, after: tuple[int, str] | None) -> Select[Any]:
    first_copy = articles.alias("first_copy")
    statement = (
        select(
            articles,
            revisions.c.body,
            *(article_topics.c[name] for name in ("topic", "relevance", "on_topic", "matched", "depth")),
            first_copy.c.url.label("first_copy_url"),
        )
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(revisions, NEWEST_REVISION)
        .outerjoin(first_copy, first_copy.c.id == articles.c.duplicate_of)
        .where(*wanted.conditions())
        .order_by(articles.c.id, article_topics.c.topic)
        .limit(PAGE_ROWS)
    )
    if after is not None:
        last_id, last_topic = after
        beyond = or_(articles.c.id > last_id, article_topics.c.topic > last_topic)
        statement = statement.where(and_(articles.c.id >= last_id, beyond))
    return statement


def _with_sources(connection: Connection, rows: Sequence[Any]) -> list[StoredStory]:
    found = entries(connection, [(row.topic, row.article_key) for row in rows])
    sources = found_via_urls(connection, found.values())
    stories = []
    for row in rows:
        entry = found.get((row.topic, row.article_key))
        source = (row.topic, entry.found_via) if entry is not None and entry.found_via else None
        stories.append(
            StoredStory(
                **{name: getattr(row, name) for name in _AS_STORED},
                published_at=local_time(row.published_at, row.published_offset),
                modified_at=local_time(row.modified_at, row.modified_offset),
                body=row.body or "",
                found_via=sources.get(source) if source else None,
                duplicate_of=row.first_copy_url,
            )
        )
    return stories


_COMPUTED = frozenset({"published_at", "modified_at", "body", "found_via", "duplicate_of"})
_AS_STORED = tuple(name for name in StoredStory.__slots__ if name not in _COMPUTED)
