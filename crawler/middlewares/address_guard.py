"""No page may send the crawler into the user's own network: the first look, at the address as written."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.crawling.answers import AddressRefused
from crawler.crawling.trusted_hosts import trusted_hosts
from crawler.public_address import plain_host, refusal_of_form, refusal_of_host
from crawler.reading.limits import OverLimit

if TYPE_CHECKING:
    from typing import Self


class AddressGuardMiddleware:
    """Refuses what is not http or https, and hosts that are written as, or named like, a private address.

    What a name is resolved to is looked at where it is connected to: ``crawler.crawling.connect_to``.
    """

    def __init__(self, allow_private: bool, trusted: frozenset[str], longest_url: int) -> None:
        self.allow_private = allow_private
        self.trusted = trusted
        self.longest_url = longest_url

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the guard with the user's leave for private addresses, if any."""
        settings = crawler.settings
        # With CONNECT_TO set no page's own host is ever connected to.
        trusted = frozenset() if settings.get("CONNECT_TO") else trusted_hosts(settings)
        return cls(settings.getbool("ALLOW_PRIVATE_ADDRESSES"), trusted, settings.getint("URLLENGTH_LIMIT"))

    def process_request(self, request: Request) -> None:
        """Let a public address pass.

        Raises:
            AddressRefused: for any other one.
            OverLimit: for an address that is longer than URLLENGTH_LIMIT.
        """
        if self.longest_url and len(request.url) > self.longest_url:
            raise OverLimit("URLLENGTH_LIMIT", f"an address of {len(request.url):,} characters")
        refusal = refusal_of_form(request.url)
        if refusal:
            raise AddressRefused(refusal)
        if self.allow_private:
            return
        host = urlsplit(request.url).hostname or ""
        refusal = refusal_of_host(host)
        if refusal is None and plain_host(host) in self.trusted:
            # The resolver lets it pass, so that requests can go through it; pages are not asked from it.
            refusal = f"{host} is your own proxy or server, not a public address"
        if refusal:
            raise AddressRefused(f"{refusal}; allow it with -s ALLOW_PRIVATE_ADDRESSES=1")
