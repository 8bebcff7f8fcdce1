"""The read-also links between stories as printed, read page by page in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, func, or_, select

from crawler.store.database import Store
from crawler.store.schema import aliases, article_topics, articles, links
from crawler.store.story.story_filter import StoryFilter

PAGE_ROWS = 1000


@dataclass(kw_only=True, slots=True)
class StoredLink:
    """A read-also link: where it is printed, how, and whether its target is stored."""

    source_url: str
    target_url: str
    label: str | None
    anchor_text: str
    position: int
    target_outlet: str
    target_stored: bool
    first_seen_at: datetime
    last_seen_at: datetime
    target_article_key: str  # whatever form of the target's address is printed


def stored_links(store: Store, wanted: StoryFilter) -> Iterator[StoredLink]:
    """Yield the links that the wanted stories print, each once however many topics its story has."""
    for row in link_rows(store, wanted):
        yield StoredLink(**{name: getattr(row, name) for name in StoredLink.__slots__})


def link_rows(store: Store, wanted: StoryFilter) -> Iterator[Row[Any]]:
    """Yield the same as rows, which have the printing story's key as ``source_article_key``, too."""
    last_id = 0
    while True:
        with store.read() as connection:
            rows = connection.execute(_page(wanted, last_id)).all()
        yield from rows
        if len(rows) < PAGE_ROWS:
            return
        last_id = rows[-1].id


def link_columns() -> list[ColumnElement[Any]]:
    """Return the columns of a ``StoredLink``, to select from links joined with their sources."""
    return [
        articles.c.url.label("source_url"),
        links.c.target_url,
        links.c.label,
        links.c.anchor_text,
        links.c.position,
        links.c.target_outlet,
        _target_stored().label("target_stored"),
        links.c.first_seen_at,
        links.c.last_seen_at,
        func.coalesce(_story_of_alias(), links.c.target_key).label("target_article_key"),
    ]


def _story_of_alias() -> ScalarSelect[Any]:
    known = select(aliases.c.article_key).where(aliases.c.alias_key == links.c.target_key)
    return known.correlate(links).scalar_subquery()


def _target_stored() -> ColumnElement[bool]:
    target = articles.alias("target")
    direct = exists().where(target.c.article_key == links.c.target_key)
    by_alias = exists().where(
        aliases.c.alias_key == links.c.target_key, target.c.article_key == aliases.c.article_key
    )
    return or_(direct.correlate(links), by_alias.correlate(links))


def _page(wanted: StoryFilter, last_id: int) -> Select[Any]:
    story_wanted = (
        exists()
        .where(article_topics.c.article_id == articles.c.id, *wanted.conditions())
        .correlate(articles, links)
    )
    return (
        select(links.c.id, articles.c.article_key.label("source_article_key"), *link_columns())
        .join(articles, articles.c.id == links.c.source_id)
        .where(links.c.id > last_id, story_wanted)
        .order_by(links.c.id)
        .limit(PAGE_ROWS)
    )
