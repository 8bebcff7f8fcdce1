"""Sindonews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.outlet import Outlet

if TYPE_CHECKING:
    from crawler.page import Page


class Sindonews(Outlet):
    """Flat text with line breaks; a later part's address ends in its offset: /5, /10."""

    title = "SINDOnews"
    hosts = ("sindonews.com",)
    article_id = (r"/(?:read|newsread|berita)/(\d{4,})/",)
    not_stories = (r"^(?:video|photo|foto|tv)\.sindonews",)
    whole_story = "showpage=all"
    page_param = None

    headline = ("h1.detail-title", "div.article h1", "h1")
    date = ("div.detail-date-artikel", "div.article time", "div.date-article", "time", "ld:datePublished")
    author = ("div.detail-nama-redaksi", "p.author", "div.reporter", "a[rel=author]")
    body = ("#detail-desc", "div.detail-desc", "#content")
    noise = ("div.baca-inline-head", "div.box-video", "div.ads-inarticle")
    read_also = ("div.baca-inline", "div.box-outlink", "div.baca-juga")
    tags = ("div.tag-list a", "div.category-relative a", "div.detail-tag a")
    image = ("div.article figure img", "div.detail-img img", "meta:og:image")
    caption = ("div.article figcaption", "div.detail-img figcaption", "figcaption")
    section = ("div.breadcrumb a",)

    def page_number(self, url: str) -> int:
        """Return the part's number from its offset: five paragraphs, later ten, make a part."""
        offset = super().page_number(url)
        return offset // 5 + 1 if offset >= 5 else 1

    def find_next_page(self, page: Page) -> str | None:
        """Return the part with the next higher offset: the pages tell offsets, not numbers."""
        if self.is_whole(page.url):
            return None
        key, here = self.find_id(page.url), self.page_number(page.url)
        urls = [page.absolute(href) for href in page.hrefs if href.rstrip("/").endswith(("0", "5"))]
        later = [u for u in urls if self.page_number(u) > here and self.find_id(u) == key]
        return min(later, key=self.page_number, default=None)
