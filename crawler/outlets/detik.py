"""Detik: section hosts with one numbering; flat text with line breaks until 2018, paragraphs after."""

from __future__ import annotations

from crawler.outlet import Outlet


class Detik(Outlet):
    """Markup of 2015 and 2018 (jdl), 2019 to 2026 (detail__)."""

    title = "detikcom"
    hosts = ("detik.com",)
    article_id = (
        r"/d-(\d{6,})(?:/|$)",
        r"/read/\d{4}/\d\d/\d\d/\d{6}/(\d{6,})/",
        r"detik\.com/[\w-]+/(\d{7,})/",
    )
    not_stories = (
        r"^(?:20|foto|tv|event|adsmart|connect|apps)\.detik",
        r"/(?:foto|detiktv|video|infografis|photo)[\w-]*/d-",
    )
    whole_story = "single=1"
    page_param = None

    tag_page = "https://www.detik.com/tag/{slug}"
    date_index = (
        "https://news.detik.com/indeks?date={day:%m/%d/%Y}",
        "https://inet.detik.com/indeks?date={day:%m/%d/%Y}",
        "https://finance.detik.com/indeks?date={day:%m/%d/%Y}",
    )
    news_sitemaps = (
        "https://news.detik.com/berita/sitemap_news.xml",
        "https://finance.detik.com/sitemap_news.xml",
    )
    feeds = ("https://news.detik.com/berita/rss",)
    entries = ("article.list-content__item", "div.list-berita article")
    # The text is "2 jam yang lalu" of young stories.
    entry_date = ("div.media__date span::attr(title)",)
    list_page = "page={}"

    headline = ("h1.detail__title", "div.jdl h1", "div.detail_area h1", "h1")
    date = (
        "div.detail__date",
        "div.jdl div.date",
        "div.detail_area div.date",
        "meta:dtk:publishdate",
        "meta:publishdate",
    )
    author = ("div.detail__author", "div.jdl div.author", "div.author", "meta:dtk:author")
    body = (
        "div.detail__body-text",
        "#detikdetailtext",
        "div.text_detail",
        "div.detail_text",
        "div.itp_bodycontent",
    )
    noise = (
        "div.parallaxindetail", "div.staticdetail_container", "div.paradetail", "p.para_caption",
        "div.detail__body-tag", "div.detail_tag", "div.detail__multibrand", "div.sisip_video_ds",
        "div.aevp", "div.pic_artikel", "table.pic_artikel_sisip_table", "div.pic_artikel_sisip",
    )  # fmt: skip
    read_also = ("table.linksisip", "div.lihatjg", "p.lihatjg", "table.topiksisip")
    tags = ("div.detail__body-tag a", "div.detail_tag a", "meta:dtk:keywords")
    image = ("figure.detail__media-image img", "div.pic_artikel img", "meta:og:image")
    caption = ("figcaption.detail__media-caption", "div.pic_artikel span", "div.pic_artikel")
    section = ("div.page__breadcrumb a", "div.breadcrumb a")
