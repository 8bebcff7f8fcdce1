"""The same rows in every format, as the programs that people use load them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas
import pyarrow.parquet as parquet
import pytest

from crawler.export import xlsx_file
from crawler.export.columns import (
    COLUMNS,
    Column,
    Kind,
)
from crawler.export.csv_file import cell
from crawler.export.exporting import ROWS
from crawler.export.forms import Format, Table
from crawler.export.xlsx_file import write_xlsx
from crawler.store.database import Store
from tests.exports import AWKWARD, COLUMNS_OF_ONE, EVERYTHING, WIB, fill_with_everything, written


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_everything(store)


def plain(value: object) -> object:
    """Return a value as every format can give it back: times as moments, no empty texts."""
    if value is pandas.NaT:
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, float) and value != value:
        return None
    return None if value is None or value == "" or value == [] else value


def in_sheet(value: object, column: Column) -> object:
    """Return a value of an Excel sheet as it was before: lists are joined there, and times Jakarta's."""
    if column.kind is Kind.TIME and isinstance(value, datetime):
        return plain(value.replace(tzinfo=WIB))
    return plain(value)


@pytest.mark.parametrize("table", [table for table in Table if table is not Table.GRAPH])
def test_every_format_has_the_same_rows_and_values(filled: Store, table: Table, tmp_path: Path) -> None:
    columns = COLUMNS[table]
    rows = list(ROWS[table](filled, EVERYTHING))
    assert rows, f"tests/stories.py has no {table}"
    names = [column.name for column in columns]
    truth = [[plain(getattr(row, name)) for name in names] for row in rows]

    frame = pandas.read_csv(written(filled, table, tmp_path, Format.CSV), dtype=str, keep_default_na=False)
    assert list(frame.columns) == names
    assert frame.values.tolist() == [[cell(getattr(row, name)) for name in names] for row in rows]

    frame = pandas.read_json(written(filled, table, tmp_path, Format.JSONL), lines=True, dtype=False)
    times = {column.name for column in columns if column.kind is Kind.TIME}
    found = [
        [
            plain(
                datetime.fromisoformat(row[name])
                if name in times and isinstance(row[name], str)
                else row[name]
            )
            for name in names
        ]
        for row in frame.astype(object).to_dict("records")
    ]
    assert found == truth

    loaded = parquet.read_table(written(filled, table, tmp_path, Format.PARQUET))
    assert loaded.column_names == names
    assert [[plain(row[name]) for name in names] for row in loaded.to_pylist()] == truth

    book = openpyxl.load_workbook(written(filled, table, tmp_path, Format.XLSX))
    heading, *lines = book[str(table)].iter_rows(values_only=True)
    assert list(heading) == names
    sheet_truth = [
        [plain("; ".join(value) if isinstance(value, list) else value) for value in row] for row in truth
    ]
    assert [
        [in_sheet(value, column) for value, column in zip(line, columns, strict=True)] for line in lines
    ] == sheet_truth
    explained = list(book["columns"].iter_rows(values_only=True))
    assert [name for name, _ in explained[1:]] == names


def test_excel_runs_no_text_and_keeps_it_one(filled: Store, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(filled, Table.ARTICLES, tmp_path, Format.XLSX))
    titles = {row[2].value: row[2] for row in book["articles"].iter_rows()}
    assert titles[AWKWARD].data_type == "s"
    assert titles[AWKWARD].quotePrefix
    assert not titles["Kominfo Blokir Raid Forums"].quotePrefix


def sheet_of(tmp_path: Path, *rows: tuple[object, object, object]) -> tuple[Any, int]:
    path = tmp_path / "x.xlsx"
    made = [SimpleNamespace(text=text, at=at, count=count) for text, at, count in rows]
    with path.open("wb") as file:
        count, cut = write_xlsx(file, COLUMNS_OF_ONE, made, sheet="rows")
    assert count == len(rows)
    return openpyxl.load_workbook(path), cut


def test_a_text_too_long_for_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    fits, too_long, in_pairs = "a" * 32_767, "b" * 40_000, "🎉" * 20_000
    book, cut = sheet_of(tmp_path, (fits, None, 1), (too_long, None, 2), (in_pairs, None, 3))
    found = [row[0] for row in book["rows"].iter_rows(min_row=2, values_only=True)]
    assert cut == 2
    assert found[0] == fits
    assert found[1].startswith("bbb")
    assert found[1].endswith("b [... cut here: 40,000 characters, and a cell holds 32,767]")
    assert len(found[1]) == 32_767
    assert found[2].startswith("🎉🎉")
    assert len(found[2].encode("utf-16-le")) // 2 <= 32_767


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "SHEET_ROWS", 3)
    book, _ = sheet_of(tmp_path, *((f"row {number}", None, number) for number in range(7)))
    assert book.sheetnames == ["rows", "rows 2", "rows 3", "columns"]
    for name, count in (("rows", 3), ("rows 2", 3), ("rows 3", 1)):
        assert book[name].max_row == count + 1
        assert book[name]["A1"].value == "text"
    assert book["rows 3"]["A2"].value == "row 6"


def test_times_that_excel_has_no_date_for_are_text(tmp_path: Path) -> None:
    book, _ = sheet_of(tmp_path, ("", datetime(1850, 1, 1, tzinfo=UTC), 1))
    assert book["rows"]["B2"].value == "1850-01-01T07:00:00+07:00"


def test_an_empty_table_has_its_heading_in_every_format(store: Store, tmp_path: Path) -> None:
    for form in (Format.CSV, Format.PARQUET, Format.XLSX):
        path = written(store, Table.ARTICLES, tmp_path, form)
        assert path.stat().st_size > 0
    assert parquet.read_table(tmp_path / "articles.parquet").num_rows == 0
    assert openpyxl.load_workbook(tmp_path / "articles.xlsx")["articles"].max_row == 1
