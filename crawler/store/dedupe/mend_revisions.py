"""Earlier versions of a story read again, so that between two versions only the editors' changes are left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from crawler.items import Article
from crawler.store.schema import NEWEST_REVISION, articles, revisions


def revision_read_between(
    connection: Connection, article_id: int, begin: datetime, end: datetime
) -> tuple[int, str] | None:
    """Return id and digest of the version that was first seen in that time, unless it is the newest."""
    row = connection.execute(
        select(revisions.c.id, revisions.c.content_hash)
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(
            revisions.c.article_id == article_id, revisions.c.seen_at.between(begin, end), ~NEWEST_REVISION
        )
        .order_by(revisions.c.seen_at)
        .limit(1)
    ).one_or_none()
    return (row.id, row.content_hash) if row is not None else None


def mend_revision(connection: Connection, article_id: int, revision_id: int, article: Article) -> None:
    """Put the text that was read in the place of an earlier version's.

    Where it turns out to be the text of another version, the two were never different: one is left,
    seen when the first of them was.
    """
    own = connection.execute(
        select(revisions.c.seen_at)
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(revisions.c.id == revision_id, ~NEWEST_REVISION)
    ).one_or_none()
    if own is None:
        return
    twin = connection.execute(
        select(revisions.c.id, revisions.c.seen_at).where(
            revisions.c.article_id == article_id,
            revisions.c.content_hash == article.content_hash,
            revisions.c.id != revision_id,
        )
    ).one_or_none()
    if twin is not None:
        connection.execute(delete(revisions).where(revisions.c.id == revision_id))
        values = {"seen_at": min(own.seen_at, twin.seen_at)}
        connection.execute(update(revisions).where(revisions.c.id == twin.id).values(values))
        return
    connection.execute(
        update(revisions)
        .where(revisions.c.id == revision_id)
        .values(
            content_hash=article.content_hash,
            title=article.title,
            deck=article.deck,
            body=article.body,
            authors=article.authors,
            modified_at=article.modified_at,
        )
    )
