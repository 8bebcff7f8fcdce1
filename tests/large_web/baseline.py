"""Blind breadth-first search over the pages of the large web: what a crawl that does not choose would get."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.demo.addresses import slug
from crawler.demo.rabbit_hole import calendar_story
from tests.large_web import listings
from tests.large_web.outlet_forms import FORMS
from tests.large_web.reach import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.large_web.graph import LargeGraph

LONGEST = 3000  # fetches; with its traps the web has no end


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """What each fetch brought: the id of a story on the topic not seen before, or None."""

    found: tuple[str | None, ...]
    is_list: tuple[bool, ...]  # whether the fetch was one of a list

    def stories(self, fetches: int) -> set[str]:
        """Return the stories on the topic among the first so many fetches."""
        return {name for name in self.found[:fetches] if name}

    def harvest(self, fetches: int) -> float:
        """Return which share of the first so many fetches brought a new story on the topic."""
        return len(self.stories(fetches)) / max(1, min(fetches, len(self.found)))

    def harvest_of_stories(self, fetches: int) -> float:
        """Return the same with fetches of lists left out."""
        return len(self.stories(fetches)) / max(1, self.is_list[:fetches].count(False))

    def recall(self, fetches: int, wanted: frozenset[str]) -> float:
        """Return which share of the wanted stories the first so many fetches brought."""
        return len(self.stories(fetches) & wanted) / len(wanted)

    def fetches_for(self, recall: float, wanted: frozenset[str]) -> int | None:
        """Return after how many fetches the recall is reached, or None where it never is."""
        seen = 0
        for number, name in enumerate(self.found, 1):
            seen += name in wanted
            if seen >= recall * len(wanted):
                return number
        return None


def breadth_first(graph: LargeGraph, *, lists: bool, limit: int = LONGEST) -> Curve:
    """Return the course of a crawl that follows every link in the order of finding it, one seed an outlet.

    It knows two addresses of one story for the same and obeys robots.txt; beyond that it does not choose.
    With ``lists`` it also reads the pages of every story's tags and the index of its day, page after page.
    """
    waiting = deque(graph.seeds.values())
    known = set(waiting)
    found: list[str | None] = []
    is_list: list[bool] = []
    while waiting and len(found) < limit:
        page = waiting.popleft()
        story = graph.stories.get(page)
        found.append(page if story and story.on_topic else None)
        is_list.append(page.startswith("https://"))
        for target in links_on(graph, page, lists=lists):
            if target not in known:
                known.add(target)
                waiting.append(target)
    return Curve(found=tuple(found), is_list=tuple(is_list))


def links_on(graph: LargeGraph, page: str, *, lists: bool) -> Iterator[str]:
    """Give what a page leads to: ids of stories and traps, or addresses of lists."""
    if page.startswith("https://"):
        yield from links_on_list(graph, page)
        return
    if trap := graph.traps.get(page):
        if trap.leads_to:
            yield trap.leads_to
        elif trap.kind in ("session", "endless_list"):
            yield f"{page}+"
        return
    if page.endswith("+"):  # the same trap a step further
        yield f"{page}+"
        return
    story = graph.stories.get(page) or calendar_story(page)
    if story is None:
        return
    for line in story.read_also:
        target = graph.stories.get(line.target)
        if target is None or target.role != FORBIDDEN:
            yield line.target
    if lists and page in graph.stories:
        yield from lists_of(graph, page)


def lists_of(graph: LargeGraph, name: str) -> Iterator[str]:
    """Give the addresses of the lists that a story leads to: those of its tags, and of its day."""
    story, outlet = graph.stories[name], graph.outlets[name]
    if "/tag/" not in listings.CLOSED.get(outlet, ()):
        for tag in story.tags:
            yield f"https://{FORMS[outlet].home}/tag/{slug(tag)}"
    yield from day_lists(graph, name)


def day_lists(graph: LargeGraph, name: str) -> Iterator[str]:
    """Give the addresses of the outlet's indexes of a story's day."""
    from crawler.outlets import outlet_named

    yield from outlet_named(graph.outlets[name]).date_index_urls(graph.stories[name].published_at.date())


def links_on_list(graph: LargeGraph, url: str) -> Iterator[str]:
    """Give the stories on a page of a list, and the next page."""
    host, _, target = url.removeprefix("https://").partition("/")
    page = listings.find_list(graph, host, f"/{target}")
    if page is not None:
        yield from (story.id for story in page.shown)
        if page.has_next:
            yield page.page_url(page.number + 1)
