"""Any site that we have no rules for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.items import Article, OutcomeKind
from crawler.outlet import Outlet
from crawler.reading import structured_data
from crawler.reading.blocks import collapse_spaces, text_of
from crawler.reading.bylines import (
    Credits,
    is_account,
    is_organisation,
    parse_byline,
    people,
    people_first,
    split_names,
)
from crawler.reading.dates import find_date, parse_date
from crawler.reading.fields import best_headline, credit_texts, tags_of, without_site_name
from crawler.reading.index_page import is_index_page
from crawler.reading.main_text import find_main_text
from crawler.reading.obstacles import obstacle
from crawler.reading.read_also import Split, split_read_also
from crawler.urls import address_key, path_of, registrable_domain

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.items import Item
    from crawler.reading.blocks import Block
    from crawler.reading.page import Page

_WORD = re.compile(r"\w+")
_CREDIT = re.compile(
    r"^\W*(?:penulis|editor|reporter|pewarta|redaktur|jurnalis|oleh|rep|red|by|kontributor|penyunting)\b\s*[:：|-]?\s*\S",
    re.IGNORECASE,
)
# Photo pages are not among them: some have a story's text.
_MOVING = re.compile(r"/(?:videos?|live|live-report|livestreaming|streaming)/", re.IGNORECASE)
_WIB_OFFSET = timedelta(hours=7)
_FEWEST_WORDS = 40  # a shorter text on an unknown site is no story


class Generic(Outlet):
    """Reads by metadata, trafilatura and the read-also rule that needs no class names."""

    name = "generic"
    title = "other site"
    deck = ()
    author = (
        "a[rel~=author]", "[itemprop=author] [itemprop=name]", "[itemprop=author]", "meta:content_author",
        "div.author", "span.author", "p.author", "div[class*=penulis]", "span[class*=penulis]",
        "div[class*=reporter]", "span[class*=reporter]", "div[class*=byline]", "span[class*=byline]",
    )  # fmt: skip
    editor = ("[itemprop=editor]", "meta:content_editor", "div[class*=editor]", "span[class*=editor]")
    tags = ("a[rel~=tag]", "meta:article:tag", "meta:news_keywords", "meta:keywords")
    caption = ("figure figcaption",)
    whole_story = None

    def article_key(self, url: str) -> str:
        """Return the canonical address without its scheme: there are no ids that we know."""
        return address_key(url)

    def read(self, page: Page) -> Item:
        """Return the story of a page of an unknown site, or what the page is instead."""
        if _MOVING.search(path_of(page.url)):
            return self.outcome(page.url, OutcomeKind.NOT_A_STORY, "a video or live page by its address")
        return _Reading(self, page).item()


class _Reading(Generic):
    """One page's generic reading: trafilatura is asked once, and its answer serves body, date and byline."""

    def __init__(self, outlet: Generic, page: Page) -> None:
        self._main = find_main_text(page) if not outlet.is_listing_url(page.url) else None
        self._page = page

    def item(self) -> Item:
        item = Outlet.read(self, self._page)
        if not isinstance(item, Article):
            return item
        item.outlet = registrable_domain(item.url)
        item.extractor = "generic"
        words = len(_WORD.findall(item.body))
        found = obstacle(self._page) if words < 3 * _FEWEST_WORDS else None
        if found:
            return self.outcome(item.url, *found)
        declared = item.published_at and (self._page.meta("og:type") or "").lower() == "article"
        if words < _FEWEST_WORDS // 2 or (words < _FEWEST_WORDS and not declared and not self._page.json_ld):
            return self.outcome(item.url, OutcomeKind.NOT_A_STORY, f"only {words} words of running text")
        if is_index_page(self._page, item.body):
            return self.outcome(item.url, OutcomeKind.NOT_A_STORY, "an index page at a story's address")
        return item

    def find_body(self, page: Page) -> list[HtmlElement]:
        return []

    def read_text(self, page: Page, containers: list[HtmlElement]) -> Split:
        return split_read_also(self._main.story, page.absolute) if self._main else Split([], [])

    def find_title(self, page: Page) -> str | None:
        stated = page.text(("ld:headline", "meta:og:title", "title")) or ""
        og = page.meta("og:title") or stated
        for tag in ("h1", "h2"):
            printed = best_headline((text_of(e) for e in page.root.iter(tag)), f"{stated} {og}")
            if printed:
                return printed
        return without_site_name(og, page.meta("og:site_name") or registrable_domain(page.url)) or None

    def find_published(self, page: Page) -> datetime | None:
        printed = self._printed_date()
        stated = parse_date(page.text(("ld:datePublished",)))
        if stated:
            return stated.astimezone(self.zone)
        if printed and printed[1]:
            return printed[0]
        meta = page.text(
            ("meta:article:published_time", "meta:datepublished", "meta:publishdate", "time::attr(datetime)")
        )
        at = parse_date(meta)
        if at and at.utcoffset() == -_WIB_OFFSET:
            at = at.replace(tzinfo=self.zone)  # "-07:00", the sign of WIB mistaken
        return at or (printed[0] if printed else None)

    def _printed_date(self) -> tuple[datetime, bool] | None:
        """Return the last time printed before the story, and whether its clock was."""
        day_only = None
        for block in reversed(self._main.before if self._main else []):
            found = find_date(block.text) if len(block.text) < 200 else None
            if found and found.has_clock:
                return found.at, True
            if found and day_only is None:
                day_only = found.at, False
        return day_only

    def find_people(self, page: Page, closing: Credits) -> Credits:
        found = Credits()
        for block in self._credit_blocks():
            found.add(parse_byline(block.text))
        if not people(found.authors):
            for text in credit_texts(page, self.author):
                found.add(Credits(authors=parse_byline(text).authors))
        found.add(Credits(editors=[] if found.editors else self._editors(page)))
        known = {name.casefold() for name in found.authors}
        found.authors.extend(n for n in closing.authors if n.casefold() not in known)
        found.editors.extend(n for n in closing.editors if n not in found.editors)
        if not people(found.authors) or not found.editors:
            printed = Credits()
            for text in page.credit_lines:
                printed.add(parse_byline(text))
            found.authors = found.authors if people(found.authors) else printed.authors
            found.editors = found.editors or [n for n in printed.editors if not is_account(n)]
        if not people(found.authors):
            stated = [*structured_data.strings(page.json_ld.get("author")), page.meta("author") or ""]
            names = [
                n for s in stated for n in split_names(s) if not is_organisation(n) and not is_account(n)
            ]
            found.authors.extend(n for n in names if n not in found.editors and n not in found.authors)
        authors = [name for name in found.authors if not is_account(name)]
        return Credits(people_first(authors), people_first(found.editors))

    def _credit_blocks(self) -> list[Block]:
        near = self._main.before[-25:] if self._main else []
        return [b for b in near if len(b.text) < 120 and _CREDIT.match(b.text)]

    def _editors(self, page: Page) -> list[str]:
        return [n for t in credit_texts(page, self.editor) for n in parse_byline(t, default="editor").editors]

    def find_tags(self, page: Page) -> list[str]:
        return [collapse_spaces(tag) for tag in tags_of(page, self.tags)]
