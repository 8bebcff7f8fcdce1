"""Republika."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.outlet import Outlet
from crawler.reading.bylines import Credits, parse_byline, people
from crawler.reading.listing_pages import with_next_offset

if TYPE_CHECKING:
    from crawler.reading.page import Page


class Republika(Outlet):
    """In "Rep: X/ Red: Y" the reporter is the author, Red is the editor. English months in 2018."""

    title = "Republika"
    hosts = ("republika.co.id",)
    article_id = (r"/(?:berita|share|amp_version)/+(?:.*/)?([a-z0-9]{9})(?:[-/]|$)",)
    not_stories = (r"republika\.co\.id/(?:videos?|foto|gallery|infografis)(?:/|$)",)

    tag_page = "https://republika.co.id/tag/{slug}"
    date_index = ("https://republika.co.id/index/0/{day:%Y/%m/%d}",)
    news_sitemaps = ("https://republika.co.id/files/xml/sitemap.xml",)
    feeds = ("https://www.republika.co.id/rss",)
    entries = ("ul.wrap-latest > li", "div.txt_subkanal")

    headline = ("div.max-card__title h1", "div.wrap_detail_set h1", "div.jdl-detail h1", "h1.judul", "h1")
    deck = ("div.taiching", "p.max-card__teaser", "div.subtitle p")
    date = ("div.date-item__headline", "div.date_detail", "div.date-detail", "div.date", "span.date")
    byline = ("div.by", "div.red", "div.max-card__title > div", "div.author")
    body = ("div.artikel", "div.article-content article", "div.content-detail", "div.detail-berita")
    noise = ("div.taiching", "div.footnote-wrap", "div.ads", "#loading")
    read_also = ("div.picked-article", "div.baca-juga")
    tags = ("div.wrap_blok_tag a",)
    image = ("div.img_detail img", "figure img", "div.img-detail img", "meta:og:image")
    caption = ("div.img_set_teaser_left", "figcaption div.caption-img", "div.caption-img", "figcaption")
    section = ("div.breadcome a", "ul.breadcrumb a")

    def listing_next(self, page: Page) -> str | None:
        """Return the list's next page by its offset: the page itself goes on by a script."""
        return super().listing_next(page) or with_next_offset(
            page.url, r"^/index/(\d{1,6})(?:/\d{4}/\d\d/\d\d)?/?$", 50
        )

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the people; a story without "Rep" names its reporter as its source, below the text."""
        found = super().find_people(page, closing)
        if not found.authors:
            names = [
                n for text in page.texts(("div.sumber",)) for n in parse_byline(text.split(":")[-1]).authors
            ]
            found.authors = [n for n in people(names) if " " in n]
        return found
