"""Viva."""

from __future__ import annotations

from crawler.outlet import Outlet


class Viva(Outlet):
    """Markup of 2015 (one span around the whole text) and of 2022 on."""

    title = "VIVA"
    hosts = ("viva.co.id",)
    article_id = (r"^(?:(?:www|m)\.)?(?:\w+\.)?viva\.co\.id/(?:amp/)?(?:[\w-]+/)+(\d{4,})-",)
    not_stories = (r"viva\.co\.id/(?:foto|video|gallery|vstory/foto)/", r"/(?:foto|video)/")
    whole_story = "page=all"

    tag_page = "https://www.viva.co.id/tag/{slug}"
    date_index = ("https://www.viva.co.id/indeks",)  # the latest, of whatever day
    feeds = ("https://www.viva.co.id/get/all",)
    entries = ("div.article-list-row",)

    headline = ("h1.main-content-title", "h1.main-title", "article.article-detail h1", "h1")
    deck = ("div.summary",)
    date = (
        "div.main-content-date",
        "div.smalldesc div.date",
        "div.date-time",
        "div.date",
    )
    author = ("div.main-content-author", "div.smalldesc div.author", "div.date-time span.author")
    body = ("div.main-content-detail", "span[itemprop=articleBody]", "div[itemprop=articleBody]")
    noise = ("div.ads", "div.pagination-detail")
    read_also = ("div.recommended-article",)
    tags = ("div.tag-container a", "ul.tags a")
    image = ("div.thumbcontainer img", "div.main-content-image img", "meta:og:image")
    caption = ("div.photodesc", "figcaption")
    section = ("div.upperdeck-kanal",)
