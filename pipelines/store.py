"""Last step: one transaction writes what the page brought and that it is done."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.crawling.session import session_of
from crawler.errors import Interrupted, StoreError
from crawler.items import Article, Listing, Outcome

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)


class StorePipeline:
    """Records items of ours; anything that a user's own spider yields passes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item after it has been written.

        Raises:
            DropItem: when the database cannot be written; the scheduler hears of it and ends the crawl.
        """
        if isinstance(item, Article | Listing | Outcome):
            try:
                session_of(self.crawler).record(item)
            except (StoreError, Interrupted) as error:
                raise DropItem(str(error)) from error
        return item
