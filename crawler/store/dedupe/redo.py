"""Finding all copies in a store anew, from the texts that it holds: nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import sqlite

from crawler.comparing.fingerprint import fingerprint
from crawler.comparing.likeness import Match, Thresholds, matches, shape_of
from crawler.store.database import Store
from crawler.store.dedupe.bands import claim, owners
from crawler.store.dedupe.groups import forget_scores, write_scores
from crawler.store.dedupe.redo_alarms import set_failures_apart
from crawler.store.dedupe.redo_plan import Plan, counted_texts, note, planned
from crawler.store.dedupe.repeats import count_blocks, repeated_blocks
from crawler.store.dedupe.texts import own_words, shapes_of, texts_of
from crawler.store.schema import articles
from crawler.store.upsert import upsert

BATCH = 200  # stories in one transaction of the plan

Progress = Callable[[str, int, int], None]  # the step, stories done, stories in all


def make_plan(store: Store, plan: Plan, thresholds: Thresholds, progress: Progress) -> None:
    """Work out all copies of a store; only the plan is written.

    Goes on where an earlier run was stopped, and takes in what has been stored since.

    Raises:
        StoreError: when the store cannot be read.
    """
    if plan.read("started_at", None) is None:
        with plan.write() as connection:
            note(connection, "started_at", datetime.now(UTC).isoformat())
    _count(store, plan, progress)
    for done, total, ids in _batches(store, plan, "linked"):
        with store.read() as reading, plan.write() as writing:
            link(reading, writing, ids, thresholds)
            note(writing, "linked", ids[-1])
        progress("comparing stories", done, total)
    with store.read() as reading:
        set_failures_apart(reading, plan)


def link(reading: Connection, writing: Connection, article_ids: list[int], thresholds: Thresholds) -> None:
    """Plan the links of some stories, in the order in which they were first stored.

    Args:
        reading: the store.
        writing: the plan.
        article_ids: the stories; those that are planned already are planned again.
        thresholds: what counts as a copy.
    """
    texts = texts_of(reading, article_ids)
    versions = dict(zip(texts, own_words(writing, texts.values()), strict=True))
    for article_id in sorted(versions):
        marks = [mark for words in versions[article_id] if (mark := fingerprint(words))]
        keys = {key for mark in marks for key in mark.keys}
        claim(writing, ((key, article_id) for key in keys))
        partners = forget_scores(writing, article_id)
        root_ids = _roots(writing, {*owners(writing, keys).values(), *partners} - {article_id}) - {article_id}
        copied: Match | None = None
        parts: list[Match] = []
        if root_ids and marks:
            own = shape_of(versions[article_id][-1].tokens)
            copied, parts = matches(own, shapes_of(reading, root_ids, writing), thresholds)
        write_scores(writing, article_id, [*([copied] if copied else []), *parts])
        upsert(
            writing,
            planned,
            {
                "article_id": article_id,
                "root_id": copied.other_id if copied else None,
                "kind": copied.kind.value if copied else None,
                "text_key": marks[-1].text_key if marks else None,
            },
            key=("article_id",),
            changing=("root_id", "kind", "text_key"),
        )
        if copied is not None:
            followers = select(planned.c.article_id).where(planned.c.root_id == article_id)
            if moved := list(writing.scalars(followers)):
                link(reading, writing, moved, thresholds)


def _count(store: Store, plan: Plan, progress: Progress) -> None:
    """Count what every host repeats, over the whole store: more than the crawl knew when it began."""
    for done, total, ids in _batches(store, plan, "counted"):
        with store.read() as reading, plan.write() as writing:
            stories = reading.scalars(
                select(articles.c.id).where(articles.c.id.in_(ids), articles.c.duplicate_of.is_(None))
            )
            for article_id, text in texts_of(reading, list(stories)).items():
                mark = fingerprint(text.words()[-1])
                if mark is not None and _is_first(writing, mark.text_key):
                    fresh = set(mark.blocks) - repeated_blocks(writing, mark.blocks)
                    count_blocks(writing, article_id, fresh)
            note(writing, "counted", ids[-1])
        progress("counting repeated lines", done, total)


def _is_first(writing: Connection, text_key: int) -> bool:
    """Return whether the text has not been counted yet."""
    new = sqlite.insert(counted_texts).values(text_key=text_key).on_conflict_do_nothing()
    return writing.execute(new).rowcount == 1


def _batches(store: Store, plan: Plan, step: str) -> Iterator[tuple[int, int, list[int]]]:
    """Yield the stories that a step has still to do, with how many are done after them, and of how many."""
    last = plan.read(step, 0)
    with store.read() as connection:
        total = connection.scalar(select(func.count()).select_from(articles)) or 0
        done = connection.scalar(select(func.count()).where(articles.c.id <= last)) or 0
    while True:
        with store.read() as connection:
            ids = list(
                connection.scalars(
                    select(articles.c.id).where(articles.c.id > last).order_by(articles.c.id).limit(BATCH)
                )
            )
        if not ids:
            return
        last = ids[-1]
        done += len(ids)
        yield done, max(total, done), ids


def _roots(connection: Connection, article_ids: set[int]) -> set[int]:
    """Return the planned roots of stories."""
    rows = connection.execute(
        select(planned.c.article_id, planned.c.root_id).where(planned.c.article_id.in_(sorted(article_ids)))
    ).all()
    known = {row.article_id: row.root_id for row in rows}
    return {known.get(article_id) or article_id for article_id in article_ids}
