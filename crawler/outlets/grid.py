"""Grid and its sister sites, the magazines of Kompas Gramedia: Bolasport, GridOto, Motor Plus ..."""

from __future__ import annotations

from crawler.outlet import Outlet


class Grid(Outlet):
    """The first two digits of the id name the magazine."""

    title = "Grid.ID"
    hosts = ("grid.id", "bolasport.com", "gridoto.com", "motorplus-online.com", "sonora.id")
    article_id = (r"/read/(\d{8,})(?:/|$)",)
    not_stories = (r"^(?:video|foto)\.", r"/(?:foto|video)/")
    whole_story = "page=all"

    headline = ("h1.read__title", "h1")
    author = ("meta:author",)
    body = ("div.read__article",)
    noise = ("div[class*=tags__]", "div[class*=detail-read__comment]")
    read_also = ("div.bacajuga",)
    caption = ("figcaption",)
