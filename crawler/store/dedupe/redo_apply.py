"""Carrying a plan out: every band, link and count of the store is replaced in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, text, update

from crawler.comparing.fingerprint import SIG_VERSION
from crawler.comparing.likeness import Thresholds
from crawler.store.database import Store
from crawler.store.dedupe.redo import link
from crawler.store.dedupe.redo_alarms import set_failures_apart
from crawler.store.dedupe.redo_plan import Plan, planned
from crawler.store.schema import articles, bands, block_counts, copies, extraction_alarms
from crawler.store.upsert import upsert

_ROWS = 2_000
_LINK = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        duplicate_of=bindparam("root"),
        duplicate_kind=bindparam("new_kind"),
        text_key=bindparam("new_text_key"),
        sig_version=SIG_VERSION,
    )
)


def carry_out(store: Store, plan: Plan, thresholds: Thresholds) -> None:
    """Write the plan into the store, with what other workers stored in the meantime, and delete it.

    Crawls wait meanwhile and then go on. Stopped half-way, nothing is changed.

    Raises:
        StoreError: when the store cannot be written.
    """
    with store.write() as connection:
        if not store.is_sqlite:
            # In the order in which the crawl takes them; who reads is not kept waiting.
            connection.execute(text("LOCK TABLE articles, bands IN SHARE ROW EXCLUSIVE MODE"))
        _catch_up(connection, plan, thresholds)
        with plan.write() as planning:
            _replace(connection, planning, bands)
            _replace(connection, planning, block_counts)
            _write_links(connection, planning)
            # After the links, which they have to agree with for whoever reads both.
            _replace(connection, planning, copies)
        _sound_alarms(connection, plan)
    plan.delete()


def _catch_up(connection: Connection, plan: Plan, thresholds: Thresholds) -> None:
    """Plan what has been stored or edited since: nobody can store anything more now."""
    started_at = datetime.fromisoformat(plan.read("started_at", datetime.now(UTC).isoformat()))
    late = connection.scalars(
        select(articles.c.id)
        .where((articles.c.id > plan.read("linked", 0)) | (articles.c.last_seen_at >= started_at))
        .order_by(articles.c.id)
    ).all()
    for start in range(0, len(late), _ROWS):
        with plan.write() as planning:
            link(connection, planning, list(late[start : start + _ROWS]), thresholds)
    set_failures_apart(connection, plan)


def _replace(connection: Connection, planning: Connection, table: Table) -> None:
    connection.execute(delete(table))
    key = list(table.primary_key)
    for rows in _pages(planning, select(table).order_by(*key)):
        connection.execute(insert(table), [dict(row._mapping) for row in rows])


def _write_links(connection: Connection, planning: Connection) -> None:
    for rows in _pages(planning, select(planned).order_by(planned.c.article_id)):
        connection.execute(
            _LINK,
            [
                {
                    "article": row.article_id,
                    "root": row.root_id,
                    "new_kind": row.kind,
                    "new_text_key": row.text_key,
                }
                for row in rows
            ],
        )


def _sound_alarms(connection: Connection, plan: Plan) -> None:
    now = datetime.now(UTC)
    connection.execute(delete(extraction_alarms))
    for alarm in plan.read("alarms", []):
        upsert(
            connection,
            extraction_alarms,
            alarm | {"first_seen_at": now, "last_seen_at": now},
            key=("host", "text_key"),
            changing=("stories", "last_seen_at"),
        )


def _pages(connection: Connection, statement: Any) -> Iterator[Sequence[Any]]:
    yield from connection.execution_options(yield_per=_ROWS).execute(statement).partitions(_ROWS)
