"""Bola.com, on the system of Liputan6."""

from __future__ import annotations

from crawler.outlets.kly import KapanLagiYouniverse


class Bola(KapanLagiYouniverse):
    """Shares its markup with Liputan6."""

    title = "Bola.com"
    hosts = ("bola.com",)
    article_id = (r"/read/(\d{5,})(?:/|$)", r"/amp/(\d{5,})/")
    not_stories = (r"/(?:photo|video)/",)

    tag_page = "https://www.bola.com/tag/{slug}"  # as on Liputan6; not seen
