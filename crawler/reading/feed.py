"""Feeds: RSS 0.9 to 2.0 and Atom 1.0 (RFC 4287), as lists of stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.items import Link, Listing, PageKind, Zone
from crawler.reading.dates import WIB, find_date
from crawler.reading.xml_document import child_text, children, local_name, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timezone

    from crawler.reading.xml_document import Element

_LONGEST_CONTEXT = 280


def read_feed(
    root: Element, url: str, *, absolute: Callable[[str], str], zone: timezone = WIB, most: int = 0
) -> Listing:
    """Return a feed's entries in order of print, with title, time and the start of the description.

    Of more than ``most`` entries only the first are read; 0 for all. ``zone`` holds for times that name none.
    FeedBurner's note of an entry's own address goes before the link, which counts clicks. Which of the
    addresses are stories is for the outlet to say.
    """
    channel = next(children(root, "channel"), root)
    links: list[Link] = []
    over_limit = ""
    for entry in _entries(root, channel):
        if most and len(links) >= most:
            over_limit = f"MAX_LINKS: more than {most:,} entries, of which the first are taken"
            break
        address = absolute(_address(entry))
        if not address:
            continue
        links.append(
            Link(
                url=address,
                anchor_text=plain_text(child_text(entry, "title")),
                zone=Zone.LIST,
                context=plain_text(child_text(entry, "description", "summary", "encoded", "content"))[
                    :_LONGEST_CONTEXT
                ],
                published_at=_time(
                    child_text(entry, "pubdate", "published", "issued", "date", "updated"), zone
                ),
            )
        )
    follows = next((link for link in children(channel, "link") if link.get("rel") == "next"), None)
    return Listing(
        url=url,
        outlet="",
        kind=PageKind.FEED,
        title=plain_text(child_text(channel, "title")) or None,
        links=links,
        next_page=absolute(follows.get("href") or "") or None if follows is not None else None,  # RFC 5005
        over_limit=over_limit,
    )


def _entries(root: Element, channel: Element) -> Iterator[Element]:
    """Yield RSS items, which RSS 1.0 has beside the channel and RSS 2.0 inside it, or Atom entries."""
    yield from children(channel, "item", "entry")
    if channel is not root:
        yield from children(root, "item")


def _address(entry: Element) -> str:
    original = child_text(entry, "origlink")  # FeedBurner's, behind an address that counts clicks
    if original:
        return original
    for link in children(entry, "link"):
        href = link.get("href")
        if href and (link.get("rel") or "alternate") == "alternate":
            return href
    text = child_text(entry, "link")
    if text:
        return text
    # An RSS guid is an address unless it says that it is none.
    for guid in children(entry, "guid"):
        named = child_text(entry, "guid")
        if (guid.get("isPermaLink") or "true").lower() != "false" and named.startswith("http"):
            return named
    about = next((value for name, value in entry.attrib.items() if str(name).endswith("about")), "")
    return str(about) if local_name(entry) == "item" else ""


def _time(text: str, zone: timezone) -> datetime | None:
    found = find_date(text[:100], zone=zone)
    return found.at if found else None
