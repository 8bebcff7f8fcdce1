"""What a server's answer means before its page is read: a status, a type, an error turned into an outcome."""

from __future__ import annotations

import gzip
import re
import zlib
from urllib.parse import urljoin, urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response, TextResponse
from w3lib.url import safe_url_string

from crawler.crawling.insecure_tls import UntrustedCertificate
from crawler.frontier.politeness import retry_after_seconds
from crawler.items import Outcome, OutcomeKind, PageKind
from crawler.printable import one_line
from crawler.reading.limits import OverLimit
from crawler.reading.xml_document import is_xml_listing
from crawler.urls import is_too_long

REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Some servers name no type; Scrapy then looks at the body.
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "no content type"})
XML_TYPES = frozenset(
    {"application/xml", "text/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"}
)
XML_KINDS = frozenset({PageKind.SITEMAP, PageKind.FEED})
REFUSALS = frozenset({401, 402, 403, 407, 451})
# Twisted's and aiohttp's words for them, and ours.
CONNECTION_TROUBLES = {
    "ParseError|BadStatusLine|BadHttpMessage|Bad status line|Expected HTTP/": "an answer that is not HTTP",
    "(?i:conflicting|duplicate) Content-Length|non-decimal digits|Invalid HTTP header|can.t decode byte": (
        "headers that are not HTTP"
    ),
    "ConnectionDone|ServerDisconnected|Server disconnected": "connection closed without an answer",
    "ConnectionLost|ConnectionReset|Connection reset": "connection lost",
    "TunnelError": "the proxy did not open a way to the host",
}


class ForbiddenByRobots(IgnoreRequest):
    """The host's robots.txt does not allow the address."""


class RobotsUnreadable(IgnoreRequest):
    """The host's robots.txt could not be read, which means "not now" (RFC 9309, 2.3.1.4)."""


class HostNotDue(IgnoreRequest):
    """The host's next turn is too far away to wait for."""


class AddressRefused(IgnoreRequest):
    """The address guard does not allow the address."""


def outcome_of_response(response: Response, kind: PageKind = PageKind.STORY) -> Outcome | None:
    """Return the outcome that the answer's status or type stands for; None for a page to read."""
    outcome = outcome_of_status(response)
    if outcome is not None:
        return outcome
    if kind in XML_KINDS and is_xml_listing(response.body):
        return None  # "sitemap.xml.gz" comes under many types
    found = (_header(response, "Content-Type") or "no content type").partition(";")[0].strip().lower()
    readable = PAGE_TYPES | XML_TYPES if kind in XML_KINDS else PAGE_TYPES
    packed = _header(response, "Content-Encoding")
    if packed and not isinstance(response, TextResponse):
        found = f"packed in a way that we did not ask for, {packed[:40]!r}"
    if not isinstance(response, TextResponse) or found not in readable:
        detail = f"not a page: {one_line(found)[:200]}"
        return Outcome(url=response.url, kind=OutcomeKind.UNREADABLE, detail=detail)
    return None


def outcome_of_status(response: Response) -> Outcome | None:
    """Return the outcome that the answer's status stands for; None for status 200."""
    url, status = response.url, response.status
    if status in REDIRECTS:
        return _redirect(response)
    if status == 304:
        return Outcome(url=url, kind=OutcomeKind.UNCHANGED, detail="status 304")
    retry_after = retry_after_seconds(_header(response, "Retry-After"))
    if status == 429:
        return Outcome(
            url=url,
            kind=OutcomeKind.BLOCKED,
            detail="status 429: too many requests",
            retry_after=retry_after if retry_after is not None else 30.0,
        )
    if status in REFUSALS:
        return Outcome(url=url, kind=OutcomeKind.BLOCKED, detail=f"status {status}")
    if status in (404, 410):
        return Outcome(url=url, kind=OutcomeKind.GONE, detail=f"status {status}")
    if status >= 500 or status == 408:
        return Outcome(
            url=url, kind=OutcomeKind.SERVER_ERROR, detail=f"status {status}", retry_after=retry_after
        )
    if status != 200:
        return Outcome(url=url, kind=OutcomeKind.UNREADABLE, detail=f"status {status}")
    return None


def outcome_of_error(url: str, error: BaseException) -> Outcome:
    """Return the outcome that a failed download stands for."""
    match error:
        case ForbiddenByRobots():
            return Outcome(url=url, kind=OutcomeKind.FORBIDDEN, detail=str(error))
        case AddressRefused() | UnsupportedURLSchemeError():
            return Outcome(url=url, kind=OutcomeKind.REFUSED, detail=str(error))
        case RobotsUnreadable() | HostNotDue():
            return Outcome(url=url, kind=OutcomeKind.HOST_DOWN, detail=str(error))
        case CannotResolveHostError():
            detail = f"no such host: {urlsplit(url).hostname} (or no network)"
        case DownloadConnectionRefusedError():
            detail = "connection refused"
        case DownloadTimeoutError():
            detail = "no answer in time"
        case OverLimit():
            return Outcome(url=url, kind=OutcomeKind.OVER_LIMIT, detail=str(error))
        case UntrustedCertificate():
            return Outcome(url=url, kind=OutcomeKind.UNTRUSTED, detail=str(error))
        case DownloadCancelledError():
            return Outcome(url=url, kind=OutcomeKind.OVER_LIMIT, detail=_too_large(error))
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in str(error):
            return Outcome(url=url, kind=OutcomeKind.OVER_LIMIT, detail=_too_large(error))
        case ResponseDataLossError():
            return Outcome(url=url, kind=OutcomeKind.SERVER_ERROR, detail="answer cut short")
        case _ if _is_unpacking(error):
            detail = f"not to be unpacked: {_one_line(error)}"
            return Outcome(url=url, kind=OutcomeKind.UNREADABLE, detail=detail)
        case _:
            detail = _plainly(error)
    return Outcome(url=url, kind=OutcomeKind.HOST_DOWN, detail=detail)


def _redirect(response: Response) -> Outcome:
    location = _header(response, "Location")
    if not location:
        return Outcome(
            url=response.url,
            kind=OutcomeKind.UNREADABLE,
            detail=f"status {response.status} without a Location",
        )
    try:
        # Its bytes as they are, escaped: an address with a NUL in it goes into no database.
        target = urljoin(response.url, safe_url_string(location, "latin-1", "latin-1"))
        path = urlsplit(target).path
    except ValueError:  # "http://[broken"
        return Outcome(
            url=response.url,
            kind=OutcomeKind.UNREADABLE,
            detail=f"status {response.status} to {location[:200]!r}, which is no address",
        )
    if is_too_long(target):
        return Outcome(
            url=response.url,
            kind=OutcomeKind.OVER_LIMIT,
            detail=f"URLLENGTH_LIMIT: status {response.status} to an address of {len(target):,} characters",
        )
    if path in ("", "/") and urlsplit(response.url).path not in ("", "/"):
        # Outlets send the readers of a deleted story to the front page.
        return Outcome(
            url=response.url, kind=OutcomeKind.GONE, detail=f"status {response.status} to the front page"
        )
    return Outcome(
        url=response.url,
        kind=OutcomeKind.REDIRECTED,
        detail=f"status {response.status} to {target}",
        redirect_url=target,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value is not None else None


def _too_large(error: BaseException) -> str:
    """Return what Scrapy says of an answer that is too large, packed or unpacked, in our words."""
    unpacked = ", once it is unpacked," if "decompress" in str(error) else ""
    sizes = re.findall(r"\((\d+)(?: B)?\)", str(error))
    limit = f" of {int(sizes[-1]):,} bytes" if sizes else ""
    return f"DOWNLOAD_MAXSIZE: the body{unpacked} is larger than the limit{limit}"


def _is_unpacking(error: BaseException) -> bool:
    """Return whether an error comes from a library that unpacks bodies."""
    if isinstance(error, zlib.error | gzip.BadGzipFile | EOFError):
        return True
    library = type(error).__module__.partition(".")[0]
    return library in {"brotli", "brotlicffi", "zstd", "backports", "compression"}


def _plainly(error: BaseException) -> str:
    """Return what went wrong with a connection in words, where we know what Twisted and aiohttp mean."""
    said = f"{type(error).__name__}: {error}"
    for signs, words in CONNECTION_TROUBLES.items():
        if re.search(signs, said):
            return words
    return _one_line(error)


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
