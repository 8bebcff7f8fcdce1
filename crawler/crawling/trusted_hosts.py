"""The hosts that the user's own settings name, which may be on the user's own network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies

from crawler.public_address import plain_host

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def trusted_hosts(settings: BaseSettings) -> frozenset[str]:
    """Return the hosts of ``CONNECT_TO`` and of the environment's proxies: ways to the web, not pages."""
    servers = [settings.get("CONNECT_TO") or ""]
    if settings.getbool("HTTPPROXY_ENABLED"):
        servers += [url for scheme, url in getproxies().items() if scheme != "no"]
    return frozenset(filter(None, (_host(server) for server in servers)))


def _host(server: str) -> str:
    try:
        return plain_host(urlsplit(server if "://" in server else f"http://{server}").hostname or "")
    except ValueError:
        return ""
