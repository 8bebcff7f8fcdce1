"""Keeps every page as it was fetched, in WARC files, so that it can be read again after a rule was mended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.archive import refuse_with_redaction, require_warcio
from crawler.archive.raw_page import RawPage
from crawler.crawling.session import session_of
from crawler.errors import BacaJugaError

if TYPE_CHECKING:
    from typing import Self

    from crawler.archive.writer import ArchiveWriter


def raw_page(response: Response, request: Request) -> RawPage:
    """Return an answer as it is to be kept."""
    lease = request.meta.get("lease")
    return RawPage(
        url=response.url,
        key=lease.key if lease is not None else None,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ),
        body=response.body,
    )


class ArchiveExtension:
    """Writes each answer below ARCHIVE_DIR, those of a story's further parts too, robots.txt left out."""

    def __init__(self, crawler: Crawler) -> None:
        folder: str = crawler.settings.get("ARCHIVE_DIR") or ""
        if not folder:
            raise NotConfigured
        refuse_with_redaction(crawler.settings, "ARCHIVE_DIR")
        require_warcio(f"the archive {folder}")
        self.crawler = crawler
        self.folder = Path(folder)
        self._writer: ArchiveWriter | None = None
        self._stopping: Any = None
        crawler.signals.connect(self.received, signal=signals.response_received)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl, unless ARCHIVE_DIR is empty.

        Raises:
            ArchiveError: when the library that writes WARC is missing, or with REDACT_AT_STORE.
        """
        return cls(crawler)

    def received(self, response: Response, request: Request) -> None:
        """Write an answer before it is read; a crawl whose archive cannot be written ends."""
        if request.meta.get("is_robots") or self._stopping is not None:
            return
        if self._writer is None:
            self._writer = self._open()
        try:
            self._writer.add(raw_page(response, request))
        except BacaJugaError as error:
            session = session_of(self.crawler)
            session.failure = session.failure or error
            session.stop_reason = "archive_error"
            # Held, since the loop itself does not keep its tasks alive.
            self._stopping = asyncio.ensure_future(self.crawler.stop_async())

    def closed(self) -> None:
        """Close the file."""
        if self._writer is not None:
            self._writer.close()

    def _open(self) -> ArchiveWriter:
        from crawler.archive.writer import ArchiveWriter

        session = session_of(self.crawler)
        return ArchiveWriter(
            self.folder,
            f"{session.name}-{session.crawl_id:06d}-{session.worker}",
            {
                "topic": session.name,
                "crawl": str(session.crawl_id),
                "worker": session.worker,
                "http-header-user-agent": self.crawler.settings["USER_AGENT"],
            },
        )
