"""An address as the frontier knows it: what is fetched, and which story it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.items import PageKind
from crawler.outlets import OUTLETS, outlet_for
from crawler.urls import listing_key, registrable_domain


@dataclass(frozen=True, slots=True)
class Address:
    """A link's address with the key of the story behind it; the key is never fetched."""

    url: str
    key: str
    host: str
    outlet: str


@lru_cache(maxsize=4096)
def address_of(url: str, kind: PageKind = PageKind.STORY) -> Address:
    """Return what the address alone tells of the story behind it, or of the listing that it is."""
    outlet = outlet_for(url)
    # A fragment never reaches the server: the address without it is the same page.
    fetched_url = url.partition("#")[0]
    # A site that we have no rules for goes by its domain.
    name = outlet.name if outlet.name in OUTLETS else registrable_domain(url)
    key = outlet.article_key(url) if kind is PageKind.STORY else listing_key(url)
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:  # brackets that hold no address
        host = ""
    return Address(fetched_url, key, host, name)
