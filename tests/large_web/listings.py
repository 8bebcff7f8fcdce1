"""Where the outlets list their stories: tag pages, indexes by date, feeds, news sitemaps, robots.txt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from crawler.demo.addresses import slug
from crawler.demo.printed_time import ZONES
from tests.large_web.outlet_forms import FORMS, outlet_of_host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.demo.story import Story
    from tests.large_web.graph import LargeGraph

NOW = datetime(2024, 6, 22, 23, 30, tzinfo=ZONES["WIB"])  # the web's own
FRESH = timedelta(days=2)  # what a news sitemap holds
PAGE_SIZE = 4  # a list's stories a page: few, since the web is small
FEED_SIZE = 12
HIDDEN = ("island", "forbidden")  # no list names these

# Indexes by date: the host, and the form of path and query; the groups are named by strptime's directives.
DATE_INDEXES = {
    "tribunnews": (r"www\.tribunnews\.com", r"/index-news\?date=(?P<Y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)"),
    "kompas": (r"indeks\.kompas\.com", r"/\?site=all&date=(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    "detik": (r"(?P<host>\w+\.detik\.com)", r"/indeks\?date=(?P<m>\d\d)/(?P<d>\d\d)/(?P<Y>\d{4})"),
    "cnnindonesia": (r"www\.cnnindonesia\.com", r"/indeks\?date=(?P<Y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)"),
    "tempo": (r"www\.tempo\.co", r"/indeks/(?P<Y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    "liputan6": (r"www\.liputan6\.com", r"/(?P<section>\w+)/indeks/(?P<Y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)"),
    "okezone": (r"(?P<host>\w+\.okezone\.com)", r"/indeks/(?P<Y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)"),
    "antaranews": (r"www\.antaranews\.com", r"/indeks/(?P<d>\d\d)-(?P<m>\d\d)-(?P<Y>\d{4})"),
}
FEEDS = {
    "https://news.detik.com/berita/rss": "detik",
    "https://www.cnnindonesia.com/nasional/rss": "cnnindonesia",
    "https://www.cnnindonesia.com/teknologi/rss": "cnnindonesia",
    "https://rss.tempo.co/nasional": "tempo",
    "https://rss.tempo.co/bisnis": "tempo",
    "https://feed.liputan6.com/rss": "liputan6",
    "https://www.antaranews.com/rss/terkini": "antaranews",
    "https://www.antaranews.com/rss/top-news": "antaranews",
}
HTML_FEEDS = {"https://sindikasi.okezone.com/index.php/rss/0/RSS2.0": "okezone"}  # a front page instead
SITEMAPS = {
    "https://www.tribunnews.com/nasional/sitemap_news.xml": "tribunnews",
    "https://news.detik.com/berita/sitemap_news.xml": "detik",
    "https://www.kompas.com/sitemap-news.xml": "kompas",
}
SITEMAP_INDEXES = {
    "https://www.tribunnews.com/sitemap.xml": ("https://www.tribunnews.com/nasional/sitemap_news.xml",)
}
DEAD_SITEMAPS = ("https://finance.detik.com/sitemap_news.xml",)  # 404
# robots.txt: what is closed, and the sitemaps that it names.
CLOSED = {
    "tribunnews": ("/search", "/tag/", "/topic/"),
    "kompas": ("/komentar/", "/search"),
    "detik": ("/search/",),
    "tempo": ("/ajax/",),
    "liputan6": ("/plus/", "/search"),
}
NAMED_SITEMAPS = {
    "tribunnews": ("https://www.tribunnews.com/sitemap.xml",),
    "kompas": ("https://www.kompas.com/sitemap-news.xml",),
    "detik": ("https://news.detik.com/berita/sitemap_news.xml", "https://finance.detik.com/sitemap_news.xml"),
}
ENDLESS_TAGS = "liputan6"  # whose tag pages never end: after the last page they repeat it
SLOW_TAG = ("www.kompas.com", "/tag/kebocoran-data")  # answers 503 once


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryList:
    """One page of a list of stories."""

    outlet: str
    kind: str  # "tag", "date"
    title: str
    address: str  # of the first page
    stories: tuple[Story, ...]  # all of the list, newest first
    number: int
    endless: bool = False

    @property
    def shown(self) -> tuple[Story, ...]:
        """The stories on this page."""
        start = (self.number - 1) * PAGE_SIZE
        if self.endless and start >= len(self.stories):
            return self.stories[-PAGE_SIZE:]
        return self.stories[start : start + PAGE_SIZE]

    @property
    def has_next(self) -> bool:
        """Whether the page leads to another one."""
        return self.endless or self.number * PAGE_SIZE < len(self.stories)

    def page_url(self, number: int) -> str:
        """Return the address of a page of the list in the outlet's form."""
        if number <= 1:
            return self.address
        if self.outlet == "okezone" and self.kind == "date":
            return f"{self.address}/{(number - 1) * PAGE_SIZE}"
        return f"{self.address}{'&' if '?' in self.address else '?'}page={number}"


def find_list(graph: LargeGraph, host: str, target: str) -> StoryList | None:
    """Return the list at an address, or None where that is no list's."""
    outlet = outlet_of_host(host)
    if outlet is None:
        return None
    path, _, query = target.partition("?")
    given = parse_qsl(query)
    number = next((int(value) for name, value in given if name == "page" and value.isdigit()), 1)
    kept = urlencode([(name, value) for name, value in given if name != "page"], safe="/")
    plain = f"{path}?{kept}" if kept else path
    return tag_list(graph, outlet, host, path, max(1, number)) or date_list(
        graph, outlet, host, plain, number
    )


def tag_list(graph: LargeGraph, outlet: str, host: str, path: str, number: int) -> StoryList | None:
    """Return a page of a tag's list, empty for a tag that no story bears."""
    match = re.fullmatch(r"/tag/([\w-]+)/?", path)
    if match is None or host != FORMS[outlet].home:
        return None
    chosen = tuple(s for s in listed(graph, outlet) if match[1] in map(slug, s.tags))
    return StoryList(
        outlet=outlet, kind="tag", title=match[1].replace("-", " ").title(),
        address=f"https://{host}/tag/{match[1]}",
        stories=chosen, number=number, endless=outlet == ENDLESS_TAGS and bool(chosen),
    )  # fmt: skip


def date_list(graph: LargeGraph, outlet: str, host: str, target: str, number: int) -> StoryList | None:
    """Return a page of a day's list, empty where nothing was published."""
    host_form, form = DATE_INDEXES[outlet]
    if outlet == "okezone" and (match := re.fullmatch(r"(/indeks/\d{4}/\d\d/\d\d)/(\d+)", target)):
        target, number = match[1], int(match[2]) // PAGE_SIZE + 1
    place, found = re.fullmatch(host_form, host), re.fullmatch(form, target)
    if place is None or found is None:
        return None
    groups = place.groupdict() | found.groupdict()
    try:
        day = datetime(int(groups["Y"]), int(groups["m"]), int(groups["d"])).date()
    except ValueError:
        return None
    chosen = tuple(
        story
        for story in listed(graph, outlet)
        if story.published_at.date() == day
        and story.host == groups.get("host", story.host)
        and story.section == groups.get("section", story.section)
    )
    return StoryList(
        outlet=outlet, kind="date", title=f"Indeks Berita {day:%d-%m-%Y}", address=f"https://{host}{target}",
        stories=chosen, number=max(1, number),
    )  # fmt: skip


def listed(graph: LargeGraph, outlet: str) -> list[Story]:
    """Return the outlet's stories that its lists may name, newest first."""
    return [story for story in graph.of_outlet(outlet) if graph.roles.get(story.id) not in HIDDEN]


def fresh(graph: LargeGraph, outlet: str) -> list[Story]:
    """Return what the outlet's news sitemap holds: the stories of the last two days."""
    return [story for story in listed(graph, outlet) if NOW - story.published_at <= FRESH]


def newest(graph: LargeGraph, outlet: str) -> list[Story]:
    """Return what the outlet's feed holds."""
    return listed(graph, outlet)[:FEED_SIZE]


def robots(host: str) -> str:
    """Return the host's robots.txt."""
    outlet = outlet_of_host(host) or ""
    rules = "".join(f"Disallow: {path}\n" for path in CLOSED.get(outlet, ("/wp-admin/",)))
    own: Iterable[str] = NAMED_SITEMAPS.get(outlet, ()) if host == FORMS[outlet].home else ()
    return f"User-agent: *\n{rules}\n" + "".join(f"Sitemap: {url}\n" for url in own)
