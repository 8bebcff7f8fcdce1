"""The second day: stories edited, deleted, new and as they were are told apart, with few bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crawler.address import address_of
from crawler.demo.graph import Graph, first_day
from crawler.demo.sample_web import SampleWeb
from crawler.demo.site import Site
from crawler.demo.story import Paragraph, ReadAlso, Story
from crawler.store.crawl.revisits import next_visit_at
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, links, pages, revisions
from tests.crawling import crawl_arguments, run, stored

EDITED, DELETED, NEW = "bpjs-analis", "bpjs-makassar", "tokped-sandi"


def edited(story: Story, title: str) -> Story:
    """Return the story with another headline and one sentence more."""
    return replace(
        story,
        title=title,
        parts=(*story.parts[:-1], (*story.parts[-1], Paragraph(text=f"Tambahan: {title}."))),
    )


def day(*titles: str, without: tuple[str, ...] = ()) -> Site:
    """Return the sample web with the story edited once for each title, and some deleted."""
    stories = dict(first_day().stories)
    for title in titles:
        stories[EDITED] = edited(stories[EDITED], title)
    gone = {name: stories.pop(name) for name in without}
    kept = {
        name: replace(
            story,
            parts=tuple(
                tuple(b for b in part if not (isinstance(b, ReadAlso) and b.target in gone))
                for part in story.parts
            ),
        )
        for name, story in stories.items()
    }
    return Site(Graph(stories=kept))


def make_all_due(database_url: str) -> int:
    """Let every story be due again; return how many are."""
    store = open_store(database_url)
    try:
        with store.write() as connection:
            past = datetime.now(UTC) - timedelta(minutes=1)
            connection.execute(update(pages).where(pages.c.outcome == "article").values(next_visit_at=past))
        return len(stored(database_url).on_topic)
    finally:
        store.close()


def one(store: Store, query: Any) -> Any:
    with store.read() as connection:
        return connection.scalar(query)


@pytest.mark.parametrize(
    ("hours_after", "expected"),
    [(0, 1), (0.5, 1), (1, 6), (5, 6), (23, 24), (30, 72), (719, 720), (720, None)],
)
def test_visits_are_dense_at_first(hours_after: float, expected: int | None) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    due = next_visit_at(first, first + timedelta(hours=hours_after), [1, 6, 24, 72, 168, 720])
    assert due == (first + timedelta(hours=expected) if expected else None)


def test_second_day_tells_edited_deleted_and_unchanged_stories_apart(
    sample_web: SampleWeb, database_url: str
) -> None:
    graph = first_day()
    new_key = address_of(graph.stories[NEW].url).key
    sample_web.turn_to(day(without=(NEW,)))
    yesterday = sample_web.server.site
    arguments = [*crawl_arguments(sample_web.url, database_url), "--json"]
    assert run(*arguments).status == 0
    known = make_all_due(database_url)
    assert new_key not in stored(database_url).on_topic

    sample_web.turn_to(day("Analis: Data Bocor Bukan yang Terakhir", without=(DELETED,)))
    before = len(sample_web.log)
    second = run(*arguments, "--revisit")
    assert second.status == 0, second.stderr
    figures = second.record
    asked = [hit for hit in sample_web.log[before:] if hit.path != "/robots.txt"]
    assert figures["edited"] == 1
    assert figures["stories"] == 1, "the new story, and nothing else, is new"
    assert new_key in stored(database_url).on_topic
    assert figures["unchanged"] + figures["edited"] + figures["outcomes"].get("gone", 0) == known
    # A page whose side boxes name an edited story has other bytes, though the same text.
    today = sample_web.server.site
    could = [hit for hit in asked if yesterday.answer(hit.host, hit.path) == today.answer(hit.host, hit.path)]
    modified = [hit.url for hit in could if hit.status != 304]
    assert len(could) > known / 3
    assert len(modified) <= 0.1 * len(could), modified

    store = open_store(database_url)
    try:
        edited_key = address_of(graph.stories[EDITED].url).key
        deleted_key = address_of(graph.stories[DELETED].url).key
        assert one(store, select(articles.c.title).where(articles.c.article_key == edited_key)).startswith(
            "Analis:"
        )
        assert one(store, select(articles.c.gone_at).where(articles.c.article_key == deleted_key)) is not None
        body = select(revisions.c.body).join(articles, articles.c.id == revisions.c.article_id)
        assert one(store, body.where(articles.c.article_key == deleted_key)), "a deleted story keeps its text"
        dropped = select(func.count()).where(
            links.c.target_key == deleted_key,
            links.c.source_id == articles.c.id,
            links.c.last_seen_at < articles.c.last_seen_at,
        )
        assert one(store, dropped) >= 1, (
            "a link that the editors took out stays, with the day it was last seen"
        )
    finally:
        store.close()

    sample_web.turn_to(
        day("Analis: Data Bocor Bukan yang Terakhir", "Analis: Akan Ada Lagi", without=(DELETED,))
    )
    make_all_due(database_url)
    third = run(*arguments, "--revisit")
    assert third.record["edited"] == 1
    store = open_store(database_url)
    try:
        versions = select(func.count()).where(
            revisions.c.article_id == articles.c.id, articles.c.article_key == edited_key
        )
        assert one(store, versions) == 3
        assert one(store, select(func.count()).where(articles.c.article_key == edited_key)) == 1
    finally:
        store.close()


def test_nothing_is_asked_again_before_it_is_due(sample_web: SampleWeb, database_url: str) -> None:
    arguments = [*crawl_arguments(sample_web.url, database_url), "--json"]
    run(*arguments)
    assert run(*arguments, "--revisit").record["fetches"] == 0
