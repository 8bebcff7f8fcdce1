"""Which stories a crawl can come to, computed from the graph and not from what the stories were meant for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.demo.addresses import slug
from crawler.outlets import outlet_named
from crawler.topic import load_topic
from tests.large_web import listings
from tests.large_web.outlet_forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tests.large_web.graph import LargeGraph

TUNNEL = 2  # stories off the topic in a row that a crawl may go through
FORBIDDEN = "forbidden"


def by_read_also(graph: LargeGraph, start: Iterable[str], tunnel: int = TUNNEL) -> set[str]:
    """Return the stories on the topic that read-also lines lead to from these stories, themselves included.

    Between two of them at most ``tunnel`` stories off the topic may stand in a row.
    """
    steps = dict.fromkeys(start, 0)  # how many off the topic stand right before, itself included
    waiting = list(steps)
    while waiting:
        name = waiting.pop(0)
        for line in graph.stories[name].read_also:
            target = graph.behind(line.target)
            if target is None or target.role == FORBIDDEN:
                continue
            step = 0 if target.on_topic else steps[name] + 1
            if step <= tunnel and step < steps.get(target.id, tunnel + 1):
                steps[target.id] = step
                waiting.append(target.id)
    return {name for name in steps if graph.stories[name].on_topic}


def with_discovery(graph: LargeGraph, topic: str = "data-breach") -> set[str]:
    """Return the stories on the topic that a crawl finds which also reads the outlets' lists.

    Where the outlet's robots.txt allows, it reads the pages of the topic's tags, every feed and news sitemap
    that is served, and at every outlet the indexes of each found story's day and the day after, in the form
    in which the product asks for them.
    """
    found = set(graph.seeds.values()) | tagged(graph, topic) | in_newest(graph)
    while True:
        found = by_read_also(graph, found)
        more = {name for name in on_days(graph, days_of(graph, found)) if graph.stories[name].on_topic}
        if more <= found:
            return found
        found |= more


def tagged(graph: LargeGraph, topic: str) -> set[str]:
    """Return the stories on the topic that stand on the pages of its tags, where robots.txt allows these."""
    loaded = load_topic(topic)
    found = set()
    for outlet in FORMS:
        if "/tag/" in listings.CLOSED.get(outlet, ()):
            continue
        wanted = {slug(tag) for tag in loaded.tags_for(outlet)}
        found |= {
            s.id for s in listings.listed(graph, outlet) if s.on_topic and wanted & set(map(slug, s.tags))
        }
    return found


def in_newest(graph: LargeGraph) -> set[str]:
    """Return the stories on the topic that feeds and news sitemaps name."""
    stories = [s for outlet in listings.FEEDS.values() for s in listings.newest(graph, outlet)]
    stories += [s for outlet in listings.SITEMAPS.values() for s in listings.fresh(graph, outlet)]
    return {story.id for story in stories if story.on_topic}


def days_of(graph: LargeGraph, names: Iterable[str]) -> set[date]:
    """Return the days of the stories, and the days after."""
    days = {graph.stories[name].published_at.date() for name in names}
    return days | {day + timedelta(days=1) for day in days}


def on_days(graph: LargeGraph, days: Iterable[date]) -> set[str]:
    """Return the stories that stand in the indexes of those days, as the product addresses them."""
    found: set[str] = set()
    for day in days:
        for outlet in FORMS:
            for url in outlet_named(outlet).date_index_urls(day):
                host, _, target = url.removeprefix("https://").partition("/")
                if page := listings.find_list(graph, host, f"/{target}"):
                    found |= {story.id for story in page.stories}
    return found
