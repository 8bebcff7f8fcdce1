"""CSV as RFC 4180 has it, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from crawler.export.columns import Column

LIST_SEPARATOR = "; "
BOM = b"\xef\xbb\xbf"

Value = str | bool | int | float | datetime | Sequence[str] | None

# A spreadsheet runs text that starts so as a formula. The wide forms count in East Asian versions.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
# All controls but tab and line feed, and half characters that no encoding can write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write_csv(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[object], *, bom: bool = False
) -> int:
    """Write a header and a line for each row, whose attributes bear the columns' names; return how many.

    Args:
        file: where the bytes go.
        columns: which attributes, in which order.
        rows: taken one at a time.
        bom: whether the file starts with the mark by which Excel knows UTF-8.
    """
    if bom:
        file.write(BOM)
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text)  # CRLF, and quotes only where they are needed
        names = [column.name for column in columns]
        writer.writerow(names)
        count = 0
        for row in rows:
            writer.writerow([cell(getattr(row, name)) for name in names])
            count += 1
        text.flush()
    finally:
        text.detach()
    return count


def cell(value: Value) -> str:
    """Return what a cell shows: lists joined, times in ISO 8601, text that cannot act as a formula.

    >>> cell(["Ani", "Budi"]), cell(True), cell(None), cell(-0.5), cell("-0.5")
    ('Ani; Budi', 'true', '', '-0.5', "'-0.5")
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(writable(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return harmless(writable(LIST_SEPARATOR.join(map(str, value))))


def writable(text: str) -> str:
    """Return the text with one kind of line end and without characters that no reader expects."""
    if text.isprintable():  # most cells, and quickly told
        return text
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(text: str) -> str:
    """Return the text with an apostrophe before it when a spreadsheet would run it as a formula.

    >>> harmless("=HYPERLINK(0)"), harmless("Data bocor")
    ("'=HYPERLINK(0)", 'Data bocor')
    """
    return f"'{text}" if looks_like_formula(text) else text


def looks_like_formula(text: str) -> bool:
    """Return whether a spreadsheet would run the text.

    >>> looks_like_formula("+62 812"), looks_like_formula("1 + 1")
    (True, False)
    """
    # Most texts begin with a letter or a digit of ASCII, which no formula does.
    return not (text[:1].isascii() and text[:1].isalnum()) and _FORMULA.match(text) is not None
