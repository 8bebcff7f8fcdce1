"""Suara.com and its regional sites."""

from __future__ import annotations

from crawler.outlet import Outlet


class Suara(Outlet):
    """Markup of 2015, 2020 and 2026; a field reporter signs in brackets at the end."""

    title = "Suara.com"
    hosts = ("suara.com",)
    article_id = (r"/(\d{4}/\d\d/\d\d/\d{6})(?:/|$)",)
    not_stories = (r"suara\.com/(?:foto|video|infografis)s?/",)
    whole_story = "page=all"

    tag_page = "https://www.suara.com/tag/{slug}"
    date_index = ("https://www.suara.com/indeks",)  # the latest, of whatever day
    feeds = ("https://www.suara.com/rss",)
    list_page = "page={}"

    headline = ("div.article-image h1", "div.info h1", "h1[itemprop=headline]", "h1")
    deck = ("h4[itemprop=articleSection]", "div.info h2")
    date = ("div.dateDetail2", "div.article-image > span", "div.info span.date", "span.date", "time")
    author = ("div.dateDetail2 author", "h3.author-trigger", "div.writer a", "div.writer", "span.author")
    body = (
        "div.article-content",
        "div[itemprop=articleBody]",
        "article[itemprop=articleBody]",
        "div.detail-content",
    )
    noise = (
        "div.ten-second",
        "div.placeholder_read_body",
        "div.wrap-pagination",
        "div.adunit",
        "div.article-tags",
    )
    read_also = ("div.article-read", "p.baca-juga-new", "div.baca-juga-new")
    tags = ("div.article-tags a", "div.tagList a")
    image = ("div.kanal-detail img[itemprop=image]", "div.article-image img", "figure img", "meta:og:image")
    caption = ("div.captionImg figcaption", "div.article-image figcaption", "figcaption")
    section = ("div.breadcrumbs a, div.breadcrumbs-menu li:nth-child(2)",)
