"""Fimela, on the system of Liputan6."""

from __future__ import annotations

from crawler.outlets.kly import KapanLagiYouniverse


class Fimela(KapanLagiYouniverse):
    """Shares its markup with Liputan6."""

    title = "Fimela"
    hosts = ("fimela.com",)
    article_id = (r"/read/(\d{5,})(?:/|$)", r"/amp/(\d{5,})/")
    not_stories = (r"/(?:photo|video)/",)

    tag_page = "https://www.fimela.com/tag/{slug}"  # as on Liputan6; not seen
