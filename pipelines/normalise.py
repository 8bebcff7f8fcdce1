"""First step: the same words always look the same; where the user wants it so, without personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.items import Article, Listing, Outcome
from crawler.reading.normal_form import clean_line, normalise_article, normalise_links
from crawler.redaction import redact, redact_article, redact_links

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class NormalisePipeline:
    """Cleans stories, listings and what outcomes say; anything else passes.

    With the setting REDACT_AT_STORE personal data is masked here, before anything is scored, fingerprinted
    or compared: a revision is what differs between two masked texts.
    """

    def __init__(self, *, redacts: bool = False) -> None:
        self.redacts = redacts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawl."""
        return cls(redacts=crawler.settings.getbool("REDACT_AT_STORE"))

    def process_item(self, item: Any) -> Any:
        """Return the item, its texts in one form."""
        if isinstance(item, Article):
            normalise_article(item)
            if self.redacts:
                redact_article(item)
        elif isinstance(item, Listing):
            normalise_links(item.links)
            if self.redacts:
                item.title = redact(item.title) if item.title else item.title
                redact_links(item.links)
        elif isinstance(item, Outcome):
            # It may repeat a page's headline, or a header.
            item.detail = clean_line(redact(item.detail) if self.redacts else item.detail)
        return item
