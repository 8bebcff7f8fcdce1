"""The same text under several headlines of one host: not copies, but pages that could not be read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from crawler.comparing.text_blocks import folded
from crawler.items import Article
from crawler.store.schema import articles, copies, extraction_alarms, pages
from crawler.store.upsert import upsert
from crawler.urls import host_of

ALARM_FROM = 5  # stories with the same text and headlines of their own

logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class ExtractionAlarm:
    """A host of which several stories have the same text."""

    host: str
    stories: int
    example_url: str
    first_seen_at: datetime
    last_seen_at: datetime


def extraction_alarms_of(connection: Connection) -> list[ExtractionAlarm]:
    """Return the alarms, the one with most stories first."""
    columns = [column for column in extraction_alarms.c if column.name != "text_key"]
    rows = connection.execute(select(*columns).order_by(extraction_alarms.c.stories.desc())).all()
    return [ExtractionAlarm(**row._mapping) for row in rows]


def is_extraction_failure(connection: Connection, article: Article, text_key: int, root_id: int) -> bool:
    """Return whether a text that other stories have, too, is a cookie wall, a block page or the like.

    Raises the alarm at the fifth story; those before it, taken for copies until then, stand alone again.

    Args:
        connection: a write transaction.
        article: a story whose text another story has.
        text_key: of the text.
        root_id: the first story with it.
    """
    host = host_of(article.url)
    known = connection.execute(
        select(extraction_alarms.c.stories, extraction_alarms.c.example_url).where(
            extraction_alarms.c.host == host, extraction_alarms.c.text_key == text_key
        )
    ).one_or_none()
    if known is not None:
        _sound(connection, article, host, text_key, known.stories + 1, known.example_url)
        return True
    rows = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.title).where(
            or_(articles.c.id == root_id, articles.c.duplicate_of == root_id),
            articles.c.text_key == text_key,
            articles.c.article_key != article.article_key,
        )
    ).all()
    there = [row for row in rows if host_of(row.url) == host]
    headlines = {folded(row.title) for row in there} | {folded(article.title)}
    if len(headlines) < ALARM_FROM:
        return False
    _part(connection, [row.id for row in there if row.id != root_id])
    _sound(connection, article, host, text_key, len(there) + 1, there[0].url)
    logger.warning(
        "extraction alarm: %d stories of %s have the same text, as a cookie wall or a changed layout gives; "
        "they are kept apart, see %s",
        len(there) + 1,
        host,
        article.url,
    )
    return True


def _part(connection: Connection, article_ids: list[int]) -> None:
    free = connection.scalars(
        select(articles.c.id)
        .where(articles.c.id.in_(article_ids))
        .order_by(articles.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    connection.execute(delete(copies).where(copies.c.article_id.in_(free)))
    connection.execute(
        update(articles).where(articles.c.id.in_(free)).values(duplicate_of=None, duplicate_kind=None)
    )


def _sound(
    connection: Connection, article: Article, host: str, text_key: int, stories: int, example_url: str
) -> None:
    visit = article.visit
    assert visit is not None
    upsert(
        connection,
        extraction_alarms,
        {
            "host": host,
            "text_key": text_key,
            "stories": stories,
            "example_url": example_url,
            "first_seen_at": visit.fetched_at,
            "last_seen_at": visit.fetched_at,
        },
        key=("host", "text_key"),
        changing=("stories", "last_seen_at"),
    )
    detail = f"the same text as {stories - 1} other stories of {host}: a cookie wall, or a changed layout?"
    connection.execute(update(pages).where(pages.c.page_key == visit.frontier_key).values(detail=detail))
