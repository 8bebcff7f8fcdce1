"""First step: the same words always look the same."""

from __future__ import annotations

from typing import Any

from crawler.items import Article
from crawler.normal_form import normalise_article


class NormalisePipeline:
    """Cleans stories; anything else passes."""

    def process_item(self, item: Any) -> Any:
        """Return the item, its texts in one form."""
        if isinstance(item, Article):
            normalise_article(item)
        return item
