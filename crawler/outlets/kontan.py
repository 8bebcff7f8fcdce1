"""Kontan."""

from __future__ import annotations

from crawler.outlet import Outlet


class Kontan(Outlet):
    """The credits open the text: "Reporter: X | Editor: Y" is its first paragraph."""

    title = "Kontan"
    hosts = ("kontan.co.id",)
    article_id = (r"kontan\.co\.id/(?:[\w-]+/)?news/([\w-]+?)(?:/|$)",)
    not_stories = (r"^(?:foto|insight|pusatdata|tv|video)\.kontan",)
    whole_story = "page=all"

    date_index = (
        "https://www.kontan.co.id/search/indeks?kanal=&tanggal={day:%d}&bulan={day:%m}&tahun={day:%Y}&pos=indeks",
    )
    entries = ("div.list-berita ul > li",)

    headline = ("h1.detail-desk", "h1.jdl_dtl", "h1")
    date = ("div.fs14.font-gray",)
    byline = ("div.ff-knowledge-l",)
    body = ("div.tmpt-desk-kon", "div[itemprop=articleBody]")
    noise = ("div.persona-widget", "div.insideads", "div.ads-inreads", "div.pagination", "div.kgmPWall")
    read_also = ("div.bacajuga-listdesk",)
    tags = ("div.wrap-tag a",)
    caption = ("figcaption",)
    section = ("div.breadcumb a",)
