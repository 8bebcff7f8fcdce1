"""A page that lists stories, read as a listing: a tag page, an index by date, a feed, a news sitemap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.items import Article, Link, Listing, Outcome, OutcomeKind, PageKind
from crawler.reading.blocks import text_of
from crawler.reading.entries import address_in, is_story_link, read_entries
from crawler.reading.feed import read_feed
from crawler.reading.fields import without_site_name
from crawler.reading.limits import DEFAULT_LIMITS, check_markup, check_tree
from crawler.reading.normal_form import clean_line, normalise_links
from crawler.reading.obstacles import obstacle
from crawler.reading.page import Page
from crawler.reading.sitemap import read_sitemap
from crawler.reading.xml_document import as_plain, is_xml_listing, local_name, parse_xml, within
from crawler.urls import is_same_site, is_web_address, joined, registrable_domain

if TYPE_CHECKING:
    from crawler.items import Item
    from crawler.outlet import Outlet
    from crawler.reading.limits import ReadingLimits

XML_KINDS = frozenset({PageKind.SITEMAP, PageKind.FEED})
_SITEMAP_PATH = re.compile(r"sitemap[^/]*$|/sitemap/", re.IGNORECASE)
# Searched in the host and in the path.
_KINDS = {
    _SITEMAP_PATH: PageKind.SITEMAP,
    re.compile(
        r"^(?:full)?rss\.|^sindikasi\.|^feed\.|/(?:rss|feed|atom)(?:[/.]|$)", re.IGNORECASE
    ): PageKind.FEED,
    re.compile(
        r"/(?:tags?|topi[ck]s?|listtag|q|search|cari|author|penulis)(?:/|$)", re.IGNORECASE
    ): PageKind.TAG_PAGE,
    re.compile(
        r"^ind(?:eks|ex)\.|/(?:ind(?:eks?|ex)|index-news|bydate)(?:/|$)", re.IGNORECASE
    ): PageKind.DATE_INDEX,
}
_WORD = re.compile(r"\w+")
_HEADLINE_WORDS = 5
_MANY = 20


def read_listing(
    content: bytes | str,
    url: str,
    outlet: Outlet,
    encoding: str | None = None,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Item:
    """Return what a feed or a sitemap lists, by what it is and not by what it was expected to be.

    Entries that are no stories of the outlet's, or of another one that we know, are left out. The answer is
    an outcome where the content is neither: blocked, gone, or unreadable.

    Raises:
        OverLimit: for a packed list that is too large once it is unpacked, and a page that no parser may get.
    """
    body = as_plain(content, encoding, limits)
    shortened = within(body, limits)
    check_markup(shortened, limits)
    root = parse_xml(shortened)
    if root is None:
        return _no_xml(body, url, outlet, limits)
    read = read_sitemap if local_name(root) in {"urlset", "sitemapindex"} else read_feed
    listing = read(
        root,
        url,
        absolute=lambda href: joined(url, href).partition("#")[0],
        zone=outlet.zone,
        most=limits.max_links,
    )
    listing.outlet = outlet_name(outlet, url)
    listing.links = _own_links(listing, outlet)
    if len(shortened) < len(body):
        listing.over_limit = (
            f"MAX_TAGS: more than {limits.max_tags:,} tags, or entities; the rest is left out"
        )
    return listing


def read_html_listing(page: Page, outlet: Outlet, kind: PageKind) -> Item:
    """Return what a tag page or an index lists, or what the page is instead.

    A story at a story's address is that story: servers answer so for a tag with one story. A page without any
    entry is an empty listing, unless something stands in its place, or it is full of headlines at addresses
    that are no stories: then the outlet has changed.
    """
    if outlet.is_article_url(page.url):
        item = outlet.read(page)
        if isinstance(item, Article):
            return item
    links = read_entries(page, outlet)
    if not links:
        found = obstacle(page)
        if found:
            return outlet.outcome(page.url, *found)
        unknown = _unknown_headlines(page) if outlet.article_id else 0
        if unknown >= _MANY:
            detail = f"{outlet.title}: {unknown} headlines, none at the address of a story"
            return outlet.outcome(page.url, OutcomeKind.LAYOUT_CHANGED, detail)
    normalise_links(links)
    return Listing(
        url=page.url,
        outlet=outlet_name(outlet, page.url),
        kind=kind,
        title=_title(page, outlet, {link.anchor_text for link in links}),
        links=links,
        next_page=outlet.listing_next(page) if links else None,
    )


def kind_at(url: str, content: bytes | str = "") -> PageKind:
    """Return what an address, by its form, and the content itself seem to be; a story where neither tells.

    >>> kind_at("https://www.contoh.id/indeks/2024-01-17").value
    'date_index'
    """
    from crawler.outlets import outlet_for

    parts = urlsplit(url)
    places = (parts.hostname or "", parts.path)
    if content and is_xml_listing(content):
        return PageKind.SITEMAP if _SITEMAP_PATH.search(parts.path) else PageKind.FEED
    if outlet_for(url).is_article_url(url):
        return PageKind.STORY
    for pattern, kind in _KINDS.items():
        if any(pattern.search(place) for place in places):
            return kind
    return PageKind.STORY


def outlet_name(outlet: Outlet, url: str) -> str:
    """Return the name under which an outlet's items go: its own, or an unknown site's domain."""
    return outlet.name if outlet.name != "generic" else registrable_domain(url)


def _own_links(listing: Listing, outlet: Outlet) -> list[Link]:
    """Return a feed's or sitemap's links to stories, or of an index those to sitemaps; each once."""
    from crawler.outlets import outlet_for

    found: dict[str, Link] = {}
    for link in listing.links:
        if link.kind is PageKind.SITEMAP:
            wanted = is_web_address(link.url) and is_same_site(link.url, listing.url)
            key = link.url
        else:
            wanted = is_story_link(link.url, outlet, listing.url) or _is_listed_story(
                link, outlet, listing.url
            )
            key = outlet_for(link.url).article_key(link.url)
        if wanted:
            found.setdefault(key, link)
    normalise_links(list(found.values()))
    return list(found.values())


def _is_listed_story(link: Link, outlet: Outlet, listed_at: str) -> bool:
    """Say whether a site without rules lists a story: what a feed or news sitemap gives a title is one."""
    if outlet.name != "generic" or not link.anchor_text or not is_same_site(link.url, listed_at):
        return False
    return is_web_address(link.url) and not outlet.is_listing_url(link.url)


def _no_xml(body: bytes, url: str, outlet: Outlet, limits: ReadingLimits) -> Outcome:
    check_markup(body, limits)
    page = Page(url, body, "utf-8")
    check_tree(page.root, body, limits)
    found = obstacle(page)
    if found:
        return outlet.outcome(url, *found)
    seen = page.text(("title",)) or page.body[:40].decode("utf-8", "replace")
    return outlet.outcome(
        url, OutcomeKind.UNREADABLE, f"neither a feed nor a sitemap: {clean_line(seen)[:80]!r}"
    )


def _title(page: Page, outlet: Outlet, headlines: set[str]) -> str | None:
    """Return the list's own title; at Kontan each entry's headline is an ``h1``."""
    for rule in ("h1", "meta:og:title", "title"):
        stated = clean_line(page.text((rule,)) or "")
        if stated and stated not in headlines:
            return without_site_name(stated, page.meta("og:site_name") or outlet.title)
    return None


def _unknown_headlines(page: Page) -> int:
    """Return how many different addresses of the site the page's headlines lead to."""
    found: set[str] = set()
    for anchor in page.root.iter("a"):
        if len(_WORD.findall(text_of(anchor))) >= _HEADLINE_WORDS:
            url = address_in(page, anchor)
            if is_same_site(url, page.url):
                found.add(url)
    return len(found)
