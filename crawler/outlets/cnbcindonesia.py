"""CNBC Indonesia: the sister of CNN Indonesia, on the same system."""

from __future__ import annotations

from crawler.outlet import Outlet


class CnbcIndonesia(Outlet):
    """Author and date share a line: "Ani Lestari, CNBC Indonesia"."""

    title = "CNBC Indonesia"
    hosts = ("cnbcindonesia.com",)
    article_id = (r"/(\d{14}-\d+-\d+)(?:/|$)",)
    not_stories = (r"cnbcindonesia\.com/(?:tv|video|foto)(?:/|$)",)
    page_param = None

    tag_page = "https://www.cnbcindonesia.com/tag/{slug}"  # as on CNN Indonesia; not seen
    date_index = ("https://www.cnbcindonesia.com/indeks?date={day:%Y/%m/%d}",)
    feeds = ("https://www.cnbcindonesia.com/news/rss", "https://www.cnbcindonesia.com/tech/rss")
    list_page = "page={}"

    headline = ("div.jdl h1", "h1")
    date = ("div.date", "div.text-gray.text-sm", "meta:dtk:publishdate", "meta:publishdate")
    author = ("div.author", "meta:dtk:author", "meta:author")
    body = ("div.detail_text", "div.detail-text", "#detikdetailtext")
    noise = (
        "div.paradetail",
        "p.para_caption",
        "div.sisip_video_ds",
        "div.detail_tag",
        "table.pic_artikel_sisip_table",
    )
    read_also = ("table.linksisip", "table.topiksisip", "div.lihatjg")
    tags = ("div.detail_tag a", "a[href*='/tag/']", "meta:dtk:keywords")
    image = ("div.media_artikel img", "figure img", "meta:og:image")
    caption = ("div.media_artikel figcaption", "div.media_artikel span", "figcaption")
    section = ("div.breadcrumb a",)
