"""Writing a story that was read again: what our rules had wrong is put right, and is no editors' revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from crawler.address import address_of
from crawler.archive.raw_page import PageRef
from crawler.items import Article, Visit
from crawler.outlets import outlet_for
from crawler.store.crawl.discovery import resolve_aliases
from crawler.store.crawl.frontier import DONE, FAILED, QUEUED, WAITING
from crawler.store.crawl.record import record_article
from crawler.store.schema import articles, evidence, frontier, links, pages, revisions
from crawler.store.story.readings import Fit, StoredReading

Score = Callable[[Article, str], None]  # sets relevance and link scores of a story for a topic, by its name


def mend_story(
    connection: Connection,
    article: Article,
    stored: StoredReading,
    ref: PageRef,
    score: Score,
    topics: Sequence[str],
) -> None:
    """Put what was read in the place of what the store has of the story.

    The newest revision takes the new text; when the story was seen, and whether it is gone, stay as they are.

    Args:
        connection: a write transaction.
        article: a story with ``content_hash`` and ``fingerprint`` set.
        stored: what the store has of it, locked.
        ref: the page that it was read from.
        score: sets the story's relevance for a topic.
        topics: those of the story's topics that can be scored; the others keep the relevance that they have.
    """
    _replace_text(connection, article, stored)
    _drop_misread_links(connection, article, stored)
    # The page may be one of a later visit, which the former rules could not read.
    seen_at = max(stored.last_seen_at, ref.fetched_at)
    for topic in topics:
        _record(connection, article, ref, topic, stored.topics[topic], seen_at, score)
    connection.execute(
        update(articles).where(articles.c.id == stored.article_id).values(gone_at=stored.gone_at)
    )


def add_story(
    connection: Connection,
    article: Article,
    ref: PageRef,
    score: Score,
    topics: Sequence[str],
    revisit_hours: Sequence[float] = (),
) -> None:
    """Write a story whose page was fetched but could not be read then.

    Arguments as for ``mend_story``; ``topics`` are those that asked for the page.
    """
    for topic in topics:
        depth = connection.scalar(
            select(frontier.c.depth).where(frontier.c.topic == topic, frontier.c.key == ref.key)
        )
        fit = Fit(depth=depth or 0, crawl_id=ref.crawl_id)
        _record(connection, article, ref, topic, fit, ref.fetched_at, score, revisit_hours)


def topics_that_read(connection: Connection, ref: PageRef) -> list[str]:
    """Return the topics whose crawls have asked for the page, whatever came of it."""
    rows = connection.scalars(
        select(frontier.c.topic).where(
            frontier.c.key == ref.key, frontier.c.state.in_([DONE, FAILED, WAITING])
        )
    )
    return sorted({*rows, *([ref.topic] if ref.topic else [])})


def _replace_text(connection: Connection, article: Article, stored: StoredReading) -> None:
    values = {
        "content_hash": article.content_hash,
        "title": article.title,
        "deck": article.deck,
        "body": article.body,
        "authors": article.authors,
        "modified_at": article.modified_at,
    }
    twin_id = connection.scalar(
        select(revisions.c.id).where(
            revisions.c.article_id == stored.article_id, revisions.c.content_hash == article.content_hash
        )
    )
    if twin_id not in (None, stored.revision_id):
        # What looked like an edit was our misreading of the same text.
        connection.execute(delete(revisions).where(revisions.c.id == stored.revision_id))
        values.pop("content_hash")
    connection.execute(
        update(revisions).where(revisions.c.id == (twin_id or stored.revision_id)).values(values)
    )
    connection.execute(
        update(articles)
        .where(articles.c.id == stored.article_id)
        .values(content_hash=article.content_hash, article_key=article.article_key)
    )


def _drop_misread_links(connection: Connection, article: Article, stored: StoredReading) -> None:
    """Delete the links that the page does not print, with what they promised the frontier."""
    printed = Counter(link.url for link in article.links)
    rows = connection.execute(
        select(links.c.id, links.c.target_url, links.c.occurrence).where(
            links.c.source_id == stored.article_id, links.c.last_seen_at == stored.last_seen_at
        )
    ).all()
    misread = [row for row in rows if row.occurrence > printed[row.target_url]]
    if not misread:
        return
    connection.execute(delete(links).where(links.c.id.in_([row.id for row in misread])))
    urls = {row.target_url for row in misread} - printed.keys()
    keys = set(resolve_aliases(connection, [address_of(url).key for url in urls]).values())
    if not keys:
        return
    connection.execute(
        delete(evidence).where(
            evidence.c.source_key == article.article_key, evidence.c.target_key.in_(sorted(keys))
        )
    )
    supported = exists().where(evidence.c.topic == frontier.c.topic, evidence.c.target_key == frontier.c.key)
    connection.execute(
        delete(frontier).where(
            frontier.c.key.in_(sorted(keys)),
            frontier.c.state.in_([QUEUED, WAITING]),
            ~frontier.c.is_seed,
            ~frontier.c.is_revisit,
            ~supported,
        )
    )


def _record(
    connection: Connection,
    article: Article,
    ref: PageRef,
    topic: str,
    fit: Fit,
    seen_at: datetime,
    score: Score,
    revisit_hours: Sequence[float] = (),
) -> None:
    """Record the story as a visit does, and leave what the store knows of the visit itself as it was."""
    assert ref.key is not None
    page: Any = connection.execute(select(pages).where(pages.c.page_key == ref.key)).one_or_none()
    score(article, topic)
    article.visit = Visit(
        topic=topic,
        frontier_key=ref.key,
        url=page.url if page else ref.url,
        crawl_id=fit.crawl_id,
        worker="reread",  # holds no lease
        depth=fit.depth,
        fetched_at=seen_at,
        etag=page.etag if page else None,
        last_modified=page.last_modified if page else None,
    )
    record_article(connection, article, _delays(link.url for link in article.links), revisit_hours)
    if page is not None:
        kept = {name: getattr(page, name) for name in ("fetched_at", "status", "visits")}
        if page.outcome == "article":
            kept["next_visit_at"] = page.next_visit_at
        connection.execute(update(pages).where(pages.c.page_key == ref.key).values(kept))
    connection.execute(
        update(frontier)
        .where(
            frontier.c.topic == topic,
            frontier.c.key == ref.key,
            frontier.c.state.in_([DONE, FAILED, WAITING]),
        )
        .values(state=DONE, outcome="article", detail="", article_key=article.article_key, due_at=None)
    )


def _delays(urls: Iterable[str]) -> dict[str, float]:
    return {address_of(url).host: outlet_for(url).delay for url in urls}
