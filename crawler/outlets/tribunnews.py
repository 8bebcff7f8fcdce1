"""Tribunnews: the national site, its mobile twin and some fifty regional ones on one system."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.outlet import Outlet
from crawler.urls import path_of, registrable_domain

# Domains of their own, and the regions that the same stories bear on tribunnews.com.
REGIONS = {
    "tribunjabar.id": "jabar", "tribun-timur.com": "makassar", "tribun-medan.com": "medan",
    "tribunjogja.com": "jogja", "tribunsolo.com": "solo", "tribunbatam.id": "batam",
    "tribunkaltim.co": "kaltim", "tribunmanado.co.id": "manado", "tribunpekanbaru.com": "pekanbaru",
    "tribun-bali.com": "bali", "serambinews.com": "aceh", "bangkapos.com": "bangka",
    "banjarmasinpost.co.id": "banjarmasin", "posbelitung.co": "belitung", "wartakotalive.com": "wartakota",
    "tribunlampung.co.id": "lampung", "tribunpontianak.co.id": "pontianak", "pos-kupang.com": "kupang",
}  # fmt: skip


class Tribunnews(Outlet):
    """Markup of 2015, 2020 and 2026 differs little; ids came into addresses in 2024."""

    title = "Tribunnews"
    hosts = ("tribunnews.com", *REGIONS)
    # The section is not part of the identity, the region is: its stories are its own.
    article_id = (
        r"^(?:(?:www|m|amp)\.)?(?:([\w-]+)\.)?tribunnews\.com/(?:amp/)?(?:[\w-]+/)*?(\d{4}/\d\d/\d\d/[^/]+)",
        r"^(?:(?:www|m|amp)\.)?(?:([\w-]+)\.)?tribunnews\.com/(?:amp/)?[\w-]+/(?:[\w-]+/)?(\d{5,})(?:/|$)",
    )
    not_stories = (
        r"^(?:video|tv)\.tribunnews",
        r"/(?:images|foto|video|news-video|live)/(?:editorial/)?(?:view/)?\d",
    )
    whole_story = "page=all"

    # robots.txt of 2026 forbids tags and topics; its feeds lead nowhere but to the front page.
    tag_page = "https://www.tribunnews.com/tag/{slug}"
    date_index = ("https://www.tribunnews.com/index-news?date={day.year}-{day.month}-{day.day}",)
    news_sitemaps = ("https://www.tribunnews.com/sitemap.xml",)  # an index: one of news for each section
    entries = ("ul.lsi > li",)
    list_page = "page={}"
    last_list_page = 10

    headline = ("#arttitle",)
    deck = ("h2.sub-title", "#arttitle + h2:not(.hide)")
    date = ("#article time", "div.grey time", "time.grey", "div.mt10 time", "time")
    author = ("#penulis",)
    editor = ("#editor",)
    byline = ("div.credit", "div.f12.grey.mb15")
    body = ("div.txt-article",)
    noise = (
        "div.ads-placeholder",
        "blockquote.summary-article",
        "div.paging",
        "div[id^=div-Inside]",
        "div.mb20",
    )
    read_also = ("p.baca",)
    tags = ("h5.tagcloud3 a",)
    image = ("#artimg img.imgfull", "meta:og:image")
    section = ("li[itemprop=itemListElement] a",)
    caption = ("#artimg div.arial.f12.grey2", "#artimg div.grey2")

    def find_id(self, url: str) -> str | None:
        """Return the id that the story has on tribunnews.com, whatever domain it is met on."""
        region = REGIONS.get(registrable_domain(url))
        if region:
            url = f"https://{region}.tribunnews.com{path_of(url)}"
        return super().find_id(url)

    def part_url(self, url: str, number: int) -> str:
        """Return the address of a part on the desktop host: the mobile twin has other markup."""
        parts = urlsplit(url)
        host = re.sub(r"^(?:m|amp)\.", "www.", parts.hostname or "")
        return super().part_url(
            urlunsplit((parts.scheme, host, re.sub(r"^/amp(?=/)", "", parts.path), parts.query, "")), number
        )
