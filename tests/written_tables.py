"""Tables of the documents that are made from the code: below a line ``<!-- table: NAME -->``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from crawler.export import answer_columns, columns
from crawler.export.columns import Column
from crawler.outlets import OUTLETS

MARK = re.compile(r"(?m)^<!-- table: (\w+) -->\n(?:\n?(?:\|.*\n)+)?")


def _of_columns(shown: Iterable[Column]) -> list[str]:
    rows = [f"| `{column.name}` | {column.description} |" for column in shown]
    return ["| column | what it holds |", "|---|---|", *rows]


def _of_outlets() -> list[str]:
    rows = ["| outlet | name | domains | its lists that are read |", "|---|---|---|---|"]
    for name, outlet in sorted(OUTLETS.items()):
        kinds = {
            "tag pages": outlet.tag_page,
            "indexes by date": any("{day" in each for each in outlet.date_index),
            "latest": any("{day" not in each for each in outlet.date_index),
            "news sitemaps": outlet.news_sitemaps,
            "feeds": outlet.feeds,
        }
        lists = ", ".join(kind for kind, there in kinds.items() if there)
        rows.append(f"| {outlet.title} | `{name}` | {', '.join(outlet.hosts)} | {lists} |")
    return rows


TABLES: dict[str, Callable[[], list[str]]] = {
    "articles": lambda: _of_columns(columns.ARTICLE_COLUMNS),
    "links": lambda: _of_columns(columns.LINK_COLUMNS),
    "revisions": lambda: _of_columns(columns.REVISION_COLUMNS),
    "outcomes": lambda: _of_columns(columns.OUTCOME_COLUMNS),
    "incidents": lambda: _of_columns(columns.INCIDENT_COLUMNS),
    "nodes": lambda: _of_columns(columns.NODE_COLUMNS),
    "edges": lambda: _of_columns(columns.EDGE_COLUMNS),
    "search": lambda: _of_columns(answer_columns.SEARCH_COLUMNS),
    "timeline": lambda: _of_columns(answer_columns.TIMELINE_COLUMNS),
    "threads": lambda: _of_columns(answer_columns.THREAD_COLUMNS),
    "outlets": _of_outlets,
}


def with_tables(text: str) -> str:
    """Return the text of a document with its made tables as the code has them now."""
    return MARK.sub(
        lambda found: "\n".join([f"<!-- table: {found[1]} -->", "", *TABLES[found[1]]()]) + "\n", text
    )
