"""Pages that could not be read, found while a plan is made: many headlines over the same text of a host."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from crawler.comparing.likeness import CopyKind
from crawler.comparing.text_blocks import folded
from crawler.store.dedupe.alarms import ALARM_FROM
from crawler.store.dedupe.redo_plan import Plan, note, planned
from crawler.store.schema import articles, copies
from crawler.urls import host_of


def set_failures_apart(reading: Connection, plan: Plan) -> None:
    """Take stories out of the plan's groups whose text is a cookie wall, a block page or the like."""
    alarms: list[dict[str, Any]] = []
    with plan.write() as writing:
        exact = planned.c.kind == CopyKind.EXACT
        roots = writing.scalars(
            select(planned.c.root_id)
            .where(exact)
            .group_by(planned.c.root_id)
            .having(func.count() >= ALARM_FROM - 1)
        ).all()
        for root_id in roots:
            members = writing.scalars(
                select(planned.c.article_id).where(exact, planned.c.root_id == root_id)
            ).all()
            text_key = writing.scalar(select(planned.c.text_key).where(planned.c.article_id == root_id))
            for host, rows in _by_host(reading, [root_id, *members]).items():
                if len({folded(row.title) for row in rows}) < ALARM_FROM:
                    continue
                _part(writing, [row.id for row in rows if row.id != root_id])
                alarms.append(
                    {"host": host, "text_key": text_key, "stories": len(rows), "example_url": rows[0].url}
                )
        # A run that was stopped before it was carried out has set some apart already.
        note(writing, "alarms", _merged(plan.read("alarms", []), alarms))


def _by_host(connection: Connection, article_ids: list[int]) -> dict[str, list[Any]]:
    rows = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.title)
        .where(articles.c.id.in_(article_ids))
        .order_by(articles.c.id)
    )
    by_host: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_host[host_of(row.url)].append(row)
    return by_host


def _part(connection: Connection, article_ids: list[int]) -> None:
    connection.execute(
        update(planned).where(planned.c.article_id.in_(article_ids)).values(root_id=None, kind=None)
    )
    connection.execute(delete(copies).where(copies.c.article_id.in_(article_ids)))


def _merged(former: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_text = {(alarm["host"], alarm["text_key"]): alarm for alarm in [*former, *found]}
    return list(by_text.values())
