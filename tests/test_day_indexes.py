"""A great day's stories all lead to the same indexes: that is said as often as it changes something."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.crawling.crawl import crawl_settings
from crawler.crawling.discovery import Discovery
from crawler.items import Article, PageKind
from crawler.topic import load_topic
from tests.news_texts import Text
from tests.storing import article_of, url_of

NOON = datetime(2021, 5, 21, 5, tzinfo=UTC)
GREAT_DAY = 40  # stories


@pytest.fixture
def discovery() -> Discovery:
    settings = crawl_settings({"DISCOVER": True, "OUTLETS": ["detik"]})
    return Discovery.of(settings, load_topic("data-breach"), "data-breach")


def story(number: int) -> Article:
    title = f"Data {number} Ribu Nasabah Bocor"
    text = Text(title=title, dateline="Jakarta", paragraphs=("Data nasabah bocor.",))
    # Of another outlet: one that has printed the news itself is asked later.
    return article_of(url_of(number, "www.contoh.test"), text, published_at=NOON)


def indexes_of(discovery: Discovery, number: int) -> dict[str, float]:
    links = discovery.listings_for(story(number))
    return {link.url: link.anchor_score for link in links if link.kind is PageKind.DATE_INDEX}


def test_index_is_named_again_while_it_promises_more(discovery: Discovery) -> None:
    named = []
    for number in range(GREAT_DAY):
        named.append(indexes_of(discovery, number))
        discovery.note(story(number), "detik")
    scores = [promise["https://news.detik.com/indeks?date=05/21/2021"] for promise in named if promise]
    assert scores == sorted(set(scores)), "each time more than before"
    assert len(scores) > 10
    assert not any(named[25:]), "a day is hot, and no hotter for more stories"


def test_index_is_named_again_when_the_story_that_named_it_was_not_written(discovery: Discovery) -> None:
    for number in range(GREAT_DAY):
        before = indexes_of(discovery, number)
    assert before
    assert indexes_of(discovery, GREAT_DAY) == before
    discovery.note(story(GREAT_DAY), "detik")
    assert not indexes_of(discovery, GREAT_DAY + 1)
