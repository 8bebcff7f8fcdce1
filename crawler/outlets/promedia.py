"""What the sites on Promedia's system share: Pikiran Rakyat and its network, Jawa Pos, Suara Merdeka ..."""

from __future__ import annotations

from crawler.outlet import Outlet


class Promedia(Outlet):
    """Markup of 2020 to 2025, the same on the whole network."""

    whole_story = "page=all"

    headline = ("h1.read__title", "h1")
    date = ("div.read__info__date",)
    author = ("div.read__info__author", "meta:author")
    editor = ("div.read__info__editor",)
    body = ("article.read__content", "div[itemprop=articleBody]")
    read_also = ("strong.read__others", "strong.readmore")
    image = ("div.photo__img img", "meta:og:image")
    caption = ("div.photo__caption",)
    section = ("ul.breadcrumb__wrap a",)
    tags = ("ul.tag__list a", "ul.tag--article a")
