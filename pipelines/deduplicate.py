"""Third step: what tells this text from any other, so that each is kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.comparing.likeness import Thresholds
from crawler.comparing.text_marks import mark_text, thresholds_of
from crawler.items import Article

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class DeduplicatePipeline:
    """Fingerprints stories; the store links those that are alike."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(thresholds_of(crawler.settings))

    def process_item(self, item: Any) -> Any:
        """Return the item with its fingerprints."""
        if isinstance(item, Article):
            mark_text(item, self.thresholds)
        return item
