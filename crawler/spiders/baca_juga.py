"""The spider that follows a topic: from its seeds, by the read-also links that stories print."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from crawler.crawling.answers import outcome_of_error, outcome_of_response
from crawler.crawling.reading_limits import reading_limits
from crawler.crawling.session import session_of
from crawler.errors import TopicError
from crawler.items import Article, Item, Outcome, OutcomeKind, PageKind, Visit
from crawler.reading.limits import DEFAULT_LIMITS, ReadingLimits
from crawler.reading.reader import read_page
from crawler.reading.whole_story import is_part, whole_story
from crawler.store.crawl.frontier import Lease
from crawler.topic import load_topic

logger = logging.getLogger(__name__)


class BacaJugaSpider(scrapy.Spider):
    """Yields exactly one item for each page that the frontier hands out.

    Arguments, as in ``scrapy crawl baca_juga -a topic=data-breach -a start=URL``:

    * ``topic``: a topic's name, or the path of a topic file;
    * ``start``: addresses to start from, separated by commas or blanks; without any, the topic's seeds.
    """

    name = "baca_juga"

    def __init__(self, topic: str = "", start: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not topic:
            raise TopicError("no topic given; name one: -a topic=data-breach")
        self.topic = load_topic(topic)
        self.seeds = start.replace(",", " ").split() if start else list(self.topic.seeds)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Give the seeds to the frontier, which knows those that it has already read."""
        if self.settings.getbool("REVISIT"):
            session_of(self.crawler).revisit()
        for url in self.seeds:
            yield scrapy.Request(url)
        session_of(self.crawler).discover()

    def request_for(self, lease: Lease) -> scrapy.Request:
        """Return the request that fetches an address of the frontier."""
        headers = {}
        if lease.is_revisit or lease.kind != PageKind.STORY:
            etag, last_modified = session_of(self.crawler).validators_of(lease)
            conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
            headers = {name: value for name, value in conditions.items() if value}
        return scrapy.Request(
            lease.url,
            headers=headers,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"lease": lease},
            dont_filter=True,
            meta={"lease": lease},
        )

    async def parse(self, response: Response, lease: Lease) -> AsyncIterator[Item]:
        """Yield the one item that the page turns out to be."""
        etag, last_modified = validators(response)
        visit = replace(
            session_of(self.crawler).visit_of(lease),
            status=response.status,
            etag=etag,
            last_modified=last_modified,
            fetches=1,
        )
        # Whatever goes wrong from here on, the scheduler can end the visit.
        if response.request is not None:
            response.request.meta["visit"] = visit
        item = read_response(response, visit.kind, reading_limits(self.settings))
        if isinstance(item, Article) and is_part(item):
            parts: dict[str, Response] = {}
            item = await whole_story(
                item,
                lambda url: self._read_part(url, visit, parts),
                self.settings.getint("MAX_PARTS"),
            )
            if item.url in parts:
                # The address that gave the whole is the one to ask for next time.
                visit.url = item.url
                visit.etag, visit.last_modified = validators(parts[item.url])
        item.visit = visit
        yield item

    async def failed(self, failure: Failure) -> AsyncIterator[Item]:
        """Yield how a visit without an answer ended."""
        request = failure.request  # type: ignore[attr-defined]
        lease: Lease = request.meta["lease"]
        outcome = outcome_of_error(request.url, failure.value or Exception("no reason given"))
        outcome.visit = session_of(self.crawler).visit_of(lease)
        yield outcome

    async def _read_part(self, url: str, visit: Visit, parts: dict[str, Response]) -> Item:
        """Fetch and read another page of a story, in its host's turn."""
        session = session_of(self.crawler)
        request = scrapy.Request(url, dont_filter=True)
        assert self.crawler.engine is not None
        try:
            await session.turns.wait_for(url)
            visit.fetches += 1
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            return outcome_of_error(url, error)
        parts[url] = response
        return read_response(response, limits=reading_limits(self.settings))


def validators(response: Response) -> tuple[str | None, str | None]:
    """Return an answer's ETag and Last-Modified, where they are such as can be stored and sent back."""
    etag, last_modified = (
        (response.headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified")
    )
    return (
        etag if etag and etag.isprintable() else None,
        last_modified if last_modified and last_modified.isprintable() else None,
    )


def read_response(
    response: Response, kind: PageKind = PageKind.STORY, limits: ReadingLimits = DEFAULT_LIMITS
) -> Item:
    """Return what an answer turns out to be: a story, a listing, or why it is neither."""
    outcome = outcome_of_response(response, kind)
    if outcome is not None:
        return outcome
    content_type = response.headers.get("Content-Type") or b""
    encoding = http_content_type_encoding(content_type.decode("latin-1"))
    try:
        return read_page(response.body, response.url, encoding=encoding, kind=kind, limits=limits)
    except Exception as error:
        # A page that we cannot read must not end the crawl of all the others.
        logger.exception("cannot read %s", response.url)
        detail = f"{type(error).__name__}: {error}"[:300]
        return Outcome(url=response.url, kind=OutcomeKind.ERROR, detail=detail)
