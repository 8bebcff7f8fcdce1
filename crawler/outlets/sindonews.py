"""Sindonews."""

from __future__ import annotations

from crawler.outlet import Outlet


class Sindonews(Outlet):
    """Flat text with line breaks; a later part's address ends in its offset: /5, /10."""

    title = "SINDOnews"
    hosts = ("sindonews.com",)
    article_id = (r"/(?:read|newsread|berita)/(\d{4,})/",)
    not_stories = (r"^(?:video|photo|foto|tv)\.sindonews",)
    whole_story = "showpage=all"
    page_param = None
    page_step = 5

    headline = ("h1.detail-title", "div.article h1", "h1")
    date = ("div.detail-date-artikel", "div.article time", "time")
    author = ("div.detail-nama-redaksi", "p.author", "div.reporter", "a[rel=author]")
    body = ("#detail-desc", "div.detail-desc", "#content")
    read_also = ("div.baca-inline", "div.box-outlink", "div.baca-juga")
    tags = ("div.tag-list a", "div.category-relative a", "div.detail-tag a")
    image = ("div.article figure img", "div.detail-img img", "meta:og:image")
    caption = ("div.article figcaption", "figcaption")
