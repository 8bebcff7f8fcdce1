"""How many stories there are behind the articles of a store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from crawler.comparing.fingerprint import SIG_VERSION
from crawler.store.dedupe.alarms import ExtractionAlarm, extraction_alarms_of
from crawler.store.schema import articles, copies


@dataclass(kw_only=True, slots=True)
class GroupCounts:
    """Articles, which are pages that were read, and stories, which are counted once however often printed."""

    articles: int
    stories: int
    outdated: int  # articles whose fingerprint is of an earlier version: copies of them are not found
    links: Counter[str] = field(default_factory=Counter)  # by CopyKind; contained ones are stories, too
    alarms: list[ExtractionAlarm] = field(default_factory=list)


def group_counts(connection: Connection) -> GroupCounts:
    """Return how many articles and stories a store holds, and what links them."""
    kinds = connection.execute(select(copies.c.kind, func.count()).group_by(copies.c.kind)).all()
    return GroupCounts(
        articles=connection.scalar(select(func.count()).select_from(articles)) or 0,
        stories=connection.scalar(select(func.count()).where(articles.c.duplicate_of.is_(None))) or 0,
        outdated=connection.scalar(select(func.count()).where(articles.c.sig_version != SIG_VERSION)) or 0,
        links=Counter({row[0]: row[1] for row in kinds}),
        alarms=extraction_alarms_of(connection),
    )
