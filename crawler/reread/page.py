"""Reading one kept page again exactly as a crawl reads it, the parts of a split story included."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive.raw_page import PageRef, PageSource, RawPage
from crawler.items import Article, Item, Outcome, OutcomeKind
from crawler.reading.normal_form import normalise_article
from crawler.reading.whole_story import is_part, whole_story
from crawler.spiders.baca_juga import read_response


def read_again(source: PageSource, ref: PageRef, max_parts: int) -> Item:
    """Return what a kept page turns out to be now: a story made whole and normalised, or why it is none."""
    item = read_response(response_of(source.load(ref)))
    if isinstance(item, Article) and is_part(item):
        item = asyncio.run(_whole(source, ref, item, max_parts))
    if isinstance(item, Article):
        normalise_article(item)
    return item


def response_of(page: RawPage) -> Response:
    """Return a kept page as the spider got it."""
    headers = Headers()
    for name, value in page.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=page.url, body=page.body)
    return kind(page.url, status=page.status, headers=headers, body=page.body)


async def _whole(source: PageSource, ref: PageRef, item: Article, max_parts: int) -> Article:
    def read_part(url: str) -> Item:
        part = source.part(url, ref.fetched_at)
        if part is None:
            return Outcome(url=url, kind=OutcomeKind.HOST_DOWN, detail="not among the kept pages")
        return read_response(response_of(part))

    def fetch(url: str) -> Awaitable[Item]:
        return asyncio.sleep(0, read_part(url))

    return await whole_story(item, fetch, max_parts)
