"""Tirto."""

from __future__ import annotations

from crawler.outlet import Outlet


class Tirto(Outlet):
    """Labels and names of the closing credit are glued: "Reporter: XPenulis: YEditor: Z"."""

    title = "Tirto.id"
    hosts = ("tirto.id",)
    article_id = (r"tirto\.id/(?:amp/)?[\w-]+-([A-Za-z0-9]{4})$",)
    not_stories = (r"tirto\.id/q/",)

    # A tag's address ends in a code that its name does not tell.
    date_index = ("https://tirto.id/indeks",)  # the latest, of whatever day; robots.txt forbids its paging
    entries = ("div.postcard",)

    headline = ("h1.article-title", ".news-detail-title", "h1")
    deck = ("p.kicker",)
    date = ("div.byline", ".detail-date")
    byline = (".credit", "a.reporter-name", ".detail-date")
    body = (".content-text-editor",)
    noise = (".credit",)
    read_also = ("div.baca-holder",)
    tags = ("a[href*='/q/']",)
    caption = ("figcaption",)
    section = ("div.breadcrumbs-wrapper a",)
