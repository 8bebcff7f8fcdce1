"""Sindonews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.outlet import Outlet
from crawler.reading.listing_pages import with_next_offset

if TYPE_CHECKING:
    from crawler.reading.page import Page


class Sindonews(Outlet):
    """Flat text with line breaks; a later part's address ends in its offset: /5, /10."""

    title = "SINDOnews"
    hosts = ("sindonews.com",)
    article_id = (r"/(?:read|newsread|berita)/(\d{4,})/",)
    not_stories = (r"^(?:video|photo|foto|tv)\.sindonews",)
    whole_story = "showpage=all"
    page_param = None
    page_step = 5

    date_index = ("https://www.sindonews.com/indeks/0/0?t={day:%Y-%m-%d}",)
    feeds = ("https://www.sindonews.com/feed",)
    entries = ("div.list-article div.warp-article",)

    headline = ("h1.detail-title", "div.article h1", "h1")
    date = ("div.detail-date-artikel", "div.article time", "time")
    author = ("div.detail-nama-redaksi", "p.author", "div.reporter", "a[rel=author]")
    body = ("#detail-desc", "div.detail-desc", "#content")
    read_also = ("div.baca-inline", "div.box-outlink", "div.baca-juga")
    tags = ("div.tag-list a", "div.category-relative a", "div.detail-tag a")
    image = ("div.article figure img", "div.detail-img img", "meta:og:image")
    caption = ("div.article figcaption", "figcaption")

    def listing_next(self, page: Page) -> str | None:
        """Return the list's next page by its offset: the page itself goes on by a script."""
        return super().listing_next(page) or with_next_offset(page.url, r"^/indeks/\d+/(\d{1,6})/?$", 20)
