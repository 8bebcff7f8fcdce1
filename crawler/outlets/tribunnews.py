"""Tribunnews: the national site, its mobile twin and some fifty regional ones on one system."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.outlet import Outlet


class Tribunnews(Outlet):
    """Markup of 2015, 2020 and 2026 differs little; ids came into addresses in 2024."""

    title = "Tribunnews"
    hosts = (
        "tribunnews.com", "tribunjabar.id", "tribun-timur.com", "tribun-medan.com", "tribunjogja.com",
        "tribunsolo.com", "tribunbatam.id", "tribunkaltim.co", "tribunmanado.co.id", "tribunpekanbaru.com",
        "tribun-bali.com", "serambinews.com", "bangkapos.com", "banjarmasinpost.co.id", "posbelitung.co",
    )  # fmt: skip
    # The section is not part of the identity, the region is: its stories are its own.
    article_id = (
        r"^(?:(?:www|m|amp)\.)?(?:([\w-]+)\.)?(?:[\w-]+\.(?:co\.id|com|id|co))/(?:amp/)?(?:[\w-]+/)*?(\d{4}/\d\d/\d\d/[^/]+)",
        r"^(?:(?:www|m|amp)\.)?(?:([\w-]+)\.)?(?:[\w-]+\.(?:co\.id|com|id|co))/(?:amp/)?[\w-]+/(?:[\w-]+/)?(\d{5,})(?:/|$)",
    )
    not_stories = (
        r"^(?:video|tv)\.tribunnews",
        r"/(?:images|foto|video|news-video|live)/(?:editorial/)?(?:view/)?\d",
    )
    whole_story = "page=all"

    headline = ("h1#arttitle", "#arttitle")
    deck = ("h2.sub-title", "#arttitle + h2:not(.hide)", "#arttitle + h3:not(.hide)", "h4.ln24")
    date = ("#article time", "div.grey time", "time.grey", "div.mt10 time", "time", "ld:datePublished")
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
    section = ("li[itemprop=itemListElement] a", "div.breadcrumb a")
    caption = ("#artimg div.arial.f12.grey2", "#artimg div.grey2")

    def part_url(self, url: str, number: int) -> str:
        """Return the address of a part on the desktop host: the mobile twin has other markup."""
        parts = urlsplit(url)
        host = re.sub(r"^(?:m|amp)\.", "www.", parts.hostname or "")
        return super().part_url(
            urlunsplit((parts.scheme, host, re.sub(r"^/amp(?=/)", "", parts.path), parts.query, "")), number
        )
