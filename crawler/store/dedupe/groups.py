"""Groups of copies: every copy points straight at the first story of its group, its root."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update

from crawler.comparing.fingerprint import SIG_VERSION
from crawler.comparing.likeness import CopyKind, Match, Thresholds, matches
from crawler.store.dedupe.texts import shapes_of
from crawler.store.schema import articles, copies
from crawler.store.upsert import upsert

_SCORES = ("kind", "j3", "containment", "num_jaccard", "sig_version", "found_at")
_ABOVE = select(articles.c.id, articles.c.duplicate_of).where(
    articles.c.id.in_(bindparam("ids", expanding=True))
)
_LINK = update(articles).where(articles.c.id == bindparam("article"))


def roots_of(connection: Connection, article_ids: Collection[int]) -> dict[int, int]:
    """Return the root of each story's group; a story that repeats none is its own root."""
    above: dict[int, int | None] = {}
    wanted = set(article_ids)
    while wanted:
        rows = connection.execute(_ABOVE, {"ids": sorted(wanted)}).all()
        above.update((row.id, row.duplicate_of) for row in rows)
        # Usually one step: a chain is left only where two revisions met (see regroup).
        wanted = {row.duplicate_of for row in rows if row.duplicate_of is not None} - above.keys()
    return {article_id: _follow(above, article_id) for article_id in article_ids if article_id in above}


def regroup(connection: Connection, member_ids: Iterable[int], root_id: int, thresholds: Thresholds) -> None:
    """Point stories at the root that their own one has joined; those that are not like it stand alone.

    A story that another worker is writing is left as it is: ``roots_of`` follows its chain.
    """
    free = connection.scalars(
        select(articles.c.id)
        .where(articles.c.id.in_(sorted(member_ids)))
        .order_by(articles.c.id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    shapes = shapes_of(connection, {*free, root_id})
    for member_id in free:
        connection.execute(
            delete(copies).where(copies.c.article_id == member_id, copies.c.kind != CopyKind.CONTAINED)
        )
        match, _ = matches(shapes[member_id][-1], {root_id: shapes[root_id]}, thresholds)
        write_root(connection, member_id, match)
        if match is not None:
            write_scores(connection, member_id, [match])


def members_of(connection: Connection, root_id: int) -> list[int]:
    """Return the stories that point at a root."""
    return list(connection.scalars(select(articles.c.id).where(articles.c.duplicate_of == root_id)))


def write_root(connection: Connection, article_id: int, match: Match | None, **columns: Any) -> None:
    """Point a story at its root, or at none."""
    connection.execute(
        _LINK,
        {
            "article": article_id,
            "duplicate_of": match.other_id if match else None,
            "duplicate_kind": match.kind.value if match else None,
            **columns,
        },
    )


def write_scores(connection: Connection, article_id: int, found: Iterable[Match]) -> None:
    """Keep how like a story is to others, so that another threshold can be tried without reading texts."""
    now = datetime.now(UTC)
    rows = [score_row(article_id, match) | {"found_at": now} for match in found]
    if rows:
        upsert(connection, copies, rows, key=("article_id", "of_id"), changing=_SCORES)


def score_row(article_id: int, match: Match) -> dict[str, Any]:
    """Return a match as a row of ``copies``: the copy, or the part, first."""
    likeness = match.likeness
    part, whole, share = article_id, match.other_id, likeness.containment
    if match.holds_other:
        part, whole, share = whole, part, likeness.contains
    return {
        "article_id": part,
        "of_id": whole,
        "kind": match.kind.value,
        "j3": likeness.j3,
        "containment": share,
        "num_jaccard": likeness.num_jaccard,
        "sig_version": SIG_VERSION,
    }


def forget_scores(connection: Connection, article_id: int) -> set[int]:
    """Delete what an earlier text of the story had in common with others; return these."""
    mine = or_(
        copies.c.article_id == article_id,
        and_(copies.c.of_id == article_id, copies.c.kind == CopyKind.CONTAINED),
    )
    rows = connection.execute(select(copies.c.article_id, copies.c.of_id).where(mine)).all()
    if rows:
        connection.execute(delete(copies).where(mine))
    return {each for row in rows for each in row} - {article_id}


def _follow(above: dict[int, int | None], article_id: int) -> int:
    passed = {article_id}
    while (following := above.get(article_id)) is not None and following not in passed:
        passed.add(following)
        article_id = following
    return article_id
