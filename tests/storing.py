"""Stories put into a store as a crawl does it: down the pipeline, then in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from crawler.address import address_of
from crawler.comparing.likeness import Thresholds
from crawler.items import Article, Relevance, Visit
from crawler.store.crawl.record import record_article
from crawler.store.database import Store
from crawler.store.schema import articles, copies
from pipelines.deduplicate import DeduplicatePipeline
from tests.news_texts import Text

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def url_of(number: int, host: str = "www.kompas.com") -> str:
    return f"https://{host}/tren/read/2021/05/21/{number:09}/cerita-{number}"


def article_of(url: str, text: Text, *, minute: int = 0, **fields: Any) -> Article:
    """A story as it comes from an outlet, scored."""
    address = address_of(url)
    seen_at = START + timedelta(minutes=minute)
    return Article(
        url=url,
        canonical_url=url,
        article_key=address.key,
        outlet=address.outlet,
        title=text.title,
        body=text.body,
        dateline=text.dateline,
        extractor=address.outlet,
        relevance=Relevance(score=0.9, on_topic=True),
        visit=Visit(
            topic="data-breach",
            frontier_key=address.key,
            url=url,
            crawl_id=1,
            worker="test",
            fetched_at=seen_at,
        ),
        **fields,
    )


def keep(
    store: Store, url: str, text: Text, *, thresholds: Thresholds | None = None, **fields: Any
) -> Article:
    """Store a story; return it as the pipelines leave it."""
    article = DeduplicatePipeline(thresholds).process_item(article_of(url, text, **fields))
    with store.write() as connection:
        record_article(connection, article, {})
    return article


def roots(store: Store) -> dict[str, str | None]:
    """The key of the story that each story repeats, by its own key."""
    first = articles.alias("first")
    with store.read() as connection:
        rows = connection.execute(
            select(articles.c.article_key, first.c.article_key.label("root")).outerjoin(
                first, first.c.id == articles.c.duplicate_of
            )
        ).all()
    return {row.article_key: row.root for row in rows}


def scores(store: Store) -> list[Any]:
    """The rows of ``copies``."""
    with store.read() as connection:
        return list(connection.execute(select(copies).order_by(copies.c.article_id, copies.c.of_id)))
