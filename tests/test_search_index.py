"""The search index stays right whatever is written; and the views beside it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import delete, insert, text, update

from crawler.search.query import parse_query
from crawler.store.answers.search import SearchFilter, search
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, revisions
from tests import stories
from tests.searching import add, only, plain, titles
from tests.test_migrations import new_database_url  # noqa: F401 - a fixture

VIEWS = ("v_stories", "v_read_also", "v_revisions", "v_crawls")


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


def test_an_edited_text_is_found_by_its_new_words_and_by_its_old_ones_when_asked(store: Store) -> None:
    add(store, 1, "Data Kotz Bocor")
    with store.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=2, article_id=1, content_hash="new", title="Data Aman", body="Isi.", authors=[],
                seen_at=stories.SEEN_AT,
            )
        )  # fmt: skip
        connection.execute(update(articles).values(content_hash="new", title="Data Aman"))
    assert titles(store, "kotz") == []
    assert titles(store, "aman") == ["Data Aman"]
    earlier = SearchFilter(earlier_versions=True)
    hit = only(search(store, parse_query("kotz"), earlier))
    assert (plain(hit.title), hit.replaced_version_of) == ("Data Kotz Bocor", stories.SEEN_AT)
    newest = only(search(store, parse_query("data"), earlier))
    assert (plain(newest.title), newest.replaced_version_of) == ("Data Aman", None)


def test_a_text_that_is_read_again_is_indexed_again(store: Store) -> None:
    add(store, 1, "Menu Langganan", "Sampah menu")
    with store.write() as connection:
        connection.execute(update(revisions).values(title="Judul Benar", body="Isi kotz"))
        connection.execute(update(revisions).values(modified_at=stories.SEEN_AT))
    assert titles(store, "sampah") == titles(store, "langganan") == []
    assert titles(store, "kotz") == ["Judul Benar"]


def test_a_deleted_text_is_not_found(store: Store) -> None:
    add(store, 1, "Kotz Satu")
    add(store, 2, "Kotz Dua")
    with store.write() as connection:
        connection.execute(delete(revisions).where(revisions.c.article_id == 2))
    assert titles(store, "kotz") == ["Kotz Satu"]
    if store.is_sqlite:
        with store.write() as connection:
            check = "INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"
            connection.execute(text(check))  # raises when the index has other words than the table


def test_a_write_that_is_taken_back_leaves_no_words(store: Store) -> None:
    with suppress(ZeroDivisionError), store.write() as connection:
        stories.add_story(connection, 1, stories.SEED, "Kotz", day=1)
        raise ZeroDivisionError
    assert titles(store, "kotz") == []


def test_a_story_of_a_megabyte_can_be_stored_and_found(store: Store) -> None:
    add(store, 1, "Laporan Panjang", "kotz " + " ".join(f"kata{number}x" for number in range(150_000)))
    assert titles(store, "kotz") == ["Laporan Panjang"]


def test_stories_that_were_stored_before_the_index_are_found(
    new_database_url: str,  # noqa: F811
) -> None:
    from alembic import command
    from alembic.config import Config

    from crawler.store import database

    engine = open_store(new_database_url).engine
    engine.dispose()
    older = Store(engine)
    config = Config()
    config.set_main_option("script_location", str(database._migrations()))
    drop_everything(older)
    with older.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    stories.fill(older)
    older.close()
    newer = open_store(new_database_url, migrate=True)
    assert titles(newer, "raid") == ["Kominfo Blokir Raid Forums"]
    with newer.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM v_stories")) == 5
    newer.close()


def drop_everything(store: Store) -> None:
    with store.write() as connection:
        if not store.is_sqlite:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            return
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for view in VIEWS:
            connection.execute(text(f"DROP VIEW {view}"))
        connection.execute(text("DROP TABLE search_index"))
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ).all()
        for name in names:
            connection.execute(text(f'DROP TABLE "{name}"'))


# The views --------------------------------------------------------------------------------------------------


def rows_of(store: Store, view: str) -> list[dict[str, object]]:
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {view}"))]


def test_views_read_as_a_person_would_write_them(filled: Store) -> None:
    seconds = [row for row in rows_of(filled, "v_stories") if row["url"] == stories.SECOND]
    assert [
        (row["topic"], row["headline"], row["published"], row["modified"], bool(row["on_topic"]))
        for row in seconds
    ] == [(stories.TOPIC, "Kominfo Blokir Raid Forums", "2021-05-22 08:30", "2021-05-22 11:00", True)]
    [copy] = [row for row in rows_of(filled, "v_stories") if row["url"] == stories.COPY]
    assert (copy["duplicate"], copy["first_copy_url"]) == ("exact", stories.SECOND)
    links = {(row["from_url"], row["to_url"]): row for row in rows_of(filled, "v_read_also")}
    assert len(links) == 6
    # The copy links to an AMP address: the view leads to the story.
    assert links[stories.COPY, stories.SECOND]["to_headline"] == "Kominfo Blokir Raid Forums"
    assert links[stories.SEED, stories.BELOW_FLOOR]["to_headline"] is None
    assert {row["newest"] for row in rows_of(filled, "v_revisions")} == {1}
    assert rows_of(filled, "v_crawls") == []
