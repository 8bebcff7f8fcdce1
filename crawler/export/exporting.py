"""Exporting what a store holds to a file: the library call behind ``bacajuga export``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.export.columns import COLUMNS, EDGE_COLUMNS, NODE_COLUMNS, Column, chosen_columns
from crawler.export.csv_file import write_csv
from crawler.export.extras import needed
from crawler.export.forms import GRAPH_FORMATS, Format, Table
from crawler.export.graph_file import write_graph
from crawler.export.jsonl_file import write_jsonl
from crawler.export.masking import masked
from crawler.export.parquet_file import write_parquet
from crawler.export.thread_rows import thread_rows
from crawler.export.writing import output_file
from crawler.export.xlsx_file import write_xlsx
from crawler.store.answers.story_graph import stored_graph
from crawler.store.database import Store
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.store.story.story_links import stored_links
from crawler.store.story.story_outcomes import stored_outcomes
from crawler.store.story.story_revisions import stored_revisions

ROWS: dict[Table, Callable[[Store, StoryFilter], Iterable[Any]]] = {
    Table.ARTICLES: stored_stories,
    Table.LINKS: stored_links,
    Table.REVISIONS: stored_revisions,
    Table.THREADS: thread_rows,
    Table.OUTCOMES: stored_outcomes,
    Table.GRAPH: stored_graph,
}
TOLD_EVERY = 1000  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a file looks, whatever rows it has."""

    form: Format = Format.CSV
    fields: tuple[str, ...] = ()  # columns, in this order; none for all
    bom: bool = False  # whether a CSV file starts with the mark by which Excel knows UTF-8
    redacts: bool = False  # whether personal data is masked
    made_at: datetime | None = None  # what XLSX and GEXF bear, for the same bytes again; None for now


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a file holds."""

    rows: int  # of a graph, stories
    edges: int = 0
    cut_cells: int = 0  # of XLSX, where a cell takes fewer characters than a text has


def export(
    store: Store,
    table: Table,
    wanted: StoryFilter,
    path: Path | None,
    form: Format = Format.CSV,
    *,
    bom: bool = False,
) -> int:
    """Write the wanted rows with all columns, and return how many there were; see ``export_table``."""
    return export_table(store, table, wanted, path, Shape(form=form, bom=bom)).rows


def export_table(
    store: Store,
    table: Table,
    wanted: StoryFilter,
    path: Path | None,
    shape: Shape,
    *,
    on_row: Callable[[int], None] | None = None,
    on_compared: Callable[[int, int], None] | None = None,
) -> Written:
    """Write the wanted rows of a table, and return how many there were.

    The file takes its name only when it is complete. Memory stays the same for any number of rows; but for a
    graph, which keeps some 80 bytes a story, and threads, which are worked out in memory and of at most
    20,000 stories a topic.

    Args:
        store: an open store.
        table: what to write.
        wanted: which stories.
        path: the file; None for stdout.
        shape: how it looks.
        on_row: told now and then how many rows have been written.
        on_compared: of threads, told how many stories of how many have been compared before.

    Raises:
        ExportError: when the file cannot be written, or a column or a library is not there.
        StoreError: when the store cannot be read.
        TooManyStories: when a topic has more stories than can be grouped into threads.
    """
    is_compared = table is Table.THREADS  # before its first row, which takes a while
    rows = thread_rows(store, wanted, on_compared) if is_compared else ROWS[table](store, wanted)
    return write_rows(table, COLUMNS[table], rows, path, shape, on_row=on_row)


def write_rows(
    table: Table,
    columns: Sequence[Column],
    rows: Iterable[Any],
    path: Path | None,
    shape: Shape,
    *,
    on_row: Callable[[int], None] | None = None,
) -> Written:
    """Write rows of a table to a file; what raises is told at ``export_table``.

    Args:
        table: what the rows are.
        columns: the columns that they have.
        rows: taken one at a time; of a graph, nodes and edges.
        path: the file; None for stdout.
        shape: how it looks.
        on_row: told now and then how many rows have been written.
    """
    require_library(shape.form)
    if shape.redacts:
        rows = masked(rows, [*NODE_COLUMNS, *EDGE_COLUMNS] if table is Table.GRAPH else columns)
    if on_row is not None:
        rows = _counted(rows, on_row)
    # Whatever is wrong with the names is told before a file is begun.
    columns = columns if shape.form in GRAPH_FORMATS else chosen_columns(columns, shape.fields)
    with output_file(path) as file:
        if shape.form in GRAPH_FORMATS:
            nodes, edges = write_graph(file, shape.form, rows, made_at=shape.made_at)
            return Written(rows=nodes, edges=edges)
        if shape.form is Format.XLSX:
            count, cut_cells = write_xlsx(file, columns, rows, sheet=str(table), made_at=shape.made_at)
            return Written(rows=count, cut_cells=cut_cells)
        if shape.form is Format.PARQUET:
            return Written(rows=write_parquet(file, columns, rows))
        if shape.form is Format.CSV:
            return Written(rows=write_csv(file, columns, rows, bom=shape.bom))
        return Written(rows=write_jsonl(file, columns, rows))


def require_library(form: Format) -> None:
    """Make sure that what writes the format is installed.

    Raises:
        ExportError: when it is not, with how to install it.
    """
    if form is Format.XLSX:
        needed("xlsxwriter", "xlsx")
    elif form is Format.PARQUET:
        needed("pyarrow", "parquet")


def _counted(rows: Iterable[Any], on_row: Callable[[int], None]) -> Iterator[Any]:
    for number, row in enumerate(rows, 1):
        yield row
        if number % TOLD_EVERY == 0:
            on_row(number)
