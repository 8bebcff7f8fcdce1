"""Rows of an export with the personal data masked in whatever a page printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from crawler.export.columns import Column
from crawler.redaction import redact

Row = TypeVar("Row")


def masked(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[Row]:
    """Yield the rows, their printed columns masked in place; a row may lack some of the columns."""
    names = [column.name for column in columns if column.is_printed]
    for row in rows:
        for name in names:
            value = getattr(row, name, None)
            if isinstance(value, str):
                setattr(row, name, redact(value))
            elif value:
                setattr(row, name, [redact(text) for text in value])
        yield row
