"""Scrapy's resolver, which gives away public addresses only: what it gives is what is connected to."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThreadPool

from crawler.crawling.trusted_hosts import trusted_hosts
from crawler.public_address import NotPublic, check_connection, plain_host

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

# Twisted tells whoever asked for a connection only that there is no such host; this says why.
_refused: dict[str, str] = {}
_REMEMBERED = 1000


class GuardedResolver(CachingThreadedResolver):
    """Resolves each name once, and checks the very address that Twisted then connects to.

    So a name that means a public address when it is looked at, and a private one when it is connected to
    (DNS rebinding), leads nowhere. The hosts that the user's own settings name, a proxy and ``CONNECT_TO``,
    are resolved as they are.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allow_private = False
        self.trusted: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> Self:
        """Return the resolver of a process, or of a crawl, by its settings."""
        resolver = super().from_crawler(crawler, reactor)
        settings: BaseSettings = crawler.settings
        resolver.allow_private = settings.getbool("ALLOW_PRIVATE_ADDRESSES")
        resolver.trusted = trusted_hosts(settings)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return a host's address, IPv6 where it has no other; fail like an unknown host if not public."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        found.addErrback(self._by_ipv6, name)
        if not self.allow_private and plain_host(name) not in self.trusted:
            found.addCallback(self._checked, name)
        return found

    def _by_ipv6(self, failure: Failure, name: str) -> Deferred[str]:
        """Look for an IPv6 address; Twisted tells by its form that it is one."""
        failure.trap(DNSLookupError)  # type: ignore[no-untyped-call]
        reactor: Any = self.reactor
        found = deferToThreadPool(reactor, reactor.getThreadPool(), _ipv6_of, name)
        found.addTimeout(self.timeout, reactor)
        found.addErrback(lambda _: failure)
        return found

    def _checked(self, ip: str, name: str) -> str:
        try:
            check_connection(name, ip)
        except NotPublic as error:
            if len(_refused) >= _REMEMBERED:
                _refused.clear()
            _refused[plain_host(name)] = str(error)
            raise DNSLookupError(str(error)) from error
        _refused.pop(plain_host(name), None)
        return ip


def _ipv6_of(name: str) -> str:
    return str(socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)[0][4][0])


def refusal_by_resolver(host: str) -> str | None:
    """Return why a host's name was not resolved, if the guard was the reason."""
    return _refused.get(plain_host(host))


def ensure_guarded(crawler: Any) -> None:
    """Put the guard in, where the program that runs the crawl has installed another resolver."""
    from twisted.internet import reactor

    resolver: Any = reactor
    if not isinstance(resolver.resolver, GuardedResolver):
        GuardedResolver.from_crawler(crawler, resolver).install_on_reactor()
