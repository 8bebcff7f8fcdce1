"""No page may send the crawler into the user's own network."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.crawling.answers import AddressRefused

if TYPE_CHECKING:
    from typing import Self


class AddressGuardMiddleware:
    """Refuses what is not http or https, and hosts that are written as, or mean, a private address."""

    def __init__(self, allow_private: bool) -> None:
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the guard with the user's leave for private addresses, if any."""
        return cls(crawler.settings.getbool("ALLOW_PRIVATE_ADDRESSES"))

    def process_request(self, request: Request) -> None:
        """Let a public address pass.

        Raises:
            AddressRefused: for any other one.
        """
        address = urlsplit(request.url)
        host = (address.hostname or "").rstrip(".")
        if address.scheme not in ("http", "https") or not host:
            raise AddressRefused(f"not a web address: {request.url[:200]!r}")
        if not self.allow_private and _is_private(host):
            raise AddressRefused(
                f"{host} is not a public address; allow it with -s ALLOW_PRIVATE_ADDRESSES=1"
            )


def _is_private(host: str) -> bool:
    """Return whether the name means this machine, or is an address that is not public, in any notation."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        try:
            # Decimal, octal, hexadecimal and shortened forms, as the system's resolver takes them.
            ip = ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return not (mapped or ip).is_global
