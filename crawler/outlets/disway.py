"""Disway and the newspapers of its network: Radar Cirebon, Radar Lampung, Harian Disway ..."""

from __future__ import annotations

import re

from crawler.outlet import Outlet


class Disway(Outlet):
    """Each paper numbers its stories on its own; a later part's address ends in its offset: /15, /30."""

    title = "Disway"
    hosts = ("disway.id",)
    article_id = (
        r"^(?:(?:www|m)\.)?(?:([\w-]+)\.)?disway\.id/(?:read|amp|catatan-harian-dahlan)/(\d+)(?:/|$)",
    )
    not_stories = (r"disway\.id/(?:listtag|kategori|foto|video|listpenulis)(?:/|$)",)
    page_param = None
    page_step = 15

    headline = ("h1",)
    date = ("div.article-date", "div.date-news", "span.date")
    byline = ("div.article-author",)
    body = ("div.article-content", "div.article-paragraph")
    read_also = ("div.baca-juga",)
    tags = ("a[href*='/listtag/']",)
    caption = ("figcaption",)
    section = ("a[href*='/kategori/']",)

    def canonical(self, url: str) -> str:
        """Return the story's address on the full site: /read/ID for /amp/ID."""
        return super().canonical(re.sub(r"(disway\.id)/amp/(?=\d)", r"\1/read/", self.part_url(url, 1)))

    def part_url(self, url: str, number: int) -> str:
        """Return the address of a part on the full site: AMP pages have no parts."""
        return super().part_url(re.sub(r"(disway\.id)/amp/(?=\d)", r"\1/read/", url), number)
