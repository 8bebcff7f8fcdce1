"""Two crawls of a topic as they stand in a store, written down visit by visit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from crawler.address import address_of
from crawler.store.answers.yields import YieldReport, yield_report
from crawler.store.database import Store
from crawler.store.schema import article_topics, articles, crawls, evidence, frontier, pages

TOPIC = "data-breach"
FLOOR = 0.2
FIRST, SECOND = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 21, 6, tzinfo=UTC)


class History:
    """Two crawls of a topic, written down visit by visit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.number = 0
        with store.write() as connection:
            for crawl_id, start, figures in (
                (1, FIRST, {}),
                (2, SECOND, {"closed_outlets": {"detik": "last 40 fetches: 0 new stories"}}),
            ):
                connection.execute(
                    insert(crawls).values(
                        id=crawl_id, topic=TOPIC, worker="a:1:1", started_at=start,
                        ended_at=start + timedelta(hours=1), stop_reason="finished", figures=figures,
                    )
                )  # fmt: skip

    def visit(
        self,
        url: str,
        *,
        minute: int,
        crawl_id: int = 1,
        outcome: str = "article",
        story: str | None = None,
        first_seen_at: datetime | None = None,
        on_topic: bool = True,
        copy_of: int | None = None,
        visits: int = 1,
        status: int = 200,
        has_page: bool = True,
        **fields: Any,
    ) -> int:
        """Write a visit that has ended; return the number of the story it brought, if it is a new one."""
        self.number += 1
        address, at = address_of(url), (FIRST if crawl_id == 1 else SECOND) + timedelta(minutes=minute)
        is_story = outcome == "article"
        article_key = (address_of(story).key if story else address.key) if is_story else None
        row = {
            "topic": TOPIC, "key": address.key, "url": url, "host": address.host, "outlet": address.outlet,
            "state": "done", "score": 0.5, "depth": 1, "is_seed": False, "kind": "story", "zone": "body",
            "is_revisit": False, "found_via": None, "anchor_text": "", "attempts": 0, "redirects": 0,
            "tried": [], "outcome": outcome, "article_key": article_key, "crawl_id": crawl_id, "done_at": at,
        } | fields  # fmt: skip
        with self.store.write() as connection:
            connection.execute(insert(frontier).values(row))
            if has_page:
                connection.execute(
                    insert(pages).values(
                        page_key=address.key, url=url, outlet=address.outlet, outcome=outcome, detail="",
                        status=status, article_key=article_key, fetched_at=at, visits=visits,
                    )
                )  # fmt: skip
            if is_story and story is None:
                connection.execute(
                    insert(articles).values(
                        id=self.number, article_key=address.key, outlet=address.outlet, url=url,
                        canonical_url=url, content_hash="h", title="Judul", authors=[], editors=[], tags=[],
                        is_premium=False, word_count=1, missing_pages=[], extractor="x", duplicate_of=copy_of,
                        first_seen_at=first_seen_at or at, last_seen_at=at,
                    )
                )  # fmt: skip
                connection.execute(
                    insert(article_topics).values(
                        article_id=self.number, topic=TOPIC, relevance=0.9, on_topic=on_topic, matched=[],
                        depth=1, crawl_id=crawl_id, scored_at=at,
                    )
                )  # fmt: skip
        return self.number

    def link(self, source: str, target: str, *, anchor_score: float = 0.6, zone: str = "body") -> None:
        with self.store.write() as connection:
            connection.execute(
                insert(evidence).values(
                    topic=TOPIC, target_key=address_of(target).key, source_key=address_of(source).key,
                    zone=zone, anchor_text="", anchor_score=anchor_score, context_score=0.0, page_score=0.9,
                    depth=0,
                )
            )  # fmt: skip

    def report(self, *crawl_ids: int) -> YieldReport:
        with self.store.read() as connection:
            return yield_report(connection, TOPIC, FLOOR, crawl_ids)


def url(number: int, outlet: str = "kompas") -> str:
    if outlet == "detik":
        return f"https://news.detik.com/berita/d-{7000000 + number}/cerita"
    return f"https://www.kompas.com/tren/read/2021/05/21/{number:09}/cerita-{number}"


def hub(history: History, *, seeds: int, anchor_score: float = 0.6) -> None:
    """Seeds that all lead to the same ten stories."""
    for number in range(seeds):
        history.visit(url(number, "detik"), minute=0, is_seed=True, zone=None, depth=0)
    for number in range(10):
        history.visit(url(100 + number), minute=number)
        for seed in range(seeds):
            history.link(url(seed, "detik"), url(100 + number), anchor_score=anchor_score)
