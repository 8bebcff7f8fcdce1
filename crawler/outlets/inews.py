"""iNews and its regional sites, of the MNC group like Okezone and Sindonews."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.outlet import Outlet


class Inews(Outlet):
    """A later part's address ends in its number, the whole story's in /all."""

    title = "iNews"
    hosts = ("inews.id",)
    # Regional stories have numbers; the others only their own words.
    article_id = (
        r"^([\w-]+)\.inews\.id/(?:amp/)?read/(\d{4,})(?:/|$)",
        r"inews\.id/(?:amp/)?(?:berita|[\w-]+/[\w-]+)/([\w-]+-[\w-]+-[\w-]+)(?:/all|/\d+)?$",
    )
    not_stories = (r"^(?:tv|video|foto)\.inews", r"inews\.id/(?:multimedia|photo|foto|video)/")
    page_param = None

    tag_page = "https://www.inews.id/tag/{slug}"  # the usual form; not seen

    headline = ("h1",)
    date = ("div.createdAt", "div.timeAndShare")
    author = ("div.author",)
    body = ("div.content",)
    noise = ("div.related", "div.ads")
    read_also = ("div.baca-juga",)
    caption = ("figcaption",)
    section = ("div.breadcrumb a", "ul.breadcrumb a")

    def whole_url(self, url: str) -> str | None:
        """Return the address with /all behind it: a path here, no query."""
        return f"{self.part_url(url, 1).rstrip('/')}/all"

    def is_whole(self, url: str) -> bool:
        """Say whether the address ends in /all."""
        return urlsplit(url).path.rstrip("/").endswith("/all")

    def part_url(self, url: str, number: int) -> str:
        """Return the address of one part, from the whole story's too."""
        return super().part_url(_without_all(url), number)

    def canonical(self, url: str) -> str:
        """Return the story's own address, without its part."""
        return super().canonical(self.part_url(url, 1))


def _without_all(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=re.sub(r"/all/?$", "", parts.path)))
