"""Kumparan: stories of its newsroom, of partners and of readers."""

from __future__ import annotations

from crawler.outlet import Outlet


class Kumparan(Outlet):
    """Every part of the page bears a data-qa-id."""

    title = "kumparan"
    hosts = ("kumparan.com",)
    article_id = (r"kumparan\.com/(?:amp/)?[\w-]+/[\w-]+-([A-Za-z0-9]{11})(?:/full)?$",)

    tag_page = "https://kumparan.com/topic/{slug}"
    feeds = ("https://lapi.kumparan.com/v2.0/rss/",)

    headline = ("h1[data-qa-id=story-title]", "h1")
    date = ("time[data-qa-id=publish-date]", "span[data-qa-id=publish-date]")
    author = ("span[data-qa-id=author-name]",)
    editor = ("span[data-qa-id=editor-name]",)
    body = (
        "p[data-qa-id=story-paragraph], h2[data-qa-id=story-heading], h3[data-qa-id=story-heading], "
        "ul[data-qa-id=story-list], ol[data-qa-id=story-list], blockquote[data-qa-id=story-quote]",
        "span[data-qa-id=story-paragraph], div[data-qa-id=story-paragraph]",
        "article",
    )
    noise = ("header", "footer")
    tags = ("a[data-qa-id=tag-topic]", "[data-qa-id=label-tag-topic]")
    image = ("figure img", "meta:og:image")
    caption = ("figcaption[data-qa-id=image-caption]", "figcaption")
