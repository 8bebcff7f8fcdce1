"""What was read of a story, from the store and from a page, in one form to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.items import Article
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, links, pages, revisions
from crawler.store.story.stories import local_time

_AS_STORED = (
    "canonical_url",
    "title",
    "deck",
    "authors",
    "editors",
    "initials",
    "dateline",
    "section",
    "tags",
    "image_url",
    "image_caption",
    "language",
    "agency",
    "is_premium",
    "missing_pages",
    "extractor",
)
_TIMES = ("published", "modified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a story came to a topic, and in which crawl."""

    depth: int
    crawl_id: int


@dataclass(kw_only=True, slots=True)
class StoredReading:
    """A story as the store has it."""

    article_id: int
    revision_id: int
    fields: dict[str, Any]  # as ``fields_of`` gives them
    last_seen_at: datetime
    read_at: datetime  # when the newest page that was read for it was fetched
    gone_at: datetime | None
    topics: dict[str, Fit]


def fields_of(article: Article) -> dict[str, Any]:
    """Return what was read, by field, as plain values; an article that went through ``normalise_article``."""
    found: dict[str, Any] = {name: getattr(article, name) for name in _AS_STORED}
    for name in _TIMES:
        moment: datetime | None = getattr(article, f"{name}_at")
        found[f"{name}_at"] = moment.isoformat() if moment else None
    found["body"] = article.body
    found["links"] = sorted(
        (link.position, link.label or "", link.anchor_text, link.url) for link in article.links
    )
    return found


def differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields that are not the same, each with both values."""
    return {name: (old[name], value) for name, value in new.items() if old[name] != value}


def stored_reading(connection: Connection, article_key: str, *, lock: bool = False) -> StoredReading | None:
    """Return what the store has of a story, or None when it has none.

    Args:
        connection: a transaction.
        article_key: the story's key.
        lock: whether other workers have to wait for our commit before they change the story.
    """
    wanted = (
        select(articles, revisions.c.id.label("revision_id"), revisions.c.body)
        .join(revisions, NEWEST_REVISION)
        .where(articles.c.article_key == article_key)
    )
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        return None
    found: dict[str, Any] = {name: getattr(row, name) for name in _AS_STORED}
    for name in _TIMES:
        moment = local_time(getattr(row, f"{name}_at"), getattr(row, f"{name}_offset"))
        found[f"{name}_at"] = moment.isoformat() if moment else None
    found["body"] = row.body
    found["links"] = _printed_links(connection, row.id, row.last_seen_at)
    fits = connection.execute(
        select(article_topics.c.topic, article_topics.c.depth, article_topics.c.crawl_id)
        .where(article_topics.c.article_id == row.id)
        .order_by(article_topics.c.topic)
    )
    return StoredReading(
        article_id=row.id,
        revision_id=row.revision_id,
        fields=found,
        last_seen_at=row.last_seen_at,
        read_at=_read_at(connection, row.id, article_key),
        gone_at=row.gone_at,
        topics={fit.topic: Fit(depth=fit.depth, crawl_id=fit.crawl_id or 0) for fit in fits},
    )


def _printed_links(
    connection: Connection, article_id: int, last_seen_at: datetime
) -> list[tuple[int, str, str, str]]:
    """Return the links that the story printed when it was last read, not those that its editors took out."""
    rows = connection.execute(
        select(links.c.position, links.c.label, links.c.anchor_text, links.c.target_url).where(
            links.c.source_id == article_id, links.c.last_seen_at == last_seen_at
        )
    )
    return sorted((row.position, row.label or "", row.anchor_text, row.target_url) for row in rows)


def _read_at(connection: Connection, article_id: int, article_key: str) -> datetime:
    revised_at: datetime | None = connection.scalar(
        select(func.max(revisions.c.seen_at)).where(revisions.c.article_id == article_id)
    )
    # A later visit that was answered with "not modified" read nothing.
    fetched_at: datetime | None = connection.scalar(
        select(func.max(pages.c.fetched_at)).where(
            pages.c.article_key == article_key, pages.c.outcome == "article", pages.c.status == 200
        )
    )
    assert revised_at is not None
    return max(revised_at, fetched_at) if fetched_at is not None else revised_at
