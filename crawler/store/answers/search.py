"""Full-text search over the stored stories, best first, by the engine of each database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from crawler.search.query import Query
from crawler.store.answers.search_engines import BEGIN, END, Fts5, Tsvector
from crawler.store.answers.search_index import configuration
from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, article_topics, articles, revisions
from crawler.store.story.stories import local_time

__all__ = ["BEGIN", "END", "SearchFilter", "SearchHit", "SearchResult", "search"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Which stories count, whatever their words."""

    topic: str | None = None  # those that the topic's crawls have read
    on_topic_only: bool = False  # and that fit it; without a topic, that fit any
    outlets: tuple[str, ...] = ()
    since: datetime | None = None  # published at or after
    until: datetime | None = None  # published before
    earlier_versions: bool = False  # texts that editors have replaced, too


@dataclass(slots=True, kw_only=True)
class SearchHit:
    """A story that was found; ``title`` and ``snippet`` have the words found between BEGIN and END."""

    url: str
    outlet: str
    title: str
    snippet: str
    published_at: datetime | None  # with the offset that the page prints
    score: float  # of the engine, higher is better; comparable within one search only
    topics: list[str] = field(default_factory=list)  # those that it fits
    on_topic: bool = False  # fits the topic that was asked for, or any
    copies: int = 0  # other stories of the store with the same text, by other addresses
    replaced_version_of: datetime | None = None  # when the text was first seen that editors have replaced


@dataclass(slots=True, kw_only=True)
class SearchResult:
    """The best hits, and whether there are more."""

    hits: list[SearchHit]
    has_more: bool


def search(
    store: Store,
    query: Query,
    wanted: SearchFilter | None = None,
    *,
    limit: int = 20,
    fold_copies: bool = True,
) -> SearchResult:
    """Return the stories whose headline, deck or body has what is asked for, best first.

    Words of the headline weigh most, then those of the deck. SQLite ranks by BM25 (Robertson & Zaragoza,
    2009) and takes words as they are written; Postgres ranks by cover density (Clarke, Cormack & Tudhope,
    2000) and takes Indonesian words by their stem.

    Args:
        store: an open store.
        query: what to find, from ``parse_query``.
        wanted: which stories count; all without it.
        limit: most hits, from 1.
        fold_copies: whether copies of one text are one hit, the first of them.

    Raises:
        StoreError: when the store cannot be read.
    """
    wanted = wanted or SearchFilter()
    with store.read() as connection:
        engine = Fts5(query) if store.is_sqlite else Tsvector(query, configuration(connection))
        conditions = _conditions(wanted)
        found: dict[int, Any] = {}
        has_more = False
        for row in engine.ranked(connection, conditions, limit):
            root = _root(row, fold_copies)
            if root in found:
                found[root] = min(found[root], row, key=_stands_behind)
            elif len(found) < limit:
                found[root] = row
            else:
                has_more = True
                break
        if has_more:
            _put_first_ones(connection, engine, conditions, found, fold_copies)
        rows = list(found.values())
        texts = engine.texts(connection, rows)
        return SearchResult(hits=_hits(connection, rows, texts, wanted), has_more=has_more)


def _conditions(wanted: SearchFilter) -> list[ColumnElement[bool]]:
    conditions = [] if wanted.earlier_versions else [NEWEST_REVISION]
    if wanted.outlets:
        conditions.append(articles.c.outlet.in_(wanted.outlets))
    if wanted.since is not None:
        conditions.append(articles.c.published_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(articles.c.published_at < wanted.until)
    if wanted.topic is not None or wanted.on_topic_only:
        fits = [article_topics.c.article_id == articles.c.id]
        if wanted.topic is not None:
            fits.append(article_topics.c.topic == wanted.topic)
        if wanted.on_topic_only:
            fits.append(article_topics.c.on_topic)
        conditions.append(exists().where(*fits).correlate(articles))
    return conditions


def _root(row: Any, fold_copies: bool) -> int:
    return int(row.duplicate_of or row.id) if fold_copies else int(row.id)


def _stands_behind(row: Any) -> tuple[bool, bool, float]:
    """Return how a text ranks among those of one story: the newest of the first copy stands for all."""
    return (not row.is_newest, row.duplicate_of is not None, -row.score)


def _put_first_ones(
    connection: Connection,
    engine: Fts5 | Tsvector,
    conditions: Sequence[ColumnElement[bool]],
    found: dict[int, Any],
    fold_copies: bool,
) -> None:
    """Let the first copy's newest text stand for the others where it matches, too, but further down."""
    missing = [root for root, row in found.items() if row.id != root or not row.is_newest]
    if missing:
        among = [*conditions, articles.c.id.in_(missing)]
        for row in engine.ranked(connection, among, len(missing)):
            root = _root(row, fold_copies)
            found[root] = min(found[root], row, key=_stands_behind)


def _hits(
    connection: Connection, rows: Sequence[Any], texts: dict[int, tuple[str, str]], wanted: SearchFilter
) -> list[SearchHit]:
    ids = [row.id for row in rows]
    roots = [row.duplicate_of or row.id for row in rows]
    stories = {story.id: story for story in connection.execute(select(*_SHOWN).where(articles.c.id.in_(ids)))}
    topics: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, topic in connection.execute(_FITTING.where(article_topics.c.article_id.in_(ids))):
        topics[article_id].append(topic)
    copies: dict[int | None, int] = dict(
        connection.execute(_COPIES.where(articles.c.duplicate_of.in_(roots))).all()
    )
    replaced = [row.revision_id for row in rows if not row.is_newest]
    seen = select(revisions.c.id, revisions.c.seen_at).where(revisions.c.id.in_(replaced))
    seen_at = dict(connection.execute(seen).all()) if replaced else {}
    hits = []
    for row, root in zip(rows, roots, strict=True):
        story = stories[row.id]
        title, snippet = texts[row.revision_id]
        fitting = topics[row.id]
        hits.append(
            SearchHit(
                url=story.url,
                outlet=story.outlet,
                title=title,
                snippet=snippet,
                published_at=local_time(story.published_at, story.published_offset),
                score=float(row.score),
                topics=fitting,
                on_topic=bool(fitting) if wanted.topic is None else wanted.topic in fitting,
                copies=copies.get(root, 0),
                replaced_version_of=seen_at.get(row.revision_id),
            )
        )
    return hits


_SHOWN = tuple(articles.c[name] for name in ("id", "url", "outlet", "published_at", "published_offset"))
_FITTING = (
    select(article_topics.c.article_id, article_topics.c.topic)
    .where(article_topics.c.on_topic)
    .order_by(article_topics.c.topic)
)
_COPIES = select(articles.c.duplicate_of, func.count()).group_by(articles.c.duplicate_of)
