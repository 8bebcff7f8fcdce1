"""BeritaSatu."""

from __future__ import annotations

from crawler.outlet import Outlet


class Beritasatu(Outlet):
    """Built of utility classes; the read-also box is known by its colour."""

    title = "BeritaSatu"
    hosts = ("beritasatu.com",)
    article_id = (r"beritasatu\.com/(?:amp/)?[\w-]+/(\d{4,})(?:/|$)",)
    not_stories = (r"beritasatu\.com/(?:foto|video|photo|multimedia)/",)

    tag_page = "https://www.beritasatu.com/tag/{slug}"
    date_index = ("https://www.beritasatu.com/terkini/indeks",)  # the latest, of whatever day
    news_sitemaps = ("https://www.beritasatu.com/sitemap/nasional/news.xml",)
    entries = ("main div.row.gx-3.position-relative",)

    headline = ("h1",)
    date = ("small.text-muted", "div.text-muted")
    byline = ("div.my-auto.small",)
    body = ("div.body-content", "div.b1-article")
    noise = ("div[style*='margin-top:50px']", "div.halfpage")
    read_also = ("div[style*='FFEBEB']", "div[style*='ffebeb']")
    tags = ("h3.fs-tag", "a[href*='/tag/'] h3")
    caption = ("figcaption",)
