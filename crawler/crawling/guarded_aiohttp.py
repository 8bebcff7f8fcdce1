"""Fetching without Twisted's reactor (``TWISTED_REACTOR_ENABLED = False``), from public addresses only."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.resolver import ThreadedResolver
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.http import Headers

from crawler.public_address import NotPublic, check_connection, plain_host

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult
    from scrapy.crawler import Crawler


class GuardedAiohttpHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with a guard at the last moment: where the socket is made that connects.

    Requests through a proxy must not come here: the guard would see the proxy's address.
    """

    experimental = False  # Scrapy would warn of it at each start; whoever set the setting knows

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        headers_at_most = crawler.settings.getint("MAX_HEADER_BYTES")
        # Scrapy's handler has no way to be given a connector: its session is put aside unused.
        self._session.detach()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                local_addr=self._bind_address,
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
                **self.connector_options(),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            max_line_size=headers_at_most,
            max_field_size=headers_at_most,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        # As bytes: aiohttp makes half characters of what is not UTF-8, which nobody can write again.
        return Headers(list(response.raw_headers))

    def connector_options(self) -> dict[str, Any]:
        """Return what makes the connector refuse addresses that are not public."""
        return {"resolver": GuardedThreadedResolver(), "socket_factory": guarded_socket}


class TrustingAiohttpHandler(GuardedAiohttpHandler):
    """The same without the guard: for the user's own proxy and ``CONNECT_TO`` server."""

    def connector_options(self) -> dict[str, Any]:
        """Return nothing: any address may be connected to."""
        return {}


class GuardedThreadedResolver(ThreadedResolver):
    """Gives away the public addresses of a host only."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public ones among the host's addresses.

        Raises:
            NotPublic: when there are others only.
        """
        public: list[ResolveResult] = []
        refusal: NotPublic | None = None
        for found in await super().resolve(host, port, family):
            try:
                check_connection(plain_host(host), found["host"])
            except NotPublic as error:
                refusal = error
            else:
                public.append(found)
        if refusal is not None and not public:
            raise refusal
        return public


def guarded_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """Return the socket for a connection to exactly this address.

    Raises:
        NotPublic: when the address is not public.
    """
    family, kind, protocol, _, address = addr_info
    check_connection(str(address[0]), str(address[0]))
    return socket.socket(family, kind, protocol)
