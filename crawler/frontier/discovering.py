"""Where more stories may be listed: an outlet's tag pages, indexes by date, news sitemaps and feeds.

Read-also links hardly ever leave their outlet (1 of 85 in OUTLETS.md): a story crosses over only by what
each outlet lists itself.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.items import Link, PageKind, Zone
from crawler.reading.dates import WIB

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.items import Listing
    from crawler.outlet import Outlet
    from crawler.topic import Topic

# How much a listing's own words promise: an editor's tag is the best that there is (FOCUS.md 4.3: recall at
# equal cost .39 -> .91), a list of all that is new is worth one look, a day's index what happened then.
TAG_SCORE, NEWEST_SCORE, DAY_SCORE = 1.0, 0.8, 0.3
FITS = 0.5  # a tag with this score is the topic's
FRESH = timedelta(days=3)  # news sitemaps and feeds hold about this much
LISTINGS = (PageKind.TAG_PAGE, PageKind.DATE_INDEX, PageKind.SITEMAP, PageKind.FEED)
# The listings that change from hour to hour; a day that is over does not.
CHANGING = (PageKind.TAG_PAGE, PageKind.SITEMAP, PageKind.FEED)


def page_score(kind: PageKind) -> float:
    """Return what a listing says of each of its entries: a topic's tag all, a list of everything nothing."""
    return 1.0 if kind is PageKind.TAG_PAGE else 0.0


def tag_pages(topic: Topic, outlets: Iterable[Outlet]) -> Iterator[Link]:
    """Give the pages of the topic's tags at each outlet that has tag pages."""
    for outlet in outlets:
        for place, tag in enumerate(topic.tags_for(outlet.name)):
            if url := outlet.tag_page_url(tag):
                # Every outlet's first tag goes before any outlet's second.
                yield _listing(url, PageKind.TAG_PAGE, tag, TAG_SCORE - 0.01 * min(place, 20))


def newest_pages(outlets: Iterable[Outlet]) -> Iterator[Link]:
    """Give what lists each outlet's latest: news sitemaps, feeds, and indexes that know no dates."""
    for outlet in outlets:
        for url in outlet.date_index:
            if not _is_dated(url):
                yield _listing(url, PageKind.DATE_INDEX, "", NEWEST_SCORE)
        for url in outlet.news_sitemaps:
            yield _listing(url, PageKind.SITEMAP, "", NEWEST_SCORE)
        for url in outlet.feeds:
            yield _listing(url, PageKind.FEED, "", NEWEST_SCORE)


def day_pages(outlets: Iterable[Outlet], days: Iterable[date], stories: int = 0) -> Iterator[Link]:
    """Give the outlets' indexes of those days; earlier ones in the row are asked for first.

    ``stories`` on the topic are known to be of these days: the more there are, the more others may have.
    """
    shelf = list(outlets)
    for place, day in enumerate(days):
        score = DAY_SCORE + 0.01 * min(stories, 20) - 1e-4 * min(place, 1000)
        for outlet in shelf:
            for address, url in zip(outlet.date_index, outlet.date_index_urls(day), strict=True):
                if _is_dated(address):
                    yield _listing(url, PageKind.DATE_INDEX, f"{day}", score)


def days_between(since: date, until: date) -> Iterator[date]:
    """Give every day of a span, the newest first.

    >>> [f"{day:%d}" for day in days_between(date(2021, 5, 20), date(2021, 5, 22))]
    ['22', '21', '20']
    """
    for back in range((until - since).days + 1):
        yield until - timedelta(days=back)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Western Indonesian time, by which outlets keep their indexes."""
    return moment.astimezone(WIB).date()


def is_within(moment: datetime | None, since: date | None, until: date | None) -> bool:
    """Say whether a moment may lie within those days, in Western Indonesian time; one unknown may."""
    if moment is None:
        return True
    day = day_of(moment)
    return (since is None or day >= since) and (until is None or day <= until)


def is_before(listing: Listing, since: date | None) -> bool:
    """Say whether every dated entry of a listing is older than the first day that is wanted."""
    if since is None:
        return False
    moments = [link.published_at for link in listing.links if link.published_at is not None]
    return bool(moments) and all(day_of(moment) < since for moment in moments)


def is_promising(link: Link) -> bool:
    """Say whether a listing's entry names the topic."""
    return link.anchor_score >= FITS


def next_page_link(
    listing: Listing, score: float, *, entries: int, fitting: int, whole: bool = False
) -> Link | None:
    """Return the link to a listing's next page, where one is worth asking for.

    A page with few new entries that fit promises up to half less for the next: a list without end comes to
    one. A page without any leads on only in an index by date, whose stories stand in order of time.

    Args:
        listing: the listing as read.
        score: its own in the frontier.
        entries: how many stories it lists.
        fitting: how many of those that were not known name the topic.
        whole: the list is wanted to its end, as that of a day in a back-fill.
    """
    leads_on = fitting or (listing.kind is PageKind.DATE_INDEX and entries)
    if listing.next_page is None or not leads_on:
        return None
    promise = score if whole else score * (0.5 + 0.5 * fitting / entries)
    return _listing(listing.next_page, listing.kind, listing.title or "", round(promise, 3), Zone.LIST)


def _is_dated(address: str) -> bool:
    return "{day" in address


def _listing(url: str, kind: PageKind, name: str, score: float, zone: Zone = Zone.DISCOVERY) -> Link:
    return Link(url=url, anchor_text=name, zone=zone, kind=kind, anchor_score=score)
