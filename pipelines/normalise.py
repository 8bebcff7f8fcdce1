"""First step: the same words always look the same."""

from __future__ import annotations

from typing import Any

from crawler.items import Article, Listing
from crawler.reading.normal_form import normalise_article, normalise_links


class NormalisePipeline:
    """Cleans stories and listings; anything else passes."""

    def process_item(self, item: Any) -> Any:
        """Return the item, its texts in one form."""
        if isinstance(item, Article):
            normalise_article(item)
        elif isinstance(item, Listing):
            normalise_links(item.links)
        return item
