"""Tirto."""

from __future__ import annotations

from crawler.outlet import Outlet


class Tirto(Outlet):
    """Labels and names of the closing credit are glued: "Reporter: XPenulis: YEditor: Z"."""

    title = "Tirto.id"
    hosts = ("tirto.id",)
    article_id = (r"tirto\.id/(?:amp/)?[\w-]+-([A-Za-z0-9]{4})$",)

    headline = ("h1.article-title", "h1.news-detail-title", "h1")
    deck = ("p.kicker", "div.news-detail-teaser")
    date = ("div.byline", "span.detail-date", "div.detail-date", "ld:datePublished")
    byline = ("div.credit", "a.reporter-name", "span.detail-date", "div.detail-date")
    body = ("div.content-text-editor",)
    noise = ("div.credit", "figcaption")
    read_also = ("div.baca-holder",)
    tags = ("a[href*='/q/']",)
    caption = ("figcaption",)
    section = ("div.breadcrumbs-wrapper a", "div.breadcrumb a")
