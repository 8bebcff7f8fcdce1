"""Second step: how well a story fits the topic, and how promising its links are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from crawler.crawling.session import session_of
from crawler.items import Article, Listing
from crawler.topic.relevance import score

if TYPE_CHECKING:
    from typing import Self


class RelevancePipeline:
    """Scores stories and links; without a topic every story is relevant."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item with its scores."""
        if isinstance(item, Article | Listing):
            score(item, session_of(self.crawler).topic)
        return item
