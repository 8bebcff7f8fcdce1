"""The stored texts of stories, made ready to be compared."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, or_, select

from crawler.fingerprint import story_words
from crawler.likeness import Shape, shape_of
from crawler.store.repeats import repeated_blocks
from crawler.store.schema import articles, revisions
from crawler.urls import host_of


def shapes_of(connection: Connection, article_ids: Collection[int]) -> dict[int, list[Shape]]:
    """Return the first and the newest text of each story: a copy may be one of either.

    What its host repeats under many stories is left out of every text.
    """
    if not article_ids:
        return {}
    first = (
        select(func.min(revisions.c.id))
        .where(revisions.c.article_id == articles.c.id)
        .correlate(articles)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.dateline, revisions.c.body)
        .join(revisions, revisions.c.article_id == articles.c.id)
        .where(
            articles.c.id.in_(sorted(article_ids)),
            or_(revisions.c.content_hash == articles.c.content_hash, revisions.c.id == first),
        )
        .order_by(articles.c.id, revisions.c.id)
    ).all()
    read = [(row, story_words(row.body, dateline=row.dateline, host=host_of(row.url))) for row in rows]
    repeated = repeated_blocks(connection, {block for _, words in read for block in words.blocks})
    shapes: dict[int, list[Shape]] = {}
    for row, words in read:
        if not repeated.isdisjoint(words.blocks):
            words = story_words(row.body, dateline=row.dateline, host=host_of(row.url), repeated=repeated)
        shapes.setdefault(row.id, []).append(shape_of(words.tokens))
    return shapes
