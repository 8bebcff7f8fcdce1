"""Fetching pages over http and https, or every page from one server of the user's choice."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response


class ConnectToHandler(HTTP11DownloadHandler):
    """Scrapy's handler, except that with ``CONNECT_TO`` set every host's pages come from that server.

    The host's name goes along in the Host header, and the response carries the address that was
    asked for, so that a crawl of the sample web sees real addresses: curl's --connect-to.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.server: str = crawler.settings.get("CONNECT_TO") or ""

    async def download_request(self, request: Request) -> Response:
        """Return the server's answer to the request."""
        if not self.server:
            return await super().download_request(request)
        address = urlsplit(request.url)
        path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
        asked = request.replace(url=self.server.rstrip("/") + path, meta={**request.meta, "proxy": None})
        asked.headers["Host"] = address.netloc
        response = await super().download_request(asked)
        for name in ("download_latency",):
            request.meta[name] = asked.meta.get(name)
        return response.replace(url=request.url, request=request)
