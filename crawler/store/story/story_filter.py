"""Which stories a question is about: topic, period, and whether lures and copies count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_

from crawler.store.schema import article_topics, articles


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """The stories asked for; without a topic, those of every topic."""

    topic: str | None = None
    since: datetime | None = None  # published at or after
    until: datetime | None = None  # published before
    include_off_topic: bool = False
    include_duplicates: bool = False
    outlets: tuple[str, ...] = ()  # by name; none for all
    words: ColumnElement[bool] | None = field(default=None, compare=False)  # from ``having_words``

    def conditions(self, *, in_order: bool = False) -> list[ColumnElement[bool]]:
        """Return what has to hold for a row of ``articles`` and its row of ``article_topics``.

        A story without a publication time is outside of every period.

        Args:
            in_order: whether SQLite is to read the rows page by page in the order of their primary key.
        """
        found: list[ColumnElement[bool]] = []
        if self.topic is not None:
            topic = article_topics.c.topic
            # Not by the index of topics then: each page would look up and sort the whole topic.
            found.append((func.coalesce(topic, "") if in_order else topic) == self.topic)
        if self.since is not None:
            found.append(articles.c.published_at >= self.since)
        if self.until is not None:
            found.append(articles.c.published_at < self.until)
        if self.outlets:
            found.append(articles.c.outlet.in_(self.outlets))
        if self.words is not None:
            found.append(self.words)
        if not self.include_off_topic:
            found.append(article_topics.c.on_topic)
        if not self.include_duplicates:
            found.append(or_(articles.c.duplicate_of.is_(None), ~self._first_copy_counts()))
        return found

    def _first_copy_counts(self) -> ColumnElement[bool]:
        # The first copy may belong to another topic only: then its repetition stands for it here.
        first = article_topics.alias("first_copy_topics")
        same_topic = and_(
            first.c.article_id == articles.c.duplicate_of, first.c.topic == article_topics.c.topic
        )
        relevant = same_topic if self.include_off_topic else and_(same_topic, first.c.on_topic)
        return exists().where(relevant).correlate(articles, article_topics)
