"""Tempo."""

from __future__ import annotations

from crawler.outlet import Outlet


class Tempo(Outlet):
    """Markup of 2015, 2018 and 2024; the writer signs in capitals; the meta author is the editor."""

    title = "Tempo"
    hosts = ("tempo.co", "tempo.id")
    article_id = (
        r"/(?:read|amp)/(?:news/)?(?:\d{4}/\d\d/\d\d/)?(\d{5,})(?:/|$)",
        r"tempo\.co/(?:[\w-]+/)+[\w-]+-(\d{5,})$",
    )
    not_stories = (
        r"^(?:video|foto|grafis|tv|koran|majalah)\.tempo",
        r"tempo\.co/(?:foto|video|infografik|tag)/",
    )

    tag_page = "https://www.tempo.co/tag/{slug}"
    date_index = ("https://www.tempo.co/indeks/{day:%Y-%m-%d}",)  # of 2022; the lists of 2026 need scripts
    feeds = ("https://rss.tempo.co/nasional", "https://rss.tempo.co/bisnis")

    headline = ("h1[itemprop=headline]", "div.artikel h1", "h1.detail-title", "article h1", "h1")
    date = ("#date", "div.block-tanggal", "p.date", "article p.text-neutral-900")
    byline = ("#author, div.author",)
    author = ("h4[itemprop=author]", "article div a[href*='/penulis/']")
    editor = ("h4[itemprop=editor]",)
    body = (
        "#isi, div[itemprop=articleBody]",
        "div[id=content-wrapper]",
        "div.detail-konten",
        "div.detail-in",
        "div.artikel",
    )
    noise = (
        "#inarticle", "ul.block-kanal-map", "h1", "div.block-tanggal", "div.block-display",
        "div.share-konten", "div.blocking", "div.tags", "div.bg-neutral-200",
    )  # fmt: skip
    tags = ("div.tags a", "article div a[href^='/tag/']", "meta:keywords")
    image = ("figure img", "div.single-img > img", "meta:og:image")
    caption = ("figcaption", "div.deskripsi")
    section = ("nav.breadcrumbs li", "ul.block-kanal-map a")
