"""Requests of a user's own spider: kept as JSON in the frontier, and made again from it."""

from __future__ import annotations

import json
from hashlib import sha1
from typing import Any

from scrapy import Request, Spider
from scrapy.utils.request import request_from_dict
from w3lib.url import canonicalize_url

from crawler.address import address_of
from crawler.store.crawl.frontier import Lease
from crawler.store.crawl.own_requests import OwnRequest
from crawler.urls import is_too_long

# What this crawl puts into a request's meta; "meta=response.meta" must not carry it on.
OURS = ("lease", "visit", "own_errback", "depth", "download_latency", "download_slot")


def own_request(request: Request, spider: Spider, found_on: Lease | None) -> OwnRequest:
    """Return what the frontier keeps of a request.

    Raises:
        ValueError: when it cannot be kept: a callback that is no method of the spider, or values in
            cb_kwargs or meta that JSON does not know.
    """
    return OwnRequest(
        key=key_of(request),
        address=address_of(request.url),
        request=record_of(request, spider),
        score=score_of(request.priority),
        depth=found_on.depth + 1 if found_on else 0,
        found_via=found_on.key if found_on else None,
        again=request.dont_filter,
    )


def record_of(request: Request, spider: Spider) -> dict[str, Any]:
    """Return the request as JSON values, what is as usual left out; the address is kept beside it."""
    known = request.to_dict(spider=spider)
    known["headers"] = {_text(name): [_text(v) for v in values] for name, values in known["headers"].items()}
    known["body"] = _text(known["body"])
    known["meta"] = {name: value for name, value in known["meta"].items() if name not in OURS}
    usual = Request(request.url).to_dict() | {"body": "", "url": request.url}
    record = {name: value for name, value in known.items() if name not in usual or value != usual[name]}
    try:
        json.dumps(record)
    except TypeError as error:
        raise ValueError(f"cb_kwargs and meta have to be JSON values: {error}") from error
    return record


def request_of(lease: Lease, spider: Spider) -> Request:
    """Return the request that was kept, or one for the spider's ``parse`` when only the address was."""
    record = dict(lease.request or {})
    record["body"] = record.get("body", "").encode("latin-1")
    request = request_from_dict(record | {"url": lease.url}, spider=spider)
    return request.replace(dont_filter=True)


def key_of(request: Request) -> str:
    """Return what makes the request one of its own: method, address and body.

    >>> key_of(Request("https://contoh.id/tag?b=2&a=1#x"))
    'GET https://contoh.id/tag?a=1&b=2'
    """
    key = f"{request.method} {canonicalize_url(request.url)}"
    if is_too_long(key):
        key = f"{request.method} {sha1(key.encode(), usedforsecurity=False).hexdigest()}"
    return f"{key} {sha1(request.body, usedforsecurity=False).hexdigest()}" if request.body else key


def score_of(priority: int) -> float:
    """Return a priority, which has no bounds, as a score from 0 to 1 in the same order.

    >>> [score_of(priority) for priority in (-1, 0, 1)]
    [0.25, 0.5, 0.75]
    """
    return 0.5 + priority / (2 * (1 + abs(priority)))


def _text(value: bytes) -> str:
    # Every byte is one character of Latin-1: nothing is lost on the way there and back.
    return value.decode("latin-1")
