"""What is new on a topic between two moments: stories, edits, deletions, links, and trouble."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from crawler.comparing.revision_diff import Difference, Wording, difference
from crawler.drift import OutletCheck
from crawler.store.answers.drift import check_outlets
from crawler.store.answers.provenance import keys_of
from crawler.store.crawl.hosts import HostTrouble, troubled_hosts
from crawler.store.schema import aliases, article_topics, articles, links, revisions
from crawler.store.story.revisions import StoredRevision, revisions_of
from crawler.store.story.stories import local_time
from crawler.threads.thread import Thread

# A brief is one page: what is beyond is counted.
MOST_STORIES, MOST_EDITS, MOST_LINKS = 150, 40, 40
# A feed has all that is new, and beside it older ones for readers that come by less often.
FEED_STORIES = 50

Clean = Callable[[str], str]  # makes of a page's words what may be shown of them


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
    linked_from: int  # on-topic stories that print a read-also link to it; counted for new ones only


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
    threads: list[Thread] = field(default_factory=list)  # incidents of the new stories, where they are known


def brief_content(
    connection: Connection, topic: str, since: datetime, until: datetime, clean: Clean = str
) -> BriefContent:
    """Return what came to be known of a topic after one moment and up to another one.

    Words of a page are told as ``clean`` leaves them; edits are looked for between cleaned texts.
    """
    new = _on_topic(topic, articles.c.first_seen_at > since, articles.c.first_seen_at <= until)
    gone = _on_topic(topic, articles.c.gone_at > since, articles.c.gone_at <= until)
    edited = _edited(connection, topic, since, until, clean)
    found_links, links_count = _links(connection, topic, since, until, clean)
    outlets = connection.scalars(
        select(articles.c.outlet).join(article_topics).where(*_on_topic(topic)).distinct()
    )
    return BriefContent(
        topic=topic,
        since=since,
        until=until,
        held=_count(connection, _on_topic(topic)),
        new=_stories(
            connection, new, articles.c.published_at.desc().nulls_last(), MOST_STORIES, clean, linked_on=topic
        ),
        new_count=_count(connection, new),
        edited=edited[:MOST_EDITS],
        edited_count=len(edited),
        gone=_stories(connection, gone, articles.c.gone_at.desc(), MOST_STORIES, clean),
        links=found_links,
        links_count=links_count,
        broken=[check for check in check_outlets(connection, list(outlets)) if check.broken],
        troubles=troubled_hosts(connection, topic),
    )


def newest_stories(
    connection: Connection, topic: str, until: datetime, least: int = 0, clean: Clean = str
) -> list[BriefStory]:
    """Return the stories on a topic that were found last up to a moment, the newest first.

    Args:
        connection: to the store.
        topic: the topic's name.
        until: what was found later is left out.
        least: how many to return at least, as far as there are so many; fifty, if that is more.
        clean: makes of a page's words what may be shown of them.
    """
    known = _on_topic(topic, articles.c.first_seen_at <= until)
    return _stories(connection, known, articles.c.first_seen_at.desc(), max(least, FEED_STORIES), clean)


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
    connection: Connection,
    conditions: list[ColumnElement[bool]],
    order: ColumnElement[object],
    limit: int,
    clean: Clean,
    *,
    linked_on: str | None = None,
) -> list[BriefStory]:
    """Return stories; with a topic, those of it that link to them are counted."""
    rows = connection.execute(
        select(articles)
        .join(article_topics)
        .where(*conditions)
        .order_by(order, articles.c.id.desc())
        .limit(limit)
    ).all()
    linked = _linked_from(connection, linked_on, [row.article_key for row in rows]) if linked_on else {}
    return [
        BriefStory(
            url=row.url,
            outlet=row.outlet,
            title=clean(row.title),
            deck=clean(row.deck) if row.deck else row.deck,
            published_at=local_time(row.published_at, row.published_offset),
            first_seen_at=row.first_seen_at,
            gone_at=row.gone_at,
            linked_from=linked.get(row.article_key, 0),
        )
        for row in rows
    ]


def _linked_from(connection: Connection, topic: str, keys: Collection[str]) -> dict[str, int]:
    """Return for stories, by their keys, how many others on the topic print a read-also link to them."""
    known = {alias: key for key, aliases_of in keys_of(connection, keys).items() for alias in aliases_of}
    own = articles.alias("source")
    rows = connection.execute(
        select(links.c.target_key, links.c.source_id, own.c.article_key)
        .join(own, own.c.id == links.c.source_id)
        .join(article_topics, article_topics.c.article_id == links.c.source_id)
        .where(
            links.c.target_key.in_(sorted(known)),
            article_topics.c.topic == topic,
            article_topics.c.on_topic,
        )
    )
    sources: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.article_key != known[row.target_key]:
            sources[known[row.target_key]].add(row.source_id)
    return {key: len(found) for key, found in sources.items()}


def _edited(
    connection: Connection, topic: str, since: datetime, until: datetime, clean: Clean
) -> list[BriefEdit]:
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
            old, new = _wording(before[-1], clean), _wording(after[-1], clean)
            found.append(
                BriefEdit(
                    url=row.url,
                    outlet=row.outlet,
                    old_title=old.title,
                    title=new.title,
                    seen_at=after[-1].seen_at,
                    difference=difference(old, new),
                )
            )
    return sorted(found, key=lambda edit: (not edit.difference.title_changed, not edit.difference.figures))


def _links(
    connection: Connection, topic: str, since: datetime, until: datetime, clean: Clean
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
    titles = ("source_title", "target_title")
    found = [{**row._mapping, **{name: clean(row._mapping[name]) for name in titles}} for row in rows]
    return [BriefLink(**each) for each in found], count


def _wording(revision: StoredRevision, clean: Clean) -> Wording:
    deck = clean(revision.deck) if revision.deck else revision.deck
    return Wording(title=clean(revision.title), deck=deck, body=clean(revision.body))
