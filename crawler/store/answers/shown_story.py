"""One story with everything around it: its addresses, versions, links in and out, and copies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crawler.store.answers.lookup import Sighting, sight
from crawler.store.answers.provenance import entries, found_via_urls
from crawler.store.database import Store
from crawler.store.dedupe.copies import Copy, copies_of
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, frontier, links, pages, revisions
from crawler.store.story.stories import local_time
from crawler.store.story.story_links import StoredLink, link_columns


@dataclass(kw_only=True, slots=True)
class StoryTopic:
    """How the story fits one topic, and how it was found there."""

    topic: str
    relevance: float
    on_topic: bool
    matched: list[str]
    depth: int
    found_via: str | None


@dataclass(kw_only=True, slots=True)
class Revision:
    """A version of the story's text."""

    seen_at: datetime
    modified_at: datetime | None
    title: str


@dataclass(kw_only=True, slots=True)
class ShownStory:
    """A story as ``bacajuga show`` tells it."""

    url: str
    canonical_url: str
    article_key: str
    outlet: str
    title: str
    deck: str | None
    authors: list[str]
    editors: list[str]
    initials: str | None
    dateline: str | None
    published_at: datetime | None
    modified_at: datetime | None
    section: str | None
    tags: list[str]
    image_url: str | None
    image_caption: str | None
    language: str | None
    agency: str | None
    is_premium: bool
    word_count: int
    missing_pages: list[str]
    extractor: str
    duplicate_of: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    body: str
    topics: list[StoryTopic] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)  # other ones that lead here
    revisions: list[Revision] = field(default_factory=list)  # oldest first
    links_out: list[StoredLink] = field(default_factory=list)
    links_in: list[StoredLink] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)  # the group it belongs to, first published on top


def show(store: Store, url: str) -> ShownStory | None:
    """Return the story at any of its addresses, or None when it is not stored.

    Raises:
        BacaJugaError: when the text is not a web address.
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        seen = sight(connection, url)
        if seen.article_id is None:
            return None
        story = _story(connection, seen.article_id)
        story.topics = _topics(connection, seen.article_id, story.article_key)
        story.addresses = _addresses(connection, seen, story)
        story.revisions = _revisions(connection, seen.article_id)
        story.links_out = _links(connection, links.c.source_id == seen.article_id)
        story.links_in = _links(
            connection, links.c.target_key.in_(sorted(seen.own_keys)), links.c.source_id != seen.article_id
        )
        story.copies = copies_of(connection, seen.article_id)
    return story


def _story(connection: Connection, article_id: int) -> ShownStory:
    first_copy = articles.alias("first_copy")
    row = connection.execute(
        select(articles, revisions.c.body, first_copy.c.url.label("first_copy_url"))
        .outerjoin(revisions, NEWEST_REVISION)
        .outerjoin(first_copy, first_copy.c.id == articles.c.duplicate_of)
        .where(articles.c.id == article_id)
    ).one()
    return ShownStory(
        **{name: getattr(row, name) for name in _AS_STORED},
        published_at=local_time(row.published_at, row.published_offset),
        modified_at=local_time(row.modified_at, row.modified_offset),
        duplicate_of=row.first_copy_url,
        body=row.body or "",
    )


def _topics(connection: Connection, article_id: int, article_key: str) -> list[StoryTopic]:
    rows = connection.execute(
        select(article_topics)
        .where(article_topics.c.article_id == article_id)
        .order_by(article_topics.c.topic)
    ).all()
    found = entries(connection, [(row.topic, article_key) for row in rows])
    sources = found_via_urls(connection, found.values())
    topics = []
    for row in rows:
        entry = found.get((row.topic, article_key))
        topics.append(
            StoryTopic(
                topic=row.topic,
                relevance=row.relevance,
                on_topic=row.on_topic,
                matched=row.matched,
                depth=row.depth,
                found_via=sources.get((row.topic, entry.found_via)) if entry and entry.found_via else None,
            )
        )
    return topics


def _addresses(connection: Connection, seen: Sighting, story: ShownStory) -> list[str]:
    own_keys = sorted(seen.own_keys)
    fetched = connection.scalars(select(pages.c.url).where(pages.c.page_key.in_(own_keys)))
    topics = [entry.topic for entry in story.topics]
    linked = connection.scalars(
        select(frontier.c.url).where(frontier.c.topic.in_(topics), frontier.c.key.in_(own_keys))
    )
    printed = connection.scalars(select(links.c.target_url).where(links.c.target_key.in_(own_keys)))
    return sorted({*fetched, *linked, *printed} - {story.url})


def _revisions(connection: Connection, article_id: int) -> list[Revision]:
    rows = connection.execute(
        select(revisions.c.seen_at, revisions.c.modified_at, revisions.c.title)
        .where(revisions.c.article_id == article_id)
        .order_by(revisions.c.id)
    )
    return [Revision(seen_at=row.seen_at, modified_at=row.modified_at, title=row.title) for row in rows]


def _links(connection: Connection, *conditions: Any) -> list[StoredLink]:
    rows = connection.execute(
        select(*link_columns())
        .join(articles, articles.c.id == links.c.source_id)
        .where(*conditions)
        .order_by(links.c.source_id, links.c.position, links.c.id)
    )
    return [StoredLink(**row._mapping) for row in rows]


_COMPUTED = frozenset(
    {"published_at", "modified_at", "duplicate_of", "body"}
    | {"topics", "addresses", "revisions", "links_out", "links_in", "copies"}
)
_AS_STORED = tuple(name for name in ShownStory.__slots__ if name not in _COMPUTED)
