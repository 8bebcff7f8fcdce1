"""Exporting what a store holds to a file: the library call behind ``bacajuga export``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from crawler.export.columns import ARTICLE_COLUMNS, LINK_COLUMNS, Column
from crawler.export.csv_file import write_csv
from crawler.export.forms import Format, Table
from crawler.export.jsonl_file import write_jsonl
from crawler.export.writing import output_file
from crawler.store.database import Store
from crawler.store.stories import stored_stories
from crawler.store.story_filter import StoryFilter
from crawler.store.story_links import stored_links


def export(
    store: Store,
    table: Table,
    wanted: StoryFilter,
    path: Path | None,
    form: Format = Format.CSV,
    *,
    bom: bool = False,
) -> int:
    """Write the wanted stories, or the links that they print, and return how many rows there were.

    The file takes its name only when it is complete. Memory stays the same for any number of rows.

    Args:
        store: an open store.
        table: stories or links.
        wanted: which stories.
        path: the file; None for stdout.
        form: CSV or JSON Lines.
        bom: whether a CSV file starts with the mark by which Excel knows UTF-8.

    Raises:
        ExportError: when the file cannot be written.
        StoreError: when the store cannot be read.
    """
    columns: Sequence[Column]
    rows: Iterable[object]
    if table is Table.ARTICLES:
        columns, rows = ARTICLE_COLUMNS, stored_stories(store, wanted)
    else:
        columns, rows = LINK_COLUMNS, stored_links(store, wanted)
    with output_file(path) as file:
        if form is Format.CSV:
            return write_csv(file, columns, rows, bom=bom)
        return write_jsonl(file, columns, rows)
