"""Katadata."""

from __future__ import annotations

from crawler.outlet import Outlet


class Katadata(Outlet):
    """Addresses of 2021 begin with the writer's or the section's name; the hexadecimal id stays."""

    title = "Katadata"
    hosts = ("katadata.co.id",)
    article_id = (r"katadata\.co\.id/(?:amp/)?(?:[\w-]+/)+?([0-9a-f]{11,15})(?:/|$)",)
    not_stories = (
        r"^(?:databoks|search|foto|video)\.katadata",
        r"katadata\.co\.id/(?:foto|video|infografik)/",
    )

    headline = ("h1.detail-title", "h1")
    date = ("div.detail-date",)
    author = ("div.detail-author-name", "span.detail-author-name")
    body = ("div.detail-main",)
    noise = ("div[class*=ai-summary]",)
    read_also = ("div[class*=widget-baca-juga]",)
    caption = ("figcaption",)
    section = ("div.section-breadcrumb a", "ul.section-breadcrumb a")
