"""Fetching pages over http and https: from public addresses only, or from one server of the user's choice."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakSet

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Response

from crawler.crawling.answers import AddressRefused
from crawler.crawling.insecure_tls import is_insecure, untrusted, warning
from crawler.errors import BacaJugaError
from crawler.public_address import NotPublic, plain_host, refusal_of, refusal_of_form
from crawler.reading.limits import OverLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

_warned: WeakSet[Crawler] = WeakSet()
# What aiohttp says of headers beyond its limits.
_TOO_MANY_HEADERS = re.compile("Got more than .* when reading|Too many headers|Header value is too long")


class ConnectToHandler(BaseDownloadHandler):
    """Scrapy's handler behind a guard; with ``CONNECT_TO`` set, every host's pages come from that server.

    The host's name goes along in the Host header, and the response carries the address that was
    asked for, so that a crawl of the sample web sees real addresses: curl's --connect-to.

    This is the last line: whatever middlewares let pass, no address that is written as a private one is
    asked for, and no name that resolves to one.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        settings = crawler.settings
        self.server: str = settings.get("CONNECT_TO") or ""
        self._allow_private = settings.getbool("ALLOW_PRIVATE_ADDRESSES")
        self._insecure_hosts: list[str] = settings.getlist("INSECURE_TLS_HOSTS")
        self._handlers: dict[tuple[bool, bool], Any] = {}
        if self._insecure_hosts and crawler not in _warned:
            _warned.add(crawler)  # there is a handler for http and one for https
            # An error, so that it is seen whatever is logged.
            logger.error("%s", warning(self._insecure_hosts))

    async def download_request(self, request: Request) -> Response:
        """Return the server's answer to the request.

        Raises:
            AddressRefused: when the address, or what its host's name means, is not public.
            UntrustedCertificate: when a https server is not who it says it is.
            OverLimit: when the answer is larger, or takes longer, than the settings allow.
        """
        refusal = (refusal_of_form if self._allow_private else refusal_of)(request.url)
        if refusal:
            raise AddressRefused(_told(refusal))
        asked = request
        if self.server:
            address = urlsplit(request.url)
            path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
            asked = request.replace(url=self.server.rstrip("/") + path, meta={**request.meta, "proxy": None})
            asked.headers["Host"] = address.netloc
        asked.meta.pop("download_latency", None)
        handler = self._handler_for(asked)
        try:
            response: Response = await handler.download_request(asked)
        except Exception as error:
            raise self._explained(error, asked) from error
        if asked is request:
            return response
        for name in ("download_latency",):
            request.meta[name] = asked.meta.get(name)
        return response.replace(url=request.url, request=request)

    async def close(self) -> None:
        """Close all connections."""
        for handler in self._handlers.values():
            await handler.close()

    def _handler_for(self, request: Request) -> Any:
        """Return the handler for a request: with the guard or without, looking at certificates or not."""
        is_trusted = self._allow_private or bool(self.server) or bool(request.meta.get("proxy"))
        insecure = is_insecure(urlsplit(request.url).hostname or "", self._insecure_hosts)
        if (is_trusted, insecure) not in self._handlers:
            crawler: Any = _WithoutVerification(self.crawler) if insecure else self.crawler
            self._handlers[is_trusted, insecure] = self._make_handler(crawler, is_trusted)
        return self._handlers[is_trusted, insecure]

    def _make_handler(self, crawler: Any, is_trusted: bool) -> Any:
        if crawler.settings.getbool("TWISTED_REACTOR_ENABLED"):
            from crawler.crawling.bounded_http11 import BoundedHttp11Handler
            from crawler.crawling.guarded_resolver import ensure_guarded

            ensure_guarded(crawler)
            return BoundedHttp11Handler(crawler)
        try:
            from crawler.crawling.guarded_aiohttp import GuardedAiohttpHandler, TrustingAiohttpHandler
        except ImportError as error:
            raise BacaJugaError(
                f"TWISTED_REACTOR_ENABLED=False needs aiohttp ({error}); pip install 'bacajuga[reactorless]'"
            ) from error
        return (TrustingAiohttpHandler if is_trusted else GuardedAiohttpHandler)(crawler)

    def _explained(self, error: Exception, request: Request) -> Exception:
        """Return what went wrong by its own name, where the handler only knows that something did."""
        for behind in _causes(error):
            if isinstance(behind, NotPublic):
                return AddressRefused(_told(str(behind)))
            if isinstance(behind, OverLimit):
                return behind
        if _TOO_MANY_HEADERS.search(str(error)):
            return OverLimit("MAX_HEADER_BYTES", "headers of more bytes, or of more lines, than are taken")
        host = urlsplit(request.url).hostname or ""
        if isinstance(error, CannotResolveHostError) and self.crawler.settings.getbool(
            "TWISTED_REACTOR_ENABLED"
        ):
            from crawler.crawling.guarded_resolver import refusal_by_resolver

            if refusal := refusal_by_resolver(host):
                return AddressRefused(_told(refusal))
        if isinstance(error, DownloadTimeoutError) and "download_latency" in request.meta:
            # The host did answer: it is the page that has no end.
            timeout = request.meta.get("download_timeout")
            return OverLimit("DOWNLOAD_TIMEOUT", f"the page was not there after {timeout:g} seconds")
        return untrusted(plain_host(host), _causes(error)) or error


def _told(refusal: str) -> str:
    """Return a refusal with what can be done about it."""
    return f"{refusal}; allow it with -s ALLOW_PRIVATE_ADDRESSES=1" if "not a public" in refusal else refusal


class _WithoutVerification:
    """A crawl as its handler sees it, save that certificates are not looked at."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.settings = crawler.settings.copy()
        self.settings.frozen = False
        self.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="cmdline")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crawler, name)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and whatever led to it, Twisted's lists of reasons included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__]
        waiting += [getattr(reason, "value", None) for reason in getattr(each, "reasons", None) or ()]
