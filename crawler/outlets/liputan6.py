"""Liputan6."""

from __future__ import annotations

from crawler.outlets.kly import KapanLagiYouniverse


class Liputan6(KapanLagiYouniverse):
    """All parts of a split story stand in one document."""

    title = "Liputan6.com"
    hosts = ("liputan6.com",)
    article_id = (
        r"/read/(\d{5,})(?:/|$)",
        r"^m\.liputan6\.com/amp/(\d{5,})/",
        r"^today\.liputan6\.com/(\d{5,})$",
    )
    not_stories = (r"/(?:photo|video|vidio)/read/", r"^(?:video|foto|www)\.liputan6\.com/(?:photo|video)/")

    tag_page = "https://www.liputan6.com/tag/{slug}"
    # Lists of 2020 to 2024; those of 2026 need scripts.
    date_index = (
        "https://www.liputan6.com/news/indeks/{day:%Y/%m/%d}",
        "https://www.liputan6.com/tekno/indeks/{day:%Y/%m/%d}",
        "https://www.liputan6.com/bisnis/indeks/{day:%Y/%m/%d}",
    )
    feeds = ("https://feed.liputan6.com/rss",)
    list_page = "page={}"
