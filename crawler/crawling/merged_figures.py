"""The figures of several workers as one: sent as JSON, added up field by field."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from crawler.crawling.figures import Figures


def to_record(figures: Figures) -> dict[str, Any]:
    """Return every field of the figures as JSON values."""
    return {field.name: _plain(getattr(figures, field.name)) for field in fields(figures)}


def from_record(record: Mapping[str, Any]) -> Figures:
    """Return the figures that ``to_record`` gave.

    >>> figures = Figures(fetches=3, outcomes=Counter(gone=2), recent=deque([True, False]))
    >>> from_record(to_record(figures)) == figures
    True
    """
    figures = Figures()
    for field in fields(Figures):
        kind = type(getattr(figures, field.name))
        value = record[field.name]
        if kind is deque:
            figures.recent.extend(value)
        else:
            setattr(figures, field.name, kind(value))
    return figures


def merged(parts: Iterable[Figures], recent: Iterable[bool]) -> Figures:
    """Return the sum of several workers' figures.

    Args:
        parts: each worker's own.
        recent: whether each of the last visits was on topic, in the order in which all workers made them.

    >>> both = merged([Figures(fetches=3, outcomes=Counter(gone=1)), Figures(fetches=2)], [True])
    >>> (both.fetches, both.outcomes["gone"], both.recent_harvest)
    (5, 1, 1.0)
    """
    total = Figures()
    total.recent.extend(recent)
    for figures in parts:
        for field in fields(figures):
            mine, value = getattr(total, field.name), getattr(figures, field.name)
            if isinstance(mine, Counter):
                mine.update(value)
            elif isinstance(mine, dict):
                for key, entry in value.items():
                    mine.setdefault(key, entry)
            elif isinstance(mine, int):
                setattr(total, field.name, mine + value)
            elif isinstance(mine, str):
                setattr(total, field.name, value or mine)
    return total


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, deque) else dict(value) if isinstance(value, dict) else value
