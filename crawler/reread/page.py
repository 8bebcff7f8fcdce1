"""Reading one kept page again exactly as a crawl reads it, the parts of a split story included."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive.raw_page import PageRef, PageSource, RawPage
from crawler.items import Article, Item, Outcome, OutcomeKind
from crawler.reading.normal_form import normalise_article
from crawler.reading.whole_story import is_part, whole_story
from crawler.redaction import redact_article
from crawler.spiders.baca_juga import read_response


@dataclass(frozen=True, slots=True)
class RedactedPages:
    """Pages whose personal data is masked once they are read, as the setting REDACT_AT_STORE asks for."""

    source: PageSource

    def pages(self) -> Sequence[PageRef]:
        """Return all pages of the source."""
        return self.source.pages()

    def load(self, ref: PageRef) -> RawPage:
        """Return a page of the source, as it was kept."""
        return self.source.load(ref)

    def part(self, url: str, near: datetime) -> RawPage | None:
        """Return a part of a split story, as it was kept."""
        return self.source.part(url, near)


def read_again(source: PageSource, ref: PageRef, max_parts: int) -> Item:
    """Return what a kept page turns out to be now: a story made whole and normalised, or why it is none."""
    item = read_response(response_of(source.load(ref)))
    if isinstance(item, Article) and is_part(item):
        item = asyncio.run(_whole(source, ref, item, max_parts))
    if isinstance(item, Article):
        normalise_article(item)
        if isinstance(source, RedactedPages):
            redact_article(item)
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
