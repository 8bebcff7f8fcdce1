"""The stored stories as a person wants them, read page by page in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, select, tuple_

from crawler.store.answers.provenance import entries, found_via_urls
from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, revisions
from crawler.store.story.story_filter import StoryFilter

PAGE_ROWS = 250


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
            rows = connection.execute(_page(wanted, after, store.is_sqlite)).all()
            stories = _with_sources(connection, rows)
        yield from stories
        if len(rows) < PAGE_ROWS:
            return
        after = (rows[-1].id, rows[-1].topic)


def outlets_of(connection: Connection) -> list[str]:
    """Return the names of the outlets that the store has stories of, in order."""
    # One step an outlet through the index, where DISTINCT would read all stories.
    names: list[str] = []
    statement = select(articles.c.outlet).order_by(articles.c.outlet).limit(1)
    name = connection.scalar(statement)
    while name is not None:
        names.append(name)
        name = connection.scalar(statement.where(articles.c.outlet > name))
    return names


def local_time(moment: datetime | None, offset_minutes: int | None) -> datetime | None:
    """Return the moment with the offset that the page printed; in UTC when it printed none."""
    if moment is None or offset_minutes is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)) if offset_minutes else UTC)


def _page(wanted: StoryFilter, after: tuple[int, str] | None, is_sqlite: bool) -> Select[Any]:
    last_id = after[0] if after is not None else 0
    newest = NEWEST_REVISION if is_sqlite else and_(NEWEST_REVISION, revisions.c.article_id >= last_id)
    first_copy = articles.alias("first_copy")
    statement = (
        select(
            *(_column(name) for name in _AS_STORED),
            articles.c.id,
            articles.c.published_at,
            articles.c.published_offset,
            articles.c.modified_at,
            articles.c.modified_offset,
            revisions.c.body,
            first_copy.c.url.label("first_copy_url"),
        )
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(revisions, newest)
        .outerjoin(first_copy, first_copy.c.id == articles.c.duplicate_of)
        .where(*wanted.conditions(in_order=is_sqlite))
        # The order of the primary key of article_topics: any other would sort what is left for each page.
        .order_by(article_topics.c.article_id, article_topics.c.topic)
        .limit(PAGE_ROWS)
    )
    if not is_sqlite:
        # Postgres may walk through all three tables at once, and would begin at the first row each time.
        statement = statement.where(articles.c.id >= last_id)
    if after is not None:
        place = tuple_(article_topics.c.article_id, article_topics.c.topic)
        statement = statement.where(place > tuple_(*(literal(value) for value in after)))
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
                **dict(zip(_AS_STORED, row, strict=False)),  # they come first
                published_at=local_time(row.published_at, row.published_offset),
                modified_at=local_time(row.modified_at, row.modified_offset),
                body=row.body or "",
                found_via=sources.get(source) if source else None,
                duplicate_of=row.first_copy_url,
            )
        )
    return stories


def _column(name: str) -> ColumnElement[Any]:
    return article_topics.c[name] if name in _OF_TOPIC else articles.c[name]


_OF_TOPIC = frozenset({"topic", "relevance", "on_topic", "matched", "depth"})
_COMPUTED = frozenset({"published_at", "modified_at", "body", "found_via", "duplicate_of"})
_AS_STORED = tuple(name for name in StoredStory.__slots__ if name not in _COMPUTED)
