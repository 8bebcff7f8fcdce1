"""JPNN and its regional sites."""

from __future__ import annotations

from crawler.outlet import Outlet


class Jpnn(Outlet):
    """One credit line names both roles: "Redaktur & Reporter : Boy"."""

    title = "JPNN.com"
    hosts = ("jpnn.com", "genpi.co")
    article_id = (
        r"^(?:(?:www|m)\.)?(?:([\w-]+)\.)?(?:jpnn\.com|genpi\.co)/(?:amp/)?[\w-]+/(?:\d+/)?([\w-]*-[\w-]*-[\w-]+)$",
    )
    whole_story = "page=all"

    tag_page = "https://www.jpnn.com/tag/{slug}"
    date_index = ("https://www.jpnn.com/indeks?id=&d={day:%d}&m={day:%m}&y={day:%Y}&tab=all",)
    feeds = ("https://fullrss.jpnn.com/discover",)
    list_page = "page={}"

    headline = ("h1.judul", "h1")
    date = ("span.date-publish", "div.date-publish", "meta:jpnncom_news_pubdate")
    byline = ("p.waktu",)
    body = ("div[itemprop=articleBody]", "div.page-content")
    noise = ("div.pagination", "div.relative.text-center")
    read_also = ("div.baca-juga",)
    tags = ("div.tags a:not(.text-tags)",)
    image = ("div.page-content > img", "meta:og:image")
    caption = ("div.caption",)
    section = ("div.breadcrumb a",)
