"""CNN Indonesia: flat text with line breaks in 2018, paragraphs since 2022; on Detik's system."""

from __future__ import annotations

from crawler.outlet import Outlet


class CnnIndonesia(Outlet):
    """The timestamp in the address is when the story was begun, not when it was published."""

    title = "CNN Indonesia"
    hosts = ("cnnindonesia.com",)
    article_id = (r"/(\d{14}-\d+-\d+)(?:/|$)",)
    not_stories = (r"cnnindonesia\.com/tv(?:/|$)",)
    page_param = None

    tag_page = "https://www.cnnindonesia.com/tag/{slug}"
    # One project saw the date have no effect in 2026.
    date_index = ("https://www.cnnindonesia.com/indeks?date={day:%Y/%m/%d}",)
    feeds = ("https://www.cnnindonesia.com/nasional/rss", "https://www.cnnindonesia.com/teknologi/rss")
    list_page = "page={}"

    headline = ("h1.title", "h1.leading-9", "h1")
    date = (
        "div.content_detail div.date",
        "div.text-cnn_grey",
        "div.date",
        "meta:publishdate",
        "meta:dtk:publishdate",
    )
    author = ("div.content_detail div.date strong", "meta:dtk:author", "meta:author", "span.text-cnn_red")
    body = ("#detikdetailtext", "div.detail-text", "div.detail_text")
    noise = (
        "div.paradetail", "p.para_caption", "table.pic_artikel_sisip_table", "div.pic_artikel_sisip",
        "div.newstag", "div.end-of-article", "a[href*=outboundlinks]", "div.detail_tag",
        "div.sisip_video_ds",
    )  # fmt: skip
    read_also = ("table.linksisip", "table.topiksisip", "div.lihatjg")
    tags = ("div.detail_tag a", "aside a[href*='/tag/']", "meta:keyword", "meta:dtk:keywords")
    image = ("div.media_artikel img", "figure img", "meta:og:image")
    caption = ("div.media_artikel span", "figcaption")
    section = ("div.breadcrumb a[class*=gtm_breadcrumb]",)
