"""Merdeka.com."""

from __future__ import annotations

from crawler.outlets.kly import KapanLagiYouniverse


class Merdeka(KapanLagiYouniverse):
    """Its article:published_time says -07:00 for a time that is WIB."""

    title = "Merdeka.com"
    hosts = ("merdeka.com",)
    zone_lies = True
    modified = ("ld:dateModified", "meta:article:modified_time")
    tags = ("ul.tag__list a", "div.tags-articles a", "div.found_tag_rel_det a")
    section = (
        "nav.breadcrumb-navigation li",
        "div.mdk-date-reporter > span:first-child > a",
        "#mdk-nav-navtxt a",
    )
    article_id = (r"/read/(\d{5,})(?:/|$)", r"merdeka\.com/(?:amp/)?[\w-]+/([\w-]+)\.html$")

    tag_page = "https://www.merdeka.com/tag/{slug}"
    news_sitemaps = ("https://www.merdeka.com/sitemap.xml",)  # an index: one of news for each section
    feeds = ("https://www.merdeka.com/feed/",)
