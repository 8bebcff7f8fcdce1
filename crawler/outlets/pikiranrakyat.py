"""Pikiran Rakyat and the sites of its network, some under names of their own."""

from __future__ import annotations

from crawler.outlets.promedia import Promedia


class PikiranRakyat(Promedia):
    """One numbering for the whole network: what comes after "pr-" names the site and the story."""

    title = "Pikiran Rakyat"
    hosts = ("pikiran-rakyat.com", "jatimnetwork.com", "suaramerdeka.com", "panturapost.com")
    article_id = (r"/(pr-\d{7,})(?:/|$)", r"^(?:(?:www|m|amp)\.)?([\w.-]+)/[\w-]+/(\d{7,})(?:/|$)")
    not_stories = (r"/(?:foto|video|infografis)(?:/|$)",)

    tag_page = "https://www.pikiran-rakyat.com/tag/{slug}"  # the usual form; not seen
