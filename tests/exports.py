"""A store with all that can be exported, and a file of it."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

from crawler.export.columns import Column, Kind
from crawler.export.exporting import Shape, export_table
from crawler.export.forms import Format, Table
from crawler.store.database import Store
from crawler.store.schema import articles, revisions
from crawler.store.story.story_filter import StoryFilter
from tests import stories

WIB = timezone(timedelta(hours=7))
EVERYTHING = StoryFilter(include_off_topic=True, include_duplicates=True)
AWKWARD = '=1+1 "kutip" & <tanda>\nbaris 2 🎉'
COLUMNS_OF_ONE = (Column("text", ""), Column("at", "", Kind.TIME), Column("count", "", Kind.INTEGER))


def fill_with_everything(store: Store) -> Store:
    """Write stories with an awkward headline, versions and failed pages among them; return the store."""
    stories.fill(store)
    with store.write() as connection:
        stories.add_story(connection, 9, "https://www.detik.com/berita/d-9/awkward", AWKWARD, day=26)
        stories.add_page(connection, stories.GONE, outcome="gone")
        stories.add_page(connection, stories.FORBIDDEN, outcome="forbidden")
        for number, seen in ((20, 1), (21, 2)):
            connection.execute(
                revisions.insert().values(
                    id=number, article_id=2, content_hash=f"later{seen}", title=f"Judul {seen}", body="Isi.",
                    authors=[], seen_at=stories.SEEN_AT + timedelta(hours=seen),
                )
            )  # fmt: skip
        connection.execute(articles.update().where(articles.c.id == 2).values(content_hash="later1"))
    return store


def written(store: Store, table: Table, folder: Path, form: Format, **shape: Any) -> Path:
    path = folder / f"{table}.{form}"
    export_table(store, table, EVERYTHING, path, Shape(form=form, **shape))
    return path
