"""What is new on a topic between two moments: stories, edits, deletions, links, and trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, distinct, func, or_, select

from crawler.comparing.revision_diff import Difference, Wording, difference
from crawler.drift import OutletCheck
from crawler.store.answers.drift import check_outlets
from crawler.store.crawl.hosts import HostTrouble, troubled_hosts
from crawler.store.schema import aliases, article_topics, articles, links, revisions
from crawler.store.story.revisions import StoredRevision, revisions_of
from crawler.store.story.stories import local_time

# A brief is one page: what is beyond is counted.
MOST_STORIES, MOST_EDITS, MOST_LINKS, MOST_IN_FEED = 150, 40, 40, 50


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefStory:
    """A story as a brief names it."""

    url: str
    outlet: str
    title: str
    deck: str | None
    published_at: datetime | None  # with the offset that the page prints
    first_seen_at: datetime
    gone_at: datetime | None
    linked_from: int  # on-topic stories that print a read-also link to it


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefEdit:
    """A story that its editors changed, and how."""

    url: str
    outlet: str
    old_title: str
    title: str
    seen_at: datetime
    difference: Difference

    @property
    def deletions(self) -> list[str]:
        """What went without anything in its place; headlines are told of whole."""
        changes = self.difference.changes
        return [change.old for change in changes if change.is_deletion and change.place != "title"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefLink:
    """A read-also link between two stories that are both stored."""

    source_url: str
    source_title: str
    source_outlet: str
    target_url: str
    target_title: str
    target_outlet: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefContent:
    """All that a brief tells; the lists are cut to a page, the numbers are whole."""

    topic: str
    since: datetime
    until: datetime
    held: int  # on-topic stories in the store, copies not counted
    new: list[BriefStory]
    new_count: int
    edited: list[BriefEdit]
    edited_count: int
    gone: list[BriefStory]
    links: list[BriefLink]
    links_count: int
    broken: list[OutletCheck]
    troubles: list[HostTrouble]


def brief_content(connection: Connection, topic: str, since: datetime, until: datetime) -> BriefContent:
    """Return what came to be known of a topic after one moment and up to another one."""
    new = _on_topic(topic, articles.c.first_seen_at > since, articles.c.first_seen_at <= until)
    gone = _on_topic(topic, articles.c.gone_at > since, articles.c.gone_at <= until)
    edited = _edited(connection, topic, since, until)
    found_links, links_count = _links(connection, topic, since, until)
    outlets = connection.scalars(
        select(articles.c.outlet).join(article_topics).where(*_on_topic(topic)).distinct()
    )
    return BriefContent(
        topic=topic,
        since=since,
        until=until,
        held=_count(connection, _on_topic(topic)),
        new=_stories(connection, new, articles.c.published_at.desc().nulls_last(), MOST_STORIES),
        new_count=_count(connection, new),
        edited=edited[:MOST_EDITS],
        edited_count=len(edited),
        gone=_stories(connection, gone, articles.c.gone_at.desc(), MOST_STORIES),
        links=found_links,
        links_count=links_count,
        broken=[check for check in check_outlets(connection, list(outlets)) if check.broken],
        troubles=troubled_hosts(connection, topic),
    )


def newest_stories(connection: Connection, topic: str, limit: int = MOST_IN_FEED) -> list[BriefStory]:
    """Return the stories on a topic that were found last, the newest first."""
    return _stories(connection, _on_topic(topic), articles.c.first_seen_at.desc(), limit)


def _on_topic(topic: str, *more: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [
        article_topics.c.topic == topic,
        article_topics.c.on_topic,
        articles.c.duplicate_of.is_(None),
        *more,
    ]


def _count(connection: Connection, conditions: list[ColumnElement[bool]]) -> int:
    counted = select(func.count()).select_from(articles).join(article_topics).where(*conditions)
    return connection.scalar(counted) or 0


def _stories(
    connection: Connection, conditions: list[ColumnElement[bool]], order: ColumnElement[object], limit: int
) -> list[BriefStory]:
    rows = connection.execute(
        select(articles, _linked_from().label("linked_from"))
        .join(article_topics)
        .where(*conditions)
        .order_by(order, articles.c.id.desc())
        .limit(limit)
    ).all()
    return [
        BriefStory(
            url=row.url,
            outlet=row.outlet,
            title=row.title,
            deck=row.deck,
            published_at=local_time(row.published_at, row.published_offset),
            first_seen_at=row.first_seen_at,
            gone_at=row.gone_at,
            linked_from=row.linked_from,
        )
        for row in rows
    ]


def _linked_from() -> ScalarSelect[int]:
    source = article_topics.alias("source_topics")
    keys = select(aliases.c.alias_key).where(aliases.c.article_key == articles.c.article_key)
    return (
        select(func.count(distinct(links.c.source_id)))
        .join(source, source.c.article_id == links.c.source_id)
        .where(
            or_(
                links.c.target_key == articles.c.article_key, links.c.target_key.in_(keys.correlate(articles))
            ),
            source.c.topic == article_topics.c.topic,
            source.c.on_topic,
            links.c.source_id != articles.c.id,
        )
        .correlate(articles, article_topics)
        .scalar_subquery()
    )


def _edited(connection: Connection, topic: str, since: datetime, until: datetime) -> list[BriefEdit]:
    """Return what was edited, changed headlines first, then changed figures."""
    rows = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.outlet)
        .join(article_topics)
        .where(
            *_on_topic(topic, articles.c.first_seen_at <= since),
            articles.c.id.in_(
                select(revisions.c.article_id).where(
                    revisions.c.seen_at > since, revisions.c.seen_at <= until
                )
            ),
        )
        .order_by(articles.c.id)
    ).all()
    found = []
    for row in rows:
        stored = revisions_of(connection, row.id)
        before = [each for each in stored if each.seen_at <= since]
        after = [each for each in stored if since < each.seen_at <= until]
        if before and after:
            old, new = before[-1], after[-1]
            found.append(
                BriefEdit(
                    url=row.url,
                    outlet=row.outlet,
                    old_title=old.title,
                    title=new.title,
                    seen_at=new.seen_at,
                    difference=difference(_wording(old), _wording(new)),
                )
            )
    return sorted(found, key=lambda edit: (not edit.difference.title_changed, not edit.difference.figures))


def _links(
    connection: Connection, topic: str, since: datetime, until: datetime
) -> tuple[list[BriefLink], int]:
    target = articles.alias("target")
    target_topic = article_topics.alias("target_topic")
    known = func.coalesce(aliases.c.article_key, links.c.target_key)
    wanted = (
        select(
            articles.c.url.label("source_url"),
            articles.c.title.label("source_title"),
            articles.c.outlet.label("source_outlet"),
            target.c.url.label("target_url"),
            target.c.title.label("target_title"),
            target.c.outlet.label("target_outlet"),
        )
        .select_from(links)
        .join(articles, articles.c.id == links.c.source_id)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(aliases, aliases.c.alias_key == links.c.target_key)
        .join(target, target.c.article_key == known)
        .join(
            target_topic,
            and_(
                target_topic.c.article_id == target.c.id,
                target_topic.c.topic == topic,
                target_topic.c.on_topic,
            ),
        )
        .where(
            *_on_topic(topic, links.c.first_seen_at > since, links.c.first_seen_at <= until),
            target.c.id != articles.c.id,
        )
        .distinct()
    )
    count = connection.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    # Those that lead from one outlet to another one are rare, and say most.
    listed = wanted.subquery()
    rows = connection.execute(
        select(listed)
        .order_by(listed.c.source_outlet == listed.c.target_outlet, listed.c.source_url, listed.c.target_url)
        .limit(MOST_LINKS)
    )
    return [BriefLink(**row._mapping) for row in rows], count


def _wording(revision: StoredRevision) -> Wording:
    return Wording(title=revision.title, deck=revision.deck, body=revision.body)
