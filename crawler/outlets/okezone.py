"""Okezone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.outlet import Outlet
from crawler.reading.bylines import Credits

if TYPE_CHECKING:
    from crawler.reading.page import Page


class Okezone(Outlet):
    """Markup of 2015, 2020 and 2026; the journalist and the time share a line."""

    title = "Okezone"
    hosts = ("okezone.com",)
    article_id = (r"/(?:read|amp)/\d{4}/\d\d/\d\d/\d+/(\d+)(?:/|$)",)
    not_stories = (r"^(?:tv|video|foto|index)\.okezone", r"okezone\.com/(?:play|view|foto)/")
    whole_story = "page=all"

    tag_page = "https://www.okezone.com/tag/{slug}"
    date_index = (
        "https://news.okezone.com/indeks/{day:%Y/%m/%d}",
        "https://techno.okezone.com/indeks/{day:%Y/%m/%d}",
    )
    feeds = ("https://sindikasi.okezone.com/index.php/rss/0/RSS2.0",)
    entries = ("ul.list-idx > li", "div.group-brt-terkini")

    headline = ("div.title-article h1", "div.titles h1", "div.title h1", "h1")
    date = ("div.journalist", "time.tgl", ".namerep", "div.meta-post")
    author = ("div.journalist", ".nmreporter", ".namerep", ".reporter")
    body = ("div.detail-content > div.detail-img", "#contentx", "div.c-detail", "div.detail-content")
    noise = ("div.vicon", "div.detail-tag", "#paging", "div.paging", "div.caption-img-ab")
    read_also = ("#baca-juga", "#bacajuga", "div.bacajuga")
    tags = ("div.detail-tag a", "#tag div.box-tag a")
    image = ("img#imgCheck", "div.img-article img", "meta:og:image")
    caption = ("div.caption-img-ab", "div.desc-foto")
    section = ("ul.breadcrumb li", "div.breadcrumb a")

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the people; the name in brackets that closes a story is the editor's."""
        return super().find_people(page, Credits(editors=[*closing.editors, *closing.authors]))
