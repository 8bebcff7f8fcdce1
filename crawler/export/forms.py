"""What can be exported and how it is written; light, since the command line needs it for its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath


class Table(StrEnum):
    """What can be exported."""

    ARTICLES = "articles"
    LINKS = "links"
    REVISIONS = "revisions"
    THREADS = "threads"
    OUTCOMES = "outcomes"
    GRAPH = "graph"


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"
    GEXF = "gexf"
    GRAPHML = "graphml"


GRAPH_FORMATS = (Format.GEXF, Format.GRAPHML)
BINARY_FORMATS = (Format.PARQUET, Format.XLSX)

# What a file's name says of its format; no ending says CSV.
ENDINGS = {
    "": Format.CSV,
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".jl": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".xlsx": Format.XLSX,
    ".gexf": Format.GEXF,
    ".graphml": Format.GRAPHML,
}


def format_for(file_name: str | None) -> Format:
    """Return the format that a file's name asks for; CSV where it asks for none that is known.

    >>> str(format_for("stories.jsonl")), str(format_for("stories.XLSX")), str(format_for(None))
    ('jsonl', 'xlsx', 'csv')
    """
    return ENDINGS.get(PurePath(file_name or "").suffix.lower(), Format.CSV)
