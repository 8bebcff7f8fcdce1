"""JSON Lines: one object a row, with lists, numbers and null as such."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

from crawler.export.columns import Column


def write_jsonl(file: IO[bytes], columns: Sequence[Column], rows: Iterable[object]) -> int:
    """Write a line for each row, whose attributes bear the columns' names; return how many."""
    names = [column.name for column in columns]
    count = 0
    for row in rows:
        line = json.dumps({name: getattr(row, name) for name in names}, ensure_ascii=False, default=as_json)
        # A half character, which no encoding can write, becomes a question mark.
        file.write(line.encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def as_json(value: object) -> str:
    """Return a time in ISO 8601; for ``json.dumps(default=)``.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"no JSON form for {type(value).__name__}: {value!r}")
