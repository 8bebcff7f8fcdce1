"""How well a story fits a topic, and how promising its links are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.frontier.discovering import is_within
from crawler.frontier.score import anchor_or_slug
from crawler.items import Article, Listing, Relevance

if TYPE_CHECKING:
    from crawler.topic import Topic


def score(page: Article | Listing, topic: Topic | None) -> None:
    """Set a story's relevance and the scores of a page's links; without a topic everything is relevant."""
    if topic is None:
        for link in page.links:
            link.anchor_score = 1.0
        if isinstance(page, Article):
            page.relevance = Relevance(score=1.0, on_topic=True)
    elif isinstance(page, Article):
        score_article(page, topic)
    else:
        score_links(page, topic)


def score_article(article: Article, topic: Topic) -> None:
    """Set a story's relevance and the scores of its links."""
    article.relevance = topic.score_page(article.title, article.body, article.deck, article.tags)
    if not is_within(article.published_at, topic.since, topic.until):
        article.relevance.on_topic = False
    score_links(article, topic)
    known = topic.tags_for(article.outlet)
    for link in article.tag_links:
        name = anchor_or_slug(link.anchor_text, link.url).lower()
        link.anchor_score = 1.0 if name in known else topic.score_headline(name)


def score_links(page: Article | Listing, topic: Topic) -> None:
    """Set how well each link's anchor text, or its address where it has none, and its context fit."""
    for link in page.links:
        link.anchor_score = topic.score_headline(anchor_or_slug(link.anchor_text, link.url))
        link.context_score = topic.score_context(link.context) if link.context else 0.0
