"""The Jakarta Post, in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.outlet import Outlet
from crawler.reading.bylines import Credits, split_names

if TYPE_CHECKING:
    from crawler.reading.page import Page


class TheJakartaPost(Outlet):
    """One line holds writer, place, section and time."""

    title = "The Jakarta Post"
    hosts = ("thejakartapost.com",)
    article_id = (r"thejakartapost\.com/(?:amp/)?((?:[\w-]+/)*\d{4}/\d\d/\d\d/[\w-]+)(?:\.html|$)",)
    whole_story = "page=all"

    headline = ("div.story h1", "h1.title-large", "h1")
    date = ("div.story div.byline", "span.day")
    author = ("span.name-post",)
    body = ("div.story div.span-13", "div.tjp-single__content", "div.detailNews")
    noise = ("div.sidebar", "div.read-also", "div.tjp-newsletter-box", "div.caption", "div.space ~ div")
    image = ("div.teaser img", "meta:og:image")
    caption = ("div.teaser div.caption", "figcaption")

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the writer before the first comma of the old byline, which a place follows."""
        line = page.text(("div.story div.byline",))
        if line:
            return Credits(authors=split_names(re.split(r"\s*[,|]\s*", line)[0]))
        return super().find_people(page, closing)
