"""What is in the store, counted: stories, links, versions, copies, and how complete the stories are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
    text,
    true,
)

from crawler.store.answers.search_index import index_bytes
from crawler.store.database import Store
from crawler.store.schema import NEWEST_REVISION, aliases, article_topics, articles, crawls, links, revisions

MOST_LINKED = 10
# Fields whose absence tells that an outlet's rules have come apart from its pages.
FIELDS = ("published_at", "authors", "editors", "deck", "section", "tags", "image_url", "body")


@dataclass(slots=True, kw_only=True)
class OutletStats:
    """One outlet's stories."""

    outlet: str
    stories: int
    words: float  # mean
    first_publisher: int  # groups of copies that it published before the other outlets
    fill: dict[str, float]  # share of stories that have each field, 0 to 1


@dataclass(slots=True, kw_only=True)
class LinkedStory:
    """A story and how many others link to it."""

    url: str
    outlet: str
    title: str
    linked_by: int


@dataclass(slots=True, kw_only=True)
class LastCrawl:
    """The newest crawl."""

    topic: str
    started_at: datetime
    ended_at: datetime | None  # None while it goes on, or when it was killed
    stop_reason: str | None


@dataclass(slots=True, kw_only=True)
class Stats:
    """What a store holds, of one topic or of all."""

    topic: str | None
    stories: int
    on_topic: int
    copies: int  # stories that repeat another one
    gone: int  # that their outlets have taken down
    links: int  # read-also links that the stories print
    links_to_stored: int  # whose target is stored, too
    revisions: int
    edited: int  # stories with more than one
    published_from: datetime | None
    published_to: datetime | None
    database_bytes: int
    index_bytes: int
    crawls: int
    last_crawl: LastCrawl | None
    topics: dict[str, int] = field(default_factory=dict)  # stories on topic of each
    outlets: list[OutletStats] = field(default_factory=list)  # most stories first
    most_linked: list[LinkedStory] = field(default_factory=list)


def stats(store: Store, topic: str | None = None) -> Stats:
    """Return what the store holds; with a topic, of its stories on topic; ``stories`` is all it read.

    Raises:
        StoreError: when the store cannot be read.
    """
    mine = _mine(topic)
    with store.read() as connection:
        stories, copies, gone, begin, end = connection.execute(
            select(
                func.count(),
                func.count(articles.c.duplicate_of),
                func.count(articles.c.gone_at),
                func.min(articles.c.published_at),
                func.max(articles.c.published_at),
            ).where(mine)
        ).one()
        printed, to_stored = connection.execute(_links(mine)).one()
        versions, edited = connection.execute(_versions(mine)).one()
        crawl_count, last_crawl = _crawls(connection, topic)
        fitting = _fitting(connection, topic)
        return Stats(
            topic=topic,
            stories=stories if topic is None else _read(connection, topic),
            on_topic=_on_topic_of_any(connection) if topic is None else fitting.get(topic, 0),
            copies=copies,
            gone=gone,
            links=printed,
            links_to_stored=to_stored,
            revisions=int(versions),
            edited=int(edited),
            published_from=begin,
            published_to=end,
            database_bytes=_database_bytes(connection),
            index_bytes=index_bytes(connection),
            crawls=crawl_count,
            last_crawl=last_crawl,
            topics=fitting,
            outlets=_outlets(connection, mine),
            most_linked=_most_linked(connection, mine),
        )


def _mine(topic: str | None) -> ColumnElement[bool]:
    if topic is None:
        return true()
    fits = (
        article_topics.c.article_id == articles.c.id,
        article_topics.c.topic == topic,
        article_topics.c.on_topic,
    )
    return exists().where(*fits).correlate(articles)


def _fitting(connection: Connection, topic: str | None) -> dict[str, int]:
    """Return how many stories fit each topic, or the one asked for."""
    statement = (
        select(article_topics.c.topic, func.count())
        .where(article_topics.c.on_topic)
        .group_by(article_topics.c.topic)
        .order_by(article_topics.c.topic)
    )
    if topic is not None:
        statement = statement.where(article_topics.c.topic == topic)
    return dict(connection.execute(statement).all())


def _on_topic_of_any(connection: Connection) -> int:
    fits = exists().where(article_topics.c.article_id == articles.c.id, article_topics.c.on_topic)
    return connection.scalar(select(func.count()).select_from(articles).where(fits)) or 0


def _read(connection: Connection, topic: str) -> int:
    statement = select(func.count()).where(article_topics.c.topic == topic)
    return connection.scalar(statement) or 0


def _versions(mine: ColumnElement[bool]) -> Select[Any, Any]:
    each = (
        select(func.count().label("versions"))
        .join_from(revisions, articles, articles.c.id == revisions.c.article_id)
        .where(mine)
        .group_by(revisions.c.article_id)
        .subquery()
    )
    return select(
        func.coalesce(func.sum(each.c.versions), 0),
        func.coalesce(func.sum(case((each.c.versions > 1, 1), else_=0)), 0),
    )


def _crawls(connection: Connection, topic: str | None) -> tuple[int, LastCrawl | None]:
    of_topic = true() if topic is None else crawls.c.topic == topic
    count = connection.scalar(select(func.count()).select_from(crawls).where(of_topic)) or 0
    last = select(*(crawls.c[name] for name in LastCrawl.__slots__)).where(of_topic)
    row = connection.execute(last.order_by(crawls.c.id.desc()).limit(1)).one_or_none()
    return count, LastCrawl(**row._mapping) if row is not None else None


def _links(mine: ColumnElement[bool]) -> Select[int, int]:
    target = articles.alias("target")
    return (
        select(func.count(), func.count(target.c.id))
        .select_from(links)
        .join(articles, articles.c.id == links.c.source_id)
        .outerjoin(aliases, aliases.c.alias_key == links.c.target_key)
        .outerjoin(target, target.c.article_key == func.coalesce(aliases.c.article_key, links.c.target_key))
        .where(mine)
    )


def _most_linked(connection: Connection, mine: ColumnElement[bool]) -> list[LinkedStory]:
    source = articles.alias("source")
    text_of_source = func.coalesce(source.c.duplicate_of, source.c.id)  # copies say the same thing again
    linked_by = func.count(distinct(text_of_source))
    shown = [articles.c.url, articles.c.outlet, articles.c.title]
    rows = connection.execute(
        select(*shown, linked_by.label("linked_by"))
        .select_from(links)
        .join(source, source.c.id == links.c.source_id)
        .outerjoin(aliases, aliases.c.alias_key == links.c.target_key)
        .join(articles, articles.c.article_key == func.coalesce(aliases.c.article_key, links.c.target_key))
        .where(mine, text_of_source != func.coalesce(articles.c.duplicate_of, articles.c.id))
        .group_by(articles.c.id, *shown)
        .order_by(linked_by.desc(), articles.c.id)
        .limit(MOST_LINKED)
    )
    return [LinkedStory(**row._mapping) for row in rows]


def _outlets(connection: Connection, mine: ColumnElement[bool]) -> list[OutletStats]:
    filled = [func.avg(case((_has(name), 1.0), else_=0.0)).label(name) for name in FIELDS]
    rows = connection.execute(
        select(
            articles.c.outlet,
            func.count().label("stories"),
            func.avg(articles.c.word_count * 1.0).label("mean_words"),
            *filled,
        )
        .outerjoin(revisions, NEWEST_REVISION)
        .where(mine)
        .group_by(articles.c.outlet)
        .order_by(func.count().desc(), articles.c.outlet)
    ).all()
    first = _first_publishers(connection, mine)
    return [
        OutletStats(
            outlet=row.outlet,
            stories=row.stories,
            words=round(float(row.mean_words), 1),
            first_publisher=first.get(row.outlet, 0),
            fill={name: round(float(getattr(row, name)), 4) for name in FIELDS},
        )
        for row in rows
    ]


def _has(name: str) -> ColumnElement[bool]:
    if name == "body":
        return func.length(func.coalesce(revisions.c.body, "")) > 0
    column = articles.c[name]
    if name in ("authors", "editors", "tags"):
        # As text, an empty list is written the same by both databases.
        return column.cast(Text) != "[]"
    return column.is_not(None) if name == "published_at" else func.coalesce(column, "") != ""


def _first_publishers(connection: Connection, mine: ColumnElement[bool]) -> dict[str, int]:
    """Return for each outlet how many texts it published before the outlets that repeat them."""
    root = func.coalesce(articles.c.duplicate_of, articles.c.id)
    is_repeated = or_(
        articles.c.duplicate_of.is_not(None),
        articles.c.id.in_(select(articles.c.duplicate_of).where(articles.c.duplicate_of.is_not(None))),
    )
    place = func.row_number().over(
        partition_by=root,
        order_by=(articles.c.published_at.is_(None), articles.c.published_at, articles.c.id),
    )
    ranked = select(articles.c.outlet, place.label("place")).where(mine, is_repeated).subquery()
    rows = connection.execute(
        select(ranked.c.outlet, func.count()).where(ranked.c.place == 1).group_by(ranked.c.outlet)
    )
    return dict(rows.all())


def _database_bytes(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        return int(pages * (connection.scalar(text("PRAGMA page_size")) or 0))
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
