"""Which hosts are out on the public internet: the crawler never goes anywhere else unasked."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Names that nobody is given on the public internet: RFC 6761, 6762 (appendix G), 8375, ICANN's ".internal".
_LOCAL_NAMES = (
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan",
)  # fmt: skip
# Addresses that hold an IPv4 address, which is where the packet ends: NAT64 (RFC 6052) and 6to4 (RFC 3056).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# All that IANA has given out of IPv6, and what of it is for books (RFC 9637): Python's lists are older.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")
# The full stops that IDNA reads as dots (RFC 3490, 3.1).
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]")
_SIGNS = re.compile(r"[\x00-\x20\x7f\\]")


class NotPublic(OSError):  # noqa: N818 - reads as what happened
    """A connection that was not made, because its address is not a public one.

    It is an ``OSError`` so that a resolver or a socket factory may raise it.
    """


def is_public(ip: IPAddress) -> bool:
    """Return whether an address is one of the public internet (IANA's special-purpose registries, RFC 6890).

    >>> is_public(ipaddress.ip_address("36.86.63.182"))
    True
    >>> [is_public(ipaddress.ip_address(ip)) for ip in ("10.0.0.1", "100.64.0.1", "::ffff:127.0.0.1")]
    [False, False, False]
    """
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        # Teredo addresses count as global for Python, and are a tunnel.
        if ip.teredo is not None or ip.scope_id is not None:
            return False
        if ip not in _GLOBAL_UNICAST or ip in _DOCUMENTATION:
            return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
    )


def ip_of(host: str) -> IPAddress | None:
    """Return the address that a host is written as, in any notation that a resolver takes; None for a name.

    >>> [str(ip_of(host)) for host in ("2130706433", "0x7f.1", "0177.0.0.01", "[::1%25lo]")]
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', '::1%25lo']
    """
    plain = host.strip("[]")
    try:
        return ipaddress.ip_address(plain)
    except ValueError:
        pass
    try:
        # Decimal, octal, hexadecimal and shortened forms (inet_aton(3)). It would take "1.2.3.4 x", too.
        return None if " " in plain else ipaddress.IPv4Address(socket.inet_aton(plain))
    except (OSError, UnicodeError, ValueError):
        return None


@lru_cache(maxsize=4096)
def plain_host(host: str) -> str:
    """Return a host as a resolver would see it: escapes, full-width digits and invisible signs undone.

    >>> plain_host("%31%32\uff17\u30020\u30020.1.")
    '127.0.0.1'
    """
    host = _INVISIBLE.sub("", unicodedata.normalize("NFKC", unquote(host)).translate(_DOTS))
    return unicodedata.normalize("NFKC", host).casefold().rstrip(".")


def refusal_of_host(host: str) -> str | None:
    """Return why a host, as written, is not asked; None for a public one, whose name may yet lead astray."""
    plain = plain_host(host)
    if not plain:
        return "no host in the address"
    ip = ip_of(plain)
    if ip is not None:
        return None if is_public(ip) else f"{_shown(host, str(ip))} is not a public address"
    if _SIGNS.search(plain) or any(sign in plain for sign in "/?#@:"):
        return f"{host!r} is not a host's name"
    if plain.rpartition(".")[2] in _LOCAL_NAMES or plain.endswith(".home.arpa"):
        return f"{plain} is not a public name"
    if "." not in plain:
        return f"{plain} is not a public name: it has no dot"
    return None


@lru_cache(maxsize=4096)
def refusal_of_form(url: str) -> str | None:
    """Return why no address of such a form is asked, whoever allows what; None where it may be."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"not a web address: {url[:200]!r} ({error})"
    if parts.scheme not in ("http", "https") or not host:
        return f"not a web address: {url[:200]!r}"
    if "@" in parts.netloc:
        # No outlet links so; "https://www.kompas.com@10.0.0.1/" is meant to be misread.
        return f"an address with a user name: {url[:200]!r}"
    if "\\" in parts.netloc:
        return f"a backslash in the host: {url[:200]!r}"
    return None


@lru_cache(maxsize=4096)
def refusal_of(url: str) -> str | None:
    """Return why an address is not asked, as far as that can be told without resolving a name."""
    return refusal_of_form(url) or refusal_of_host(urlsplit(url).hostname or "")


def check_connection(host: str, ip: str) -> None:
    """See that the address that a name has been resolved to, and is about to be connected to, is public.

    Raises:
        NotPublic: when it is not.
    """
    address = ip_of(ip)
    if address is None or not is_public(address):
        raise NotPublic(f"{_shown(host, ip)} is not a public address")


def _shown(host: str, ip: str) -> str:
    return host if host == ip else f"{host} ({ip})"
