"""Second step: how well a story fits the topic, and how promising its links are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

from crawler.frontier.score import anchor_or_slug
from crawler.items import Article, Listing, Relevance
from crawler.session import session_of
from crawler.topic import Topic

if TYPE_CHECKING:
    from typing import Self


def score_article(article: Article, topic: Topic) -> None:
    """Set a story's relevance and the scores of its links."""
    article.relevance = topic.score_page(article.title, article.body, article.deck)
    score_links(article, topic)


def score_links(page: Article | Listing, topic: Topic) -> None:
    """Set how well each link's anchor text, or its address where it has none, and its context fit."""
    for link in page.links:
        link.anchor_score = topic.score_headline(anchor_or_slug(link.anchor_text, link.url))
        link.context_score = topic.score_context(link.context) if link.context else 0.0


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
        if not isinstance(item, Article | Listing):
            return item
        topic = session_of(self.crawler).topic
        if topic is None:
            for link in item.links:
                link.anchor_score = 1.0
            if isinstance(item, Article):
                item.relevance = Relevance(score=1.0, on_topic=True)
        elif isinstance(item, Article):
            score_article(item, topic)
        else:
            score_links(item, topic)
        return item
