"""The copies of a story as a person asks for them: who had it first, and who printed it again when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from crawler.comparing.likeness import CopyKind
from crawler.store.dedupe.groups import roots_of
from crawler.store.schema import articles, copies
from crawler.store.story.stories import local_time


@dataclass(kw_only=True, slots=True)
class Copy:
    """One story of a group."""

    url: str
    outlet: str
    title: str
    agency: str | None  # that it is credited to
    published_at: datetime | None
    first_seen_at: datetime
    relation: str  # "this", "stored first", "copy", "holds this", "part of this"
    kind: str | None = None  # a CopyKind: of what it has in common with the one that was stored first
    j3: float | None = None
    containment: float | None = None
    num_jaccard: float | None = None


def copies_of(connection: Connection, article_id: int) -> list[Copy]:
    """Return the story and all its copies, the first published on top; empty when there are none.

    Longer stories that hold the whole of it, and shorter ones that stand in it, are among them.
    """
    root_id = roots_of(connection, [article_id]).get(article_id)
    if root_id is None:
        return []
    group = _group(connection, article_id, root_id) + _parts(connection, article_id)
    return sorted(group, key=_published) if len(group) > 1 else []


def _group(connection: Connection, article_id: int, root_id: int) -> list[Copy]:
    rows = connection.execute(
        select(*_COLUMNS)
        .outerjoin(copies, and_(copies.c.article_id == articles.c.id, copies.c.of_id == root_id))
        .where(or_(articles.c.id.in_([article_id, root_id]), articles.c.duplicate_of == root_id))
    ).all()
    return [_copy(row, _relation(row.id, article_id, root_id)) for row in rows]


def _parts(connection: Connection, article_id: int) -> list[Copy]:
    """Return the stories that hold this one, or stand in it."""
    contained = copies.c.kind == CopyKind.CONTAINED
    holding = (
        select(*_COLUMNS)
        .join(copies, copies.c.of_id == articles.c.id)
        .where(contained, copies.c.article_id == article_id)
    )
    held = (
        select(*_COLUMNS)
        .join(copies, copies.c.article_id == articles.c.id)
        .where(contained, copies.c.of_id == article_id)
    )
    return [_copy(row, "holds this") for row in connection.execute(holding)] + [
        _copy(row, "part of this") for row in connection.execute(held)
    ]


_SCORES = ("kind", "j3", "containment", "num_jaccard")
_STORED = ("id", "url", "outlet", "title", "agency", "published_at", "published_offset", "first_seen_at")
_COLUMNS = (*(articles.c[name] for name in _STORED), *(copies.c[name] for name in _SCORES))


def _relation(row_id: int, article_id: int, root_id: int) -> str:
    if row_id == article_id:
        return "this"
    return "stored first" if row_id == root_id else "copy"


def _copy(row: Any, relation: str) -> Copy:
    return Copy(
        url=row.url,
        outlet=row.outlet,
        title=row.title,
        agency=row.agency,
        published_at=local_time(row.published_at, row.published_offset),
        first_seen_at=row.first_seen_at,
        relation=relation,
        **{name: getattr(row, name) for name in _SCORES},
    )


def _published(copy: Copy) -> datetime:
    return copy.published_at or copy.first_seen_at
