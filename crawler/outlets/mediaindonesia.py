"""Media Indonesia."""

from __future__ import annotations

from crawler.outlet import Outlet


class MediaIndonesia(Outlet):
    """The closing code "(H-2)" stands where others put initials."""

    title = "Media Indonesia"
    hosts = ("mediaindonesia.com",)
    article_id = (r"mediaindonesia\.com/(?:read/detail/|[\w-]+/)(\d{4,})(?:[-/]|$)",)
    not_stories = (r"mediaindonesia\.com/(?:foto|galleries|video|podcast)s?(?:/|$)",)

    tag_page = "https://mediaindonesia.com/tag/{slug}"
    date_index = ("https://mediaindonesia.com/indeks",)  # the latest, of whatever day
    entries = ("div.indeks-item",)

    headline = ("h1",)
    date = (".datetime", "div.date-author span.date", "span.date", "div.date-author")
    author = (".author-2", "span.author", "div.author")
    editor = ("div.editor-name", "div.editor")
    body = ("div.article", "article.detail-artikel")
    noise = ("div.follow-cta", "div.editor-name", "h1", "div.date-author", "div.tag-list")
    read_also = ("div.baca-juga", "p.baca-juga")
    tags = ("div.tag-list a", "div.tags a", "ul.tags a")
    caption = ("figure figcaption", "div.caption")
    caption_noise = ("span.credit",)
    section = ("nav.breadcrumb a", "div.breadcrumb a")
