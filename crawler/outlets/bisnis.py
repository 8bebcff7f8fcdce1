"""Bisnis Indonesia."""

from __future__ import annotations

from crawler.outlet import Outlet


class Bisnis(Outlet):
    """Markup of 2021 on; the closing credits name writer and editor, the line above the writer alone."""

    title = "Bisnis.com"
    hosts = ("bisnis.com",)
    article_id = (r"bisnis\.com/(?:amp/)?read/\d{8}/\d+/(\d+)(?:/|$)",)
    not_stories = (r"^(?:foto|tv|search|epaper|infografik)\.bisnis", r"bisnis\.com/(?:photos?|video)/")

    date_index = ("https://www.bisnis.com/index?categoryId=0&type=indeks&date={day:%Y-%m-%d}",)
    list_page = "page={}"

    headline = ("h1.detailsTitleCaption", "h1.text-jet", "h1")
    deck = ("div.detailsLead",)
    date = ("div.detailsAttributeDates", "p.authorTime", "meta:publishdate")
    byline = ("div.detailsAuthorItem",)
    author = ("div.authorName", "div.authorNames")
    body = ("article.detailsContent", "div.paywall")
    noise = ("div.billboardWrapper", "div.billboard", "div.detailsAuthor", "div[class^=bisnisai]")
    read_also = ("div.baca-juga-box", "div.baca-juga-inline")
    tags = ("a.detailsTagLink",)
    image = ("figure.detailsCoverImg img", "meta:og:image")
    caption = ("figcaption.detailsImgCaption",)
    section = ("a.breadcrumbLink",)
