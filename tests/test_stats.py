"""What is in the store, counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from crawler.cli import exit_status
from crawler.store.answers.stats import stats
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, crawls, revisions
from crawler.store.story.stories import outlets_of
from tests import stories
from tests.test_cli import Ran


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


def test_everything_is_counted(filled: Store) -> None:
    found = stats(filled)
    assert (found.stories, found.on_topic, found.copies, found.gone) == (5, 4, 1, 0)
    assert (found.links, found.links_to_stored) == (6, 5)
    assert (found.revisions, found.edited) == (5, 0)
    assert (found.published_from, found.published_to) == (
        datetime(2021, 5, 20, 1, 30, tzinfo=UTC), datetime(2021, 5, 23, 1, 30, tzinfo=UTC),
    )  # fmt: skip
    assert found.topics == {stories.TOPIC: 4}
    assert found.database_bytes > found.index_bytes > 0
    assert (found.crawls, found.last_crawl) == (0, None)


def test_a_topic_counts_its_own_stories(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_story(connection, 9, "https://www.detik.com/x/d-99/y", "Banjir", day=9, topic="banjir")
        stories.add_topic(connection, 1, "banjir")
    found = stats(filled, "banjir")
    assert (found.stories, found.on_topic, found.copies, found.links) == (2, 2, 0, 3)
    assert [outlet.outlet for outlet in found.outlets] == ["detik", "tribunnews"]
    assert stats(filled, stories.TOPIC).stories == 5
    assert stats(filled).on_topic == 5


def test_edits_and_deletions_are_counted(filled: Store) -> None:
    with filled.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=90, article_id=1, content_hash="other", title="Lain", body="Isi", authors=[],
                seen_at=stories.SEEN_AT,
            )
        )  # fmt: skip
        connection.execute(update(articles).where(articles.c.id == 2).values(gone_at=stories.SEEN_AT))
    found = stats(filled)
    assert (found.revisions, found.edited, found.gone) == (6, 1, 1)


def test_fill_is_the_share_of_stories_with_a_field(filled: Store) -> None:
    with filled.write() as connection:
        connection.execute(
            update(articles).where(articles.c.id.in_([1, 2])).values(authors=[], tags=[], section="Nasional")
        )
        connection.execute(update(articles).where(articles.c.id == 1).values(section="", deck="Ringkasan"))
        connection.execute(update(revisions).where(revisions.c.id == 5).values(body=""))
    [outlet] = stats(filled).outlets
    assert (outlet.outlet, outlet.stories) == ("tribunnews", 5)
    assert outlet.fill == {
        "published_at": 0.8, "authors": 0.6, "editors": 1.0, "deck": 0.2, "section": 0.2, "tags": 0.6,
        "image_url": 0.0, "body": 0.8,
    }  # fmt: skip


def test_most_linked_stories_count_a_text_once(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_link(connection, 4, stories.THIRD, "Lagi", position=9)
    found = {story.url: story.linked_by for story in stats(filled).most_linked}
    # The second story and its copy both link to the third: one text. That the copy links to its first one
    # says nothing.
    assert found == {stories.THIRD: 1, stories.SECOND: 1, stories.SEED: 1, stories.LURE: 1}


def test_first_publisher_of_a_text_that_others_repeat(store: Store) -> None:
    with store.write() as connection:
        stories.add_story(connection, 1, "https://www.detik.com/x/d-1/y", "Judul", day=5)
        stories.add_story(connection, 2, "https://www.tempo.co/x/judul-2", "Judul", day=4, duplicate_of=1)
        stories.add_story(connection, 3, "https://www.detik.com/x/d-3/y", "Sendiri", day=1)
    first = {outlet.outlet: outlet.first_publisher for outlet in stats(store).outlets}
    assert first == {"detik": 0, "tempo": 1}


def test_last_crawl_is_told(filled: Store) -> None:
    with filled.write() as connection:
        for number, topic in enumerate((stories.TOPIC, "banjir"), start=1):
            connection.execute(
                insert(crawls).values(
                    id=number,
                    topic=topic,
                    worker="w",
                    started_at=stories.SEEN_AT,
                    figures={},
                    stop_reason=None,
                )
            )
    found = stats(filled)
    assert found.last_crawl is not None
    assert (found.crawls, found.last_crawl.topic, found.last_crawl.ended_at) == (2, "banjir", None)
    of_topic = stats(filled, stories.TOPIC)
    assert of_topic.last_crawl is not None
    assert (of_topic.crawls, of_topic.last_crawl.topic) == (1, stories.TOPIC)


def test_an_empty_store_has_nothing(store: Store) -> None:
    found = stats(store)
    assert (found.stories, found.links, found.revisions, found.outlets, found.most_linked) == (
        0,
        0,
        0,
        [],
        [],
    )
    with store.read() as connection:
        assert outlets_of(connection) == []


def test_outlets_are_known_by_name(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_story(connection, 9, "https://www.detik.com/x/d-99/y", "Banjir", day=9)
    with filled.read() as connection:
        assert outlets_of(connection) == ["detik", "tribunnews"]


def test_command(tmp_path: Path) -> None:
    database = str(tmp_path / "news.db")
    store = open_store(database)
    empty = Ran("stats", "--db", database)
    assert (empty.status, empty.err) == (
        exit_status.NOTHING_FOUND,
        f"no stories in {database} yet; gather some: bacajuga crawl TOPIC (see: bacajuga topics)\n",
    )
    stories.fill(store)
    store.close()
    ran = Ran("stats", "--db", database)
    assert (ran.status, ran.err) == (exit_status.OK, "")
    assert "stories\t5 read, 4 on topic; 1 repeat another" in ran.out
    assert "tribunnews\t80%\t100%" in ran.out
    record = json.loads(Ran("stats", stories.TOPIC, "--json", "--db", database).out)
    assert (record["topic"], record["on_topic"]) == (stories.TOPIC, 4)
