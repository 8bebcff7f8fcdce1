"""Jawa Pos and its network: the story stands in a script, as data for the browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lxml import html

from crawler.items import Link, Listing, Zone
from crawler.outlets.promedia import Promedia
from crawler.reading.bylines import Credits, people_first
from crawler.reading.dates import parse_date
from crawler.reading.normal_form import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.items import Item, PageKind
    from crawler.reading.page import Page


class Jawapos(Promedia):
    """Reads ``__NEXT_DATA__`` where it is there, Promedia's markup of earlier years where not."""

    title = "JawaPos.com"
    hosts = ("jawapos.com",)
    article_id = (
        r"jawapos\.com/(?:amp/)?(?:[\w-]+/)+(\d{8,})(?:/|$)",
        r"jawapos\.com/.*/(\d{2}/\d{2}/\d{4}/[\w-]+)$",
    )
    not_stories = (r"jawapos\.com/(?:foto|video|infografis)/",)

    tag_page = "https://www.jawapos.com/tag/{slug}"  # the usual form; not seen
    date_index = ("https://www.jawapos.com/indeks",)  # the latest, of whatever day

    def read_listing(self, page: Page, kind: PageKind) -> Item:
        """Return the listing of the page's data, where there is none in its markup."""
        item = super().read_listing(page, kind)
        if isinstance(item, Listing) and not item.links:
            item.links = list(_listed(page))
        return item

    def find_body(self, page: Page) -> list[HtmlElement]:
        """Return the story's markup, which stands as a string in the page's data."""
        content = _story(page).get("content")
        if isinstance(content, str) and content.strip():
            return [html.fromstring(f"<div>{content}</div>")]
        return super().find_body(page)

    def find_published(self, page: Page) -> datetime | None:
        """Return the time of the page's data, which is WIB without saying so."""
        return parse_date(_text(_story(page).get("published_at"))) or super().find_published(page)

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the people of the page's data."""
        story = _story(page)
        authors = story.get("authors")
        names = (
            [_text(a.get("name")) for a in authors if isinstance(a, dict)]
            if isinstance(authors, list)
            else []
        )
        editor = (
            _text((story.get("editor") or {}).get("name")) if isinstance(story.get("editor"), dict) else ""
        )
        if not any(names):
            return super().find_people(page, closing)
        return Credits(people_first(n for n in names if n), [editor] if editor else closing.editors)

    def find_tags(self, page: Page) -> list[str]:
        """Return the tags of the page's data."""
        tags = _story(page).get("tags")
        names = [_text(t.get("name")) for t in tags if isinstance(t, dict)] if isinstance(tags, list) else []
        return [n for n in names if n] or super().find_tags(page)

    def find_section(self, page: Page) -> str | None:
        """Return the category of the page's data."""
        category = _story(page).get("category")
        return (_text(category.get("name")) if isinstance(category, dict) else "") or super().find_section(
            page
        )


def _story(page: Page) -> dict[str, Any]:
    return _page_data(page, "article")


def _listed(page: Page) -> Iterator[Link]:
    """Yield the stories of an index: their addresses are made of section, number and slug."""
    stories = _page_data(page, "initialArticles").get("data")
    for story in stories if isinstance(stories, list) else []:
        if not isinstance(story, dict):
            continue
        category = story.get("category")
        section = _text(category.get("slug")) if isinstance(category, dict) else ""
        number, slug = _text(story.get("article_id")), _text(story.get("slug"))
        if section and number.isdigit() and slug:
            yield Link(
                url=page.absolute(f"/{quote(section)}/{number}/{quote(slug)}"),
                anchor_text=clean_line(_text(story.get("title"))),
                zone=Zone.LIST,
                context=clean_line(_text(story.get("description")))[:280],
                published_at=parse_date(_text(story.get("published_at"))),
            )


def _page_data(page: Page, name: str) -> dict[str, Any]:
    for script in page.elements(("script#__NEXT_DATA__",)):
        try:
            data = json.loads(script.text or "", strict=False)
            found = data["props"]["pageProps"][name]
        except (ValueError, KeyError, TypeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}
    return {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
