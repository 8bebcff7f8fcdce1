"""The stories that a page lists: each with its headline, its teaser and the time printed with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.reading.blocks import HEADINGS, collect_blocks, text_of
from crawler.reading.entry_text import Entry, link_of
from crawler.urls import is_same_site, is_web_address, path_of, without_archive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from crawler.items import Link
    from crawler.outlet import Outlet
    from crawler.reading.page import Page

_WORD = re.compile(r"\w+")
_SIDE_TAGS = frozenset({"nav", "footer"})
_SIDE_NAME = re.compile(
    r"(?:^|[-_\s])(?:sidebar|popul[ae]r|terpopuler|most-?read|trending|related|terkait|rekomendasi|recommended|footer|navbar|"
    r"megamenu|dropdown|breadcrumb)(?:$|[-_\s])",
    re.IGNORECASE,
)
# Said of a list, not of an event.
_EMPTY = re.compile(
    r"\b(?:tidak|belum) ada (?:berita|artikel|hasil|data|konten|tulisan)\b|"
    r"\b(?:berita|artikel|hasil|data|konten|pencarian)\b.{0,30}"
    r"\b(?:tidak|belum) (?:ditemukan|ada|tersedia)\b|"
    r"\bno (?:posts|results|articles)\b",
    re.IGNORECASE,
)
_EMPTY_WORDS = re.compile(rb"tidak|belum|no (?:posts|results|articles)", re.IGNORECASE)
_LONGEST_NOTICE = 90
_SLUG = re.compile(r"\d{4,}|[a-z]-[a-z]|\.html?$", re.IGNORECASE)
_WHOLE_LIST = frozenset({"html", "body", "main", "ul", "ol", "tbody", "table"})
_HIGHEST = 6  # levels above a link to which its entry may reach
_FEWEST_WORDS = 4  # of a headline on a site that we have no rules for
_ENOUGH = 280  # letters of an entry


def read_entries(page: Page, outlet: Outlet) -> list[Link]:
    """Return the stories that a page lists, in order of print, each once.

    They are looked for where the outlet's ``entries`` say; where that finds nothing, in all of the page but
    its menus and side boxes. A link's ``published_at`` is the time printed with it, absolute, never "2 jam
    lalu"; its ``context`` is the teaser.
    """
    scope = page.elements(outlet.entries)
    found = _grouped(page, outlet, _anchors_in(scope)) if scope else {}
    if not found:
        scope = []
        found = _grouped(page, outlet, _main_anchors(page))
    _find_containers(found, set(scope))
    return [link_of(page, outlet, entry) for entry in found.values()]


def is_story_link(url: str, outlet: Outlet, listed_at: str) -> bool:
    """Say whether an address that an outlet lists is, by its form, a story: its own or a known outlet's."""
    from crawler.outlets import outlet_for

    target = outlet_for(url)
    if target.name == "generic" and not is_same_site(url, listed_at):
        return False
    return is_web_address(url) and target.is_article_url(url)


def address_in(page: Page, anchor: HtmlElement) -> str:
    """Return the address that an anchor leads to, or an empty text where that is a script's secret."""
    href = (anchor.get("href") or "").strip()
    if not href or href.lower().startswith(("javascript:", "#")):
        href = (anchor.get("data-url") or "").strip()  # Kompas in 2023
    if not href or href.lower().startswith(("javascript:", "#", "mailto:", "tel:")):
        return ""
    return without_archive(page.absolute(href)).partition("#")[0]


def _anchors_in(scope: Iterable[HtmlElement]) -> list[HtmlElement]:
    anchors: dict[HtmlElement, None] = {}
    for element in scope:
        inside = [element] if element.tag == "a" else list(element.iter("a"))
        if not inside:
            inside = list(element.iterancestors("a"))[:1]
        anchors.update(dict.fromkeys(inside))
    return list(anchors)


def _main_anchors(page: Page) -> list[HtmlElement]:
    """Return the page's anchors without those of menus and side boxes."""
    if _says_empty(page):
        return []  # what it shows instead are the popular stories
    side: dict[HtmlElement, bool] = {}
    # What holds the headline or the main part is no side box, whatever its name: "with-sidebar".
    for tag in ("h1", "main"):
        for element in page.root.iter(tag):
            side.update(dict.fromkeys((element, *element.iterancestors()), False))
    return [anchor for anchor in page.root.iter("a") if not _is_aside(anchor, side)]


def _says_empty(page: Page) -> bool:
    if not _EMPTY_WORDS.search(page.body):
        return False
    return any(
        len(block.text) <= _LONGEST_NOTICE and _EMPTY.search(block.text)
        for block in collect_blocks(page.root)
    )


def _is_aside(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Say whether an element stands in a menu or a side box; ``known`` keeps the answers."""
    path: list[HtmlElement] = []
    answer = False
    at: HtmlElement | None = element
    while at is not None:
        if at in known:
            answer = known[at]
            break
        path.append(at)
        if at.tag in _SIDE_TAGS or _SIDE_NAME.search(f"{at.get('class') or ''} {at.get('id') or ''}"):
            answer = True
            break
        if at.tag == "aside" and not any(True for _ in at.iterancestors("article", "li")):
            answer = True  # inside of an entry it is the entry's text, at Liputan6
            break
        at = at.getparent()
    known.update(dict.fromkeys(path, answer))
    return answer


def _grouped(page: Page, outlet: Outlet, anchors: Iterable[HtmlElement]) -> dict[str, Entry]:
    """Return the entries by the key of their story; the first of several addresses of one counts."""
    from crawler.outlets import outlet_for

    entries: dict[str, Entry] = {}
    own = outlet.article_key(page.url)
    for anchor in anchors:
        url = address_in(page, anchor)
        if not url or not (is_story_link(url, outlet, page.url) or _may_be_story(page, outlet, url, anchor)):
            continue
        key = outlet_for(url).article_key(url)
        if key != own:
            entries.setdefault(key, Entry(url)).anchors.append(anchor)
    return entries


def _may_be_story(page: Page, outlet: Outlet, url: str, anchor: HtmlElement) -> bool:
    """Say whether a link of a site that we have no rules for reads as a headline."""
    if outlet.name != "generic" or not is_same_site(url, page.url) or outlet.is_listing_url(url):
        return False
    words = len(_WORD.findall(text_of(anchor) or anchor.get("title") or ""))
    return words >= _FEWEST_WORDS and is_web_address(url) and bool(_SLUG.search(path_of(url)))


def _find_containers(entries: dict[str, Entry], scope: set[HtmlElement]) -> None:
    """Give each entry the largest element around its first link that holds no other entry's."""
    holds: dict[HtmlElement, str | None] = {}
    for key, entry in entries.items():
        for anchor in entry.anchors:
            for level, element in enumerate((anchor, *anchor.iterancestors())):
                if level > _HIGHEST:
                    break
                holds[element] = key if holds.setdefault(element, key) == key else None
    for key, entry in entries.items():
        best = (_container(anchor, key, holds, scope) for anchor in entry.anchors)
        # The link of the headline and that of the picture may stand in two boxes: the one with text counts.
        entry.container = max(best, key=lambda element: min(len(text_of(element)), _ENOUGH))


def _container(
    anchor: HtmlElement, key: str, holds: dict[HtmlElement, str | None], scope: set[HtmlElement]
) -> HtmlElement:
    container = anchor
    for level, element in enumerate((anchor, *anchor.iterancestors())):
        if level > _HIGHEST or element.tag in _WHOLE_LIST or holds.get(element) != key:
            break
        container = element
        if element in scope and element.tag not in {"a", *HEADINGS}:
            break
    return container
