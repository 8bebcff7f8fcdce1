"""Antara, the national news agency, and its regional sites."""

from __future__ import annotations

from crawler.outlet import Outlet


class Antaranews(Outlet):
    """Flat text in 2015, paragraphs since 2020; the regional sites number their stories on their own."""

    title = "ANTARA"
    hosts = ("antaranews.com",)
    article_id = (
        r"^(?:(?:www|m|amp)\.)?(?:([\w-]+)\.)?antaranews\.com/(?:amp/)?(?:berita|news)/(\d+)(?:/|$)",
    )
    not_stories = (r"antaranews\.com/(?:foto|video|infografik|rilis-pers)(?:/|$)",)
    whole_story = "page=all"

    tag_page = "https://www.antaranews.com/tag/{slug}"
    date_index = ("https://www.antaranews.com/indeks/{day:%d-%m-%Y}",)
    feeds = ("https://www.antaranews.com/rss/terkini", "https://www.antaranews.com/rss/top-news")
    entries = ("article.simple-post",)

    headline = ("h1.post-title", "div.wrap__article-detail-title h1", "h1.title", "h1")
    date = ("time[itemprop=datePublished]", "div.date", "li.list-inline-item")
    byline = ("p.text-muted", "div.text-muted")
    author = ("span[itemprop=author]",)
    editor = ("span[itemprop=editor]",)
    body = ("#content_news", "div.post-content", "div.wrap__article-detail-content", "div.article-content")
    noise = ("p.date", "p.text-muted", "div.text-muted", "blockquote", "div.caption")
    read_also = ("span.baca-juga",)
    tags = ("div.tags a",)
    image = ("#image_news img", "div.wrap__article-detail-image img", "meta:og:image")
    caption = ("#caption_news", "div.wrap__article-detail-image p", "figcaption")
    section = ("ul.breadcrumbs a",)
