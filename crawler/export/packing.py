"""Rows as lines of JSON that come back exactly as they were: what snapshots and spools are made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace

from crawler.export.columns import Column, Kind


def packed(columns: Sequence[Column], row: object) -> str:
    """Return the row's values, in the order of the columns, as one line of ASCII."""
    values = [
        value.isoformat() if isinstance(value := getattr(row, column.name), datetime) else value
        for column in columns
    ]
    return json.dumps(values, separators=(",", ":"))


def unpacked(columns: Sequence[Column], line: str | bytes) -> SimpleNamespace:
    """Return the row that a line was made of: the same values under the same names."""
    values = json.loads(line)
    return SimpleNamespace(
        **{
            column.name: datetime.fromisoformat(value)
            if column.kind is Kind.TIME and value is not None
            else value
            for column, value in zip(columns, values, strict=True)
        }
    )
