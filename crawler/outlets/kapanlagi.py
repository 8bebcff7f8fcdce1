"""KapanLagi.com."""

from __future__ import annotations

from crawler.outlets.kly import KapanLagiYouniverse


class Kapanlagi(KapanLagiYouniverse):
    """The list of stories inside the text is headed "JANGAN LEWATKAN!!!"."""

    title = "KapanLagi.com"
    hosts = ("kapanlagi.com",)
    article_id = (r"kapanlagi\.com/(?:[\w-]+/)*([\w-]+-[0-9a-f]{6})\.html$",)
    tags = ("div.v7-tags-terkait-warper a", "ul.tags--snippet__list a", "meta:news_keywords")
    not_stories = (r"^(?:video|foto|lirik|musik)\.kapanlagi", r"kapanlagi\.com/foto/")
