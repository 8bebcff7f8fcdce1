"""What can be exported and how it is written; light, since the command line needs it for its help."""

from __future__ import annotations

from enum import StrEnum


class Table(StrEnum):
    """What can be exported."""

    ARTICLES = "articles"
    LINKS = "links"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"


def format_for(file_name: str | None) -> Format:
    """Return the format that a file's name asks for.

    >>> str(format_for("stories.jsonl")), str(format_for("stories.csv")), str(format_for(None))
    ('jsonl', 'csv', 'csv')
    """
    name = (file_name or "").lower()
    return Format.JSONL if name.endswith((".jsonl", ".ndjson", ".jl")) else Format.CSV
