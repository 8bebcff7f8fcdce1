"""Third step: what tells this text from any other, so that each is kept once."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from crawler.fingerprint import fingerprint, story_words
from crawler.items import Article
from crawler.likeness import Thresholds
from crawler.urls import host_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


def content_hash(article: Article) -> str:
    """Return a digest of title, deck and body: another one under the same key is a revision."""
    text = "\x1f".join((article.title, article.deck or "", article.body))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def thresholds_of(settings: BaseSettings) -> Thresholds:
    """Return what counts as a copy: the settings ``COPY_NEAR``, ``COPY_NUMBERS`` and so on, where given."""
    names = {field.name: f"COPY_{field.name.upper()}" for field in fields(Thresholds)}
    given = {name: settings.getfloat(key) for name, key in names.items() if settings.get(key) is not None}
    return Thresholds(**given)


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
            item.content_hash = content_hash(item)
            item.fingerprint = fingerprint(
                story_words(item.body, dateline=item.dateline, host=host_of(item.url))
            )
            item.thresholds = self.thresholds
        return item
