"""Parquet: typed columns, for pandas, DuckDB, R and whatever else reads Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import IO, Any

from crawler.export.columns import Column, Kind
from crawler.export.extras import needed

# Rows and characters, whichever comes first, that are held in memory until they are written.
GROUP_ROWS = 5_000
GROUP_CHARACTERS = 8_000_000


def write_parquet(file: IO[bytes], columns: Sequence[Column], rows: Iterable[object]) -> int:
    """Write the rows, whose attributes bear the columns' names; return how many.

    Lists are lists, times are moments in UTC to the second (one Parquet column has one zone: the offset
    that a page prints is in the other formats), and the file is compressed with Zstandard.

    Raises:
        ExportError: when pyarrow is not installed.
    """
    pyarrow: Any = needed("pyarrow", "parquet")
    parquet: Any = needed("pyarrow.parquet", "parquet")
    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.TEXTS: pyarrow.list_(pyarrow.string()),
        Kind.INTEGER: pyarrow.int64(),
        Kind.NUMBER: pyarrow.float64(),
        Kind.FLAG: pyarrow.bool_(),
        Kind.TIME: pyarrow.timestamp("ms", "UTC"),
    }
    schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
    values_of = [(attrgetter(column.name), column.kind) for column in columns]
    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        group: list[list[Any]] = [[] for _ in columns]
        held = characters = 0
        for row in rows:
            for cells, (value_of, kind) in zip(group, values_of, strict=True):
                value = _plain(value_of(row), kind)
                cells.append(value)
                if kind is Kind.TEXT and value is not None:
                    characters += len(value)
            held += 1
            if held >= GROUP_ROWS or characters >= GROUP_CHARACTERS:
                count += held
                writer.write_table(_table(pyarrow, group, schema))
                group, held, characters = [[] for _ in columns], 0, 0
        if held:
            count += held
            writer.write_table(_table(pyarrow, group, schema))
    return count


def _table(pyarrow: Any, group: list[list[Any]], schema: Any) -> Any:
    arrays = [pyarrow.array(cells, kind) for cells, kind in zip(group, schema.types, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _plain(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.TEXT:
        return _encodable(value)
    if kind is Kind.TEXTS:
        return [_encodable(text) for text in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    return value


def _encodable(text: str) -> str:
    # A half character, which no encoding can write, becomes a question mark, as in JSON Lines.
    return text.encode("utf-8", "replace").decode()
