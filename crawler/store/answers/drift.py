"""What the store says of each outlet's last pages, for the watch on changed layouts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.drift import RECENT, OutletCheck, Sample, check_outlet
from crawler.items import OutcomeKind
from crawler.store.schema import articles, links, pages
from crawler.store.story.stories import local_time

HISTORY = 500  # older stories that an outlet's recent ones are held against

# Columns of ``articles`` that hold the fields which drift watches; body and links are counted.
_COLUMNS = {
    "title": "title",
    "deck": "deck",
    "published_at": "published_at",
    "authors": "authors",
    "editors": "editors",
    "section": "section",
    "tags": "tags",
    "image": "image_url",
    "caption": "image_caption",
    "dateline": "dateline",
    "initials": "initials",
}


def check_outlets(
    connection: Connection,
    names: Iterable[str] | None = None,
    *,
    recent: int = RECENT,
    since: datetime | None = None,
) -> list[OutletCheck]:
    """Return how each outlet's recent stories compare with its older ones.

    Args:
        connection: a read transaction.
        names: outlets as the store names them; None for all that it has pages of.
        recent: how many of an outlet's last stories are held against all before them.
        since: only what was read from then on is recent, such as the stories of one crawl.
    """
    chosen = outlets_in_store(connection) if names is None else sorted(set(names))
    return [
        check_outlet(name, samples(connection, name, recent + HISTORY), recent=recent, since=since)
        for name in chosen
    ]


def outlets_in_store(connection: Connection) -> list[str]:
    """Return the names of the outlets that the store has pages or stories of."""
    columns = (articles.c.outlet, pages.c.outlet)
    return sorted({name for column in columns for name in connection.scalars(select(column).distinct())})


def samples(connection: Connection, outlet: str, limit: int) -> list[Sample]:
    """Return an outlet's last stories and the pages that gave none, the one read first first."""
    found = _stories(connection, outlet, limit) + _unread(connection, outlet, limit)
    return sorted(found, key=lambda each: (each.seen_at, each.url))


def _stories(connection: Connection, outlet: str, limit: int) -> list[Sample]:
    printed = (
        select(func.count())
        .where(links.c.source_id == articles.c.id, links.c.last_seen_at == articles.c.last_seen_at)
        .correlate(articles)
        .scalar_subquery()
    )
    last = (
        select(articles.c.id)
        .where(articles.c.outlet == outlet)
        .order_by(articles.c.last_seen_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(
        select(
            articles.c.url,
            articles.c.last_seen_at,
            articles.c.published_offset,
            articles.c.word_count,
            printed.label("links"),
            *(articles.c[column] for column in _COLUMNS.values()),
        ).where(articles.c.id.in_(last))
    )
    return [_sample(row) for row in rows]


def _sample(row: Any) -> Sample:
    filled = {name for name, column in _COLUMNS.items() if getattr(row, column)} | {"story"}
    printed_at = local_time(row.published_at, row.published_offset)
    if printed_at and printed_at.time() != time(0):
        filled.add("clock")
    if row.word_count:
        filled.add("body")
    if row.links:
        filled.add("links")
    return Sample(
        url=row.url,
        seen_at=row.last_seen_at,
        title=row.title,
        filled=frozenset(filled),
        words=row.word_count,
        links=row.links,
    )


def _unread(connection: Connection, outlet: str, limit: int) -> list[Sample]:
    rows = connection.execute(
        select(pages.c.url, pages.c.fetched_at)
        .where(pages.c.outlet == outlet, pages.c.outcome == str(OutcomeKind.LAYOUT_CHANGED))
        .order_by(pages.c.fetched_at.desc())
        .limit(limit)
    )
    return [Sample(url=row.url, seen_at=row.fetched_at) for row in rows]
