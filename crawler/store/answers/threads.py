"""A topic's stories grouped into incidents, from what the store holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.comparing.likeness import CopyKind
from crawler.store.database import Store
from crawler.store.schema import (
    NEWEST_REVISION,
    aliases,
    article_topics,
    articles,
    copies,
    links,
    revisions,
)
from crawler.store.story.stories import local_time
from crawler.store.story.story_filter import StoryFilter
from crawler.threads.grouping import Told, TooManyStories, group
from crawler.threads.thread import Thread, ThreadStory, thread_of

LEAD_LETTERS = 800  # enough for the words that grouping reads
# Each is compared with all that are near it in time: half a minute and 250 MB for so many, and a gigabyte
# where all tell of the same few incidents.
MOST_STORIES = 20_000


def threads(
    store: Store,
    topic: str,
    wanted: StoryFilter | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Thread]:
    """Return the incidents of a topic's stories on topic, the one with the most stories first.

    Copies stand with the first of them. Some seconds for 5,000 stories, whose headlines and first words are
    in memory meanwhile. The method is told in ``crawler.threads``: ``strengths`` and ``linkage``.

    Args:
        store: an open store.
        topic: the topic's name.
        wanted: a period, or stories off topic, too; its topic and copies do not count.
        progress: told how many stories of how many are compared.

    Raises:
        StoreError: when the store cannot be read.
        TooManyStories: when there are more than MOST_STORIES, before any is read.
    """
    wanted = wanted or StoryFilter()
    mine = StoryFilter(
        topic=topic,
        since=wanted.since,
        until=wanted.until,
        include_off_topic=wanted.include_off_topic,
        include_duplicates=True,
    )
    with store.read() as connection:
        refuse_too_many(connection, mine)
        rows = connection.execute(_stories(mine)).all()
        root_of = _roots(rows)
        pairs = {
            (root_of[source], root_of[target])
            for source, target in connection.execute(_links(mine))
            if source in root_of and target in root_of
        }
        parts = _parts(connection, root_of)
    # One text each, in the order of publication: a copy adds nothing to compare.
    roots = [row for row in rows if root_of[row.id] == row.id]
    number_of = {row.id: number for number, row in enumerate(roots)}
    told = [Told(title=row.title, lead=row.lead or "", published_at=row.published_at) for row in roots]
    groups = group(
        told,
        [(number_of[source], number_of[target]) for source, target in pairs],
        [(number_of[part], number_of[whole]) for part, whole in parts],
        progress,
    )
    linked_by = _linked_by(pairs)
    url_of = {row.id: row.url for row in roots}
    members: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        members[root_of[row.id]].append(row)
    found = [
        thread_of(
            [
                _story(row, linked_by.get(roots[number].id, 0), url_of[roots[number].id])
                for number in numbers
                for row in members[roots[number].id]
            ]
        )
        for numbers in groups
    ]
    return sorted(found, key=lambda thread: (-len(thread.stories), _begin(thread), thread.title))


def refuse_too_many(connection: Connection, wanted: StoryFilter) -> None:
    """See that the wanted stories of a topic are few enough to be grouped.

    Raises:
        TooManyStories: when they are not.
    """
    count = connection.scalar(
        select(func.count())
        .select_from(articles)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(*wanted.conditions())
    )
    if count and count > MOST_STORIES:
        raise TooManyStories(
            f"{wanted.topic} has {count:,} stories there, and at most {MOST_STORIES:,} can be grouped into "
            "threads at a time; choose a shorter period with --since and --until"
        )


def _stories(wanted: StoryFilter) -> Any:
    return (
        select(
            *(articles.c[name] for name in _COLUMNS),
            func.substr(revisions.c.body, 1, LEAD_LETTERS).label("lead"),
        )
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(revisions, NEWEST_REVISION)
        .where(*wanted.conditions())
        .order_by(articles.c.published_at.is_(None), articles.c.published_at, articles.c.id)
    )


def _links(wanted: StoryFilter) -> Any:
    target = articles.alias("target")
    return (
        select(links.c.source_id, target.c.id)
        .join(articles, articles.c.id == links.c.source_id)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .outerjoin(aliases, aliases.c.alias_key == links.c.target_key)
        .join(target, target.c.article_key == func.coalesce(aliases.c.article_key, links.c.target_key))
        .where(*wanted.conditions())
        .distinct()
    )


def _roots(rows: Sequence[Any]) -> dict[int, int]:
    """Return which story stands for each: the first copy, or the first here where that is not among them."""
    here = {row.id for row in rows}
    stands_for: dict[int, int] = {}
    for row in rows:
        if row.duplicate_of is not None and row.duplicate_of not in here:
            stands_for.setdefault(row.duplicate_of, row.id)
    return {
        row.id: row.id if row.duplicate_of is None else stands_for.get(row.duplicate_of, row.duplicate_of)
        for row in rows
    }


def _parts(connection: Connection, root_of: dict[int, int]) -> list[tuple[int, int]]:
    statement = select(copies.c.article_id, copies.c.of_id).where(copies.c.kind == CopyKind.CONTAINED)
    return [
        (root_of[part], root_of[whole])
        for part, whole in connection.execute(statement)
        if part in root_of and whole in root_of
    ]


def _linked_by(pairs: set[tuple[int, int]]) -> dict[int, int]:
    counts: defaultdict[int, int] = defaultdict(int)
    for source, target in pairs:
        counts[target] += source != target
    return counts


def _story(row: Any, linked_by: int, root_url: str) -> ThreadStory:
    return ThreadStory(
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        published_at=local_time(row.published_at, row.published_offset),
        linked_by=linked_by,
        copy_of=None if row.url == root_url else root_url,
    )


def _begin(thread: Thread) -> float:
    return thread.begins_at.timestamp() if thread.begins_at else 0.0


_COLUMNS = ("id", "url", "outlet", "title", "published_at", "published_offset", "duplicate_of")
