"""The tags of a story as links to the pages that list more stories of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.items import Link, PageKind, Zone
from crawler.reading.blocks import text_of
from crawler.reading.entries import address_in
from crawler.reading.normal_form import clean_line
from crawler.urls import is_home_page, is_same_site, is_web_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.outlet import Outlet
    from crawler.reading.page import Page

_TAG_HREF = re.compile(r"/(?:tag|topi[ck])s?/")
_MOST = 20


def tag_links(page: Page, outlet: Outlet, tags: list[str]) -> list[Link]:
    """Return the pages of a story's tags on the same outlet, each once.

    They are what the outlet's rules for tags find; where those find no links, as in metadata, the page's
    links that are named as one of the tags.
    """
    found: dict[str, Link] = {}
    for element in page.elements(tuple(rule for rule in outlet.tags if _is_selector(rule))):
        anchors = [element, *element.iterancestors("a"), *element.iter("a")]
        _add_tag(found, page, outlet, next((each for each in anchors if each.tag == "a"), None))
    if not found and tags:
        names = {tag.casefold() for tag in tags}
        for anchor in page.root.iter("a"):
            if _TAG_HREF.search(anchor.get("href") or "") and _tag_name(anchor).casefold() in names:
                _add_tag(found, page, outlet, anchor)
    return list(found.values())[:_MOST]


def _is_selector(rule: str) -> bool:
    return not rule.startswith(("meta:", "ld:")) and "::attr(" not in rule


def _tag_name(anchor: HtmlElement) -> str:
    return clean_line(text_of(anchor).lstrip("# ").strip(" ,"))


def _add_tag(found: dict[str, Link], page: Page, outlet: Outlet, anchor: HtmlElement | None) -> None:
    url = address_in(page, anchor) if anchor is not None else ""
    name = _tag_name(anchor) if anchor is not None else ""
    if outlet.tag_page and "?" not in outlet.tag_page:
        url = url.partition("?")[0]  # Tribunnews tells there which story the reader came from
    if name and _is_tag_page(url, page.url, outlet):
        found.setdefault(url, Link(url=url, anchor_text=name, zone=Zone.TAG, kind=PageKind.TAG_PAGE))


def _is_tag_page(url: str, story_url: str, outlet: Outlet) -> bool:
    from crawler.outlets import outlet_for

    if not is_web_address(url) or is_home_page(url) or not outlet.is_listing_url(url):
        return False
    return outlet_for(url).name == outlet.name and (outlet.name != "generic" or is_same_site(url, story_url))
