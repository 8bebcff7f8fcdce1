"""Excel workbooks: real dates and numbers, text that no spreadsheet runs, any number of rows.

The limits are those of Excel ("Excel specifications and limits", Microsoft): 1,048,576 rows a sheet,
32,767 characters a cell, dates from 1900 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import IO, Any

from crawler.export.columns import Column, Kind
from crawler.export.csv_file import LIST_SEPARATOR, looks_like_formula, writable
from crawler.export.extras import needed
from crawler.export.period import WIB

SHEET_ROWS = 1_048_575  # below the heading
CELL_CHARACTERS = 32_767
FIRST_YEAR = 1901  # Excel's own 1900 has a day too many
COLUMNS_SHEET = "columns"


def write_xlsx(
    file: IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[object],
    *,
    sheet: str,
    made_at: datetime | None = None,
) -> tuple[int, int]:
    """Write the rows, whose attributes bear the columns' names; return how many, and how many cells are cut.

    Times are dates of Excel's in Jakarta's time, which has no summer time. Rows that one sheet has no
    room for go on in a second. A text longer than a cell may be ends with a note that says so. A last sheet
    explains the columns.

    Args:
        file: where the bytes go.
        columns: which attributes, in which order.
        rows: taken one at a time.
        sheet: name of the sheet.
        made_at: the time that the file bears, for files that have to be the same again; None for now.

    Raises:
        ExportError: when XlsxWriter is not installed.
    """
    xlsxwriter: Any = needed("xlsxwriter", "xlsx")
    # Each row goes to a temporary file as soon as the next begins.
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "use_zip64": True})
    book.set_properties({"created": (made_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)})
    writing = _Writing(book, columns)
    count = 0
    page: Any = None
    for row in rows:
        number = count % SHEET_ROWS
        if number == 0:
            page = writing.sheet(f"{sheet} {count // SHEET_ROWS + 1}" if count else sheet)
        writing.row(page, number + 1, row)
        count += 1
    if page is None:
        writing.sheet(sheet)
    writing.explain()
    book.close()
    return count, writing.cut_cells


class _Writing:
    """A workbook being written."""

    def __init__(self, book: Any, columns: Sequence[Column]) -> None:
        self.cut_cells = 0
        self._book = book
        self._columns = columns
        self._bold = book.add_format({"bold": True})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # A spreadsheet keeps such a cell as text, also when somebody edits it.
        self._quoted = book.add_format({"quote_prefix": True})
        writers: dict[Kind, Callable[[Any, int, int, Any], None]] = {
            Kind.TEXT: self._write_text,
            Kind.TEXTS: self._write_texts,
            Kind.INTEGER: self._write_number,
            Kind.NUMBER: self._write_number,
            Kind.FLAG: self._write_flag,
            Kind.TIME: self._write_time,
        }
        self._cells = [
            (place, attrgetter(column.name), writers[column.kind]) for place, column in enumerate(columns)
        ]

    def sheet(self, name: str) -> Any:
        """Return a new sheet with its heading."""
        page = self._book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            if column.kind is Kind.TIME:
                page.set_column(place, place, 19)
        for place, column in enumerate(self._columns):
            page.write_string(0, place, column.name, self._bold)
        return page

    def row(self, page: Any, number: int, row: object) -> None:
        """Write a row."""
        for place, value_of, write in self._cells:
            value = value_of(row)
            if value is not None:
                write(page, number, place, value)

    def explain(self) -> None:
        """Write the sheet that says what the columns hold."""
        page = self._book.add_worksheet(COLUMNS_SHEET)
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 90)
        lines = [("column", "what it holds")]
        for column in self._columns:
            in_time = "; here in Jakarta's time (WIB, +07:00)" if column.kind is Kind.TIME else ""
            lines.append((column.name, f"{column.description}{in_time}"))
        for number, (name, words) in enumerate(lines):
            form = self._bold if number == 0 else None
            page.write_string(number, 0, name, form)
            page.write_string(number, 1, words, form)

    def _write_text(self, page: Any, row: int, place: int, value: str) -> None:
        text = writable(value)
        if len(text) > CELL_CHARACTERS // 2:
            text = self._fitting(text)
        if text:
            page.write_string(row, place, text, self._quoted if looks_like_formula(text) else None)

    def _write_texts(self, page: Any, row: int, place: int, value: Sequence[str]) -> None:
        self._write_text(page, row, place, LIST_SEPARATOR.join(map(str, value)))

    def _write_number(self, page: Any, row: int, place: int, value: float) -> None:
        page.write_number(row, place, value)

    def _write_flag(self, page: Any, row: int, place: int, value: bool) -> None:
        page.write_boolean(row, place, value)

    def _write_time(self, page: Any, row: int, place: int, value: datetime) -> None:
        local = value.astimezone(WIB)
        if local.year < FIRST_YEAR:
            page.write_string(row, place, local.isoformat(timespec="seconds"))
            return
        page.write_datetime(row, place, local.replace(tzinfo=None, microsecond=0), self._time)

    def _fitting(self, text: str) -> str:
        # Excel counts in UTF-16: an emoji is two.
        length = _utf16_length(text)
        if length <= CELL_CHARACTERS:
            return text
        self.cut_cells += 1
        note = f" [... cut here: {length:,} characters, and a cell holds {CELL_CHARACTERS:,}]"
        kept = text.encode("utf-16-le")[: 2 * (CELL_CHARACTERS - len(note))].decode("utf-16-le", "ignore")
        return kept + note


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
