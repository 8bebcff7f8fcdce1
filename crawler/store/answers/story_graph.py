"""The graph of read-also links: wanted stories and what they link to, read page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, select
from xxhash import xxh3_64_intdigest

from crawler.store.database import Store
from crawler.store.schema import article_topics, articles
from crawler.store.story.stories import StoredStory, local_time, stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.store.story.story_links import link_rows

LOOKUP_ROWS = 500


@dataclass(kw_only=True, slots=True)
class GraphNode:
    """A story: one of those asked for, or one that they link to, read or not."""

    article_key: str
    label: str
    url: str
    outlet: str
    is_stored: bool
    is_selected: bool
    published_at: datetime | None
    first_seen_at: datetime
    topics: list[str] = field(default_factory=list)
    relevance: float | None = None
    duplicate_of: str | None = None


@dataclass(kw_only=True, slots=True)
class GraphEdge:
    """A link that a wanted story prints."""

    source: str
    target: str
    label: str | None
    anchor_text: str
    position: int
    first_seen_at: datetime
    last_seen_at: datetime
    target_url: str


def stored_graph(store: Store, wanted: StoryFilter) -> Iterator[GraphNode | GraphEdge]:
    """Yield the wanted stories, then the links that they print, each after the story that it leads to.

    Kept in memory is a number of 8 bytes for each node, some 80 MB for a million.

    Raises:
        StoreError: when the store cannot be read.
    """
    seen: set[int] = set()
    for key, rows in groupby(stored_stories(store, wanted), key=lambda story: story.article_key):
        seen.add(_number(key))
        yield _selected(list(rows))
    links = link_rows(store, wanted)
    while batch := list(islice(links, LOOKUP_ROWS)):
        unknown = {
            row.target_article_key
            for row in batch
            if row.target_stored and _number(row.target_article_key) not in seen
        }
        with store.read() as connection:
            stored = _stored_targets(connection, unknown)
        for row in batch:
            if _number(row.source_article_key) not in seen:
                continue  # stored while this was read
            target = _number(row.target_article_key)
            if target not in seen:
                seen.add(target)
                yield stored.get(row.target_article_key) or _unread(row)
            yield _edge(row)


def _number(key: str) -> int:
    return xxh3_64_intdigest(key.encode())


def _selected(rows: list[StoredStory]) -> GraphNode:
    """Return the node of a story, given its rows, one a topic."""
    story = rows[0]
    return GraphNode(
        article_key=story.article_key,
        label=story.title,
        url=story.url,
        outlet=story.outlet,
        is_stored=True,
        is_selected=True,
        published_at=story.published_at,
        first_seen_at=story.first_seen_at,
        topics=[row.topic for row in rows],
        relevance=max(row.relevance for row in rows),
        duplicate_of=story.duplicate_of,
    )


def _stored_targets(connection: Connection, keys: Collection[str]) -> dict[str, GraphNode]:
    if not keys:
        return {}
    first_copy = articles.alias("first_copy")
    nodes: dict[str, GraphNode] = {}
    for row in connection.execute(
        select(articles, first_copy.c.url.label("first_copy_url"))
        .outerjoin(first_copy, first_copy.c.id == articles.c.duplicate_of)
        .where(articles.c.article_key.in_(sorted(keys)))
    ):
        nodes[row.article_key] = GraphNode(
            article_key=row.article_key,
            label=row.title,
            url=row.url,
            outlet=row.outlet,
            is_stored=True,
            is_selected=False,
            published_at=local_time(row.published_at, row.published_offset),
            first_seen_at=row.first_seen_at,
            duplicate_of=row.first_copy_url,
        )
    for row in connection.execute(
        select(articles.c.article_key, article_topics.c.topic, article_topics.c.relevance)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(articles.c.article_key.in_(sorted(nodes)))
        .order_by(article_topics.c.topic)
    ):
        node = nodes[row.article_key]
        node.topics.append(row.topic)
        node.relevance = max(node.relevance or 0.0, row.relevance)
    return nodes


def _unread(row: Any) -> GraphNode:
    return GraphNode(
        article_key=row.target_article_key,
        label=row.anchor_text,
        url=row.target_url,
        outlet=row.target_outlet,
        is_stored=False,
        is_selected=False,
        published_at=None,
        first_seen_at=row.first_seen_at,
    )


def _edge(row: Any) -> GraphEdge:
    return GraphEdge(
        source=row.source_article_key,
        target=row.target_article_key,
        label=row.label,
        anchor_text=row.anchor_text,
        position=row.position,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        target_url=row.target_url,
    )
