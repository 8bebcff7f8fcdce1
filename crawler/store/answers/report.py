"""What a report on a topic is made from: its stories, the links between them, their copies and versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from crawler.store.schema import aliases, article_topics, articles, copies, links, revisions
from crawler.store.story.stories import local_time
from crawler.store.story.story_filter import StoryFilter


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportStory:
    """A story as a report names it."""

    id: int
    url: str
    outlet: str
    title: str
    published_at: datetime | None  # with the offset that the page prints
    first_seen_at: datetime
    gone_at: datetime | None
    duplicate_of: int | None  # number of the copy that was stored first
    agency: str | None
    word_count: int
    versions: int  # of its text that were seen

    @property
    def known_at(self) -> datetime:
        """When it was published, as far as the page tells; else when it was first seen."""
        return self.published_at or self.first_seen_at


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportCopy:
    """What a story has in common with another one."""

    article_id: int
    of_id: int  # the first stored of its group; for a contained one, the longer story
    kind: str  # a CopyKind
    j3: float
    containment: float  # of article_id's text in of_id's


def report_stories(connection: Connection, wanted: StoryFilter) -> list[ReportStory]:
    """Return the stories asked for without their text, the first published first; without a time, last."""
    versions = (
        select(revisions.c.article_id, func.count().label("number"))
        .group_by(revisions.c.article_id)
        .subquery()
    )
    rows = connection.execute(
        select(articles, versions.c.number.label("versions"))
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(versions, versions.c.article_id == articles.c.id)
        .where(*wanted.conditions())
        .order_by(articles.c.published_at.asc().nulls_last(), articles.c.id)
    )
    return [
        ReportStory(
            id=row.id,
            url=row.url,
            outlet=row.outlet,
            title=row.title,
            published_at=local_time(row.published_at, row.published_offset),
            first_seen_at=row.first_seen_at,
            gone_at=row.gone_at,
            duplicate_of=row.duplicate_of,
            agency=row.agency,
            word_count=row.word_count,
            versions=row.versions or 0,
        )
        for row in rows
    ]


def report_links(connection: Connection, wanted: StoryFilter) -> Iterator[tuple[int, int]]:
    """Yield the read-also links of the wanted stories to stored ones, as numbers of source and target.

    A target is found whatever form of its address is printed. A link printed twice comes twice.
    """
    target = articles.alias("target")
    rows = connection.execute(
        select(links.c.source_id, target.c.id)
        .select_from(links)
        .join(articles, articles.c.id == links.c.source_id)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(aliases, aliases.c.alias_key == links.c.target_key)
        .join(target, target.c.article_key == func.coalesce(aliases.c.article_key, links.c.target_key))
        .where(*wanted.conditions())
        .order_by(links.c.id)
    )
    yield from ((source_id, target_id) for source_id, target_id in rows)


def report_copies(connection: Connection, wanted: StoryFilter) -> list[ReportCopy]:
    """Return what the wanted stories have in common with others, in the order in which they were stored."""
    rows = connection.execute(
        select(copies)
        .join(articles, articles.c.id == copies.c.article_id)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(*wanted.conditions())
        .order_by(copies.c.article_id, copies.c.of_id)
    )
    return [ReportCopy(**{name: getattr(row, name) for name in ReportCopy.__slots__}) for row in rows]
