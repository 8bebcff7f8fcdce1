"""Scrapy's handler over Twisted, which ends an answer whose headers do not end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import HEADER, STATUS

from crawler.reading.limits import OverLimit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BoundedHttp11Handler(HTTP11DownloadHandler):
    """Scrapy's own handler, with a limit on all headers of an answer; Twisted has one for a line only."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        limit = crawler.settings.getint("MAX_HEADER_BYTES")

        class Parser(_BoundedParser):
            at_most = limit

        class Protocol(_LenientHTTP11ClientProtocol):
            def request(self, request: Any) -> Any:
                """Send the request; read the answer with a bounded parser."""
                answer = super().request(request)
                self._parser.__class__ = Parser
                return answer

        class Factory(_LenientHTTP11ClientFactory):
            def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
                """Return the protocol of a connection."""
                return Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]

        self._pool._factory = Factory


class _BoundedParser(_LenientHTTPClientParser):
    at_most = 0
    _seen = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.state in (STATUS, HEADER):
            self._seen += len(data)
            # What comes with the headers' end may be of the body: a network read is no more than 64 KiB.
            if self.at_most and self._seen > self.at_most + 65536:
                raise OverLimit("MAX_HEADER_BYTES", f"headers of more than {self.at_most:,} bytes")
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise OverLimit("MAX_HEADER_BYTES", f"a header line of more than {self.MAX_LENGTH:,} bytes")
