"""Sitemaps: the news sitemap of an outlet's last two days, a plain one, and an index of several.

Formats: https://www.sitemaps.org/protocol.html (0.9) and Google's news extension of it (0.9).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.items import Link, Listing, PageKind, Zone
from crawler.reading.dates import WIB, find_date
from crawler.reading.xml_document import child_text, children, local_name, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timezone

    from crawler.reading.xml_document import Element


def read_sitemap(
    root: Element, url: str, *, absolute: Callable[[str], str], zone: timezone = WIB, most: int = 0
) -> Listing:
    """Return a sitemap's stories in order of print, or the sitemaps of an index.

    Of more than ``most`` entries only the first are read, 0 for all: the protocol allows 50,000, of which the
    newest mostly come first. A link bears the address, the title where a news sitemap gives one, the time of
    publication, and the keywords as its context. Which of the addresses are stories is for the outlet to say.
    """
    read = _sitemaps if local_name(root) == "sitemapindex" else _stories
    listing = Listing(url=url, outlet="", kind=PageKind.SITEMAP)
    for link in read(root, zone):
        if most and len(listing.links) >= most:
            listing.over_limit = f"MAX_LINKS: more than {most:,} entries, of which the first are taken"
            break
        link.url = absolute(link.url)
        listing.links.append(link)
    return listing


def _sitemaps(root: Element, zone: timezone) -> Iterator[Link]:
    for entry in children(root, "sitemap"):
        address = child_text(entry, "loc")
        if address:
            changed = _time(child_text(entry, "lastmod"), zone)
            yield Link(
                url=address, anchor_text="", zone=Zone.LIST, kind=PageKind.SITEMAP, published_at=changed
            )


def _stories(root: Element, zone: timezone) -> Iterator[Link]:
    for entry in children(root, "url"):
        address = child_text(entry, "loc")
        if not address:
            continue
        # A time of change is none of publication: without news there is no time.
        news = next(children(entry, "news"), None)
        if news is None:
            yield Link(url=address, anchor_text="", zone=Zone.LIST)
            continue
        yield Link(
            url=address,
            anchor_text=plain_text(child_text(news, "title")),
            zone=Zone.LIST,
            context=_keywords(child_text(news, "keywords")),
            published_at=_time(child_text(news, "publication_date"), zone),
        )


def _keywords(text: str) -> str:
    """Return the keywords joined by commas; Merdeka gives them as a JSON list.

    >>> _keywords('["data pribadi","peretas"]')
    'data pribadi, peretas'
    """
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = text
        if isinstance(found, list):
            text = ", ".join(word for word in found if isinstance(word, str))
    return plain_text(text)


def _time(text: str, zone: timezone) -> datetime | None:
    found = find_date(text[:100], zone=zone)
    return found.at if found else None
