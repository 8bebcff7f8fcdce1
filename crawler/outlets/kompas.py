"""Kompas: one site, many section hosts; an AMP host that carries the section in the path."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.outlet import Outlet
from crawler.urls import canonical_url


class Kompas(Outlet):
    """Markup of 2015 (kcm-), 2018 and 2023 (read__)."""

    title = "Kompas.com"
    hosts = ("kompas.com",)
    article_id = (r"/read/(?:xml/)?(\d{4}/\d\d/\d\d/\d{6,12})(?:/|$)", r"/(?:artikel|image)/(\d{6,})")
    not_stories = (r"^(?:indeks|search|video|tv|vik|images|jeo)\.", r"kompas\.com/(?:video|image|photo)s?/")
    whole_story = "page=all"

    tag_page = "https://www.kompas.com/tag/{slug}"
    date_index = ("https://indeks.kompas.com/?site=all&date={day:%Y-%m-%d}",)
    entries = ("div.article__list", "div.articleItem")
    list_page = "page={}"

    headline = ("h1.read__title", "div.kcm-read-top h2", "div.kcm-read h2", "h1")
    date = ("div.read__time", "div.kcm-date", "meta:content_PublishedDate")
    # article:modified_time of 2018 bears a Z and is WIB.
    modified = ("ld:dateModified",)
    author = ("meta:content_author", "#penulis", "div.credit-title-name", "span.credit-author-name")
    editor = ("meta:content_editor", "#editor")
    byline = ("div.read__credit", "div.kcm-read-copy tr", "div.kcm-read-copy")
    body = ("div.read__content", "div.kcm-read-text")
    noise = (
        "span.ads-on-body", "div.ads-partner-wrap", "div.fb-quote", "div.video", "div.photo",
        "div.kcm-read-copy", "div.read__paging__footnote", "div.kompasidRec", "div.gate-kgplus",
        "div[class*=inner-link-baca]",
    )  # fmt: skip
    tags = ("a.tag__article__link", "meta:content_tags")
    image = ("div.photo__wrap img", "div.photo img", "div.cover-photo img", "meta:og:image")
    caption = ("div.photo__caption", "div.photo")
    caption_noise = ("span.pb_10",)
    section = ("a.breadcrumb__link", "ul.kcm-breadcrumb a")

    def canonical(self, url: str) -> str:
        """Return the address on the section's host, money.kompas.com for amp.kompas.com/money."""
        parts = urlsplit(url)
        match = re.match(r"^/(?:amp/)?([\w-]+)(/read/.*)$", parts.path)
        if match and (parts.hostname or "").startswith("amp."):
            url = urlunsplit(("https", f"{match[1]}.kompas.com", match[2], parts.query, ""))
        return canonical_url(url)

    def part_url(self, url: str, number: int) -> str:
        """Return the address of a part on the desktop host."""
        host = urlsplit(url).hostname or ""
        return super().part_url(self.canonical(url) if host.startswith(("amp.", "m.")) else url, number)
