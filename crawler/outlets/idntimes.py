"""IDN Times and its regional sites."""

from __future__ import annotations

from crawler.outlet import Outlet


class IdnTimes(Outlet):
    """Class names are hashes; the data-testid attributes stay."""

    title = "IDN Times"
    hosts = ("idntimes.com",)
    article_id = (r"idntimes\.com/(?:[\w-]+/)+[\w-]+?-(\w{2,5}-\w{5,6}-\w{6})(?:/amp)?$",)
    not_stories = (r"idntimes\.com/(?:video|quiz)/",)
    whole_story = "page=all"

    tag_page = "https://www.idntimes.com/tag/{slug}"

    headline = ("h1[data-testid=title-article]", "h1")
    deck = ("h2[data-testid=subtitle-article]",)
    date = ("span[data-testid=publish-date-article]", "time.date")
    author = ("div[data-testid^=author-article]", "div.author-name a")
    editor = ("div[data-testid^=editor-article]",)
    body = ("#article-description", "#article-content")
    tags = ("#tag-list a",)
    caption = ("figcaption",)
    section = ("span[data-testid^=breadcrumbs]",)
