"""The network: one name resolved and one robots.txt asked for, politely and in a few seconds at most."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener, getproxies, proxy_bypass

from crawler.doctor.finding import Finding, fail, ok, warn
from crawler.public_address import NotPublic, check_connection

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

SECONDS = 5.0
CLOCK_SECONDS = 60.0  # a Date header is whole seconds, and the answer was on its way
_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back: the status, and by how many seconds the server's clock is ahead of ours."""

    status: int
    ahead: float | None
    seconds: float


def network_findings(host: str, settings: BaseSettings) -> list[Finding]:
    """Resolve a host and ask it for its robots.txt once; nothing of the answer is kept.

    Args:
        host: of an outlet.
        settings: for the User-Agent, ``CONNECT_TO`` and the address guard.
    """
    asked_of, found = str(settings["CONNECT_TO"] or ""), []
    proxy = None if asked_of or proxy_bypass(host) else getproxies().get("https")
    if proxy:
        found.append(ok("network", f"through the proxy at {urlsplit(proxy).hostname}"))
    elif not asked_of:
        finding = _resolved(host, allow_private=settings.getbool("ALLOW_PRIVATE_ADDRESSES"))
        found.append(finding)
        if finding.next_step:
            return found
    agent = str(settings["USER_AGENT"]).replace("{contact}", str(settings["CONTACT"]))
    verified = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    try:
        answer = within(SECONDS, lambda: _asked(host, asked_of, agent, verified=verified))
    except TimeoutError:
        return [*found, fail("network", f"{host}: no answer within {SECONDS:g} s", _LOOK)]
    except ssl.SSLError as error:
        return [*found, _untrusted(host, error)]
    except (OSError, HTTPException, ValueError) as error:
        return [*found, fail("network", f"{host} does not answer: {_reason(error)}", _LOOK)]
    return [*found, _told(host, answer), *clock_findings(host, answer.ahead)]


def clock_findings(host: str, ahead: float | None) -> list[Finding]:
    """Return whether this machine's clock is right, by how far a server's is ahead of it, in seconds."""
    if ahead is None:
        return []
    if abs(ahead) <= CLOCK_SECONDS:
        return [ok("clock", f"agrees with that of {host}")]
    told = f"{abs(ahead):,.0f} s {'behind' if ahead > 0 else 'ahead of'} that of {host}"
    return [warn("clock", told, "set this machine's clock by the network (NTP): stories get wrong times")]


def within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return what some work gives, or give it up: a resolver of the system's cannot be told a time limit.

    Raises:
        TimeoutError: when it takes longer; the work goes on unheard and dies with the program.
    """
    results: queue.Queue[tuple[_Result | None, Exception | None]] = queue.Queue()

    def run() -> None:
        try:
            results.put((work(), None))
        except Exception as error:
            results.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"more than {seconds:g} s") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


_LOOK = "see that the network is up and lets https out; without one: bacajuga doctor --offline"


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Go nowhere: that the host answers is all that is asked."""


def _resolved(host: str, *, allow_private: bool) -> Finding:
    try:
        entries = within(SECONDS, lambda: socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM))
    except TimeoutError:
        return fail("network", f"the name {host} is not resolved within {SECONDS:g} s", _LOOK)
    except OSError as error:
        return fail("network", f"the name {host} is not resolved: {_reason(error)}", _LOOK)
    addresses = sorted({str(entry[4][0]) for entry in entries})
    try:
        if not allow_private:
            check_connection(host, addresses[0])
    except NotPublic as error:
        step = "a filter of your network's is in the way: ask for another resolver"
        return fail("network", f"the resolver lies: {error}", step)
    return ok("network", f"{host} is {addresses[0]}")


def _asked(host: str, asked_of: str, agent: str, *, verified: bool) -> Answer:
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = build_opener(_NoRedirect, HTTPSHandler(context=context))
    headers = {"User-Agent": agent, "Host": host}
    request = Request(f"{asked_of.rstrip('/') or f'https://{host}'}/robots.txt", headers=headers)
    begun = time.time()
    try:
        with opener.open(request, timeout=SECONDS) as response:
            status, date = response.status, response.headers.get("Date")
    except HTTPError as error:
        status, date = error.code, error.headers.get("Date")
        error.close()
    except URLError as error:
        if isinstance(error.reason, Exception):
            raise error.reason from error
        raise
    now = time.time()
    return Answer(status=status, ahead=_ahead(date, (begun + now) / 2), seconds=now - begun)


def _ahead(date: str | None, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now if date else None
    except (ValueError, OverflowError):
        return None


def _told(host: str, answer: Answer) -> Finding:
    told = f"robots.txt of {host}: status {answer.status} in {answer.seconds:.1f} s"
    if answer.status in (401, 403, 429, 451):
        step = "it may block this network: set CONTACT, wait, or crawl from another network"
        return warn("network", f"{told}: it would not have us", step)
    if answer.status >= 500:
        return warn("network", told, "the outlet has trouble of its own: try again later")
    return ok("network", told)


def _untrusted(host: str, error: ssl.SSLError) -> Finding:
    step = "a filter or proxy may be in between, or the system's certificates are old: pip install -U certifi"
    return fail("network", f"the certificate of {host} is not to be trusted: {_reason(error)}", step)


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
