"""Scrapy feeds of stories: ``scrapy crawl baca_juga -O items.csv`` with flat, readable cells.

A story becomes a row with the columns of ``bacajuga export`` that a single item can fill, but that
``duplicate_of`` is the first copy's key; listings and outcomes, which are not stories, are left
out. Any other item, such as the dict of a user's own spider, is exported as Scrapy itself would.
"""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from crawler.export.columns import ARTICLE_COLUMNS
from crawler.export.csv_file import cell
from crawler.items import Article, Link, Listing, Outcome

# Only the store knows these: where the best link stood, and the visits before and after this one.
_STORE_ONLY = frozenset({"found_via", "first_seen_at", "last_seen_at"})
FEED_COLUMNS = (
    *(column.name for column in ARTICLE_COLUMNS if column.name not in _STORE_ONLY),
    "read_also",
)


class ArticlesOnly(BaseItemExporter):
    """Exports a story as one flat row, skips listings and outcomes, and passes other items through."""

    def export_item(self, item: Any) -> None:
        """Write the item, if it is one to write."""
        if isinstance(item, Article):
            super().export_item(self.row(item))  # type: ignore[safe-super]
        elif not isinstance(item, Listing | Outcome):
            super().export_item(item)  # type: ignore[safe-super]

    def row(self, article: Article) -> dict[str, Any]:
        """Return the story's columns; times in ISO 8601, its links by what they say and where they lead."""
        return _times_as_text(story_columns(article))


class ArticleCsvExporter(ArticlesOnly, CsvItemExporter):
    """Stories as CSV, safe to open in a spreadsheet."""

    def row(self, article: Article) -> dict[str, Any]:
        """Return the story's cells; of its links the addresses."""
        columns = story_columns(article)
        columns["read_also"] = [link["url"] for link in columns["read_also"]]
        return {name: cell(value) for name, value in columns.items()}


class ArticleJsonExporter(ArticlesOnly, JsonItemExporter):
    """Stories as one JSON array."""


class ArticleJsonLinesExporter(ArticlesOnly, JsonLinesItemExporter):
    """Stories as JSON Lines."""


def story_columns(article: Article) -> dict[str, Any]:
    """Return the story's values by column, with what it was fetched for and how well it fits brought up."""
    fields = ItemAdapter(article)
    visit, relevance = article.visit, article.relevance
    found = {name: fields[name] for name in FEED_COLUMNS if name in fields}
    found["word_count"] = len(article.body.split())
    found["topic"] = visit.topic if visit else None
    found["depth"] = visit.depth if visit else None
    found["relevance"] = relevance.score if relevance else None
    found["on_topic"] = relevance.on_topic if relevance else None
    found["matched"] = relevance.matched if relevance else []
    found["read_also"] = [_link_columns(link) for link in article.links]
    return {name: found.get(name) for name in FEED_COLUMNS}


def _link_columns(link: Link) -> dict[str, Any]:
    return {
        "url": link.url,
        "anchor_text": link.anchor_text,
        "label": link.label,
        "position": link.position,
    }


def _times_as_text(columns: dict[str, Any]) -> dict[str, Any]:
    # Scrapy's own JSON form of a time has no offset.
    return {
        name: value.isoformat() if name in ("published_at", "modified_at") and value is not None else value
        for name, value in columns.items()
    }
